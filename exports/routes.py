"""All pages of this package, for the app to register."""

from exports.pages import (
    approving_views,
    declaring_views,
    file_views,
    ledger_views,
    paraphrase_views,
    release_views,
    report_views,
    views,
)

PAGES = (
    views.pages,
    file_views.pages,
    ledger_views.pages,
    report_views.pages,
    release_views.pages,
    approving_views.pages,
    declaring_views.pages,
    paraphrase_views.pages,
)
