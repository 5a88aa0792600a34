"""The tables of the interviews with municipalities and the job centre, from closed rounds alone.

They say what the sheet of the rounds says, and no more: see `exports.tables.waves`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.people import SignedIn
from core.periods import Period
from exports.anonymise.table import CHOSEN
from exports.release import releases
from exports.release.batches import WAVES
from exports.speaking import Say
from exports.tables.figures import Figure, Group, Line

GAPS = ("gaps_seen", "gaps_closed")


def figures(session: Session, who: SignedIn, period: Period, _: Say) -> tuple[Figure, ...]:
    """Return what the rounds say that were closed in a period: who was heard, the gaps named."""
    rounds = [
        releases.content(who, batch)
        for batch in releases.batches(session, WAVES)
        if batch.released in period
    ]
    named = tuple(group for one in rounds for group in _gaps(one, _))
    answered = tuple(_heard(one, _) for one in rounds)
    tables = (
        Figure("heard", _("Befragte Kommunen und Jobcenter"), answered),
        Figure("gaps", _("Lücken im Hilfesystem"), named),
    )
    return tuple(table for table in tables if table.groups)


def heard(one: Mapping[str, Any]) -> int:
    """Return how many offices stand behind the item of a round that most answered, 0 if none may.

    An item with less than five of them is withheld, so this is as much as the sheet says.
    """
    return max((line["municipalities"] or 0 for line in one["lines"]), default=0)


def _heard(one: Mapping[str, Any], _: Say) -> Group:
    """The offices behind the item that most of them answered."""
    title = f"{_('Runde')} {one['wave']}"
    line = Line("heard", _("Stellen, die geantwortet haben"), heard(one))
    return Group(f"heard:{one['wave']}", title, "counts", (line,))


def _gaps(one: Mapping[str, Any], _: Say) -> Iterator[Group]:
    for question in GAPS:
        chosen = [
            line
            for line in one["lines"]
            if line["name"].startswith(f"{question}.") and line["measure"] == CHOSEN
        ]
        lines = tuple(
            Line(line["name"], line["label"].rpartition(" – ")[2], line["value"]) for line in chosen
        )
        if lines:
            title = f"{chosen[0]['label'].rpartition(' – ')[0]} ({_('Runde')} {one['wave']})"
            base = chosen[0]["municipalities"]
            yield Group(f"{question}:{one['wave']}", title, "several", lines, base)
