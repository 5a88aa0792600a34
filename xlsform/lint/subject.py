"""A workbook as the rules look at it: questions and choices, whose cells know their place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from pyxform import aliases

from xlsform.findings import Finding
from xlsform.lint.headers import EXPRESSIONS, WORDINGS, role
from xlsform.lint.pieces import Comparison, Token, comparisons, pieces, readable, straight
from xlsform.source import Row, Workbook
from xlsform.xpath import ExpressionError, compile_expression

PLAIN = frozenset({"", "yes", "no", "true", "false", "true()", "false()"})  # no expression at all

_WORDED = {"survey": frozenset(WORDINGS), "choices": frozenset({"label"})}
_AT_GROUPS = frozenset({"relevant", "readonly", "repeat_count"})
_ANY = "|".join(map(re.escape, sorted(aliases.select, key=len, reverse=True)))
_SELECT = re.compile(
    rf"(?P<words>{_ANY}) (?P<list>\S+)(?P<other> (?:or specify other|or_other|or other))?"
)
_KINDS = {"select all that apply": "select_multiple"}
_BOUND = re.compile(
    rf"(?P<side>begin|end)[ _](?P<kind>{'|'.join(aliases.control)})(?: (?:over )?(?P<list>\S+))?"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, perhaps an empty one."""

    sheet: str
    row: int
    header: str
    text: str = ""

    def error(self, message: str, mend: str) -> Finding:
        """Return a finding at this cell for which the form cannot run."""
        return Finding(self.sheet, self.row, self.header, message, mend, is_error=True)

    def warning(self, message: str, mend: str) -> Finding:
        """Return a finding at this cell that an author should know of."""
        return Finding(self.sheet, self.row, self.header, message, mend)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the sheets 'survey' or 'choices'.

    `cells` are those without a language by column, `texts` the wordings by column and language.
    Of a question `kind` is the first word of its type and `list_name` the list it chooses from.
    """

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    texts: Mapping[str, Mapping[str, Cell]]
    kind: str = ""
    list_name: str = ""
    has_other: bool = False

    def cell(self, column: str) -> Cell:
        """Return the cell of a column, an empty one when nothing is written there."""
        return self.cells.get(column) or Cell(self.sheet, self.row, column)

    def text(self, column: str) -> str:
        """Return what is written in a column, "" for nothing."""
        return self.cell(column).text

    @property
    def name(self) -> str:
        """The name of the question or choice, "" when it has none."""
        return self.text("name")

    def wordings(self) -> Iterator[tuple[str, str, Cell]]:
        """Yield column, language and cell of each wording."""
        for column, by_language in self.texts.items():
            for language, cell in by_language.items():
                yield column, language, cell


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that can be read: where it stands, and what it is made of."""

    entry: Entry
    column: str
    cell: Cell
    tokens: tuple[Token, ...]
    comparisons: tuple[Comparison, ...]


class Subject:
    """All that the rules need to know of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        settings: Row = next(iter(workbook.sheets.get("settings", ())), {})
        self.settings = settings
        self.default_language = settings.get("default_language", "default")

    @cached_property
    def roles(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """Column and language of each header, by sheet and header in their order."""
        columns = {sheet: self.workbook.columns(sheet) for sheet in ("survey", "choices")}
        return {sheet: {one: role(one) for one in found} for sheet, found in columns.items()}

    @cached_property
    def questions(self) -> tuple[Entry, ...]:
        """The rows of the sheet 'survey' that are written on, groups and their ends included."""
        return tuple(_typed(entry) for entry in self._entries("survey"))

    @cached_property
    def choices(self) -> Mapping[str, tuple[Entry, ...]]:
        """The choices by list."""
        found: dict[str, list[Entry]] = {}
        for entry in self._entries("choices"):
            found.setdefault(entry.text("list_name"), []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """The questions and groups by name."""
        found: dict[str, list[Entry]] = {}
        for entry in self.questions:
            if entry.name and not entry.kind.startswith("end_"):
                found.setdefault(entry.name, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """The questions and groups by their names behind those of the groups around: "g/age"."""
        found: dict[str, Entry] = {}
        groups: list[str] = []
        for entry in self.questions:
            if entry.kind.startswith("end_"):
                groups = groups[:-1]
                continue
            found.setdefault("/".join([*groups, entry.name]), entry)
            if entry.kind.startswith("begin_"):
                groups.append(entry.name)
        return found

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the form's wordings in the order of the columns."""
        roles = (found for headers in self.roles.values() for found in headers.values())
        named = (
            language or self.default_language for column, language in roles if column in WORDINGS
        )
        return tuple(dict.fromkeys(named))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All expressions that can be read."""
        return tuple(self._conditions())

    def has(self, sheet: str, column: str) -> bool:
        """Return whether a sheet has a column, whatever language it is in."""
        return any(found == column for found, _ in self.roles.get(sheet, {}).values())

    def kind_of(self, name: str) -> str:
        """Return the kind of the question with a name, "" when there is none or several."""
        found = self.by_name.get(name, ())
        return found[0].kind if len(found) == 1 else ""

    def values(self, name: str) -> frozenset[str] | None:
        """Return what can be chosen at the question with a name, None when that is not known."""
        found = self.by_name.get(name, ())
        if len(found) != 1 or found[0].list_name not in self.choices:
            return None
        if "search(" in found[0].text("appearance"):  # its choices come from a file
            return None
        own = {choice.name for choice in self.choices[found[0].list_name]}
        return frozenset(own | {"other"} if found[0].has_other else own)

    def expressions(self) -> Iterator[tuple[Entry, str, Cell]]:
        """Yield question, column and cell of everything that is an expression."""
        for entry in self.questions:
            group, is_end = entry.kind.startswith("begin_"), entry.kind.startswith("end_")
            for column in EXPRESSIONS:
                if is_end or (group and column not in _AT_GROUPS):
                    continue  # nothing is made of it
                cell = entry.cell(column)
                if cell.text.lower() not in PLAIN:
                    yield entry, column, replace(cell, text=straight(cell.text))

    def _conditions(self) -> Iterator[Condition]:
        for entry, column, cell in self.expressions():
            try:
                compile_expression(readable(cell.text))
                tokens = tuple(pieces(cell.text))
            except ExpressionError:
                continue
            yield Condition(entry, column, cell, tokens, tuple(comparisons(tokens)))

    def _entries(self, sheet: str) -> Iterator[Entry]:
        roles = self.roles[sheet]
        for number, row in enumerate(self.workbook.sheets.get(sheet, ()), start=2):
            if row:
                yield self._entry(sheet, number, row, roles)

    def _entry(
        self, sheet: str, number: int, row: Row, roles: Mapping[str, tuple[str, str]]
    ) -> Entry:
        cells: dict[str, Cell] = {}
        texts: dict[str, dict[str, Cell]] = {}
        for header, text in row.items():
            column, language = roles[header]
            cell = Cell(sheet, number, header, text)
            if column in _WORDED[sheet]:
                texts.setdefault(column, {})[language or self.default_language] = cell
            else:
                cells[column] = cell
        return Entry(sheet, number, cells, texts)


def _typed(entry: Entry) -> Entry:
    """Return a question with what its type means, in any of the ways that pyxform knows."""
    written = " ".join(entry.text("type").split())
    if found := _SELECT.fullmatch(written):
        meant = aliases.select[found["words"]]
        kind = _KINDS.get(meant, meant.replace(" ", "_"))
        kind += "_from_file" if found["words"] in aliases.select_from_file else ""
        return replace(
            entry, kind=kind, list_name=found["list"], has_other=found["other"] is not None
        )
    if found := _BOUND.fullmatch(written):
        kind = f"{found['side']}_{aliases.control[found['kind']]}"
        return replace(entry, kind=kind)
    first = written.partition(" ")[0] if written.startswith("osm ") else written
    return replace(entry, kind=first.replace(" ", "_").lower())
