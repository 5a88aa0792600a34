"""What would go out now, for who decides on it, and without a number for who evaluates it.

Every number of a plan moves with the woman who came in last. Somebody who evaluates and looks at
it before and after she came would learn of her alone: that she came, and, where a column goes or
comes back, what she answered. When the batch is out its numbers stand for good, and are told.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports.anonymise.leaves import TaxonomyError
from exports.anonymise.rules import Rules
from exports.release import batches, releases
from exports.release.batches import Plan

EXACT = "releases"  # who may do this sees a plan with its numbers


@dataclass(frozen=True)
class Numbers:
    """How a batch would come out; the columns `withheld` by their names.

    `half` is the half-year in which all of it began, "" where batches do not go by that.
    """

    version_id: int
    half: str
    rows: int
    classes: int
    smallest: int  # rows
    held_back: int
    loss: float  # 0 to 1
    withheld: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """What of a questionnaire would go out now; the batches only for who decides, else none.

    Nothing goes out unless all taxonomies fit; the `misfit`, too, is only for who decides.
    """

    questionnaire: str
    about_waiting: int  # responses, to the nearest five
    is_ready: bool
    batches: tuple[Numbers, ...] = ()
    fits: bool = True
    misfit: TaxonomyError | None = None


def plans(session: Session, who: SignedIn, day: date, rules: Rules) -> list[Planned]:
    """Return what would go out of each questionnaire; raise `NotGranted` or `Tampered`."""
    return [_planned(session, who, name, day, rules) for name in batches.RECORDS]


def _planned(
    session: Session, who: SignedIn, questionnaire: str, day: date, rules: Rules
) -> Planned:
    waiting = releases.count(session, questionnaire, day).about_waiting
    decides = who.person.may(EXACT)
    found = batches.plans(session, who, questionnaire, day, rules)
    try:
        if not decides:
            return Planned(questionnaire, waiting, next(found, None) is not None)
        numbers = tuple(map(_numbers, found))
    except TaxonomyError as error:
        misfit = error if decides else None
        return Planned(questionnaire, waiting, is_ready=False, fits=False, misfit=misfit)
    return Planned(questionnaire, waiting, bool(numbers), numbers)


def _numbers(found: Plan) -> Numbers:
    grouped = found.grouped
    sizes = [len(members) for members in grouped.classes]
    return Numbers(
        version_id=found.version_id,
        half=str(found.of["half"]),
        rows=sum(sizes),
        classes=len(sizes),
        smallest=min(sizes),
        held_back=grouped.held_back,
        loss=grouped.loss,
        withheld=grouped.withheld,
    )
