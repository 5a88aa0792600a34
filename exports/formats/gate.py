"""The gate every file passes before it leaves: nothing may be in it that was not meant to be.

It reads what was written, not what was meant: an unexpected part, a formula, a hidden sheet, a
date, or one cell that is not in the code lists stops the file.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl.utils import get_column_letter

from exports.formats import gate_charts
from exports.formats.charts import Chart
from exports.formats.packing import EPOCH, parsed

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _tags(names: str) -> frozenset[str]:
    return frozenset(f"{_MAIN}{name}" for name in names.split())


_AROUND = _tags(
    "worksheet sheetPr outlinePr pageSetUpPr dimension sheetViews sheetView pane selection "
    "sheetFormatPr cols col sheetData autoFilter pageMargins pageSetup rowBreaks brk drawing"
)
_OF_WORKBOOK = _tags(
    "workbook workbookPr workbookProtection bookViews workbookView sheets sheet definedNames calcPr"
)
_PARTS = frozenset(
    {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/workbook.xml",
    }
)
_A_CELL = (
    r'<c r="([A-Z]{1,3})([0-9]+)"(?: s="[0-9]+")?(?:'
    r' t="inlineStr"><is><t(?: xml:space="preserve")?>([^<>]*)</t></is>'
    r'|(?: t="n")?><v>(-?[0-9][0-9.e+-]*)</v>)</c>'
)
_CELL = re.compile(_A_CELL)
_ROW = re.compile(f"(?:{re.sub(r'[(](?=[^?])', '(?:', _A_CELL)})*")
_A_ROW = re.compile(r"'(?:[^'!]|'')+'!\$1:\$1")  # the header, which is printed on every page
_AT_ONCE = 1 << 20  # characters


class GateError(ValueError):
    """The file may not leave; the message says why, without repeating what a cell holds."""


@dataclass(frozen=True)
class Allowed:
    """What the cells under one header may hold: listed texts, or a number."""

    header: str
    values: frozenset[str] = frozenset()
    number: bool = False


def check(
    file: bytes | Path,
    sheets: Mapping[str, Sequence[Allowed] | None],
    charts: Sequence[Chart] = (),
) -> None:
    """Raise GateError unless `file` is exactly a workbook of `sheets`, by title and in order.

    Each sheet has what the cells of its columns may hold; None where the texts are the house's own
    (README, codebook): then only numbers and texts are demanded. `charts` stand on the last one.
    """
    source = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        with ZipFile(source) as archive:
            _check_archive(archive, len(sheets), gate_charts.parts(len(sheets), charts))
            _check_metadata(archive)
            _check_titles(archive, tuple(sheets))
            if fault := gate_charts.fault(archive, len(sheets), charts):
                raise GateError(fault)
            for number, (title, columns) in enumerate(sheets.items(), 1):
                _Sheet(title, columns).check(archive, f"xl/worksheets/sheet{number}.xml")
    except (BadZipFile, UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise GateError("the file cannot be read") from error


def _check_archive(archive: ZipFile, sheets: int, more: frozenset[str]) -> None:
    """Only the expected parts, once each, without comments or dates."""
    entries = archive.infolist()
    expected = _PARTS | {f"xl/worksheets/sheet{number + 1}.xml" for number in range(sheets)} | more
    names = sorted(entry.filename for entry in entries)
    if names != sorted(expected):
        odd = sorted(set(names) ^ expected) or ["a part that is there twice"]
        raise GateError(f"unexpected or missing parts: {', '.join(odd)}")
    if archive.comment or any(entry.comment for entry in entries):
        raise GateError("the file carries a comment")
    if any(entry.date_time != EPOCH for entry in entries):
        raise GateError("the file carries a date")


def _check_metadata(archive: ZipFile) -> None:
    """No author, no date, no program; nothing that points out of the file."""
    for name in ("docProps/core.xml", "docProps/app.xml"):
        root = _parse(archive, name)
        if "".join(root.itertext()).strip() or any(element.attrib for element in root.iter()):
            raise GateError(f"the file carries metadata in {name}")
    for name in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        if any(relation.get("TargetMode") for relation in _parse(archive, name)):
            raise GateError("the file points outside")


def _check_titles(archive: ZipFile, titles: tuple[str, ...]) -> None:
    """The sheets of the workbook, all of them to be seen, and no names that stand for formulas."""
    root = _parse(archive, "xl/workbook.xml")
    for name in root.findall(f"{_MAIN}definedNames/{_MAIN}definedName"):
        if name.get("name") != "_xlnm.Print_Titles" or not _A_ROW.fullmatch(name.text or ""):
            raise GateError("the workbook defines a name")
        name.getparent().remove(name)
    _refuse_others(root, _OF_WORKBOOK, "the workbook")
    found = root.findall(f"{_MAIN}sheets/{_MAIN}sheet")
    if tuple(sheet.get("name") for sheet in found) != titles:
        raise GateError("the sheets are not the expected ones")
    views = root.iter(f"{_MAIN}workbookView")
    if any(
        item.get("state", item.get("visibility", "visible")) != "visible"
        for item in [*found, *views]
    ):
        raise GateError("a sheet is hidden")


class _Sheet:
    """The check of one sheet: its frame as XML, its rows against the one form they may have.

    A row may be written in one way only, so a pattern reads it faster and refuses more than a
    parser would: no formula, no comment, no other type of cell.
    """

    def __init__(self, title: str, columns: Sequence[Allowed] | None):
        self.title, self.columns = title, columns
        self.by_letter = {
            get_column_letter(place): column for place, column in enumerate(columns or (), 1)
        }
        self.known: dict[str, set[tuple[str, str]]] = {letter: set() for letter in self.by_letter}

    def check(self, archive: ZipFile, name: str) -> None:
        """Raise GateError for the first row or element that may not be there."""
        frame = ""
        with archive.open(name) as part:
            rest = ""
            text = io.TextIOWrapper(part, "utf-8", newline="")
            done = 0
            while chunk := text.read(_AT_ONCE):
                *rows, rest = (rest + chunk).split("</row>")
                for number, row in enumerate(rows, done + 1):
                    before, _, cells = row.partition("<row ")
                    frame += before
                    self._check_row(number, cells)
                done += len(rows)
        self._check_frame(frame + rest)

    def _check_frame(self, frame: str) -> None:
        """The sheet without its rows."""
        if not frame.startswith("<worksheet "):
            raise GateError(f"sheet {self.title!r} does not begin as a sheet")
        _refuse_others(parsed(frame), _AROUND, f"sheet {self.title!r}")

    def _check_row(self, number: int, row: str) -> None:
        """One row, from its number on: in place, in form, and each cell in the code lists."""
        start = f'r="{number}">'
        if not row.startswith(start) or not _ROW.fullmatch(row, len(start)):
            raise GateError(f"sheet {self.title!r} has an unusual row {number}")
        if self.columns is None:
            return
        cells = _CELL.findall(row, len(start))
        if number == 1:
            if [unescape(text) for _, _, text, _ in cells] != [
                item.header for item in self.columns
            ]:
                raise GateError(f"sheet {self.title!r} has another header")
            return
        for letter, place, text, figure in cells:
            known = self.known.get(letter)
            if known is None or place != str(number):
                raise GateError(f"sheet {self.title!r} has a cell out of place in row {number}")
            if (text, figure) not in known:
                self._check_cell(letter, number, unescape(text), figure)
                known.add((text, figure))

    def _check_cell(self, letter: str, number: int, text: str, figure: str) -> None:
        column = self.by_letter[letter]
        if (figure or text) in column.values or (column.number and figure):
            return
        raise GateError(f"sheet {self.title!r} holds what is in no code list at {letter}{number}")


def _parse(archive: ZipFile, name: str) -> Any:
    return parsed(archive.read(name))


def _refuse_others(root: Any, expected: frozenset[str], where: str) -> None:
    """Only expected elements, none of them hidden, and no text between them."""
    for element in root.iter():
        if element.tag not in expected:
            raise GateError(f"{where} holds an unexpected element")
        if element.get("hidden") or (element.text or element.tail or "").strip():
            raise GateError(f"{where} holds something hidden")
