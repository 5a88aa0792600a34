"""Every model of the house, imported so that the metadata is whole."""

from core import (
    answer_links,
    app_users,
    audit,
    errands,
    factors,
    invitations,
    keyring,
    ledger,
    notices,
    people,
    presence,
    recordings,
    records,
    sampling,
    throttle,
    uploads,
)
from core.database import Base
from core.web import sessions
from exports.release import declaring, open_words, orders, paraphrases, period_releases, releases
from intake import cases, messages, overview, partners
from surveys import arriving, corrections, interviews, second_entries, tallies

__all__ = [
    "Base",
    "answer_links",
    "app_users",
    "arriving",
    "audit",
    "cases",
    "corrections",
    "declaring",
    "errands",
    "factors",
    "interviews",
    "invitations",
    "keyring",
    "ledger",
    "messages",
    "notices",
    "open_words",
    "orders",
    "overview",
    "paraphrases",
    "partners",
    "people",
    "period_releases",
    "presence",
    "recordings",
    "records",
    "releases",
    "sampling",
    "second_entries",
    "sessions",
    "tallies",
    "throttle",
    "uploads",
]
