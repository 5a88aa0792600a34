"""Writing a workbook: the same book gives the same bytes, and every text stays a text.

openpyxl makes the shell – styles, header rows, what Excel needs around them. The rows are then
streamed straight into the sheets while the file is packed, which is several times faster and takes
no more memory for more rows.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from exports.formats.charts import Charts, draw
from exports.formats.packing import BARE, undated

README = "README"
LONGEST = 32_767  # UTF-16 units that Excel takes in a cell
LONGEST_TITLE = 31
CUT = "…"
ILLEGAL = "\N{REPLACEMENT CHARACTER}"

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNFIT_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
_END = b"</sheetData>"
_AT_ONCE = 256  # rows
_A4 = 9  # as Excel counts paper
_REMEMBERED = 50_000  # texts
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: a header row, and rows that may come from anywhere, once."""

    title: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Value]]
    widths: tuple[int, ...] = ()  # in characters, from the first column on; else by the header


@dataclass(frozen=True)
class Book:
    """A workbook: its README sheet, line by line in one or more cells, and the sheets after it."""

    readme: tuple[tuple[Value, ...], ...]
    sheets: tuple[Sheet, ...]
    charts: Charts | None = None


def render(book: Book) -> bytes:
    """The bytes of an .xlsx file."""
    target = io.BytesIO()
    write(book, target)
    return target.getvalue()


def write(book: Book, target: IO[bytes]) -> None:
    """Write an .xlsx file; raises ValueError for a sheet without a header."""
    shell = ZipFile(io.BytesIO(_shell(book)))
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name in shell.namelist():
            found = _SHEET.fullmatch(name)
            content = BARE.get(name) or shell.read(name)
            with file.open(undated(name), "w", force_zip64=True) as part:
                if found and 1 < int(found[1]) <= len(book.sheets) + 1:
                    _splice(part, content, book.sheets[int(found[1]) - 2])
                else:
                    part.write(content)


def safe_title(title: str, taken: Iterable[str] = ()) -> str:
    """The title as Excel takes it: at most 31 characters, none that it forbids, not yet taken."""
    plain = _UNFIT_TITLE.sub(" ", _UNFIT.sub(" ", title)).strip(" '")[:LONGEST_TITLE].strip(" '")
    plain = plain or "sheet"
    used = {other.casefold() for other in taken} | {"history"}  # Excel keeps that one for itself
    title, number = plain, 2
    while title.casefold() in used:
        title = f"{plain[: LONGEST_TITLE - 1 - len(str(number))]} {number}"
        number += 1
    return title


def text_cell(sheet: WriteOnlyWorksheet, value: Value) -> Cell | Value:
    """Return `value` as a cell, with every string forced to plain text."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=plain_text(value))
    cell.data_type = "s"  # openpyxl reads a leading "=" as a formula
    return cell


def plain_text(text: str) -> str:
    """The text with a visible mark for what XML cannot hold, cut with a mark where Excel would."""
    if _UNFIT.search(text):
        text = _UNFIT.sub(ILLEGAL, text)
    if len(text) > LONGEST // 2 and len(units := text.encode("utf-16-le")) > 2 * LONGEST:
        return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
    return text


def _shell(book: Book) -> bytes:
    """The workbook without its rows."""
    workbook = Workbook(write_only=True)
    readme = _new(workbook, README)
    readme.column_dimensions["A"].width = 32
    readme.column_dimensions["B"].width = 100
    for line in book.readme:
        readme.append([text_cell(readme, value) for value in line])
    taken = [README]
    for sheet in book.sheets:
        taken.append(safe_title(sheet.title, taken))
        worksheet = _new(workbook, taken[-1], header=True)
        for place, width in enumerate(_widths(sheet), 1):
            worksheet.column_dimensions[get_column_letter(place)].width = width
        _header(worksheet, sheet)
    if book.charts is not None:
        taken.append(safe_title(book.charts.title, taken))
        draw(_new(workbook, taken[-1]), book.charts.charts)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _widths(sheet: Sheet) -> list[int]:
    """The given widths, then what the header asks for."""
    by_header = [min(max(len(name) + 4, 10), 40) for name in sheet.header]
    return [*sheet.widths, *by_header[len(sheet.widths) :]]


def _header(worksheet: WriteOnlyWorksheet, sheet: Sheet) -> None:
    """Begin a sheet with a frozen header row in a style of its own."""
    if not sheet.header:
        raise ValueError(f"sheet {sheet.title!r} has no header")
    worksheet.freeze_panes = "A2"
    cells = [cast("Cell", text_cell(worksheet, name)) for name in sheet.header]
    for cell in cells:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE7E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    worksheet.append(cells)


def _new(workbook: Workbook, title: str, *, header: bool = False) -> Any:
    """Begin a sheet that is printed across, as wide as the page, a header again on each."""
    worksheet: Any = workbook.create_sheet(title)  # the stubs know little of this kind of sheet
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = _A4
    worksheet.page_setup.fitToHeight = 0  # as many pages as it takes
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if header:
        worksheet.print_title_rows = "1:1"
    return worksheet


def _splice(part: IO[bytes], content: bytes, sheet: Sheet) -> None:
    """Write a sheet's part with its rows after the header row."""
    before, end, after = content.rpartition(_END)
    part.write(before)
    letters = tuple(get_column_letter(place + 1) for place in range(len(sheet.header)))
    last = 1
    for count, chunk in _chunks(sheet.rows, letters):
        part.write(chunk)
        last += count
    part.write(end)
    part.write(f'<autoFilter ref="A1:{letters[-1]}{last}"/>'.encode())
    part.write(after)


def _chunks(
    rows: Iterable[Sequence[Value]], letters: tuple[str, ...]
) -> Iterator[tuple[int, bytes]]:
    """The rows as XML, some hundred at once, with their number."""
    numbered = enumerate(rows, 2)
    texts = _Texts()
    while some := list(islice(numbered, _AT_ONCE)):
        yield len(some), "".join(_row(number, row, letters, texts) for number, row in some).encode()
        if len(texts) > _REMEMBERED:  # texts that never come again would fill the memory
            texts.clear()


def _row(number: int, row: Sequence[Value], letters: tuple[str, ...], texts: "_Texts") -> str:
    cells = [
        f'<c r="{letter}{number}"{texts[value] if isinstance(value, str) else _number(value)}'
        for letter, value in zip(letters, row, strict=True)
        if value is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


class _Texts(dict[str, str]):
    """The XML of each text after its cell's place, made once."""

    def __missing__(self, text: str) -> str:
        xml = escape(plain_text(text), quote=False)
        space = ' xml:space="preserve"' if xml != xml.strip() else ""
        made = self[text] = f' t="inlineStr"><is><t{space}>{xml}</t></is></c>'
        return made


def _number(value: float | None) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    return f"><v>{value!r}</v></c>"
