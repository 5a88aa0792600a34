"""Tables of several periods taken together: what differences between them give away, and to whom.

The attacker asks for every table there is of one variable, and works with intervals: a rounded
count stands for the counts that it may come from. He has singled somebody out when he can prove
that between one and four women of a certain answer came in a certain stretch of months.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from core.periods import Period, PeriodError, check, read
from exports.tables.figures import Figure, Line, added, count_of, rounded, shares

SEEDS = 20
PROGRAMME = read("2019-06..2021-06")
TODAY = date(2021, 7, 1)
TOWNS = 10
PER_MONTH = 9
SLACK = 2  # what a count rounded to base 5 may be off

Counts = np.ndarray
Interval = tuple[int, int]
Table = Mapping[Period, tuple[Interval, ...]]  # of each town


def year(seed: int) -> Counts:
    """How many women came from each town, month by month: some towns are small."""
    random = np.random.default_rng(seed)
    share = np.array([14, 11, 9, 8, 7, 5, 4, 3, 2, 1]) / 64
    return np.array([random.multinomial(random.poisson(PER_MONTH), share) for _ in _months()])


def _months() -> range:
    return range(PROGRAMME.first, PROGRAMME.last + 1)


def windows() -> Iterator[Period]:
    """Yield every stretch of whole months of the programme."""
    for first in _months():
        for last in range(first, PROGRAMME.last + 1):
            yield Period(first, last)


def _of(counts: Counts, period: Period) -> Counts:
    return counts[period.first - PROGRAMME.first : period.last - PROGRAMME.first + 1].sum(axis=0)


def exact(counts: Counts) -> Table:
    """Naive: the exact table of any period that somebody asks for."""
    return {one: tuple((int(n), int(n)) for n in _of(counts, one)) for one in windows()}


def blurred(counts: Counts) -> Table:
    """Naive: the table of any period, rounded to base 5."""
    return {one: tuple(_interval(n, 1) for n in _of(counts, one)) for one in windows()}


def ours(counts: Counts) -> Table:
    """As the service does it: whole half-years, each rounded, longer periods added up."""
    found = {}
    for one in windows():
        try:
            check(one, PROGRAMME, TODAY)
        except PeriodError:
            continue
        halves = list(one.halves())
        parts = [rounded([_figure(_of(counts, half))]) for half in halves]
        told = count_of(added(parts)).values()
        found[one] = tuple(
            (max(0, int(n) - SLACK * len(halves)), int(n) + SLACK * len(halves)) for n in told
        )
    return found


def _figure(counts: Counts) -> Figure:
    lines = [Line(str(town), "", int(count)) for town, count in enumerate(counts)]
    return Figure("towns", "", (shares("towns", "", lines),))


def _interval(count: int, times: int) -> Interval:
    (figure,) = rounded([_figure(np.array([count]))])
    told = int(figure.groups[0].lines[0].count)
    return max(0, told - SLACK * times), told + SLACK * times


def singled_out(table: Table) -> set[tuple[Period, int]]:
    """The stretches and towns of which 1 to 4 women are proven, by a table or a difference."""
    known: dict[tuple[Period, int], Interval] = {}
    for period, row in table.items():
        for town, interval in enumerate(row):
            _narrow(known, (period, town), interval)
    for one, other in combinations(table, 2):
        for longer, shorter in ((one, other), (other, one)):
            rest = _rest(longer, shorter)
            if rest is None:
                continue
            for town, (a, b) in enumerate(zip(table[longer], table[shorter], strict=True)):
                _narrow(known, (rest, town), (max(0, a[0] - b[1]), a[1] - b[0]))
    return {place for place, (low, high) in known.items() if 1 <= low <= high <= 4}


def _rest(longer: Period, shorter: Period) -> Period | None:
    """What a longer period has more, where that is one stretch."""
    if longer == shorter or not longer.covers(shorter):
        return None
    if longer.first == shorter.first:
        return Period(shorter.last + 1, longer.last)
    return Period(longer.first, shorter.first - 1) if longer.last == shorter.last else None


def _narrow(
    known: dict[tuple[Period, int], Interval], place: tuple[Period, int], interval: Interval
) -> None:
    low, high = known.get(place, (0, 10**9))
    known[place] = (max(low, interval[0]), min(high, interval[1]))


def found(publish: Callable[[Counts], Table]) -> int:
    return sum(len(singled_out(publish(year(seed)))) for seed in range(SEEDS))


@pytest.mark.parametrize(("publish", "least"), [(exact, 1000), (blurred, 20)])
def test_any_period__lets_differences_single_women_out(
    publish: Callable[[Counts], Table], least: int
) -> None:
    assert found(publish) > least


def test_half_years__single_nobody_out() -> None:
    assert found(ours) == 0


def test_half_years__are_all_answered() -> None:
    assert len(ours(year(1))) == 15  # five half-years, and every run of them
