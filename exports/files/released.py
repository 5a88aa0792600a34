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
from exports.anonymise.leaves import Declaration, taxonomy_of
from exports.anonymise.table import CHOSEN, Column, build
from exports.anonymise.taxonomy import Taxonomy
from exports.formats.cells import Cell, Cells, Growing
from exports.formats.delivered import Released
from exports.formats.workbook import Value
from exports.release import releases
from exports.release.batches import PART, RECORDS
from exports.release.releases import Batch
from exports.release.standing import Standing, standing
from exports.speaking import Say

SEVERAL = "select_multiple"
Declared = tuple[tuple[str, Declaration | None], ...]


@dataclass(frozen=True)
class Records:
    """The released rows of one questionnaire in one version, as codes, in one language."""

    title: str
    released: Released

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return self.released.columns

    @property
    def taxonomies(self) -> tuple[Taxonomy, ...]:
        """The taxonomies of the quasi-identifiers."""
        return self.released.taxonomies

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def rows(self, *, labels: bool = True) -> Iterator[tuple[Value, ...]]:
        """Yield the rows as they are shown: choices by what they say or by their codes."""
        shown = self._shown(labels=labels)
        pairs = zip(self.released.cells, shown, strict=True)
        yield from zip(*(cells.each(show) for cells, show in pairs), strict=True)

    def counts(self, *, labels: bool = True) -> Iterator[Counter[str | None]]:
        """Yield for each column how often it shows what, numbers as texts."""
        for cells, show in zip(self.released.cells, self._shown(labels=labels), strict=True):
            counted: Counter[str | None] = Counter()
            for cell, often in cells.often().items():
                counted[None if cell is None else str(show(cell))] += often
            yield counted

    @property
    def chosen(self) -> int:
        """How many answers stand in the columns of several answers."""
        return sum(cells.often().get(CHOSEN, 0) for _, cells in self._several())

    def answers(self) -> Iterator[tuple[Value, ...]]:
        """One row for each of several answers: the sheet, its row there, question and answer."""
        several = list(self._several())
        told = [
            (column.name.rpartition(".")[0], column.categories[0].label) for column, _ in several
        ]
        rows = zip(*(cells for _, cells in several), strict=True)
        for number, row in enumerate(rows, 2):  # the first row is the header
            for answer, cell in zip(told, row, strict=True):
                if cell == CHOSEN:
                    yield self.title, number, *answer

    def _several(self) -> Iterator[tuple[Column, Cells]]:
        """The columns of several answers."""
        for column, cells in zip(self.columns, self.released.cells, strict=True):
            if column.kind == SEVERAL:
                yield column, cells

    def _shown(self, *, labels: bool) -> list[Callable[[Cell], Value]]:
        entries = {entry.name: entry for entry in self.taxonomies}
        return [
            _showing(column, entries.get(column.name), labels=labels) for column in self.columns
        ]


def records(session: Session, who: SignedIn, language: str, _: Say) -> list[Records]:
    """Return all that stands, one table a version; raise `NotGranted` or `Tampered`."""
    found: list[Records] = []
    for questionnaire in RECORDS:
        by_version: dict[int, list[Batch]] = {}
        for batch in releases.batches(session, questionnaire):
            by_version.setdefault(batch.version_id, []).append(batch)
        for version_id, batches in by_version.items():
            opened = (standing(session, who, batch) for batch in batches)
            found.extend(_of_version(session, version_id, opened, language, _))
    return found


def _of_version(
    session: Session, version_id: int, opened: Iterable[Standing], language: str, _: Say
) -> Iterator[Records]:
    """A table for each set of taxonomies, in the order in which they came to count."""
    version = versions.version_of(session, version_id)
    form = versions.form_of(session, version_id)
    known = build(form, [], language, [(PART, [])]).columns
    tables: dict[Declared, Growing] = {}
    for one in opened:  # each is let go before the next one comes: together they are large
        declared = tuple(one.declared(known).items())
        tables.setdefault(declared, Growing()).add(one.columns, one.rows)
    for place, (declared, table) in enumerate(tables.items()):
        title = f"{version.questionnaire} v{version.number}{_suffix(place)}"
        yield Records(title, _table(version, known, dict(declared), table, _("keine Angabe")))


def _table(
    version: Version,
    known: Sequence[Column],
    declared: Mapping[str, Declaration | None],
    table: Growing,
    missing: str,
) -> Released:
    columns = tuple(column for column in known if column.name in table.columns)
    cells = tuple(table.columns[column.name] for column in columns)
    taxonomies = tuple(
        taxonomy_of(column, declared[column.name], _ends(some), missing)
        for column, some in zip(columns, cells, strict=True)
        if column.role == "quasi"
    )
    return Released(version.questionnaire, str(version.number), columns, taxonomies, cells)


def _suffix(place: int) -> str:
    """Nothing for the first table of a version, " b", " c" … for the next ones."""
    if not place:
        return ""
    letters = ascii_lowercase
    before, last = divmod(place, len(letters))
    return f" {letters[before - 1] if before else ''}{letters[last]}"


def _ends(cells: Cells) -> list[str]:
    """The ends of every range that a column holds."""
    return [end for cell in cells.distinct for end in cell or ()]


def _showing(column: Column, entry: Taxonomy | None, *, labels: bool) -> Callable[[Any], Value]:
    """How a cell of a column is shown; a blank stays one."""
    show = _telling(column, entry, labels=labels)
    return lambda cell: None if cell is None else show(cell)


def _telling(column: Column, entry: Taxonomy | None, *, labels: bool) -> Callable[[Any], Value]:
    if entry is not None:
        return lambda cell: entry.label(*map(int, entry.encode(cell)))
    if column.kind == SEVERAL:
        reasons = {item.code: item.label for item in column.categories if item.missing and labels}
        return lambda cell: reasons.get(cell, cell)
    if not column.categories:
        return float if column.kind == "decimal" else int
    if not labels:
        return lambda cell: cell
    said = {item.code: item.label for item in column.categories}
    return lambda cell: said.get(cell, cell)  # what is no code stands as it is: the gate refuses it
