"""The index of satisfaction: eight items of four points, after the tradition of the CSQ-8.

Larsen, Attkisson, Hargreaves and Nguyen, "Assessment of client/patient satisfaction", Evaluation
and Program Planning 2 (1979); the wording is our own. The index is the sum of the items, 8 to 32.
"""

from collections.abc import Mapping, Sequence
from statistics import mean, variance

from exports.anonymise.table import Value

ITEMS = (
    "quality",
    "wanted_help",
    "needs",
    "enough",
    "coping",
    "overall",
    "recommend",
    "return",
)
POINTS = ("1", "2", "3", "4")
BANDS = ((8, 15), (16, 23), (24, 31), (32, 32))
RELIABLE = 30  # interviews from which on alpha says something

Sums = list[list[int]]


def complete(rows: Sequence[Mapping[str, Value]]) -> Sums:
    """The items of everybody who answered all of them."""
    return [
        [int(row[item] or 0) for item in ITEMS]
        for row in rows
        if all(row.get(item) in POINTS for item in ITEMS)
    ]


def in_band(items: Sums, low: int, high: int) -> int:
    """How many have an index from `low` to `high`, both included."""
    return sum(low <= sum(one) <= high for one in items)


def average(items: Sums) -> float | None:
    """The mean of the index; None without anybody."""
    return mean(map(sum, items)) if items else None


def alpha(items: Sums) -> float | None:
    """Cronbach's alpha; None below 30 interviews, or where everybody says the same.

    Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951).
    """
    if len(items) < RELIABLE:
        return None
    whole = variance(map(sum, items))
    if not whole:
        return None
    each = sum(variance(column) for column in zip(*items, strict=True))
    return float(len(ITEMS) / (len(ITEMS) - 1) * (1 - each / whole))
