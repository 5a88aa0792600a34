"""Letting out what is ready, of everything that leaves in batches."""

from datetime import date

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports import batches, open_words
from exports.batches import Rules
from exports.releases import Batch


def publish(session: Session, who: SignedIn, day: date, rules: Rules) -> list[Batch]:
    """Freeze the records and retold words that are ready; return the batches of records."""
    made = []
    for name in batches.RECORDS:
        while (batch := batches.release(session, who, name, day, rules)) is not None:
            made.append(batch)
    open_words.release(session, who, day)
    return made
