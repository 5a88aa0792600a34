"""Whom exact tables count though no row shows her, and what that allows to go out.

A table less the rows beside it says what those say who are in no row. So they are treated as a
class: k of them at least, and no value above its share. Who they are and what they say, all taken
together, is remembered with the tables, for each batch that takes some out leaves others behind.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports.anonymise.differences import Counts, gives_away, less
from exports.anonymise.table import Value
from exports.release import period_releases, releases
from exports.release.standing import Standing, standing
from exports.tables import figures
from exports.tables.figures import Figure

Columns = Mapping[str, Counts]  # how often each value of a column was counted
LANGUAGE = "de"


@dataclass(frozen=True)
class Class:
    """A class that stands: its members, what their rows say, and what is in these as a range."""

    members: Sequence[str]
    rows: Sequence[Mapping[str, Value]]
    ranges: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Frozen:
    """A batch as it went out: its classes that stand, and the `tables` of all it had."""

    batch: Standing
    classes: Sequence[Class]
    without: frozenset[str]
    tables: Sequence[Figure]

    @property
    def size(self) -> int:
        """How many went out."""
        return sum(map(len, self.batch.content["members"]))


@dataclass(frozen=True)
class Rows:
    """Whose rows are or were out: the columns that stayed out of them and their tables."""

    without: Mapping[str, frozenset[str]]
    gone: frozenset[str]  # whose class went as a whole
    batches: Sequence[Frozen] = ()

    def shows(self, response_id: str, column: str) -> bool:
        """Say whether the value of a response is in a row."""
        return response_id in self.without and column not in self.without[response_id]


@dataclass(frozen=True)
class Hidden:
    """Whom the exact tables of a period count though a value of hers is in no row.

    Of those who wait for a row, `final` told then how it ended; of the `others` a row will say more
    than the tables did, which counted the columns `asked` of them. `known` are the values that most
    of all counted have; in `plain` columns it is no harm that many say the same.
    """

    counts: Columns
    known: Mapping[str, Collection[str]]
    final: Collection[str]
    others: Collection[str]
    asked: Collection[str]
    plain: Collection[str] = ()

    def dump(self) -> dict[str, Any]:
        """Return it as plain data, to keep with the tables."""
        return dict(vars(self))


def rows_of(session: Session, who: SignedIn, questionnaire: str) -> Rows:
    """Return whose rows are out, and whose were; raise `NotGranted` or `Tampered`."""
    without: dict[str, frozenset[str]] = {}
    gone = set[str]()
    frozen = []
    for batch in releases.batches(session, questionnaire):
        one = standing(session, who, batch)
        unseen = frozenset((*one.content["withheld"], *one.content.get("untold", ())))
        for number, members in enumerate(one.content["members"]):
            without |= dict.fromkeys(members, unseen)
            if number not in one.classes:
                gone.update(members)  # who has seen their rows knows them still
        frozen.append(_frozen(one, unseen))
    return Rows(without, frozenset(gone), frozen)


def _frozen(one: Standing, without: frozenset[str]) -> Frozen:
    rows: dict[int, list[Mapping[str, Any]]] = {number: [] for number in one.classes}
    for number, row in zip(one.classes, one.rows, strict=True):
        rows[number].append(dict(zip(one.columns, row, strict=True)))
    ranges = {name for some in rows.values() for name, cell in some[0].items() if _is_range(cell)}
    classes = [
        Class(
            one.content["members"][number],
            [{name: cell for name, cell in row.items() if name not in ranges} for row in some],
            {name: some[0][name] for name in ranges},
        )
        for number, some in rows.items()
    ]
    tables = one.content.get("tables", {}).get(LANGUAGE, ())
    return Frozen(one, classes, without, figures.load(tables))


def _is_range(cell: object) -> bool:
    return isinstance(cell, tuple)


def every(session: Session, who: SignedIn, questionnaire: str) -> dict[str, Hidden]:
    """Return them by period, less who went out since; raise `NotGranted` or `Tampered`."""
    found = {}
    for entry in period_releases.every(session):
        kept = period_releases.opened(who, entry).get("hidden", {}).get(questionnaire)
        if kept is not None:
            found[entry.period] = Hidden(**kept)
    for batch in releases.batches(session, questionnaire):
        content: Mapping[str, Any] = releases.content(who, batch)
        if (period := content.get("counted")) in found:
            found[period] = left(found[period], content["values"])
    return found


def added(rows: Iterable[Mapping[str, str]]) -> dict[str, Counter[str]]:
    """Count the values of each column; a row has those that it tells."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        for name, value in row.items():
            found.setdefault(name, Counter())[value] += 1
    return found


def leaves_few(one: Hidden, going: Columns, k: int, share: float) -> bool:
    """Say whether the tables would tell of those who are left once these values are out."""
    rest = left(one, going)
    return any(
        gives_away(
            rest.counts[name],
            k,
            1 if name in one.plain else share,
            frozenset(one.known.get(name, ())),
        )
        for name in going.keys() & rest.counts.keys()
    )


def left(one: Hidden, out: Columns) -> Hidden:
    """Return what is hidden still when these values are out."""
    counts = {name: less(some, out.get(name, {})) for name, some in one.counts.items()}
    return replace(one, counts=counts)
