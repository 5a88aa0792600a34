"""Every model of the house, imported so that the metadata is whole."""

from core import audit, keyring, people, records, uploads
from core.database import Base
from core.web import sessions
from exports import releases
from surveys import interviews

__all__ = [
    "Base",
    "audit",
    "interviews",
    "keyring",
    "people",
    "records",
    "releases",
    "sessions",
    "uploads",
]
