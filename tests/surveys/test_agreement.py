"""Cohen's kappa against the examples of the literature."""

from collections import Counter

import pytest

from surveys.agreement import cohens_kappa


def test_kappa__is_that_of_the_textbook() -> None:
    # Two raters of 50 proposals: yes/yes 20, yes/no 5, no/yes 10, no/no 15.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohens_kappa(Counter(pairs)) == pytest.approx(0.4)


def test_kappa__of_cohens_own_table() -> None:
    # Cohen 1960, table 1, in hundredths: three categories, judges A and B.
    table = {("1", "1"): 25, ("1", "2"): 13, ("1", "3"): 12}
    table |= {("2", "1"): 12, ("2", "2"): 2, ("2", "3"): 16}
    table |= {("3", "1"): 3, ("3", "2"): 15, ("3", "3"): 2}
    observed, expected = 0.29, (0.5 * 0.4 + 0.3 * 0.3 + 0.2 * 0.3)
    assert cohens_kappa(table) == pytest.approx((observed - expected) / (1 - expected))


def test_kappa__is_one_for_those_who_always_agree_and_below_zero_for_the_contrary() -> None:
    assert cohens_kappa(Counter([("a", "a"), ("b", "b")])) == 1
    assert cohens_kappa(Counter([("a", "b"), ("b", "a")])) == -1


def test_kappa__is_not_defined_where_chance_explains_all() -> None:
    assert cohens_kappa(Counter([])) is None
    assert cohens_kappa(Counter([("a", "a"), ("a", "a")])) is None
