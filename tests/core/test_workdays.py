"""Working days in North Rhine-Westphalia."""

from datetime import date

import pytest

from core import workdays


@pytest.mark.parametrize(
    "day",
    ["1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20",
     "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19"],
)  # fmt: skip
def test_easter__is_on_the_days_of_the_calendar(day: str) -> None:
    sunday = date.fromisoformat(day)
    assert workdays.easter(sunday.year) == sunday


def test_holidays__are_those_of_the_law() -> None:
    assert sorted(str(day) for day in workdays.holidays(2026)) == [
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-05-14",
        "2026-05-25",
        "2026-06-04",
        "2026-10-03",
        "2026-11-01",
        "2026-12-25",
        "2026-12-26",
    ]


@pytest.mark.parametrize(
    ("day", "waiting_since"),
    [
        ("2026-11-26", "2026-11-23"),  # a Thursday: what came on Monday waited Tuesday, Wednesday
        ("2026-11-30", "2026-11-25"),  # a Monday
        ("2026-11-29", "2026-11-25"),  # a Sunday
        ("2026-04-08", "2026-04-01"),  # after Easter: Tuesday, and Thursday before
        ("2027-01-04", "2026-12-29"),
    ],
)
def test_before__counts_whole_working_days(day: str, waiting_since: str) -> None:
    found = workdays.before(date.fromisoformat(day), 2)
    assert found == date.fromisoformat(waiting_since)
