"""Every model of the house, imported so that the metadata is whole."""

from core import (
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
    throttle,
    uploads,
)
from core.database import Base
from core.web import sessions
from exports import releases
from intake import cases, messages, overview, partners
from surveys import arriving, interviews

__all__ = [
    "Base",
    "app_users",
    "arriving",
    "audit",
    "cases",
    "errands",
    "factors",
    "interviews",
    "invitations",
    "keyring",
    "ledger",
    "messages",
    "notices",
    "overview",
    "partners",
    "people",
    "presence",
    "recordings",
    "records",
    "releases",
    "sessions",
    "throttle",
    "uploads",
]
