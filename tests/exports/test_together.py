"""Rows and tables of twenty simulated years taken together: what no one of them gives away alone.

`tests.exports.together` says what the attacker knows. He is given which women stand behind each
class, which the attackers on rows alone are not: of rows that are anonymised anew each month he
knows nearly all.
"""

from collections.abc import Callable
from functools import partial

import pytest

from tests.exports.half_years import live
from tests.exports.simulation import World, anew
from tests.exports.test_attacks import SEEDS, Publisher, patient, years
from tests.exports.together import Look, singled_out

FEW = 3  # seeds; of rows that are anonymised anew there is far more to take together

Tables = Callable[[World], list[Look]]
exactly, rounded = partial(live, rounded=False), partial(live, rounded=True)


def nothing(_made: World) -> list[Look]:
    return []


def found(publisher: Publisher, tables: Tables, seeds: int = SEEDS) -> int:
    """How many women are singled out in so many years."""
    some = years(publisher)[:seeds]
    return sum(len(singled_out(made, rows, tables(made))) for made, rows in some)


@pytest.mark.parametrize(
    ("publisher", "tables", "seeds", "least"),
    [
        (anew, exactly, FEW, 500),  # measured: 570 of 570
        (patient, exactly, SEEDS, 2000),  # 2,099 of 3,762
        (patient, rounded, SEEDS, 950),  # 1,034
    ],
)
def test_tables_that_are_counted_anew__single_women_out(
    publisher: Publisher, tables: Tables, seeds: int, least: int
) -> None:
    assert found(publisher, tables, seeds) > least


def test_rows_alone__single_nobody_out() -> None:
    assert found(patient, nothing) == 0
