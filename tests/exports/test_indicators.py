from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.tables.indicators import HEADER, Share, largest_remainder, rows, tally
from tests.exports.builders import CONTACTS, REASON, VIOLENCE


@pytest.mark.parametrize(
    ("counts", "percents"),
    [
        ((29, 20, 4, 6, 3, 1), (46, 32, 6, 9, 5, 2)),  # housing at first contact
        ((25, 12, 26), (40, 19, 41)),  # intensity of contact
        ((59, 4), (94, 6)),
        ((36, 27), (57, 43)),
        ((22, 14), (61, 39)),
        ((5, 31), (14, 86)),
        ((1, 1, 1), (34, 33, 33)),
        ((0, 0), (0, 0)),
        ((), ()),
    ],
)
def test_largest_remainder__gives_the_figures_of_the_report(
    counts: tuple[int, ...], percents: tuple[int, ...]
) -> None:
    assert largest_remainder(counts) == percents


@given(st.lists(st.integers(0, 5000), min_size=1).filter(any))
def test_largest_remainder__adds_up_to_a_hundred(counts: list[int]) -> None:
    found = largest_remainder(counts)
    assert sum(found) == 100
    shares = [100 * count / sum(counts) for count in counts]
    assert all(abs(whole - share) < 1 for whole, share in zip(found, shares, strict=True))


def test_tally__orders_by_the_choices_and_counts_missing_answers_apart() -> None:
    cells = ["Nein", "Ja", "Nein", None, "Möchte ich nicht sagen"]
    found = tally(VIOLENCE, Counter(cells), frozenset({"Möchte ich nicht sagen"}))
    assert found.shares == (Share("Ja", 1, 33), Share("Nein", 2, 67))
    assert (found.valid, found.missing) == (3, 2)


def test_tally__orders_numbers_by_size_and_ranges_as_they_read() -> None:
    found = tally(CONTACTS, Counter(["10", "9", "9", "1–3"]))
    assert [share.value for share in found.shares] == ["9", "10", "1–3"]


def test_tally__of_several_answers_counts_who_chose_this_one() -> None:
    found = tally(REASON, Counter(["1", "0", "0", "1", None]))
    assert found.shares == (Share("1", 2, 50),)
    assert (found.valid, found.missing) == (4, 1)


def test_tally__of_several_answers_that_nobody_gave_is_zero() -> None:
    assert tally(REASON, Counter([None])).shares == (Share("1", 0, 0),)


def test_rows__stand_under_the_header() -> None:
    first, *_ = rows([tally(VIOLENCE, Counter(["Ja", "Nein", None]))])
    assert dict(zip(HEADER, first, strict=True)) == {
        "name": "violence",
        "label": "Gewalt?",
        "value": "Ja",
        "count": 1,
        "percent": 50,
        "valid n": 2,
        "missing n": 1,
    }
