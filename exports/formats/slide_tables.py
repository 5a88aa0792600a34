"""Tables on a slide: in letters small enough that all of it stands above the lower edge."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Length, Pt

POINTS = (11, 10, 9, 8)  # sizes of letters, the best to read first
_GAP = Inches(0.25)  # between two tables
_BESIDE, _ABOVE = Inches(0.1), Inches(0.02)  # room around a text
_SIGN, _LINE, _ROW = 0.6, 1.2, 2.0  # width of a sign, height of a line and of a row, in letters
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The rows of a table, the first one its head, and the widths of its columns."""

    rows: Sequence[Row]
    widths: Sequence[int]  # in EMU

    def heights(self, points: int) -> list[int]:
        """Return how high each row is in letters of a size, in EMU.

        A text is measured in signs as wide as those of a wide font: nobody knows which is there.
        """
        return [self._height(row, points) for row in self.rows]

    def _height(self, row: Row, points: int) -> int:
        pairs = zip(row, self.widths, strict=True)
        lines = max(len(_wrapped(text, width - 2 * _BESIDE, points)) for text, width in pairs)
        return int(max(Pt(_ROW * points), Pt(_LINE * points) * lines + 2 * _ABOVE))


def put(slide: Any, tables: Sequence[Table], left: Length, top: Length, bottom: Length) -> None:
    """Put tables on a slide, one below the other."""
    points = _largest(tables, bottom - top)
    at = int(top)
    for table in tables:
        heights = table.heights(points)
        _draw(slide, table, heights, points, (left, Emu(at)))
        at += sum(heights) + _GAP


def _largest(tables: Sequence[Table], room: int) -> int:
    """The largest letters in which all of it fits, else the smallest."""
    gaps = _GAP * (len(tables) - 1)
    fitting = (
        points
        for points in POINTS
        if sum(sum(table.heights(points)) for table in tables) + gaps <= room
    )
    return next(fitting, POINTS[-1])


def _draw(
    slide: Any, given: Table, heights: Sequence[int], points: int, corner: tuple[Length, Length]
) -> None:
    size = (Emu(sum(given.widths)), Emu(sum(heights)))
    table = slide.shapes.add_table(len(given.rows), len(given.widths), *corner, *size).table
    for column, width in zip(table.columns, given.widths, strict=True):
        column.width = Emu(width)
    for number, (row, height) in enumerate(zip(given.rows, heights, strict=True)):
        table.rows[number].height = Emu(height)
        bold = number == 0 or (len(row) == 3 and not any(row[1:]))
        for place, text in enumerate(row):
            _write(table.cell(number, place), text, points, bold=bold)


def _write(cell: Any, text: str, points: int, *, bold: bool) -> None:
    cell.text_frame.text = text
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = _ABOVE
    font = cell.text_frame.paragraphs[0].font
    font.size, font.bold = Pt(points), bold


def _wrapped(text: str, width: int, points: int) -> list[str]:
    signs = max(int(width / Pt(_SIGN * points)), 1)
    return textwrap.wrap(text, signs) or [""]
