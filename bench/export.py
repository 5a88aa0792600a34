"""Rows a second of our workbook beside a bare openpyxl write-only loop over the same cells."""

import io
import statistics
import time
from collections.abc import Callable

from openpyxl import Workbook

from exports.formats.workbook import Book, Sheet, write

ROWS, COLUMNS = 4000, 40
TEXTS = (
    "22 bis 29 Jahre",
    "Bergkamen",
    "In meiner eigenen Wohnung",
    "Weiß ich nicht",
    "=1+1",
    "ja",
)

Cells = list[list[str | int]]


def cells() -> Cells:
    """Return rows as a release has them: mostly texts from code lists, some numbers."""
    return [
        [(row * 7 + column) % 90 if column % 5 == 0 else TEXTS[(row + column) % len(TEXTS)]
         for column in range(COLUMNS)]
        for row in range(ROWS)
    ]  # fmt: skip


def ours(rows: Cells) -> None:
    """Write the rows as a release is written."""
    header = tuple(f"column {number}" for number in range(COLUMNS))
    write(Book((("bench",),), (Sheet("records", header, rows),)), io.BytesIO())


def bare(rows: Cells) -> None:
    """Write the rows with openpyxl and nothing else."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("records")
    for row in rows:
        sheet.append(row)
    workbook.save(io.BytesIO())


def rows_per_second(rounds: int = 3) -> tuple[float, float]:
    """Return (ours, bare), medians of rounds taken in turn."""
    rows = cells()
    spent: dict[Callable[[Cells], None], list[float]] = {ours: [], bare: []}
    for _ in range(rounds):
        for way, seconds in spent.items():
            begin = time.perf_counter()
            way(rows)
            seconds.append(time.perf_counter() - begin)
    return ROWS / statistics.median(spent[ours]), ROWS / statistics.median(spent[bare])
