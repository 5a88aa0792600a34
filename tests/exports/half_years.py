"""Simulated tables of half-years: whom each look at them counts, and what it shows.

The programme begins in the last month of a half-year, as it does by default: the first half-year
has one month, and the smallest tables there can be. A tenth of the documentations come late.
"""

from collections.abc import Iterator

import numpy as np

from exports.anonymise_mondrian import Flags, Indices
from exports.figures import BASE
from tests.exports.simulation import MONTHS, OUTCOME, SENSITIVE, World
from tests.exports.together import Look, counted

HALVES = (range(1), range(1, 7))  # those that are over within the year
SLACK = 2  # what a count rounded to base 5 may be off
_LATE, _LATEST = 0.1, 3  # share, months


def documented(made: World) -> Indices:
    """The month in which the case of each woman was documented, at the latest as it was closed."""
    random = np.random.default_rng(len(made.quasi))
    n = len(made.quasi)
    delay = np.where(random.random(n) < _LATE, random.integers(1, _LATEST + 1, n), 0)
    return np.minimum(made.entered + delay, made.closed)


def live(made: World, *, rounded: bool) -> list[Look]:
    """Each half-year counted anew after whatever happened, exactly or rounded to base 5."""
    written = documented(made)
    found = []
    for half, months in enumerate(HALVES):
        hers = np.isin(made.entered, months)
        events = np.column_stack([written, made.closed, made.withdrawn])[hers]
        for month, place in _moments(events, made.places[hers], months[-1] + 1):

            def is_past(event: Indices, month: int = month, place: int = place) -> Flags:
                return np.asarray((event < month) | ((event == month) & (made.places <= place)))

            women = hers & is_past(written) & ~is_past(made.withdrawn)
            found += _of_all_columns(made, half, women, is_past(made.closed), rounded=rounded)
    return found


def _moments(events: Indices, places: Indices, first: int) -> Iterator[tuple[int, int]]:
    """When to look: once the half-year is over, and after each that happened; one at a time."""
    yield first, -1
    late = (events >= first) & (events < MONTHS)
    whose, _ = late.nonzero()
    pairs = zip(events[late], places[whose], strict=True)
    yield from sorted({(int(month), int(place)) for month, place in pairs})


def _of_all_columns(
    made: World, half: int, women: Flags, closed: Flags, *, rounded: bool
) -> Iterator[Look]:
    """One table a column; an outcome counts once a case is closed."""
    for column in range(len(SENSITIVE)):
        who = women & closed if column == OUTCOME else women
        base, slack = (BASE, SLACK) if rounded else (1, 0)
        yield Look(half, column, counted(made, who, column, slack, base))
