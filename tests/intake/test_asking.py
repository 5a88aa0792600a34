"""Asking a client for her opinion, from her case: she agrees, gets a link, lets us read it."""

import pytest
from flask import Flask
from sqlalchemy import select

from core import sampling
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.records import Response
from core.sampling import CLIENT, SampleUnit
from tests.support.house import House
from tests.support.interviewing import to_the_end
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, staff, walk_to_check, woman

ASK = "Hat sie erlaubt, dass Sie ihre Antworten sehen?"


@pytest.fixture
def case(app: Flask, house: House) -> Visitor:
    """A case of Nora's, open before her."""
    walk_to_check(woman(app), LEAST | {"municipality": "selm"}).press("submit")
    with house.database.transaction() as session:
        number = session.scalars(select(Response.id)).one()
    return staff(app, "Nora").get(f"/desk/{number}").press("Übernehmen")


def state(house: House, visitor: Visitor) -> str:
    with house.database.transaction() as session:
        return sampling.state(session, CLIENT, code_of(visitor))


def code_of(visitor: Visitor) -> str:
    return pseudonym(visitor.path.rpartition("/")[2])


def answer_alone(app: Flask, case: Visitor, **answers: str) -> None:
    path = case.path
    address = case.press("link").page.xpath("//code")[0].text_content()
    alone = Visitor(app).get(address.removeprefix("http://localhost")).press("begin")
    to_the_end(alone, **answers).press("submit")
    case.get(path)


def test_case__of_a_client_who_agrees_is_planned_by_its_code_alone(
    house: House, case: Visitor
) -> None:
    case.press("agree")

    assert state(house, case) == sampling.PLANNED
    with house.database.transaction() as session:
        (unit,) = session.scalars(select(SampleUnit))
        assert unit.code == code_of(case)
        assert unit.id not in case.path


def test_case__of_a_client_who_changes_her_mind_is_forgotten(house: House, case: Visitor) -> None:
    case.press("agree").press("cancel")

    assert state(house, case) == ""
    assert case.button("agree") is not None


def test_link__of_her_own_is_good_once_and_settles_what_was_planned(
    house: House, app: Flask, case: Visitor
) -> None:
    case.press("agree")
    answer_alone(app, case, age="30_49")

    assert state(house, case) == sampling.DONE
    assert "Sie wurde befragt." in case.text


def test_answers__are_shown_to_her_counsellor_only_if_she_agreed(app: Flask, case: Visitor) -> None:
    case.press("agree")
    answer_alone(app, case, age="30_49", good="Sie hat zugehört", may_link="no")
    (link,) = case.page.xpath(f"//a[normalize-space()='{ASK}']/@href")
    case.get(link)

    assert "Sie hat es nicht erlaubt" in case.text
    assert "zugehört" not in case.text


def test_answers__that_she_lets_her_counsellor_see_are_shown(app: Flask, case: Visitor) -> None:
    case.press("agree")
    answer_alone(app, case, age="30_49", good="Sie hat zugehört", may_link="yes")
    (link,) = case.page.xpath(f"//a[normalize-space()='{ASK}']/@href")
    case.get(link)

    for shown in ("30 bis 49 Jahre", "Sie hat zugehört"):
        assert shown in case.text


def test_link__without_her_word_is_none(case: Visitor) -> None:
    token = case.page.xpath("//input[@name='csrf_token']/@value")[0]
    case.post(f"{case.path}/opinion", data={"csrf_token": token, "go": "link"})
    assert case.response.status_code == 404


def test_taking_back__forgets_that_she_agreed(house: House, app: Flask) -> None:
    visitor = walk_to_check(woman(app)).press("submit")
    number = visitor.page.xpath("//*[@class='code']")[0].text_content()
    with house.database.transaction() as session:
        case_id = session.scalars(select(Response.id)).one()
    case = staff(app, "Nora").get(f"/desk/{case_id}").press("Übernehmen").press("agree")
    back = Visitor(app).get("/").press("return", number=number)
    back.press("withdraw").press("withdrawn")

    assert state(house, case) == ""
    with house.database.transaction() as session, pytest.raises(NotHers):
        sampling.of_code(session, CLIENT, pseudonym(case_id))
