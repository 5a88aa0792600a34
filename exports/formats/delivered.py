"""Released records as codes, and what each code is called: by its number, and by its wording.

What leaves for statistics programs needs both, and the same ones in every file: the numbers of an
SPSS file are explained in the codebook beside the table. So they depend on the questionnaire alone,
never on which rows have come out so far – only ranges of dates, fractions and numbers that are
negative or very large are numbered by what occurs. Where a taxonomy is declared, its leaves are
counted in their order; a batch with another taxonomy is in another table.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exports.anonymise.table import CHOSEN, NOT_CHOSEN, Category, Column
from exports.anonymise.taxonomy import Taxonomy
from exports.formats.cells import Cell, Cells
from exports.formats.workbook import ILLEGAL

LONGEST_NAME = 64  # bytes that SPSS takes
RESERVED = frozenset(
    {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
)

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"(?=.{1,20}$)-?[0-9]+([.][0-9]+)?")  # longer ones are no longer finite
_COUNT = re.compile(r"0|[1-9][0-9]{0,2}")
_HIGHEST_COUNT = 998
_SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


@dataclass(frozen=True)
class Released:
    """The released rows of one questionnaire in one version, as codes.

    A cell holds the code of a choice, the text of a number, the lowest and the highest leaf of a
    quasi-identifier, or None for a blank; of several answers "1", "0" or the reason for none.
    """

    name: str
    version: str
    columns: tuple[Column, ...]
    taxonomies: tuple[Taxonomy, ...]
    cells: tuple[Cells, ...]  # of each column

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.cells[0]) if self.cells else 0


@dataclass(frozen=True)
class Code:
    """One code: its number, its wording, and whether it says that there is no answer."""

    number: int
    label: str
    missing: bool = False


@dataclass(frozen=True)
class Variable:
    """A column, its name in SPSS, and the code of each cell it may hold; none if numbers."""

    name: str
    column: Column
    codes: Mapping[Cell, Code]
    cells: Cells
    growing: bool = False  # whether it is a range of numbers or days

    @property
    def valid(self) -> int:
        """How many cells hold an answer; a range that takes in missing answers is none."""
        counted = self.cells.often().items()
        return sum(often for cell, often in counted if cell is not None and self._is_valid(cell))

    def _is_valid(self, cell: Cell) -> bool:
        code = self.codes.get(cell)
        return code is None or not code.missing

    def number(self, cell: Cell) -> float | None:
        """The cell as a number; None for a blank."""
        if cell is None:
            return None
        return float(self.codes[cell].number) if self.codes else float(str(cell))


def variables(released: Released) -> tuple[Variable, ...]:
    """The variables of released rows; ValueError for a cell or a column that may not leave."""
    entries = {entry.name: entry for entry in released.taxonomies}
    if [len(cells) for cells in released.cells] != [released.size] * len(released.columns):
        raise ValueError("there are more or fewer cells than columns and rows")
    named = names(column.name for column in released.columns)
    found = []
    for name, column, cells in zip(named, released.columns, released.cells, strict=True):
        entry = entries.get(column.name)
        codes = _codes(column, entry, cells.distinct)
        _refuse_others(column, codes, cells)
        growing = column.role == "quasi" and not column.categories
        found.append(Variable(name, column, codes, cells, growing))
    return tuple(found)


def names(columns: Iterable[str]) -> tuple[str, ...]:
    """The names of columns as SPSS takes them, told apart without regard to case.

    A name that had to be cut, or that another one resembles, ends with a digest of what it was:
    so it stays the same when a column before it stays out. Raises ValueError for a repeated name.
    """
    given = tuple(columns)
    if len(set(given)) != len(given):
        raise ValueError("two columns have the same name")
    plain = [_plain(name) for name in given]
    often = Counter(name.casefold() for name in plain)
    return tuple(
        name
        if often[name.casefold()] == 1 and len(name) <= LONGEST_NAME
        else f"{name[: LONGEST_NAME - 9]}_{hashlib.sha256(_bytes(before)).hexdigest()[:8]}"
        for name, before in zip(plain, given, strict=True)
    )


def wording(text: str) -> str:
    """The text in one line, with a visible mark for characters that control a terminal."""
    return _UNFIT.sub(ILLEGAL, " ".join(text.split()))


def numbers(categories: Iterable[Category]) -> dict[str, int]:
    """The number of each choice by its code: 1, 2 and on; of a reason for none -1, -2 and on."""
    found: dict[str, int] = {}
    known = reasons = 0
    for category in categories:
        if category.missing:
            reasons += 1
        else:
            known += 1
        found[category.code] = -reasons if category.missing else known
    return found


def _codes(column: Column, entry: Taxonomy | None, cells: Iterable[Cell]) -> dict[Cell, Code]:
    """The codes of a column: of a quasi-identifier the ranges that occur, else of its choices."""
    if column.role == "quasi":
        if entry is None:
            raise ValueError(f"column {column.name!r} has no taxonomy")
        return _Ranges(column, entry).codes(cells)
    if column.kind == "date":
        raise ValueError(f"column {column.name!r} holds days, which leave only as ranges")
    number = numbers(column.categories)
    if column.kind == "select_multiple":
        number |= {CHOSEN: 1, NOT_CHOSEN: 0}
    return {
        item.code: Code(number[item.code], wording(item.label) or item.code, item.missing)
        for item in column.categories
    }


class _Ranges:
    """The numbers of ranges: the place of the first leaf times a thousand, plus that of the last.

    1003 goes from the first choice to the third, 3003 is the third alone. Small whole numbers are
    their own place, so a number that joins later moves none; other leaves are counted. A range up
    to the missing answers is negative, missing answers alone are -1.
    """

    def __init__(self, column: Column, entry: Taxonomy):
        self.column, self.entry = column, entry
        known = entry.leaves[: entry.size - 1] if entry.missing else entry.leaves
        counts = entry.growing and all(
            _COUNT.fullmatch(leaf) and int(leaf) <= _HIGHEST_COUNT for leaf in known
        )
        self.places = [int(leaf) if counts else place for place, leaf in enumerate(known, 1)]
        self.base = 1000
        while max(self.places, default=0) >= self.base - 1:
            self.base *= 10
        self.known = frozenset(entry.leaves)

    def codes(self, cells: Iterable[Cell]) -> dict[Cell, Code]:
        """The code of each range that occurs; ValueError for what is no range of leaves."""
        ranges = dict.fromkeys(cell for cell in cells if cell is not None)
        coded = {cell: self._code(cell) for cell in ranges}
        return dict(sorted(coded.items(), key=lambda item: item[1].number))

    def _code(self, cell: Cell) -> Code:
        if not isinstance(cell, tuple) or len(cell) != 2 or not self.known.issuperset(cell):
            raise ValueError(f"column {self.column.name!r} holds what is no range of its leaves")
        low, high = map(int, self.entry.encode(cell))
        if low > high:
            raise ValueError(f"column {self.column.name!r} holds a range that ends before it began")
        missing = self.entry.missing and high == self.entry.size - 1
        return Code(
            self._number(low, high, missing=missing),
            wording(self.entry.label(low, high)),
            missing,
        )

    def _number(self, low: int, high: int, *, missing: bool) -> int:
        if missing:
            return -1 if low == high else -(self.places[low] * self.base + self.base - 1)
        return self.places[low] * self.base + self.places[high]


def _refuse_others(column: Column, codes: Mapping[Cell, Code], cells: Cells) -> None:
    """Only what is in the code list, or a number where there is none."""
    listed = column.categories or column.role == "quasi"
    for cell in cells.distinct:
        fits = cell in codes if listed else isinstance(cell, str) and _NUMBER.fullmatch(cell)
        if cell is not None and not fits:
            row = list(cells).index(cell) + 1
            raise ValueError(f"column {column.name!r} holds what is in no code list in row {row}")


def _plain(name: str) -> str:
    """The name in letters, digits and underscores of ASCII, beginning with a letter."""
    plain = (
        unicodedata.normalize("NFKD", name.translate(_SPELLED)).encode("ascii", "ignore").decode()
    )
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")
    if not plain[:1].isalpha() or plain.casefold() in RESERVED:
        plain = f"v_{plain}".rstrip("_")
    return plain


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
