"""Letting out what is ready, of everything that leaves in batches."""

from datetime import date

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports import batches, open_words
from exports.batches import Rules
from exports.releases import Batch


def publish(session: Session, who: SignedIn, day: date, rules: Rules) -> list[Batch]:
    """Freeze the records and retold words that are ready; return the batches of records."""
    planned = [batches.plan(session, who, name, rules) for name in batches.RECORDS]
    # Only now anything is written: from the first row on, others who write have to wait.
    made = [batches.freeze(session, who, plan, day, rules) for plan in planned if plan]
    open_words.release(session, who, day)
    return made
