"""All pages of this package, for the app to register."""

from intake import (
    desk_asking_views,
    desk_cases,
    desk_conversation_views,
    desk_documenting_views,
    desk_entering_views,
    desk_partner_views,
    desk_views,
    partner_views,
    views,
)

PAGES = (
    views.pages,
    partner_views.pages,
    desk_views.pages,
    desk_cases.pages,
    desk_asking_views.pages,
    desk_conversation_views.pages,
    desk_documenting_views.pages,
    desk_entering_views.pages,
    desk_partner_views.pages,
)
