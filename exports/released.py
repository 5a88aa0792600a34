"""Everything that was released of the records, its batches one by one.

There is a table for each version of a questionnaire, and one more where batches of one version were
made with other taxonomies: "case v1", "case v1 b". Under one header a range has one meaning.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from sqlalchemy.orm import Session

from core import versions
from core.people import SignedIn
from core.versions import Version
from exports import releases
from exports.batches import PART, RECORDS
from exports.delivered import Cell, Released
from exports.leaves import Declaration, taxonomy_of
from exports.speaking import Say
from exports.standing import Standing, standing
from exports.table import CHOSEN, Column, build
from exports.taxonomy import Taxonomy
from exports.workbook import Value

SEVERAL = "select_multiple"
Declared = tuple[tuple[str, Declaration | None], ...]


@dataclass(frozen=True)
class Records:
    """The released rows of one questionnaire in one version, as codes, in one language."""

    title: str
    columns: tuple[Column, ...]
    taxonomies: tuple[Taxonomy, ...]
    cells: tuple[tuple[Cell, ...], ...]
    released: Released

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def rows(self, *, labels: bool = True) -> Iterator[tuple[Value, ...]]:
        """Yield the rows as they are shown: choices by what they say or by their codes."""
        shown = self._shown(labels=labels)
        for row in self.cells:
            yield tuple(show[cell] for show, cell in zip(shown, row, strict=True))

    def counts(self, *, labels: bool = True) -> Iterator[Counter[str | None]]:
        """Yield for each column how often it shows what, numbers as texts."""
        for at, show in enumerate(self._shown(labels=labels)):
            counted: Counter[str | None] = Counter()
            for cell, often in Counter(row[at] for row in self.cells).items():
                counted[None if cell is None else str(show[cell])] += often
            yield counted

    @property
    def chosen(self) -> int:
        """How many answers stand in the columns of several answers."""
        several = (at for at, column in enumerate(self.columns) if column.kind == SEVERAL)
        return sum(row[at] == CHOSEN for at in several for row in self.cells)

    def _shown(self, *, labels: bool) -> list["_Shown"]:
        entries = {entry.name: entry for entry in self.taxonomies}
        return [
            _Shown(_showing(column, entries.get(column.name), labels=labels))
            for column in self.columns
        ]

    def answers(self) -> Iterator[tuple[Value, ...]]:
        """One row for each of several answers: the sheet, its row there, question and answer."""
        several = [(at, column) for at, column in enumerate(self.columns) if column.kind == SEVERAL]
        for number, row in enumerate(self.cells, 2):  # the first row is the header
            for at, column in several:
                if row[at] == CHOSEN:
                    question = column.name.rpartition(".")[0]
                    yield self.title, number, question, column.categories[0].label


def records(session: Session, who: SignedIn, language: str, _: Say) -> list[Records]:
    """Return all that stands, one table a version; raise `NotGranted` or `Tampered`."""
    found: list[Records] = []
    for questionnaire in RECORDS:
        by_version: dict[int, list[Standing]] = {}
        for batch in releases.batches(session, questionnaire):
            by_version.setdefault(batch.version_id, []).append(standing(session, who, batch))
        for version_id, parts in by_version.items():
            found.extend(_of_version(session, version_id, parts, language, _))
    return found


def _of_version(
    session: Session, version_id: int, parts: Sequence[Standing], language: str, _: Say
) -> Iterator[Records]:
    """A table for each set of taxonomies, in the order in which they came to count."""
    version = versions.version_of(session, version_id)
    form = versions.form_of(session, version_id)
    known = build(form, [], language, [(PART, [])]).columns
    tables: dict[Declared, list[Standing]] = {}
    for one in parts:
        tables.setdefault(tuple(one.declared(known).items()), []).append(one)
    for place, (declared, some) in enumerate(tables.items()):
        title = f"{version.questionnaire} v{version.number}{_suffix(place)}"
        yield _table(title, version, known, dict(declared), some, _("keine Angabe"))


def _table(
    title: str,
    version: Version,
    known: Sequence[Column],
    declared: Mapping[str, Declaration | None],
    parts: Sequence[Standing],
    missing: str,
) -> Records:
    names = {name for one in parts for name in one.columns}
    columns = tuple(column for column in known if column.name in names)
    cells = tuple(row for one in parts for row in _arranged(one, columns))
    taxonomies = tuple(
        taxonomy_of(column, declared[column.name], _ends(cells, at), missing)
        for at, column in enumerate(columns)
        if column.role == "quasi"
    )
    released = Released(version.questionnaire, str(version.number), columns, taxonomies, cells)
    return Records(title, columns, taxonomies, cells, released)


def _suffix(place: int) -> str:
    """Nothing for the first table of a version, " b", " c" … for the next ones."""
    if not place:
        return ""
    letters = ascii_lowercase
    before, last = divmod(place, len(letters))
    return f" {letters[before - 1] if before else ''}{letters[last]}"


def _arranged(one: Standing, columns: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a batch in these columns; one that it does not have is blank."""
    names = [column.name for column in columns]
    if names == one.columns:
        yield from one.rows
        return
    places = [one.columns.index(name) if name in one.columns else None for name in names]
    for row in one.rows:
        yield tuple(None if place is None else row[place] for place in places)


def _ends(rows: Iterable[tuple[Cell, ...]], at: int) -> list[str]:
    """The ends of every range that a column holds."""
    return [end for cell in {row[at] for row in rows} for end in cell or ()]


class _Shown(dict[Cell, Value]):
    """What each cell of a column reads as, worked out once."""

    def __init__(self, show: Callable[[Any], Value]) -> None:
        super().__init__({None: None})
        self.show = show

    def __missing__(self, cell: Cell) -> Value:
        shown = self[cell] = self.show(cell)
        return shown


def _showing(column: Column, entry: Taxonomy | None, *, labels: bool) -> Callable[[Any], Value]:
    """How a cell of a column is shown."""
    if entry is not None:
        return lambda cell: entry.label(*map(int, entry.encode(cell)))
    if column.kind == SEVERAL:
        reasons = {item.code: item.label for item in column.categories if item.missing and labels}
        return lambda cell: reasons.get(cell, cell)
    if not column.categories:
        return float if column.kind == "decimal" else int
    if not labels:
        return lambda cell: cell
    return {item.code: item.label for item in column.categories}.__getitem__
