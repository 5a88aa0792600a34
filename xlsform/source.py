"""Questionnaires as authors write them: workbooks in, XForm XML out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert as pyxform_convert

from xlsform import workbooks
from xlsform.attached import EXTERNAL_CHOICES
from xlsform.workbooks import LARGEST, Book, Grid, SourceError
from xlsform.workbooks.grids import LONGEST, WorkedOut, is_legible, letters

__all__ = ["LARGEST", "SHEETS", "Row", "Source", "SourceError", "Workbook", "convert", "read"]

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")

_WHERE = re.compile(
    r"^\s*\[row : (?P<row>\d+)\]\s*"
    r"(?:On the '(?P<sheet>\w+)' sheet, (?:the '(?P<column>[^']+)' value )?)?"
)
_PREFIXED = re.compile(r"(?:bind|body|control|instance)::(\w+):")
_PREFIX = re.compile(r"[^\W\d]\w*")
_ADDRESS = re.compile(r"[\"“”]?[A-Za-z][\w+.\-]*:[\w:/?#@!$&'()*+,;=.~%\-]+[\"“”]?")
_KNOWN_PREFIXES = frozenset({"jr", "orx", "odk", "ev", "h", "xsd"})
_WHITESPACE = re.compile(r"\s+")
_SPACES = re.compile(r" +")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Workbook:
    """An XLSForm: rows by sheet, each from header to text; empty cells are absent.

    Rows keep their place, so that row `i` of a tuple is row `i + 2` of the sheet. `headers` are
    those of each sheet in its order, also of columns that are empty; `names` are all sheets, also
    those that mean nothing in an XLSForm. `worked_out` are sheet, row and column of the cells that
    hold the result of a formula.
    """

    name: str
    sheets: Mapping[str, tuple[Row, ...]]
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    names: tuple[str, ...] = ()
    worked_out: tuple[tuple[str, int, str], ...] = ()

    def columns(self, sheet: str) -> tuple[str, ...]:
        """Return the headers of a sheet: as the file has them, then those only rows have."""
        used = (header for row in self.sheets.get(sheet, ()) for header in row)
        return tuple(dict.fromkeys([*self.headers.get(sheet, ()), *used]))


@dataclass(frozen=True, slots=True)
class Source:
    """XForm XML, what pyxform warned about, and the row of each question in the survey sheet.

    `files` are those that the workbook itself brings along, by name.
    """

    xml: str
    warnings: tuple[str, ...]
    rows: Mapping[str, int]
    files: Mapping[str, bytes]


def read(path: Path) -> Workbook:
    """Return the workbook in a .md, .csv, .xlsx or .xls file; raise SourceError with a remedy."""
    return from_book(workbooks.read(path), path.stem)


def read_bytes(content: bytes, suffix: str, name: str) -> Workbook:
    """Return the workbook in a file's content; `suffix` tells its kind, as in `.xlsx`."""
    return from_book(workbooks.parse(content, suffix, name), name)


def from_book(book: Book, name: str) -> Workbook:
    """Return the workbook in these sheets, of which the first row holds the headers.

    Raises SourceError for a workbook without questions and for headers or texts no form can have.
    """
    grids = _known(book)
    if "survey" not in grids:
        raise SourceError(
            f"'{name}' has no sheet 'survey'.", mend="Put the questions on a sheet of that name."
        )
    headers = {sheet: _headers(sheet, grid) for sheet, grid in grids.items()}
    return Workbook(
        name=name,
        sheets=MappingProxyType(
            {sheet: tuple(_rows_of(sheet, grid, headers[sheet])) for sheet, grid in grids.items()}
        ),
        headers=MappingProxyType(
            {sheet: tuple(filter(None, found)) for sheet, found in headers.items()}
        ),
        names=tuple(book),
        worked_out=tuple(
            place for sheet, grid in grids.items() for place in _worked_out(sheet, grid)
        ),
    )


def workbook(name: str, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Workbook:
    """Return a workbook of these rows, as text, without empty cells."""
    return Workbook(
        name=name,
        sheets=MappingProxyType(
            {sheet: tuple(_row(cells) for cells in rows) for sheet, rows in sheets.items()}
        ),
    )


def to_book(workbook: Workbook) -> Book:
    """Return the sheets of a workbook as they are written to a file."""
    return {
        sheet: (headers, *(tuple(row.get(header, "") for header in headers) for row in rows))
        for sheet, rows in workbook.sheets.items()
        for headers in (workbook.columns(sheet),)
    }


def convert(workbook: Workbook) -> Source:
    """Return the XForm of a workbook; raise SourceError where pyxform finds fault."""
    _check_prefixes(workbook)
    warnings: list[str] = []
    definition = {
        **{sheet: [dict(row) for row in rows] for sheet, rows in workbook.sheets.items()},
        **{
            f"{sheet}_header": [dict.fromkeys(workbook.columns(sheet))] for sheet in workbook.sheets
        },
        "sheet_names": list(workbook.names or workbook.sheets),
        "fallback_form_name": workbook.name,
    }
    try:
        result = pyxform_convert(definition, warnings=warnings)
    except PyXFormError as error:
        raise SourceError(*placed(str(error))) from error
    except Exception as error:  # what pyxform does not expect, it stumbles over anywhere
        raise SourceError(
            "No form can be made of this workbook.",
            mend="Look at the headers of its columns, and at what was changed last.",
        ) from error
    return Source(
        xml=result.xform,
        warnings=tuple(_WHITESPACE.sub(" ", warning).strip() for warning in warnings),
        rows=MappingProxyType(_rows(workbook.sheets.get("survey", ()))),
        files={EXTERNAL_CHOICES: result.itemsets.encode()} if result.itemsets else {},
    )


def _check_prefixes(workbook: Workbook) -> None:
    """Raise SourceError for a column whose prefix the settings do not declare."""
    declared = _declared(workbook)
    for column in workbook.columns("survey"):
        found = _PREFIXED.match(column)
        if found and found[1] not in declared:
            raise SourceError(
                f"The column '{column}' needs its prefix declared.",
                "survey",
                1,
                column,
                mend=f"Put {found[1]}=\"…\" into the column 'namespaces' of the sheet 'settings'.",
            )


def _row(cells: Mapping[str, Any]) -> Row:
    texts = ((header, str(value)) for header, value in cells.items() if value is not None)
    return MappingProxyType({header: text for header, text in texts if text.strip()})


def _declared(workbook: Workbook) -> frozenset[str]:
    """Return the prefixes that may stand in headers; raise SourceError for a bad declaration."""
    found = set(_KNOWN_PREFIXES)
    for number, row in enumerate(workbook.sheets.get("settings", ()), start=2):
        for part in row.get("namespaces", "").split():
            prefix, _, address = part.partition("=")
            if not (_PREFIX.fullmatch(prefix) and _ADDRESS.fullmatch(address)):
                raise SourceError(
                    f"'{part[:60]}' declares no prefix.",
                    "settings",
                    number,
                    "namespaces",
                    mend='Write it as in z="https://zugang.example/ns", one after the other.',
                )
            found.add(prefix)
    return frozenset(found)


def _known(book: Book) -> dict[str, Grid]:
    """Return the sheets that an XLSForm has; a sheet that is alone holds the questions."""
    found: dict[str, Grid] = {}
    for name, grid in book.items():
        sheet = name.strip().lower()
        if sheet in found:
            raise SourceError(f"There are two sheets '{sheet}'.", mend="Rename one of them.")
        if sheet in SHEETS and grid:
            found[sheet] = grid
        elif len(book) == 1:
            found["survey"] = grid
    return found


def _headers(sheet: str, grid: Grid) -> tuple[str, ...]:
    """Return the first row without spaces around and doubled inside, "" for columns without."""
    found: list[str] = []
    for column, text in enumerate(grid[0] if grid else (), start=1):
        header = _SPACES.sub(" ", _plain(text, sheet, 1, letters(column)))
        if header and header in found:
            raise SourceError(
                f"There are two columns '{header}'.",
                sheet,
                1,
                letters(column),
                mend="Rename one of them, or put both into one.",
            )
        found.append(header)
    return tuple(found)


def _rows_of(sheet: str, grid: Grid, headers: tuple[str, ...]) -> Iterator[Row]:
    for number, cells in enumerate(grid[1:], start=2):
        pairs = (pair for pair in zip(headers, cells, strict=False) if pair[0])
        texts = {header: _plain(text, sheet, number, header) for header, text in pairs}
        yield MappingProxyType({header: text for header, text in texts.items() if text})


def _worked_out(sheet: str, grid: Grid) -> Iterator[tuple[str, int, str]]:
    for number, cells in enumerate(grid, start=1):
        for column, text in enumerate(cells, start=1):
            if isinstance(text, WorkedOut):
                yield sheet, number, letters(column)


def _plain(text: str, sheet: str, row: int, column: str) -> str:
    """Return a cell without spaces around it; a no-break space counts as one, as with pyxform."""
    if not is_legible(text):
        raise SourceError(
            "The cell holds a character that no form can hold.",
            sheet,
            row,
            column,
            mend="Write its text anew.",
        )
    if len(text) > LONGEST:
        raise SourceError(
            f"The cell holds {len(text):,} characters; at most {LONGEST:,} are read, as in Excel.",
            sheet,
            row,
            column,
            mend="Shorten its text.",
        )
    return text.replace("\N{NO-BREAK SPACE}", " ").strip()


def _rows(survey: tuple[Row, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, row in enumerate(survey, start=2):
        if "name" in row:
            found.setdefault(row["name"].strip(), number)
    return found


def placed(message: str) -> tuple[str, str, int, str]:
    """Return what pyxform says, and the sheet, row and column that it says it of."""
    message = _WHITESPACE.sub(" ", message).strip()
    found = _WHERE.match(message)
    if found is None:
        return message, "", 0, ""
    rest = message[found.end() :]
    if found["column"]:
        rest = f"the value {rest}"
    rest = rest[:1].upper() + rest[1:]
    return rest, found["sheet"] or "survey", int(found["row"]), found["column"] or ""
