"""Counts, their shares, and what rounding leaves of them."""

from hypothesis import given
from hypothesis import strategies as st

from exports.tables.figures import (
    Figure,
    Group,
    Line,
    added,
    count_of,
    dump,
    load,
    rounded,
    shares,
    small,
)


def housing(*counts: int) -> Figure:
    lines = [Line(str(place), f"answer {place}", count) for place, count in enumerate(counts)]
    return Figure("housing", "Housing", (shares("housing", "", lines, missing=4),))


def counts(figures: tuple[Figure, ...]) -> list[float]:
    return list(count_of(figures).values())


def test_shares__add_up_to_a_hundred_as_in_the_report() -> None:
    assert housing(29, 20, 4, 6, 3, 1).groups[0].percents == (46, 32, 6, 9, 5, 2)


def test_inner_line__is_part_of_the_one_above_it() -> None:
    lines = (Line("others", "", 20), Line("parents", "", 4, inner=True), Line("own", "", 43))
    group = shares("housing", "", lines)
    assert (group.base, group.percents) == (63, (32, 6, 68))


def test_several__each_is_a_share_of_all_who_answered() -> None:
    group = Group("emphasis", "", "several", (Line("a", "", 30), Line("b", "", 45)), base=60)
    assert group.percents == (50, 75)


def test_shares__of_nobody_are_none() -> None:
    assert housing(0, 0).groups[0].percents == (None, None)


def test_rounded__shares_are_those_of_rounded_counts() -> None:
    (figure,) = rounded([housing(29, 2, 3)])
    assert [line.count for line in figure.groups[0].lines] == [30, 0, 5]
    assert figure.groups[0].base == 35
    assert figure.groups[0].missing == 5
    assert figure.groups[0].percents == (86, 0, 14)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8))
def test_rounded__tells_no_count_nearer_than_two(given_counts: list[int]) -> None:
    found = counts(rounded([housing(*given_counts)]))
    assert all(count % 5 == 0 for count in found)
    assert all(abs(a - b) <= 2 for a, b in zip(found, given_counts, strict=True))


def test_rounded__what_is_no_count_stays_out() -> None:
    mean = Group("mean", "", "values", (Line("mean", "", 27.4),))
    (figure,) = rounded([Figure("satisfaction", "", (mean, *housing(9).groups))])
    assert [group.key for group in figure.groups] == ["housing"]


def test_added__line_by_line_also_where_one_half_year_has_a_line_more() -> None:
    (figure,) = added([[housing(5, 10)], [housing(15, 20, 25)]])
    assert [line.count for line in figure.groups[0].lines] == [20, 30, 25]
    assert (figure.groups[0].base, figure.groups[0].missing) == (75, 8)


def test_small__counts_from_one_to_four() -> None:
    assert small([housing(0, 1, 4, 5, 29)]) == 2


def test_dump_and_load__give_the_same_figures() -> None:
    figures = (housing(1, 2, 3),)
    assert load(dump(figures)) == figures
