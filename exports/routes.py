"""All pages of this package, for the app to register."""

from exports import paraphrase_views, release_views, report_views, views

PAGES = (views.pages, report_views.pages, release_views.pages, paraphrase_views.pages)
