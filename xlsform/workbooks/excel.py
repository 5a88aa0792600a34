"""Sheets of an .xlsx file: every cell as the text that pyxform would make of it.

We read the XML ourselves since openpyxl tells neither a merged cell nor, at the same time, what is
formula and what is text, and cannot be held to a number of rows before it has laid out the sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import join, normpath

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from xlsform.workbooks.archive import Archive, broken, refuse_declarations
from xlsform.workbooks.grids import (
    Book,
    Counted,
    Grid,
    SourceError,
    Unreadable,
    WorkedOut,
    bounded,
    check_place,
    letters,
)
from xlsform.workbooks.values import Moments, number_text

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class _Tables:
    """What cells refer to: texts by number, and which styles mean a date or a length of time."""

    texts: tuple[str, ...]
    moments: Moments
    dates: frozenset[int]
    spans: frozenset[int]


def read_excel(content: bytes) -> Book:
    """Return the sheets of an .xlsx file; raise SourceError for what is none, or not only text.

    Of a formula the text is taken that was last worked out (WorkedOut). One without it, an error
    such as #REF! and a merged cell are refused with their place.
    """
    archive, parts, tables = _opened(content)
    return {
        name: _Sheet(name, tables).read(part, archive.read(part)) for name, part in parts.items()
    }


def read_sheet(content: bytes, wanted: str) -> tuple[str, Grid]:
    """Return name and rows of the sheet called `wanted`, or of the first one; read no other.

    Where `read_excel` refuses a cell, it is Unreadable here. Raises SourceError for all else.
    """
    archive, parts, tables = _opened(content)
    alike = (name for name in parts if name.strip().casefold() == wanted.casefold())
    name = next(alike, next(iter(parts)))
    sheet = _Sheet(name, tables, keeps_unreadable=True)
    return name, sheet.read(parts[name], archive.read(parts[name]))


def _opened(content: bytes) -> tuple[Archive, dict[str, str], _Tables]:
    """Return the file, the part of each sheet by its name, and what their cells refer to."""
    archive = Archive(content)
    main = _main_part(archive)
    root = archive.parse(main)
    return archive, _sheet_parts(archive, main, root), _tables(archive, main, root)


def _main_part(archive: Archive) -> str:
    for relation in archive.parse("_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return normpath(relation.get("Target", "").lstrip("/"))
    raise broken("_rels/.rels")


def _relations(archive: Archive, main: str) -> dict[str, tuple[str, str]]:
    """Return kind and place of each part that the workbook's main part names, by its id."""
    folder, _, name = main.rpartition("/")
    found = {}
    for relation in archive.parse(f"{folder}/_rels/{name}.rels".lstrip("/")):
        kind = relation.get("Type", "").rpartition("/")[2]
        target = relation.get("Target", "")
        place = target.lstrip("/") if target.startswith("/") else join(folder, target)
        found[relation.get("Id", "")] = (kind, normpath(place))
    return found


def _sheet_parts(archive: Archive, main: str, root: etree._Element) -> dict[str, str]:
    relations = _relations(archive, main)
    found: dict[str, str] = {}
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        identity = next(
            (sheet.get(key, "") for key in sheet.attrib if str(key).endswith("}id")), ""
        )
        kind, place = relations.get(identity, ("", ""))
        if kind == "worksheet":  # others are charts and macros
            found[sheet.get("name", "")] = place
    if not found:
        raise broken(main)
    return found


def _tables(archive: Archive, main: str, root: etree._Element) -> _Tables:
    places = dict(_relations(archive, main).values())
    texts: tuple[str, ...] = ()
    if places.get("sharedStrings", "") in archive:
        shared = archive.parse(places["sharedStrings"])
        texts = tuple(_text(item) for item in shared.iterfind("{*}si"))
    styles = archive.parse(places["styles"]) if places.get("styles", "") in archive else None
    formats = dict(enumerate(_formats(styles))) if styles is not None else {}
    return _Tables(
        texts=texts,
        moments=Moments(since_1904=_since_1904(root)),
        dates=frozenset(number for number, code in formats.items() if is_date_format(code)),
        spans=frozenset(number for number, code in formats.items() if is_timedelta_format(code)),
    )


def _formats(styles: etree._Element) -> Iterator[str]:
    """Yield the number format of each style, in the order in which cells count them."""
    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    for own in styles.iterfind("{*}numFmts/{*}numFmt"):
        codes[own.get("numFmtId", "")] = own.get("formatCode", "")
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        yield codes.get(style.get("numFmtId", ""), "General")


def _since_1904(root: etree._Element) -> bool:
    properties = root.find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in {"1", "true"}


class _Sheet:
    """The cells of one sheet."""

    def __init__(self, name: str, tables: _Tables, *, keeps_unreadable: bool = False) -> None:
        self._name = name
        self._tables = tables
        self._keeps_unreadable = keeps_unreadable

    def read(self, part: str, content: bytes) -> Grid:
        """Return the rows; raises SourceError."""
        try:
            return bounded(self._name, self._rows(content))
        except (etree.XMLSyntaxError, ValueError, IndexError, OverflowError) as error:
            if isinstance(error, SourceError):
                raise
            raise broken(part) from error

    def _rows(self, content: bytes) -> Iterator[list[str]]:
        """Yield the rows with those between them that the file leaves out."""
        wanted = ("{*}row", "{*}mergeCell")
        passed = 0
        for _, element in etree.iterparse(
            BytesIO(content),
            tag=wanted,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
        ):
            refuse_declarations(element)
            if etree.QName(element).localname == "mergeCell":
                raise self._merged(element.get("ref", ""))
            number = int(element.get("r") or passed + 1)
            cells = self._cells(element, number)
            element.clear()
            if any(cells):
                check_place(self._name, number, len(cells))
                yield from ([] for _ in range(passed + 1, number))
                yield cells
                passed = number

    def _cells(self, row: etree._Element, number: int) -> list[str]:
        cells: list[str] = []
        for cell in row.iterfind("{*}c"):
            place = _PLACE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else len(cells) + 1
            try:
                text = self._value(cell, number, column)
            except (ValueError, IndexError, OverflowError) as error:
                if self._keeps_unreadable:
                    text = Unreadable("?")
                elif isinstance(error, SourceError):
                    raise
                else:
                    said = "The cell's value is not readable"
                    raise self._refused(said, number, column) from error
            if text:
                check_place(self._name, number, column)
                cells.extend([""] * (column - len(cells)))
                cells[column - 1] = text
        return cells

    def _value(self, cell: etree._Element, row: int, column: int) -> str:
        text = self._text(cell, row, column)
        if not _is_formula(cell):
            return text
        if not text and cell.get("t") != "str":
            raise self._refused("The cell holds a formula that nobody worked out", row, column)
        return WorkedOut(text)

    def _text(self, cell: etree._Element, row: int, column: int) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return "" if inline is None else _text(inline)
        value = cell.findtext("{*}v") or ""
        if kind == "e":
            raise self._refused(f"The cell holds the error {value}", row, column)
        if not value or kind == "str":
            return _unescaped(value)
        if kind == "s":
            return self._tables.texts[int(value)]
        return self._other(kind, value, int(cell.get("s") or 0))

    def _other(self, kind: str, value: str, style: int) -> str:
        """Return the text of a truth value, a moment or a number."""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return self._tables.moments.written(value)
        if style in self._tables.dates:
            return self._tables.moments.counted(value, is_span=style in self._tables.spans)
        return Counted(number_text(value))

    def _refused(self, message: str, row: int, column: int) -> SourceError:
        return SourceError(
            f"{message}, and a questionnaire is text only.",
            self._name,
            row,
            letters(column),
            mend="Copy the cell and paste it as a value ('Paste special', 'Values').",
        )

    def _merged(self, area: str) -> SourceError:
        first = _PLACE.match(area)
        return SourceError(
            f"The cells {area} are merged, so it cannot be told to which question they belong.",
            self._name,
            int(first[2]) if first else 1,
            first[1] if first else "",
            mend="Undo the merging ('Merge cells') and repeat the text in each row.",
        )


def _is_formula(cell: etree._Element) -> bool:
    formula = cell.find("{*}f")
    if formula is None:
        return False
    return formula.text not in {"TRUE()", "FALSE()"}  # how LibreOffice stores a plain TRUE


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(element: etree._Element) -> str:
    """Return the text of a string, its formatted runs put together, without reading aids."""
    pieces = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return _unescaped("".join(piece.text or "" for piece in pieces))


def _unescaped(text: str) -> str:
    """Return `text` with what Excel writes as `_x000D_` put back."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
