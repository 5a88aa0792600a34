"""Reports of a period: rounded until the coordinator lets exact tables out, and then once."""

import uuid
from collections.abc import Mapping
from datetime import date

import pytest

from core import keyring, periods, records, versions
from core.periods import PeriodError
from core.records import Submission
from exports.release import period_releases, reporting
from exports.tables.figures import count_of
from exports.tables.report import Report
from tests.exports.ledger import case, eva, release
from tests.support.house import House, filled

TODAY = date(2026, 11, 27)
SPRING, AUTUMN = date(2020, 3, 1), date(2020, 9, 1)
YEAR = "2020-01..2020-12"
CLIENTS = ("clients", "all", "all")


def document(
    house: House, day: date, answers: Mapping[str, str], questionnaire: str = "case"
) -> str:
    """Store the documentation of a case that began on a day, or an interview of a day."""
    with house.database.transaction() as session:
        version = versions.current(session, questionnaire)
        submission = Submission(str(uuid.uuid4()), version.id, keyring.COUNTY, day)
        records.submit(session, submission, filled(session, version, answers))
    return submission.id


def documented(house: House, day: date, number: int) -> None:
    for each in range(number):
        document(house, day, case(each, each % 3))


def out(house: House, day: date, number: int) -> None:
    """Store so many, and let out their rows."""
    documented(house, day, number)
    batch = release(house, "case")
    assert batch is not None
    assert batch.size == number


def report(house: House, written: str, language: str = "de") -> Report:
    with house.database.transaction() as session:
        asked = periods.read(written)
        return reporting.make(session, eva(house), asked, house.settings, TODAY, language)


def let_out(house: House, written: str, reason: str = "Zwischenbericht") -> None:
    with house.database.transaction() as session:
        asked, who = periods.read(written), house.staff["Karin"]
        reporting.release(session, who, asked, reason, house.settings, TODAY)


def clients(found: Report) -> float:
    return count_of(found.figures)[CLIENTS]


def test_report__is_rounded_until_the_exact_tables_are_out(either_house: House) -> None:
    out(either_house, SPRING, 33)

    before = report(either_house, "2020-01..2020-06")
    let_out(either_house, "2020-01..2020-06")
    after = report(either_house, "2020-01..2020-06")

    assert (before.exact, clients(before)) == (False, 35)
    assert all(
        count % 5 == 0
        for (figure, group, _), count in count_of(before.figures).items()
        if (figure, group) != ("target", "target")  # what was aimed at is no secret
    )
    assert (after.exact, clients(after)) == (True, 33)
    assert after.released == ("2020-01..2020-06 (2026-11-27)",)


def test_report__of_a_year_adds_its_half_years_up(house: House) -> None:
    out(house, SPRING, 33)
    out(house, AUTUMN, 32)

    assert clients(report(house, YEAR)) == 35 + 30
    let_out(house, "2020-07..2020-12")
    found = report(house, YEAR)
    assert (found.exact, clients(found)) == (False, 35 + 32)


def test_report__compares_with_the_period_before(house: House) -> None:
    out(house, SPRING, 33)
    out(house, AUTUMN, 42)
    found = report(house, "2020-07..2020-12")
    assert clients(found) == 40
    assert count_of(found.before)[CLIENTS] == 35
    assert report(house, "2019-06..2019-06").before == ()


def test_release__stays_as_it_was_whatever_comes_later(house: House) -> None:
    documented(house, SPRING, 13)
    let_out(house, "2020-01..2020-06")
    documented(house, SPRING, 1)
    assert clients(report(house, "2020-01..2020-06")) == 13


def test_release__of_an_overlapping_period_is_refused(house: House) -> None:
    documented(house, SPRING, 13)
    let_out(house, "2020-01..2020-06")
    with pytest.raises(PeriodError, match="went out exactly"):
        let_out(house, YEAR)
    with pytest.raises(PeriodError, match="went out exactly"):
        let_out(house, "2020-01..2020-06")


def test_report__of_a_part_of_what_went_out_is_refused(house: House) -> None:
    documented(house, SPRING, 13)
    let_out(house, YEAR)
    with pytest.raises(PeriodError, match="as a whole"):
        report(house, "2020-01..2020-06")


def test_release__needs_a_reason_and_seals_it(house: House) -> None:
    documented(house, SPRING, 13)
    with pytest.raises(PeriodError, match="Say why"):
        let_out(house, YEAR, "  ")
    let_out(house, YEAR, "Für den Beirat")
    with house.database.transaction() as session:
        (entry,) = period_releases.every(session)
        assert b"Beirat" not in entry.content
        assert period_releases.opened(eva(house), entry)["reason"] == "Für den Beirat"
        assert entry.person_id == house.staff["Karin"].person.id


def test_release__of_a_half_year_that_runs_is_refused(house: House) -> None:
    asked, who, day = periods.read("2020-01..2020-06"), house.staff["Karin"], date(2020, 6, 30)
    with (
        house.database.transaction() as session,
        pytest.raises(PeriodError, match="not made of whole half-years"),
    ):
        reporting.release(session, who, asked, "x", house.settings, day)


def test_report__a_case_that_is_not_closed_counts_too(house: House) -> None:
    documented(house, SPRING, 9)
    document(house, SPRING, {**case(9, 0), "/data/work/closed": "no"})
    let_out(house, "2020-01..2020-06")
    assert clients(report(house, "2020-01..2020-06")) == 10


def test_preview__marks_what_few_people_stand_behind(house: House) -> None:
    documented(house, SPRING, 4)
    with house.database.transaction() as session:
        who, asked = house.staff["Karin"], periods.read("2020-01..2020-06")
        found = reporting.preview(session, who, asked, house.settings, "de")
    lines = list(reporting.lines(found))
    assert any(line.endswith("Klientinnen und Klienten: 4  << below 5") for line in lines)
    assert not any("0  <<" in line for line in lines)
    marked = sum("<<" in line for line in lines)
    assert lines[-1] == f"{marked} counts are below 5."


def test_tables__speak_the_language_that_is_asked_for(house: House) -> None:
    documented(house, SPRING, 9)
    let_out(house, "2020-01..2020-06")
    found = report(house, "2020-01..2020-06", "en")
    assert found.figures[0].title == "Clients"
    labels = {line.label for one in found.figures for group in one.groups for line in group.lines}
    assert "Yes" in labels
    assert "Ja" not in labels
