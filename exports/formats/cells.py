"""The cells of released rows, held by column: many thousands of them in little memory."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import repeat
from typing import TypeVar

Cell = str | tuple[str, str] | None

_Shown = TypeVar("_Shown")


class Cells(Collection[Cell]):
    """The cells of one column from top to bottom.

    Few differ: each that occurs is there once, and every row has the number of the one it holds.
    """

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        self._numbers: dict[Cell, int] = {}
        self._rows = array("I")
        self.extend(cells)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Cell]:
        return self.each(lambda cell: cell)

    def __contains__(self, cell: object) -> bool:
        return cell in self._numbers

    @property
    def distinct(self) -> Iterable[Cell]:
        """Each cell that occurs, once, in the order in which they came."""
        return self._numbers.keys()

    def extend(self, cells: Iterable[Cell]) -> None:
        """Put cells below the others."""
        numbers = self._numbers
        self._rows.extend(numbers.setdefault(cell, len(numbers)) for cell in cells)

    def each(self, change: Callable[[Cell], _Shown]) -> Iterator[_Shown]:
        """Return what becomes of each cell; `change` is asked once for all that are the same."""
        return map([change(cell) for cell in self._numbers].__getitem__, self._rows)

    def often(self) -> dict[Cell, int]:
        """Return how often each cell occurs."""
        counted = Counter(self._rows)
        return {cell: counted[number] for cell, number in self._numbers.items()}


class Growing:
    """Columns that grow by some rows at once; a row of before or after may lack a column."""

    def __init__(self) -> None:
        self.columns: dict[str, Cells] = {}
        self._size = 0

    def add(self, names: Iterable[str], rows: Collection[tuple[Cell, ...]]) -> None:
        """Put rows with these columns below; other columns are blank there."""
        places = {name: place for place, name in enumerate(names)}
        for name in places:
            if name not in self.columns:
                self.columns[name] = Cells(repeat(None, self._size))
        for name, cells in self.columns.items():
            at = places.get(name)
            blank = repeat(None, len(rows))
            cells.extend(blank if at is None else (row[at] for row in rows))
        self._size += len(rows)
