"""What of a frozen batch still stands: a class goes as a whole when one of its women takes back.

Taking out her row alone would show which one it was, and leave the others fewer than k.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ledger import Member
from core.people import SignedIn
from core.records import Response
from exports.anonymise import declared
from exports.anonymise.leaves import Declaration, default
from exports.anonymise.table import Column
from exports.release import releases
from exports.release.releases import Batch
from intake.referrals import WITHDRAWN

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Standing:
    """A batch of records opened: the rows that stand, with the class of each."""

    batch: Batch
    content: Mapping[str, Any]
    classes: tuple[int, ...]  # of each row
    rows: Rows
    gone: Mapping[int, date]  # by retired class: the day the first of its women took back

    @property
    def retired(self) -> int:
        """How many classes went."""
        return len(self.gone)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.content["columns"])

    def declared(self, columns: Iterable[Column]) -> dict[str, Declaration | None]:
        """The taxonomies it was made with, by quasi-identifier; None for values that occur.

        Batches from before taxonomies could be declared have the choices in their own order.
        """
        stored = self.content.get("taxonomies", {})
        return {
            column.name: declared.read(column.name, stored[column.name])
            if column.name in stored
            else default(column)
            for column in columns
            if column.role == "quasi"
        }

    @property
    def sizes(self) -> list[int]:
        """How many rows each class that stands has."""
        return [size for _, size in sorted(Counter(self.classes).items())]


def standing(session: Session, who: SignedIn, batch: Batch) -> Standing:
    """Return what stands of a batch of records; raise `NotGranted` or `Tampered`."""
    stored = cast("Mapping[str, Any]", releases.content(who, batch))
    content = {**stored, "rows": _shared(stored["rows"])}
    taken_back = select(Response.id, Response.closed)
    taken_back = taken_back.join(Member, Member.response_id == Response.id)
    taken_back = taken_back.where(Member.batch_id == batch.id, Response.status == WITHDRAWN)
    days = {number: day or date.min for number, day in session.execute(taken_back)}
    gone = {
        number: min(days[one] for one in some if one in days)
        for number, some in enumerate(content["members"])
        if not days.keys().isdisjoint(some)
    }
    kept = [
        (number, row)
        for number, row in zip(content["classes"], content["rows"], strict=True)
        if number not in gone
    ]
    return Standing(
        batch,
        content,
        tuple(number for number, _ in kept),
        [row for _, row in kept],
        gone,
    )


def _shared(rows: Rows) -> Rows:
    """The rows with each text and each range there once: every row holds its own from JSON."""
    known: dict[Any, Any] = {}
    cells = ((tuple(cell) if isinstance(cell, list) else cell for cell in row) for row in rows)
    return [tuple(known.setdefault(cell, cell) for cell in row) for row in cells]
