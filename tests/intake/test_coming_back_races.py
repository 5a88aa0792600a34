"""A woman who comes back: nothing she writes is lost or stored twice, whatever else happens."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core import keyring, vault
from core.records import Response
from intake import cases, conversations, handing, return_codes
from intake.conversations import Written
from intake.messages import Message
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, staff, walk_to_check, woman

NORTH = LEAST | {"municipality": "selm"}
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def sent(app: Flask) -> tuple[Visitor, str]:
    visitor = walk_to_check(woman(app), NORTH).press("submit")
    return visitor, visitor.page.find_class("code")[0].text_content()


def back(app: Flask, code: str) -> Visitor:
    return Visitor(app).get("/").press("return", number=code)


def messages(house: House) -> list[Message]:
    with house.database.transaction() as session:
        return list(session.scalars(select(Message)))


def number_of(house: House) -> str:
    with house.database.transaction() as session:
        return str(session.scalars(select(Response.id)).one())



def test_text__is_kept_when_the_language_is_changed(app: Flask, house: House) -> None:
    visitor = back(app, sent(app)[1])
    visitor.press("language:en", words="Amsel")
    assert visitor.page.findtext(".//textarea") == "Amsel"


def test_text__is_kept_when_she_needs_more_time(app: Flask, house: House) -> None:
    visitor = back(app, sent(app)[1])
    visitor.press("stay", words="Amsel")
    assert visitor.page.findtext(".//textarea") == "Amsel"


def test_write__a_second_press_on_the_same_page_stores_once(app: Flask, house: House) -> None:
    visitor = back(app, sent(app)[1])
    page = visitor.page
    visitor.press("write", words="Amsel")
    visitor.page = page
    visitor.press("write", words="Amsel")
    assert len(messages(house)) == 1


def test_reply__a_second_press_on_the_same_page_stores_once(app: Flask, house: House) -> None:
    sent(app)
    nora = staff(app, "Nora").get(f"/desk/{number_of(house)}").press("Gelesen, Kontaktdaten zeigen")
    nora.get(f"/desk/{number_of(house)}/messages")
    page = nora.page
    nora.press("send", words="Amsel")
    nora.page = page
    nora.press("send", words="Amsel")
    assert len(messages(house)) == 1


@pytest.mark.parametrize("go", ["withdrawn"])
def test_withdrawn__leads_back_with_a_303_as_every_post(app: Flask, house: House, go: str) -> None:
    visitor = back(app, sent(app)[1]).press("withdraw")
    form = dict(next(visitor.button(go).iterancestors("form")).form_values())
    response = visitor.client.post("/", data=form | {"go": go})
    assert response.status_code == 303


def test_wrong_number__leads_back_with_a_303(app: Flask, house: House) -> None:
    visitor = Visitor(app).get("/")
    form = dict(next(visitor.button("return").iterancestors("form")).form_values())
    response = visitor.client.post("/", data=form | {"go": "return", "number": "0199 1234 5678 901"})
    assert response.status_code == 303


def test_number__is_gone_once_it_was_shown(app: Flask, house: House) -> None:
    visitor, code = sent(app)
    assert code in visitor.text
    assert code not in visitor.get("/").get("/").text


def test_withdraw__leaves_the_other_woman_of_a_case_that_was_merged_by_mistake(
    app: Flask, house: House
) -> None:
    _, first = sent(app)
    one = number_of(house)
    _, second = sent(app)
    with house.database.transaction() as session:
        nora = house.staff["Nora"]
        two = next(n for n in session.scalars(select(Response.id)) if n != one)
        case = cases.take_up(session, nora, one, NOW.date())
        handing.merge(session, nora, two, case.id)
    back(app, second).press("withdraw").press("withdrawn")
    with house.database.transaction() as session:
        assert session.get(Response, one) is not None
    assert "Ihre Nachrichten" in back(app, first).text


def test_closed__what_she_writes_then_opens_it_again(app: Flask, house: House) -> None:
    _, code = sent(app)
    with house.database.transaction() as session:
        nora = house.staff["Nora"]
        cases.take_up(session, nora, number_of(house), NOW.date())
        cases.close(session, nora, number_of(house), NOW.date())
    back(app, code).press("write", words="Amsel")
    assert "Sie hat geschrieben" in staff(app, "Nora").get("/desk/").text


def test_messages__very_many_in_a_row_have_to_wait(app: Flask, house: House) -> None:
    visitor = back(app, sent(app)[1])
    for number in range(60):
        visitor.press("write", words=f"Amsel {number}")
    assert len(messages(house)) < 60


@pytest.mark.parametrize("said", ["+49 199 {}", "0049199{}"])
def test_number__is_known_with_the_country_in_front(app: Flask, house: House, said: str) -> None:
    _, code = sent(app)
    rest = code.replace(" ", "")[4:]
    assert back(app, said.format(rest)).heading == "Ihre Nachrichten"
