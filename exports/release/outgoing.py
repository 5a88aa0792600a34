"""Letting out what is ready, of everything that leaves in batches."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports.anonymise.leaves import TaxonomyError
from exports.anonymise.rules import Rules
from exports.release import batches, open_words
from exports.release.releases import Batch


@dataclass(frozen=True)
class Outcome:
    """The batches of records that came out, and the questionnaires whose taxonomy does not fit.

    Why it does not is for who declares it: it can be an answer of one woman.
    """

    batches: list[Batch] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)


def publish(session: Session, who: SignedIn, day: date, rules: Rules) -> Outcome:
    """Freeze the records and retold words that are ready.

    A taxonomy that does not fit keeps the records of its questionnaire in, and of no other one.
    """
    outcome = Outcome()
    for name in batches.RECORDS:
        try:
            while (batch := batches.release(session, who, name, day, rules)) is not None:
                outcome.batches.append(batch)
        except TaxonomyError:  # raised before anything of this batch is written
            outcome.misfits.append(name)
    open_words.release(session, who, day)
    return outcome
