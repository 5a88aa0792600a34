"""The evaluators' page on the data: however often one looks, no woman's answer is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import approving, people, sampling, versions
from core.people import SignedIn
from core.pseudonyms import pseudonym
from core.sampling import SampleUnit
from surveys.corrections import Correction
from tests.support.entered import AGE, DAY, HOUSING, correct, interview, planned, refuse, twice
from tests.support.house import House, join
from tests.support.interviewing import arrive
from tests.support.visitor import Visitor

AGES = ("18_21", "22_29", "30_49", "50_64", "65_plus")
REASONS = ("no_time", "no_wish", "language", "no_time", "other")
WHY = ("mistyped", "misheard", "mistyped", "wish", "wish")
CHANGES = (
    {AGE: "no_answer"},
    {AGE: "50_64"},
    {HOUSING: "street"},
    {HOUSING: "own_flat"},
    {AGE: ""},
)
ASKED, SLEEPS = "Wie alt sind Sie?", "Wo wohnen oder schlafen Sie heute?"


class Office:
    """Who works here, and what Eva sees of it."""

    def __init__(self, house: House, app: Flask) -> None:
        self._house = house
        self._eva = arrive(app, "Eva")
        self.ines, self.nora = house.staff["Ines"], house.staff["Nora"]
        self.both = (self.ines, join(house, "Ina", people.INTERVIEWER))

    @contextmanager
    def at_work(self) -> Iterator[Session]:
        with self._house.database.transaction() as session:
            yield session

    @property
    def eva(self) -> SignedIn:
        return self._house.staff["Eva"]

    def look(self) -> Visitor:
        return self._eva.get("/results/quality")

    def sees(self) -> str:
        return " ".join(self.look().page.xpath("//main")[0].text_content().split())

    def row(self, name: str) -> list[str]:
        """The cells beside a name, none where there is no such line."""
        rows = self.look().page.xpath(f"//tr[normalize-space(th)='{name}']")
        return [cell.text_content().strip() for cell in rows[0].xpath("td")] if rows else []


@pytest.fixture
def office(house: House, app: Flask) -> Office:
    return Office(house, app)


def told(office: Office) -> list[str]:
    """Give five of everything, so that all of it is told; return the numbers of interviews."""
    with office.at_work() as session:
        numbers = [twice(session, office.both, {AGE: a}, {AGE: a}) for a in AGES]
        for number, answers, why in zip(numbers, CHANGES, WHY, strict=True):
            correct(session, office.eva, number, answers, why)
        for reason in REASONS:
            refuse(session, office.ines, reason)
    return numbers


def plans(session: Session, office: Office) -> None:
    planned(session, office.nora)


def begins(session: Session, office: Office) -> None:
    sampling.take(session, office.ines, planned(session, office.nora))


def holds(session: Session, office: Office) -> None:
    sampling.done(session, planned(session, office.nora).id)


def says_no(session: Session, office: Office) -> None:
    refuse(session, office.ines, "language")


def is_asked(session: Session, office: Office) -> None:
    interview(session, office.ines, {AGE: "30_49"})


def is_corrected(session: Session, office: Office) -> None:
    number = interview(session, office.ines, {AGE: "30_49"})
    correct(session, office.eva, number, {AGE: "50_64"}, "misheard")


def is_entered_twice(session: Session, office: Office) -> None:
    twice(session, office.both, {AGE: "30_49"}, {AGE: "50_64"})


EVENTS = (plans, begins, holds, says_no, is_asked, is_corrected, is_entered_twice)


@pytest.mark.parametrize("event", EVENTS)
def test_look__before_and_after_one_woman_is_the_same(
    office: Office, event: Callable[[Session, Office], None]
) -> None:
    told(office)
    before = office.sees()
    for _ in range(4):
        with office.at_work() as session:
            event(session, office)

        assert office.sees() == before


@pytest.mark.parametrize("event", EVENTS)
def test_look__tells_nothing_of_fewer_than_five(
    office: Office, event: Callable[[Session, Office], None]
) -> None:
    before = office.sees()
    for _ in range(4):
        with office.at_work() as session:
            event(session, office)

        assert office.sees() == before
    assert "Noch sind es zu wenige." in before


def test_look__at_five_of_everything_tells_them(office: Office) -> None:
    told(office)

    assert "Mindestens 5 Befragungen sind eingegangen." in office.sees()
    assert office.row("keine Befragung") == ["5"]
    assert office.row("Keine Zeit") == ["2"]
    assert office.row("Vertippt") == ["2"]
    assert office.row("Falsch verstanden") == ["1"]
    assert office.row(ASKED) == ["3"]
    assert office.row(SLEEPS) == ["2"]
    assert "5 Befragungen wurden zweimal eingegeben." in office.sees()


def test_look__after_something_is_deleted_tells_the_same(office: Office) -> None:
    told(office)
    before = office.sees()
    with office.at_work() as session:
        session.execute(delete(SampleUnit))
        session.execute(delete(Correction))

    assert office.sees() == before


def test_reasons__that_are_all_alike_are_never_told_not_even_with_others(office: Office) -> None:
    for reason in (*["language"] * 5, "no_time"):
        with office.at_work() as session:
            refuse(session, office.ines, reason)
        sees = office.sees()

    assert office.row("keine Befragung") == ["5"]
    assert office.row("Die Sprache fehlt") == office.row("Keine Zeit") == []
    assert "5 Befragungen stehen in keiner Zeile" in sees


def test_reasons__are_told_of_those_alone_who_are_counted_as_over(office: Office) -> None:
    with office.at_work() as session:
        for reason in REASONS[:4]:
            refuse(session, office.ines, reason)
        sampling.done(session, planned(session, office.nora).id)
    office.look()
    with office.at_work() as session:
        refuse(session, office.ines, REASONS[4])
    assert office.row("keine Befragung") == ["4"]
    assert office.row("Keine Zeit") == []

    with office.at_work() as session:
        for _ in range(4):
            sampling.done(session, planned(session, office.nora).id)

    assert office.row("befragt") == ["5"]
    assert office.row("Keine Zeit") == ["2"]


def test_corrections__of_one_interview_count_once(office: Office) -> None:
    with office.at_work() as session:
        numbers = [interview(session, office.ines, {AGE: age}) for age in AGES]
        for age in (*AGES[1:], AGES[0]):
            correct(session, office.eva, numbers[0], {AGE: age, HOUSING: ""}, "wish")
    assert office.row("Die befragte Person möchte es anders") == []

    with office.at_work() as session:
        for number, reason in zip(numbers[1:], ("mistyped", "misheard") * 2, strict=True):
            correct(session, office.eva, number, {AGE: "no_answer", HOUSING: "street"}, reason)
    assert office.row("Vertippt") == ["2"]
    with office.at_work() as session:
        for number in numbers:
            correct(session, office.eva, number, {AGE: "30_49"}, "other")
    assert office.row("Anderer Grund") == []
    assert office.row("Vertippt") == ["2"]


def test_page__names_no_interview_and_no_answer(office: Office) -> None:
    numbers = told(office)

    sees = office.sees()

    for hidden in ("30 bis 49", "50 bis 64", *numbers, *map(pseudonym, numbers)):
        assert hidden not in sees


def test_look__tells_nothing_of_a_version_that_nobody_has_looked_at(office: Office) -> None:
    told(office)
    before = office.sees()
    assert "Zweite Eingabe, Version 1" in before
    with office.at_work() as session:
        version = versions.current(session, "client")
        xform = version.xform.replace(ASKED, "In welchem Jahr sind Sie geboren?")
        origin = versions.Origin(office.eva.person.id, DAY, b"")
        versions.publish(session, "client", xform, origin)
    told(office)
    found = office.sees()
    assert "geboren" not in found
    assert "Version 2" not in found
    with office.at_work() as session:
        version = versions.current(session, "client")
        approving.approve(session, office.eva.person.id, version, DAY)
    assert "Zweite Eingabe, Version 2" in office.sees()
