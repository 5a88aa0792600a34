"""Excel files as other programs write them, with all that a questionnaire should not hold."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet

QUESTION = ("text", "first", "Name")
HEADER = ("type", "name", "label")

# A row for each kind of value that a cell can have.
VALUES = (
    ("text", "a", 7),
    ("text", "b", 7.0),
    ("text", "c", 0.1),
    ("text", "d", 1e20),
    ("text", "e", -3),
    ("text", "f", True),
    ("text", "g", False),
    ("text", "h", date(2026, 3, 1)),
    ("text", "i", datetime(2026, 3, 1, 14, 30)),  # noqa: DTZ001 -- Excel knows no zones
    ("text", "j", time(14, 30)),
    ("text", "k", timedelta(hours=30)),
    ("text", "l", "  around\N{NO-BREAK SPACE} "),
    ("text", "m", "0012"),
    ("text", "n", CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))),
    (),
    ("text", "o", "last"),
)


def excel_file(
    rows: Sequence[Sequence[object]] = (HEADER, *VALUES),
    change: Callable[[Worksheet], None] = lambda _sheet: None,
) -> bytes:
    """Return an .xlsx file with one sheet 'survey' of these rows, after `change` went over it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in rows:
        sheet.append(row)
    change(sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip file in which one part was changed, or added when it was not there."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as file:
        for part in dict.fromkeys([*source.namelist(), name]):
            text = source.read(part) if part in source.namelist() else b""
            file.writestr(part, change(text) if part == name else text)
    return made.getvalue()
