"""One row of the table, and how a piece of work is timed."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

ROUNDS = 7


class Row(NamedTuple):
    """One line of the table: what, how much, beside what, and whether it is little enough."""

    name: str
    ours: str
    floor: str = ""
    ratio: str = ""
    met: bool | None = None


def median(work: Callable[[], object], times: int = 1, rounds: int = ROUNDS) -> float:
    """Return the median seconds that one `work()` takes, over rounds of `times` calls."""
    spent = []
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(times):
            work()
        spent.append((time.perf_counter() - begin) / times)
    return statistics.median(spent)
