"""Counts and shares of released rows.

Only rows that were released are counted, so a table never says more than the sheet beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.anonymise.table import CHOSEN, Column, Value

HEADER = ("name", "label", "value", "count", "percent", "valid n", "missing n")


@dataclass(frozen=True)
class Share:
    """How many rows hold a value, and the whole percentage."""

    value: str
    count: int
    percent: int


@dataclass(frozen=True)
class Tally:
    """The shares of one column, and how many rows hold an answer or none."""

    name: str
    label: str
    shares: tuple[Share, ...]
    valid: int
    missing: int


def largest_remainder(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages of the counts that add up to 100 (all 0 when there is nothing to share).

    Method of Hare and Niemeyer: the largest remainders are rounded up; equal ones in order.
    """
    total = sum(counts)
    if not total:
        return (0,) * len(counts)
    shares = [divmod(100 * count, total) for count in counts]
    short = 100 - sum(whole for whole, _ in shares)
    first = sorted(range(len(counts)), key=lambda place: -shares[place][1])[:short]
    return tuple(whole + (place in first) for place, (whole, _) in enumerate(shares))


def tally(
    column: Column, counts: Mapping[Value, int], missing: frozenset[str] = frozenset()
) -> Tally:
    """The shares of a released column by how often it holds what.

    Blanks and the cells in `missing` are counted apart.
    """
    absent = sum(count for cell, count in counts.items() if cell is None or cell in missing)
    answers = {cell: count for cell, count in counts.items() if cell is not None}
    answers = {cell: count for cell, count in answers.items() if cell not in missing}
    ordered = sorted(answers, key=_order(column))
    valid = sum(answers.values())
    if column.kind == "select_multiple":
        return Tally(column.name, column.label, _chosen(column, answers, valid), valid, absent)
    percents = largest_remainder([answers[cell] for cell in ordered])
    shares = tuple(
        Share(cell, answers[cell], percent) for cell, percent in zip(ordered, percents, strict=True)
    )
    return Tally(column.name, column.label, shares, valid, absent)


def rows(tallies: Iterable[Tally]) -> Iterator[tuple[str | int, ...]]:
    """The rows of a sheet of tallies, under HEADER."""
    for item in tallies:
        for share in item.shares:
            yield (
                item.name,
                item.label,
                share.value,
                share.count,
                share.percent,
                item.valid,
                item.missing,
            )


def _chosen(column: Column, answers: dict[str, int], valid: int) -> tuple[Share, ...]:
    """Of several answers, how many gave this one: these shares need not add up to 100."""
    names = {CHOSEN} | {item.label for item in column.categories if item.code == CHOSEN}
    count = sum(answers.get(name, 0) for name in names)
    # the half rounds up, as people do it
    percent = (200 * count + valid) // (2 * valid) if valid else 0
    return (Share(CHOSEN, count, percent),)


def _order(column: Column) -> Callable[[str], tuple[int, float, str]]:
    """The order of the categories, by code or label; then numbers, then ranges as they read."""
    places: dict[str, int] = {}
    for place, category in enumerate(column.categories):
        places.setdefault(category.label, place)
        places[category.code] = place

    def key(cell: str) -> tuple[int, float, str]:
        if cell in places:
            return 0, places[cell], cell
        try:
            return 1, float(cell), cell
        except ValueError:
            return 2, 0.0, cell

    return key
