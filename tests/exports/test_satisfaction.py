"""The index of satisfaction, and whether its items measure one thing."""

import pytest

from exports.tables.satisfaction import ITEMS, alpha, average, complete, in_band


def test_complete__only_who_answered_all_eight() -> None:
    whole = dict.fromkeys(ITEMS, "3")
    rows = [whole, {**whole, "overall": "dont_know"}, {**whole, "needs": None}]
    assert complete(rows) == [[3] * 8]


def test_average_and_bands() -> None:
    items = [[1] * 8, [4] * 8, [3] * 8]
    assert average(items) == pytest.approx(64 / 3)
    assert [in_band(items, low, high) for low, high in ((8, 15), (16, 23), (24, 31), (32, 32))] == [
        1,
        0,
        1,
        1,
    ]
    assert average([]) is None


def test_alpha__says_nothing_below_thirty_interviews() -> None:
    assert alpha([[1, 2, 3, 4, 1, 2, 3, 4]] * 29) is None


def test_alpha__of_items_that_agree_is_one() -> None:
    items = [[point] * 8 for point in (1, 2, 3, 4)] * 8
    assert alpha(items) == pytest.approx(1)


def test_alpha__of_items_that_have_nothing_in_common_is_about_nothing() -> None:
    # Every combination of two points on three of the items, the others the same for everybody.
    items = [[a, b, c, 2, 2, 2, 2, 2] for a in (1, 2) for b in (1, 2) for c in (1, 2)] * 4
    assert alpha(items) == pytest.approx(0)


def test_alpha__of_everybody_alike_is_none() -> None:
    assert alpha([[3] * 8] * 40) is None
