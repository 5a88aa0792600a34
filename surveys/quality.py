"""How good the data of a survey are: who was not reached, what was corrected, do two entries agree.

Only counts leave this module: which interview it was, and what it says, stays where it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core import records, sampling, versions
from core.people import SignedIn
from surveys import corrections, second_entries
from surveys.agreement import Agreement, agreement


@dataclass(frozen=True)
class Twice:
    """A version of which interviews were entered twice: how many, and how well they agree."""

    number: int
    pairs: int
    rows: tuple[Agreement, ...]


@dataclass(frozen=True)
class Quality:
    """What there is to say about the data of one questionnaire.

    `states` and `refusals` count planned interviews, `reasons` corrections; `corrected` counts by
    path how often the answer to a question was changed.
    """

    interviews: int
    states: Mapping[str, int]
    refusals: Mapping[str, int]
    reasons: Mapping[str, int]
    corrected: Mapping[str, int]
    twice: tuple[Twice, ...]


def of(session: Session, who: SignedIn, questionnaire: str) -> Quality:
    """Return how good the data of a questionnaire are; raise `NotGranted` or `Tampered`."""
    kept = records.responses(session, questionnaire)
    mended = corrections.of(session, who.keys, [one.id for one in kept])
    return Quality(
        interviews=len(kept),
        states=sampling.states(session, questionnaire),
        refusals=Counter(sampling.refusals(session, who, questionnaire)),
        reasons=Counter(one.reason for one in mended),
        corrected=Counter(path for one in mended for path in one.old),
        twice=tuple(_twice(session, who, questionnaire)),
    )


def _twice(session: Session, who: SignedIn, questionnaire: str) -> list[Twice]:
    found = []
    for version in second_entries.versions_twice(session, questionnaire):
        pairs = second_entries.pairs(session, who.keys, version.id)
        form = versions.form_of(session, version.id, version.digest)
        found.append(Twice(version.number, len(pairs), tuple(agreement(form, pairs))))
    return found
