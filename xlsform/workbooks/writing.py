"""Sheets as an .xlsx file: every cell a text, nobody's name, the same file for the same sheets."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from xlsform.workbooks.grids import LONGEST, Book, Grid, SourceError, letters

LONGEST_TITLE = 31
WIDTHS = (8, 60)  # the narrowest and the widest column, in characters

_UNFIT_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]|\A'|'\Z")
_CONTROL = "[\x00-\x08\x0b-\x1f\ufffe\uffff]"
# An underscore that would read as the beginning of an escape, also where one follows directly.
_ESCAPE = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}(?:_|{_CONTROL}))|{_CONTROL}")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day a zip file knows
_BARE = {
    "docProps/core.xml": b'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.'
    b'openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0"?><Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/extended-properties"/>',
}


def write_excel(book: Book) -> bytes:
    """Return an .xlsx file of the sheets; raise SourceError for what Excel would not take."""
    _check_titles(book)  # all checks come first: openpyxl cannot be left half way
    for name, rows in book.items():
        _check_lengths(name, rows)
    workbook = Workbook(write_only=True)
    for name, rows in book.items():
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for column in range(1, 1 + max((len(row) for row in rows), default=0)):
            sheet.column_dimensions[letters(column)].width = _width(rows, column)
        for number, row in enumerate(rows, start=1):
            sheet.append([_cell(sheet, text, is_header=number == 1) for text in row])
    made = BytesIO()
    workbook.save(made)
    return _undated(made)


def _cell(sheet: WriteOnlyWorksheet, text: str, *, is_header: bool) -> Cell | None:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=_ESCAPE.sub(_escaped, text))
    cell.data_type = "s"  # openpyxl reads a leading "=" as a formula
    cell.number_format = "@"  # what is typed into the cell later stays a text as well
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_header:
        cell.font = Font(bold=True)
    return cell


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _width(rows: Grid, column: int) -> int:
    narrowest, widest = WIDTHS
    texts = (row[column - 1] for row in rows if len(row) >= column)
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return max(narrowest, min(widest, longest + 2))


def _check_titles(book: Book) -> None:
    if not book:
        raise SourceError("A workbook needs a sheet.")
    taken: set[str] = {"history"}  # Excel keeps that one for itself
    for name in book:
        if len(name) > LONGEST_TITLE or _UNFIT_TITLE.search(name) or not name:
            raise SourceError(
                f"Excel does not take '{name}' as the name of a sheet.",
                mend=f"Use at most {LONGEST_TITLE} characters, none of them [ ] : * ? / \\ or a "
                "quotation mark at an end.",
            )
        if name.casefold() in taken:
            raise SourceError(f"Excel takes the name '{name}' only once.", mend="Rename a sheet.")
        taken.add(name.casefold())


def _check_lengths(sheet: str, rows: Grid) -> None:
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if len(_ESCAPE.sub(_escaped, text).encode("utf-16-le")) > 2 * LONGEST:
                raise SourceError(
                    f"Excel takes at most {LONGEST:,} characters in a cell.",
                    sheet,
                    number,
                    letters(column),
                    mend="Shorten the text.",
                )


def _undated(made: BytesIO) -> bytes:
    """Return the workbook without the day, the program and the author that openpyxl writes."""
    target = BytesIO()
    with ZipFile(made) as source, ZipFile(target, "w") as file:
        for name in source.namelist():
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            file.writestr(info, _BARE.get(name, source.read(name)))
    return target.getvalue()
