"""All pages of this package, for the app to register."""

from surveys import (
    alone_views,
    device_views,
    entering_views,
    openrosa_views,
    publishing_views,
    quality_views,
    views,
)

PAGES = (
    views.pages,
    entering_views.pages,
    alone_views.pages,
    device_views.pages,
    openrosa_views.pages,
    publishing_views.pages,
    quality_views.pages,
    publishing_views.trial,
)
