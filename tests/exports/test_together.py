"""Rows and tables of twenty simulated years taken together: what no one of them gives away alone.

`tests.exports.together` says what the attacker knows. He is given which women stand behind each
class, which the attackers on rows alone are not: of rows that are anonymised anew each month he
knows nearly all.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from exports.release.hidden import Rows
from tests.exports import half_years
from tests.exports.half_years import Year, live
from tests.exports.simulation import World, anew
from tests.exports.test_attacks import SEEDS, Publisher, patient, quickly, years
from tests.exports.together import Look, singled_out

AFTER = range(6)  # months until a coordinator lets exact tables out

Tables = Callable[[World], list[Look]]
exactly, rounded = partial(live, rounded=False), partial(live, rounded=True)


def nothing(_made: World) -> list[Look]:
    return []


def found(publisher: Publisher, tables: Tables, seeds: int = SEEDS) -> int:
    """How many women are singled out in so many years."""
    some = years(publisher)[:seeds]
    return sum(len(singled_out(made, rows, tables(made))) for made, rows in some)


def ours(after: int | None) -> Iterator[Year]:
    """Every year as we let it out: exact tables so many months after each half-year, or never."""
    for made, _ in years(patient):
        with quickly():
            yield Year(made, after)


def among(some: Iterator[Year]) -> int:
    return sum(len(singled_out(one.made, one.history, one.looks)) for one in some)


@pytest.mark.parametrize(
    ("publisher", "tables", "seeds", "least"),
    [
        (anew, exactly, 3, 500),  # measured: 570 of 570
        (patient, exactly, 5, 300),  # 379 of 967
        (patient, rounded, SEEDS, 500),  # 594 of 3,762
    ],
)
def test_tables_that_are_counted_anew__single_women_out(
    publisher: Publisher, tables: Tables, seeds: int, least: int
) -> None:
    assert found(publisher, tables, seeds) > least


def test_rows_alone__single_nobody_out() -> None:
    assert found(patient, nothing) == 0


@pytest.mark.parametrize("after", [None, *AFTER])
def test_our_rows_and_tables__single_nobody_out(after: int | None) -> None:
    assert among(ours(after)) == 0


def nobody_is_gone(without: dict[str, frozenset[str]], gone: frozenset[str]) -> Rows:
    """Whose class went as a whole is counted like who never had a row."""
    return Rows({who: some for who, some in without.items() if who not in gone}, frozenset())


@pytest.mark.parametrize(
    ("rule", "instead", "after"),
    [
        ("leaves_few", lambda *_: False, 0),  # measured: 20 women
        ("asked_of_enough", dict, 0),  # 41
        ("gives_away", lambda *_: False, 4),  # 22
        ("Rows", nobody_is_gone, 4),  # 31
    ],
)
def test_our_rows_and_tables__need_each_of_their_rules(
    rule: str, instead: Callable[..., object], after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(half_years, rule, instead)
    assert among(ours(after)) > 10
