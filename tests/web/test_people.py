"""The pages of a person: a new link, another task, leaving, each said before it is done."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import invitations, people, versions
from core.people import Person
from surveys import interviews
from tests.support.house import CHEAP, NOW, House, first_page
from tests.support.visitor import Visitor
from tests.support.walks import staff

OWN = "feder gras hummel jolle"
LINK, TASK, LEAVE = "Neuen Link geben", "Aufgabe ändern", "Zugang beenden"
DEEDS = {LINK: "Link anlegen", TASK: TASK, LEAVE: "Zugang jetzt beenden"}


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations.accept, "__defaults__", (CHEAP,))


def follow(visitor: Visitor, text: str) -> Visitor:
    path = visitor.page.xpath(f"//main//a[normalize-space()='{text}']/@href")
    assert path, visitor.text
    return visitor.get(path[0])


def page_of(app: Flask, name: str, by: str = "Karin") -> Visitor:
    return follow(staff(app, by).get("/staff/people"), name)


def begun(house: House, name: str) -> None:
    with house.database.transaction() as session:
        who = house.staff[name]
        version = versions.current(session, interviews.offered(who.person)[0])
        interviews.begin(session, who, version, first_page(version), NOW.date())


def accepted(app: Flask, visitor: Visitor, passphrase: str = OWN) -> Visitor:
    link = str(visitor.page.findtext(".//code")).removeprefix("http://localhost")
    guest = Visitor(app).get(link)
    return guest.press("Speichern und anmelden", passphrase=passphrase, again=passphrase)


def found(house: House, name: str) -> Person:
    with Session(house.database.durable) as session:
        person = people.named(session, name)
        assert person is not None
        return person


@pytest.mark.parametrize("deed", DEEDS)
def test_person__asking_what_will_happen_changes_nothing(
    app: Flask, house: House, deed: str
) -> None:
    before = found(house, "Nora")
    visitor = follow(page_of(app, "Nora"), deed)
    assert visitor.heading == deed
    assert "Sie wird überall abgemeldet" in visitor.text
    assert visitor.button(DEEDS[deed]) is not None
    follow(visitor, "Abbrechen")
    assert visitor.heading == "Nora"
    after = found(house, "Nora")
    for name in ("public", "box", "role", "part", "left"):
        assert getattr(before, name) == getattr(after, name)


def test_link__who_forgot_her_passphrase_comes_back_with_her_interviews(
    app: Flask, house: House
) -> None:
    begun(house, "Ines")
    at_work = staff(app, "Ines")
    visitor = follow(page_of(app, "Ines"), LINK)
    assert "1 begonnene Befragung bleibt ihr erhalten" in visitor.text
    visitor.press(DEEDS[LINK])
    assert visitor.heading == "Einladung"
    assert at_work.get("/interviews/").heading == "Anmelden"
    assert staff(app, "Ines").mistakes
    back = accepted(app, visitor)
    assert back.path == "/interviews/"
    assert back.page.xpath("//main//a[contains(@href, '/interviews/')]")
    assert staff(app, "Ines", OWN).path == "/interviews/"


def test_leave__she_is_out_at_once_and_may_come_back(app: Flask, house: House) -> None:
    begun(house, "Ines")
    at_work = staff(app, "Ines")
    visitor = follow(page_of(app, "Ines"), LEAVE)
    assert "1 Befragung hat sie begonnen und nicht abgegeben" in visitor.text
    visitor.press(DEEDS[LEAVE])
    assert visitor.path == "/staff/people"
    assert "ausgeschieden" in visitor.text
    assert at_work.get("/interviews/").heading == "Anmelden"
    assert staff(app, "Ines").mistakes
    follow(visitor, "Ines")
    assert "Kommt sie zurück?" in visitor.text
    assert TASK not in visitor.text
    accepted(app, follow(visitor, LINK).press(DEEDS[LINK]))
    assert staff(app, "Ines", OWN).path == "/interviews/"


def test_task__another_part_of_the_county(app: Flask, house: House) -> None:
    at_work = staff(app, "Nora")
    visitor = follow(page_of(app, "Nora"), TASK)
    assert visitor.page.xpath("//select/option[@selected]/@value") == ["counsellor", "north"]
    visitor.press(TASK, role="counsellor", part="south")
    assert visitor.heading == "Nora"
    assert found(house, "Nora").part == "south"
    assert at_work.get("/desk/").heading == "Anmelden"
    assert staff(app, "Nora").path == "/desk/"
    keys = staff(app, "Nora").get("/staff/keys")
    holders = keys.page.xpath("//section[@aria-labelledby='contact-north']//th/bdi/text()")
    assert "Nora" not in holders


def test_task__only_what_is_offered(app: Flask, house: House) -> None:
    visitor = follow(page_of(app, "Nora"), TASK).press(TASK, role="queen")
    assert visitor.mistakes == ["Diese Antwort steht nicht zur Auswahl."]
    assert found(house, "Nora").role == people.COUNSELLOR


def test_person__the_only_coordinator_is_kept(app: Flask, house: House) -> None:
    visitor = page_of(app, "Karin")
    assert "Das ist die einzige Koordinatorin" in visitor.text
    path = visitor.path
    for deed in ("link", "leave", "task"):
        visitor.get(f"{path}/{deed}")
        assert "Das ist die einzige Koordinatorin" in visitor.text
        token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
        answers = {"csrf_token": token, "role": "evaluator", "part": "both"}
        assert visitor.post(f"{path}/{deed}", answers).response.status_code == 403
        visitor.get(path)
    assert found(house, "Karin").role == people.COORDINATOR


def test_person__a_second_coordinator_can_be_invited_and_take_over(
    app: Flask, house: House
) -> None:
    visitor = staff(app, "Karin").get("/staff/people")
    assert "kann alles öffnen" in visitor.text
    visitor.press("Einladen", name="Olga", role="coordinator")
    olga = accepted(app, visitor)
    assert olga.path == "/staff/people"
    follow(follow(olga, "Karin"), LEAVE).press(DEEDS[LEAVE])
    assert found(house, "Karin").left is not None
    assert staff(app, "Karin").mistakes


def test_task__who_has_left_gets_none(app: Flask, house: House) -> None:
    visitor = follow(page_of(app, "Nora"), LEAVE).press(DEEDS[LEAVE])
    person = found(house, "Nora").id
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    answers = {"csrf_token": token, "role": "evaluator", "part": "both"}
    assert visitor.post(f"/staff/people/{person}/task", answers).response.status_code == 404


@pytest.mark.parametrize("number", ["999", "99999999999999999999"])
def test_person__nobody_is_nobody(app: Flask, number: str) -> None:
    assert staff(app, "Karin").get(f"/staff/people/{number}").response.status_code == 404
