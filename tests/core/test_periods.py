"""Periods of a report: whole half-years of the programme, and nothing between."""

from datetime import date

import pytest

from core.periods import Period, PeriodError, check, read, runs

PROGRAMME = read("2019-06..2022-05")
TODAY = date(2021, 3, 15)


@pytest.mark.parametrize(
    "text", ["", "2019", "2019-06", "2019-13..2019-12", "2019-06..2019-00", "2019-6..2019-12", "x"]
)
def test_read__something_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(PeriodError, match=r"2019-06\.\.2019-12"):
        read(text)


def test_read__an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(PeriodError, match="ends after it begins"):
        read("2019-12..2019-06")


def test_period__knows_its_days_and_months() -> None:
    period = read("2019-06..2019-12")
    assert (period.begins, period.ends) == (date(2019, 6, 1), date(2019, 12, 31))
    assert (period.months, str(period)) == (7, "2019-06..2019-12")
    assert date(2019, 6, 1) in period
    assert date(2019, 12, 31) in period
    assert date(2020, 1, 1) not in period
    assert date(2019, 5, 31) not in period


def test_halves__the_first_and_the_last_go_as_far_as_the_programme() -> None:
    assert [str(half) for half in PROGRAMME.halves()] == [
        "2019-06..2019-06",
        "2019-07..2019-12",
        "2020-01..2020-06",
        "2020-07..2020-12",
        "2021-01..2021-06",
        "2021-07..2021-12",
        "2022-01..2022-05",
    ]


@pytest.mark.parametrize(
    "text", ["2019-06..2019-06", "2019-06..2019-12", "2019-07..2019-12", "2020-01..2020-12"]
)
def test_check__half_years_that_are_over_may_be_reported(text: str) -> None:
    check(read(text), PROGRAMME, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "2019-08..2019-12",  # the difference to the half-year would be one month
        "2019-06..2019-11",
        "2021-01..2021-06",  # not over
        "2018-07..2018-12",  # before the programme
        "2019-01..2019-12",
    ],
)
def test_check__anything_between_is_refused_and_told_what_is_possible(text: str) -> None:
    with pytest.raises(PeriodError, match=r"2019-07\.\.2019-12, 2020-01\.\.2020-06"):
        check(read(text), PROGRAMME, TODAY)


def test_runs__are_what_check_lets_through() -> None:
    found = runs(PROGRAMME, TODAY)
    months = range(PROGRAMME.first - 12, PROGRAMME.last + 12)
    passed = [
        period
        for period in (Period(first, last) for first in months for last in months if first <= last)
        if passes(period)
    ]
    assert sorted(found) == passed
    assert len(found) == len(set(found))
    assert runs(PROGRAMME, date(2019, 6, 30)) == []


def passes(period: Period) -> bool:
    try:
        check(period, PROGRAMME, TODAY)
    except PeriodError:
        return False
    return True


def test_check__before_the_first_half_year_is_over_there_is_none() -> None:
    with pytest.raises(PeriodError, match="No half-year"):
        check(read("2019-06..2019-06"), PROGRAMME, date(2019, 6, 30))


def test_overlaps_and_covers() -> None:
    year, half = read("2020-01..2020-12"), read("2020-07..2020-12")
    assert year.covers(half)
    assert not half.covers(year)
    assert half.overlaps(year)
    assert not half.overlaps(read("2020-01..2020-06"))
    assert half.before() == Period(read("2020-01..2020-06").first, read("2020-01..2020-06").last)
