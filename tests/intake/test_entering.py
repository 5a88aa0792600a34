"""A counsellor writes a referral for a woman who phoned or came."""

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import Entry
from core.drafts import Draft
from core.people import Person
from core.records import Response
from intake import referrals
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, LEAST, staff, walk_to_check

NEW = "/desk/new"
START = "Nachricht für eine Frau schreiben"


@pytest.fixture
def nora(app: Flask) -> Visitor:
    return staff(app, "Nora").get(NEW)


def test_entering__begins_at_the_inbox(nora: Visitor) -> None:
    assert nora.get("/desk/").page.xpath(f"//a[@href='{NEW}']")
    assert nora.get(NEW).heading == START
    assert nora.page.xpath("//option[@selected]/@value") == ["self"]


def test_entering__stores_a_referral_like_every_other_with_her_way(
    nora: Visitor, house: House
) -> None:
    nora.press("Weiter", access="homeless_help")
    walk_to_check(nora, LEAST | {"municipality": "selm", "name": "Amsel"}).press("submit")
    assert nora.heading == START
    assert "Die Nachricht ist gespeichert" in nora.text
    with house.database.transaction() as session:
        [number] = session.scalars(select(Response.id))
        deeds = session.execute(
            select(Entry.deed, Person.name)
            .join(Person, Person.id == Entry.person_id)
            .where(Entry.thing == f"response:{number}")
        ).all()
        _, answers = referrals.open_for(session, house.staff["Nora"], number)
    assert [tuple(one) for one in deeds] == [("submitted", "Nora")]
    assert answers[referrals.ACCESS] == "homeless_help"
    assert answers[referrals.FILLED_BY] == "other"
    assert answers["/data/contact/name"] == "Amsel"
    assert nora.get(NEW).heading == START
    assert "Amsel" not in nora.text


def test_entering__goes_to_the_part_of_the_place_not_of_the_counsellor(
    nora: Visitor, house: House
) -> None:
    walk_to_check(nora.press("Weiter"), LEAST | {"municipality": "unna"}).press("submit")
    with house.database.transaction() as session:
        assert session.scalars(select(Response.part)).all() == ["south"]


def test_entering__goes_on_where_she_was(nora: Visitor) -> None:
    walk_to_check(nora.press("Weiter"), LEAST)
    nora.get("/desk/").get(NEW)
    assert nora.heading == CHECK
    nora.press("back")
    assert nora.button("discard") is not None


def test_entering__what_is_discarded_is_gone(nora: Visitor, house: House) -> None:
    walk_to_check(nora.press("Weiter"), LEAST).press("discard")
    assert nora.heading == START
    with house.database.transaction() as session:
        assert session.scalars(select(Response.id)).all() == []


def test_entering__what_is_under_way_waits_for_her_alone(
    app: Flask, house: House, nora: Visitor
) -> None:
    walk_to_check(nora.press("Weiter"), LEAST | {"name": "Amsel"}).press("Abmelden")
    assert staff(app, "Sonja").get(NEW).heading == START
    again = staff(app, "Nora").get(NEW)
    assert again.heading == CHECK
    assert "Amsel" in again.text
    again.press("submit")
    assert "Sagen Sie ihr diese Nummer" in again.text
    with house.database.transaction() as session:
        assert len(session.scalars(select(Response.id)).all()) == 1
        assert session.scalars(select(Draft)).all() == []


def test_entering__goes_on_later(nora: Visitor) -> None:
    walk_to_check(nora.press("Weiter"), LEAST).press("pause")
    assert nora.path == "/desk/"
    assert nora.get(NEW).heading == CHECK


def test_entering__a_way_that_is_none_is_asked_again(nora: Visitor) -> None:
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    nora.post(NEW, {"csrf_token": token, "access": "web_form"})
    assert nora.mistakes == ["Diese Antwort steht nicht zur Auswahl."]
