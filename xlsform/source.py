"""Questionnaires as authors write them: workbooks in, XForm XML out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert as pyxform_convert

SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
SUFFIXES = (".md", ".csv", ".xlsx", ".xls")
LARGEST = 5_000_000

_WHERE = re.compile(r"^\s*\[row : (?P<row>\d+)\]\s*(?:On the '(?P<sheet>\w+)' sheet, )?")
_PREFIXED = re.compile(r"(?:bind|body|control|instance)::(\w+):")
_DECLARED = re.compile(r"(\w+)\s*=")
_KNOWN_PREFIXES = frozenset({"jr", "orx", "odk", "ev", "h", "xsd"})
_WHITESPACE = re.compile(r"\s+")

Row = Mapping[str, str]


class SourceError(ValueError):
    """A workbook that cannot become a form; `sheet` and `row` say where, "" and 0 if unknown."""

    def __init__(self, message: str, sheet: str = "", row: int = 0) -> None:
        place = f"Sheet '{sheet}', row {row}: " if sheet and row else ""
        super().__init__(place + message)
        self.sheet = sheet
        self.row = row


@dataclass(frozen=True, slots=True)
class Workbook:
    """An XLSForm: rows by sheet, each from header to text; empty cells are absent.

    Rows keep their place, so that row `i` of a tuple is row `i + 2` of the sheet.
    """

    name: str
    sheets: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """XForm XML, what pyxform warned about, and the row of each question in the survey sheet."""

    xml: str
    warnings: tuple[str, ...]
    rows: Mapping[str, int]


def read(path: Path) -> Workbook:
    """Return the workbook in a .md, .csv, .xlsx or .xls file; raise SourceError with a remedy."""
    if path.suffix.lower() not in SUFFIXES:
        raise SourceError(f"'{path.name}' is no questionnaire: use one of {', '.join(SUFFIXES)}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"'{path.name}' cannot be opened: {error.strerror}.") from error
    return read_bytes(content, path.suffix.lower(), path.stem)


def read_bytes(content: bytes, suffix: str, name: str) -> Workbook:
    """Return the workbook in a file's content; `suffix` tells its kind, as in `.xlsx`."""
    if len(content) > LARGEST:
        raise SourceError(f"'{name}' is larger than {LARGEST // 1_000_000} MB.")
    if suffix in {".md", ".csv"}:
        content = content.removeprefix(b"\xef\xbb\xbf")  # Excel writes a mark before its CSV
    try:
        data = get_xlsform(BytesIO(content), file_type=suffix)
    except (PyXFormError, UnicodeDecodeError, BadZipFile) as error:
        raise _explained(error) from error
    sheets = {sheet: getattr(data, sheet) for sheet in SHEETS if getattr(data, sheet)}
    if "survey" not in sheets:
        raise SourceError(f"'{name}' has no sheet 'survey'.")
    return workbook(name, sheets)


def workbook(name: str, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Workbook:
    """Return a workbook of these rows, as text, without empty cells."""
    return Workbook(
        name=name,
        sheets=MappingProxyType(
            {sheet: tuple(_row(cells) for cells in rows) for sheet, rows in sheets.items()}
        ),
    )


def convert(workbook: Workbook) -> Source:
    """Return the XForm of a workbook; raise SourceError where pyxform finds fault."""
    _check_prefixes(workbook)
    warnings: list[str] = []
    definition = {
        **{sheet: [dict(row) for row in rows] for sheet, rows in workbook.sheets.items()},
        **{f"{sheet}_header": _header(rows) for sheet, rows in workbook.sheets.items()},
        "sheet_names": list(workbook.sheets),
        "fallback_form_name": workbook.name,
    }
    try:
        result = pyxform_convert(definition, warnings=warnings)
    except PyXFormError as error:
        raise _explained(error) from error
    return Source(
        xml=result.xform,
        warnings=tuple(_WHITESPACE.sub(" ", warning).strip() for warning in warnings),
        rows=MappingProxyType(_rows(workbook.sheets.get("survey", ()))),
    )


def _check_prefixes(workbook: Workbook) -> None:
    """Raise SourceError for a column whose prefix the settings do not declare."""
    declared = set(_KNOWN_PREFIXES)
    for row in workbook.sheets.get("settings", ()):
        declared.update(_DECLARED.findall(row.get("namespaces", "")))
    for column in (header for row in workbook.sheets["survey"] for header in row):
        found = _PREFIXED.match(column)
        if found and found[1] not in declared:
            raise SourceError(
                f"The column '{column}' needs its prefix declared: put {found[1]}=\"…\" into the "
                "column 'namespaces' of the sheet 'settings'."
            )


def _row(cells: Mapping[str, Any]) -> Row:
    texts = ((header, str(value)) for header, value in cells.items() if value is not None)
    return MappingProxyType({header: text for header, text in texts if text.strip()})


def _header(rows: tuple[Row, ...]) -> list[dict[str, None]]:
    return [dict.fromkeys(header for row in rows for header in row)]


def _rows(survey: tuple[Row, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, row in enumerate(survey, start=2):
        if "name" in row:
            found.setdefault(row["name"].strip(), number)
    return found


def _explained(error: Exception) -> SourceError:
    message = _WHITESPACE.sub(" ", str(error)).strip()
    found = _WHERE.match(message)
    if found is None:
        return SourceError(message)
    rest = message[found.end() :]
    return SourceError(rest[:1].upper() + rest[1:], found["sheet"] or "survey", int(found["row"]))
