"""The gate for slides: every text on them is one of the report's, and nothing else is in.

It reads the file that would leave, the charts and the workbooks inside them too.
"""

import io
import re
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from exports.formats.gate import GateError
from exports.formats.packing import BARE, EPOCH, parsed
from exports.formats.report_workbook import chart_title, readme
from exports.speaking import Say
from exports.tables.figures import Figure
from exports.tables.report import Report

_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_CACHED = "{http://schemas.openxmlformats.org/drawingml/2006/chart}v"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?( \([0-9]+ %\))?")
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|docProps/(app|core)\.xml|docProps/thumbnail\.jpeg|(_rels|ppt/_rels)/.*\.rels"
    r"|ppt/(presentation|presProps|viewProps|tableStyles)\.xml|ppt/printerSettings/.*\.bin"
    r"|ppt/(slides|slideLayouts|slideMasters|charts)/(_rels/)?[A-Za-z]+[0-9]+\.xml(\.rels)?"
    r"|ppt/theme/theme[0-9]+\.xml|ppt/embeddings/Microsoft_Excel_Sheet[0-9]+\.xlsx"
)


def check(file: bytes, report: Report, _: Say) -> None:
    """Raise GateError unless the slides say what the report says, and no more."""
    texts = _texts(report, _)
    with ZipFile(io.BytesIO(file)) as archive:
        for entry in archive.infolist():
            if not _PARTS.fullmatch(entry.filename) or entry.comment:
                raise GateError("the slides have an unexpected part")
            if entry.date_time != EPOCH:
                raise GateError("the slides carry a date")
            _check_part(entry.filename, archive.read(entry), texts)


def _check_part(name: str, part: bytes, texts: frozenset[str]) -> None:
    if name in BARE and part != BARE[name]:
        raise GateError("the slides carry metadata")
    if name.endswith(".xlsx"):
        _check_workbook(part, texts)
    if not name.endswith((".xml", ".rels")):
        return
    root = parsed(part)
    if any(element.get("TargetMode") for element in root.iter()):
        raise GateError("the slides point outside")
    if name.startswith(("ppt/slides/", "ppt/charts/")):
        said = (element.text or "" for element in root.iter(_TEXT, _CACHED))
        _refuse_others(said, texts)


def _check_workbook(part: bytes, texts: frozenset[str]) -> None:
    with ZipFile(io.BytesIO(part)) as archive:
        if any(archive.read(name) != bare for name, bare in BARE.items()):
            raise GateError("the workbook in a chart carries metadata")
    for sheet in load_workbook(io.BytesIO(part)):
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
        _refuse_others((str(cell.value) for cell in cells), texts)


def _refuse_others(said: Any, texts: frozenset[str]) -> None:
    if any(text.strip() not in texts and not _NUMBER.fullmatch(text) for text in said):
        raise GateError("the slides say what the report does not")


def _texts(report: Report, _: Say) -> frozenset[str]:
    known = {"", "%", _("Anzahl"), _("Bericht über einen Zeitraum")}
    known |= {str(cell) for line in readme(report, _) for cell in line}
    for figure in report.figures:
        known |= _texts_of(figure)
    return frozenset(known)


def _texts_of(figure: Figure) -> set[str]:
    known = {figure.title}
    for group in figure.groups:
        known |= {group.title, chart_title(figure, group), *(line.label for line in group.lines)}
    return known
