"""The cells of a column: little memory for many rows, and still every row as it was."""

import sys

from exports.formats.cells import Cells, Growing

GIVEN = ["a", None, ("1", "2"), "a", "b", None]


def test_cells__come_back_row_by_row() -> None:
    cells = Cells(GIVEN)
    cells.extend(["b", "c"])
    assert list(cells) == [*GIVEN, "b", "c"]
    assert (len(cells), "c" in cells, "d" in cells) == (8, True, False)
    assert list(cells.distinct) == ["a", None, ("1", "2"), "b", "c"]


def test_cells__are_counted() -> None:
    assert Cells(GIVEN).often() == {"a": 2, None: 2, ("1", "2"): 1, "b": 1}
    assert Cells().often() == {}


def test_cells__that_are_the_same_are_changed_once() -> None:
    asked = []
    assert list(Cells(GIVEN).each(lambda cell: asked.append(cell) or str(cell)))[3:5] == ["a", "b"]
    assert asked == ["a", None, ("1", "2"), "b"]


def test_cells__take_four_bytes_a_row() -> None:
    cells = Cells(str(number % 50) for number in range(100_000))
    assert sys.getsizeof(cells._rows) < 500_000


def test_growing__columns_that_rows_lack_are_blank_there() -> None:
    table = Growing()
    table.add(["a", "b"], [("1", "2"), ("3", "4")])
    table.add(["c", "a"], [("5", "6")])
    assert {name: list(cells) for name, cells in table.columns.items()} == {
        "a": ["1", "3", "6"],
        "b": ["2", "4", None],
        "c": [None, None, "5"],
    }
