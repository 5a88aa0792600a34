"""Sheets of an .xls file, as Excel wrote them until 2007.

The reader for these files gives the last result of a formula and cannot tell that it was one.
"""

from collections.abc import Iterator
from io import StringIO

import olefile
from pyxform.xls2json_backends import xls_value_to_unicode
from xlrd import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR, error_text_from_code, open_workbook
from xlrd.book import Book as OldBook
from xlrd.sheet import Sheet
from xlrd.xldate import XLDateError

from xlsform.workbooks.grids import Book, Grid, SourceError, bounded, letters

_EMPTY = frozenset({XL_CELL_EMPTY, XL_CELL_BLANK})
_AGAIN = "Open it in Excel or LibreOffice and save it as .xlsx."


def read_old_excel(content: bytes) -> Book:
    """Return the sheets of an .xls file; raise SourceError for what is none, or not only text."""
    if content.startswith(b"PK"):
        raise SourceError(
            "The file is an .xlsx with the ending .xls.", mend="Give it the ending .xlsx."
        )
    try:
        # The library reports on standard output, and merged cells only when asked for styles.
        stream = _workbook_stream(content)
        book = open_workbook(file_contents=stream, logfile=StringIO(), formatting_info=True)
        return {sheet.name: _grid(book, sheet) for sheet in book.sheets()}
    except SourceError:
        raise
    except Exception as error:  # a damaged file fails anywhere inside the library
        raise _unreadable(error) from error


def _workbook_stream(content: bytes) -> bytes:
    """Return the workbook inside the container of an .xls file, or `content` where it has none.

    xlrd can look into containers, but follows a chain of sectors that bites its own tail for ever,
    and keeps what it finds.
    """
    if not content.startswith(olefile.MAGIC):
        return content
    with olefile.OleFileIO(content) as container:
        name = next(name for name in ("Workbook", "Book") if container.exists(name))
        found: bytes = container.openstream(name).read()
        return found


def _grid(book: OldBook, sheet: Sheet) -> Grid:
    for top, _, left, _ in sheet.merged_cells:
        raise SourceError(
            "Cells are merged here, so it cannot be told to which question they belong.",
            sheet.name,
            top + 1,
            letters(left + 1),
            mend="Undo the merging ('Merge cells') and repeat the text in each row.",
        )
    return bounded(sheet.name, _rows(book, sheet))


def _rows(book: OldBook, sheet: Sheet) -> Iterator[list[str]]:
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        filled = [column for column, kind in enumerate(kinds) if kind not in _EMPTY]
        texts = [""] * (filled[-1] + 1 if filled else 0)
        for column in filled:
            texts[column] = _text(book, sheet, row, column)
        yield texts


def _text(book: OldBook, sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    if cell.ctype == XL_CELL_ERROR:
        said = f"The cell holds the error {error_text_from_code.get(cell.value, '')}."
        raise _refused(said, sheet.name, row, column)
    if isinstance(cell.value, str):
        return cell.value
    try:
        return str(xls_value_to_unicode(cell.value, cell.ctype, book.datemode))
    except XLDateError:
        said = "The cell holds a date that .xls files do not store clearly."
        raise _refused(said, sheet.name, row, column) from None


def _refused(message: str, sheet: str, row: int, column: int) -> SourceError:
    return SourceError(
        message, sheet, row + 1, letters(column + 1), mend="Write the text that should stand here."
    )


def _unreadable(error: Exception) -> SourceError:
    if "encrypted" in str(error):
        return SourceError(
            "The file is protected by a password.", mend="Save it without a password."
        )
    return SourceError("The file is no workbook of the kind .xls.", mend=_AGAIN)
