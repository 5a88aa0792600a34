"""A woman who comes back: what she and the desk write is stored once, and nothing typed is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core import vault
from core.records import Response
from core.vault import Pair
from intake import cases, conversations, handing, return_codes, walking
from intake.conversations import Written
from intake.messages import Message, ReturnCode
from tests.support import house as building
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, Answers, staff, walk_to_check, woman

NORTH: Answers = {**LEAST, "municipality": "selm"}
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
NUMBER = "00000000-0000-4000-8000-000000000001"
MESSAGES, START = "Ihre Nachrichten", "Wir sind für Sie da"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def sent(app: Flask) -> tuple[Visitor, str]:
    """Send a referral to the north; return the browser and the number that it shows."""
    visitor = walk_to_check(woman(app), NORTH).press("submit")
    return visitor, shown(visitor)


def shown(visitor: Visitor) -> str:
    return "".join(str(one.text_content()) for one in visitor.page.find_class("code"))


def back(app: Flask, number: str) -> Visitor:
    return Visitor(app).get("/").press("return", number=number)


def messages(house: House) -> list[Message]:
    with house.database.transaction() as session:
        return list(session.scalars(select(Message)))


def number_of(house: House) -> str:
    with house.database.transaction() as session:
        return str(session.scalars(select(Response.id)).one())


def posted(visitor: Visitor, go: str, **fields: str) -> int:
    """Press a button as a browser does that follows nowhere; return the status."""
    form = next(visitor.button(go).iterancestors("form"))
    data = {name: text for name, text in form.form_values() if text is not None}
    return visitor.client.post("/", data=data | fields | {"go": go}).status_code


# -- the number ------------------------------------------------------------------------------------


def test_number__can_be_looked_at_again_for_five_minutes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, number = sent(app)
    assert shown(visitor.get("/").press("language:en")) == number
    monkeypatch.setattr(walking, "TO_NOTE_IT", -1)
    assert shown(visitor.get("/")) == ""
    monkeypatch.undo()
    assert shown(visitor.get("/")) == ""


@pytest.mark.parametrize("go", ["begin", "done"])
def test_number__is_gone_once_she_goes_on(app: Flask, go: str) -> None:
    visitor, number = sent(app)
    assert number not in visitor.press(go).get("/").text


def test_number__a_second_press_shows_the_one_that_was_kept(app: Flask) -> None:
    visitor = walk_to_check(woman(app), NORTH)
    page = visitor.page
    number = shown(visitor.press("submit"))
    visitor.page = page
    assert shown(visitor.press("submit")) == number
    assert back(app, number).heading == MESSAGES


@pytest.mark.parametrize("country", ["+49 199", "0049199", "٠١٩٩"])
def test_number__is_known_however_a_phone_writes_it(app: Flask, country: str) -> None:
    _, number = sent(app)
    assert back(app, country + number[4:]).heading == MESSAGES


@pytest.mark.parametrize("number", ["", "0199 1234 5678 901"])
def test_number__a_wrong_one_leads_back_as_every_post_and_is_told_once(
    app: Flask, number: str
) -> None:
    visitor = Visitor(app).get("/")
    assert posted(visitor, "return", number=number) == 303
    assert visitor.get("/").mistakes == ["Diese Nummer stimmt nicht. Bitte prüfen Sie jede Ziffer."]
    assert visitor.get("/").mistakes == []


@pytest.mark.parametrize("words", ["", "Amsel" * 3000])
def test_write__what_cannot_be_sent_leads_back_as_every_post(app: Flask, words: str) -> None:
    visitor = back(app, sent(app)[1])
    assert posted(visitor, "write", words=words) == 303
    assert len(visitor.get("/").mistakes) == 1
    assert visitor.page.findtext(".//textarea") == words
    assert visitor.get("/").mistakes == []


def test_number__of_the_desk_opens_what_was_written_and_a_partner_gets_none(
    app: Flask, house: House
) -> None:
    nora = staff(app, "Nora").get("/desk/new").press("Weiter")
    number = nora_number = walk_to_check(nora, NORTH).press("submit").page.findtext(".//code")
    assert back(app, number).heading == MESSAGES
    assert nora_number not in nora.get("/desk/new").text
    karin = staff(app, "Karin").get("/staff/partners")
    address = karin.press("Adresse machen", name="Jobcenter", way="jobcenter").page.findtext(
        ".//code"
    )
    office = Visitor(app).get("/p/" + address.rpartition("/")[2]).press("begin")
    office = walk_to_check(office, NORTH).press("submit")
    assert office.heading == "Die Nachricht ist angekommen"
    assert office.page.find_class("code") == []
    with house.database.transaction() as session:
        assert len(session.scalars(select(ReturnCode)).all()) == 1


# -- what she types --------------------------------------------------------------------------------


@pytest.mark.parametrize("go", ["language:en", "stay", "contact", "withdraw"])
def test_text__is_kept_whatever_else_she_presses(app: Flask, go: str) -> None:
    visitor = back(app, sent(app)[1]).press(go, words="Amsel")
    if go in {"contact", "withdraw"}:
        visitor.press("keep")
    assert visitor.page.findtext(".//textarea") == "Amsel"


def test_write__a_second_press_on_the_same_page_stores_once(
    either_app: Flask, either_house: House
) -> None:
    visitor = back(either_app, sent(either_app)[1])
    page = visitor.page
    for _ in range(2):
        visitor.page = page
        visitor.press("write", words="Amsel")
    assert len(messages(either_house)) == 1
    visitor.press("write", words="Amsel")
    assert len(messages(either_house)) == 2


def test_reply__a_second_press_on_the_same_page_stores_once(app: Flask, house: House) -> None:
    sent(app)
    path = f"/desk/{number_of(house)}"
    nora = (
        staff(app, "Nora").get(path).press("Gelesen, Kontaktdaten zeigen").get(f"{path}/messages")
    )
    page = nora.page
    for _ in range(2):
        nora.page = page
        nora.press("send", words="Amsel")
    assert len(messages(house)) == 1


def test_write__very_many_in_a_row_have_to_wait_and_are_not_lost(app: Flask, house: House) -> None:
    visitor = back(app, sent(app)[1])
    for number in range(25):
        visitor.press("write", words=f"Amsel {number}")
    assert len(messages(house)) == 20
    assert "Das waren zu viele Versuche." in visitor.text
    assert visitor.page.findtext(".//textarea") == "Amsel 24"


def test_write__opens_a_closed_case_again(either_app: Flask, either_house: House) -> None:
    _, number = sent(either_app)
    nora = either_house.staff["Nora"]
    with either_house.database.transaction() as session:
        case = cases.take_up(session, nora, number_of(either_house), NOW.date())
        cases.close(session, nora, case.id, NOW.date())
    back(either_app, number).press("write", words="Amsel")
    with either_house.database.transaction() as session:
        case = cases.find(session, nora, case.id)
        [response] = cases.responses_of(session, case)
        assert (case.status, case.closed) == (response.status, response.closed) == ("opened", None)
    assert "Sie hat geschrieben" in staff(either_app, "Nora").get("/desk/").text


def test_inbox__what_is_unread_stands_above_all_that_needs_no_help_within_a_week(
    app: Flask,
) -> None:
    _, number = sent(app)
    for pregnant in ("yes", "no"):
        walk_to_check(woman(app), {**NORTH, "pregnant": pregnant}).press("submit")
    walk_to_check(woman(app), {**NORTH, "urgency": "week"}).press("submit")
    nora = staff(app, "Nora")
    assert "Braucht in 7 Tagen Hilfe" in first_rows(nora)[0]
    assert "Schwanger" in first_rows(nora)[1]
    back(app, number).press("write", words="Amsel")
    assert "Sie hat geschrieben" in "".join(first_rows(nora)[:2])
    assert "Schwanger" in first_rows(nora)[2]


def first_rows(nora: Visitor) -> list[str]:
    return [str(row.text_content()) for row in nora.get("/desk/").page.xpath("//tbody/tr")]


# -- at the same moment ----------------------------------------------------------------------------


def taken_up(house: House) -> Pair:
    """Let Nora hold the case of a woman who may come back; return the pair of her number."""
    pair = vault.new_pair()
    with house.database.transaction() as session:
        building.submit(session, "referral", NUMBER, {"/data/contact/name": "Amsel"})
        return_codes.keep(session, NUMBER, return_codes.Key(b"1" * 32, pair), NOW.date())
        cases.take_up(session, house.staff["Nora"], NUMBER, NOW.date())
    return pair


@pytest.mark.parametrize("hers", [True, False])
def test_hand_over__loses_nothing_that_is_written_meanwhile(
    either_house: House, *, hers: bool
) -> None:
    house, nora, sonja = either_house, either_house.staff["Nora"], either_house.staff["Sonja"]
    pair = taken_up(house)

    def write() -> None:
        with house.database.transaction() as session:
            if hers:
                conversations.add(session, NUMBER, pair, str(uuid4()), Written("Drossel"), NOW)
            else:
                conversations.reply(session, nora, NUMBER, str(uuid4()), "Drossel", NOW)

    writer = Thread(target=write)
    with house.database.transaction() as session:
        handing.hand_over(session, nora, NUMBER, "south", NOW)
        writer.start()
        writer.join(0.5)
        assert writer.is_alive()  # until the hand-over is over
    writer.join()
    with house.database.transaction() as session:
        assert [one.text for one in conversations.read(session, sonja, NUMBER)] == ["Drossel"]
