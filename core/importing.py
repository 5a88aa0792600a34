"""Responses that were kept in a workbook until now: stored once, however often it is imported."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Protocol

from sqlalchemy.orm import Session

from core import audit, secret, vault
from core.settings import Settings
from core.versions import Version
from xlsform.filling import Filling
from xlsform.rows import Filled


class Taking(Protocol):
    """What the part of zugang that a questionnaire belongs to does with a response to it."""

    def __call__(
        self,
        session: Session,
        submission_id: str,
        version_id: int,
        filling: Filling,
        parts: Mapping[str, str],
        day: date,
    ) -> bool:
        """Seal and store it; return whether it was not there before."""


@dataclass(frozen=True)
class Imported:
    """How many rows were stored now, and how many before."""

    new: int
    known: int


def store(
    session: Session, settings: Settings, version: Version, rows: Iterable[Filled], take: Taking
) -> Imported:
    """Store the rows of a workbook, those with a number of their own once; raise `NoKeys`."""
    key = vault.derive(secret.read_or_make(settings.data), "import")
    added = [
        take(
            session,
            response_id(key, version.questionnaire, row.own) if row.own else str(uuid.uuid4()),
            version.id,
            row.filling,
            settings.parts,
            row.received,
        )
        for row in rows
    ]
    audit.note(session, audit.SERVICE, "imported", f"version:{version.id}")
    return Imported(sum(added), len(added) - sum(added))


def response_id(key: bytes, questionnaire: str, own: str) -> str:
    """Return the id of the response that has the number `own` in workbooks.

    Keyed, since ids are in the clear: without the key nobody can try numbers out against them.
    """
    digest = blake2b(f"{questionnaire}:{own}".encode(), key=key, digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))
