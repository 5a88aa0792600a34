"""A client answers alone, by a link that is good once; nothing ties her answers to her."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import answer_links, records, sampling
from core.answer_links import AnswerLink
from core.records import Response
from core.sampling import CLIENT
from tests.support.house import House
from tests.support.interviewing import HOME, arrive, begin, stored, to_the_end, today
from tests.support.visitor import Visitor

CODE = "K7M-2PX"


@pytest.fixture
def token(house: House) -> str:
    """A link for a client who agreed."""
    with house.database.transaction() as session:
        sampling.plan(session, house.staff["Nora"], CLIENT, CODE)
        unit = sampling.of_code(session, CLIENT, CODE)
        return answer_links.add(session, house.staff["Nora"], CLIENT, today(house), unit)


def opened(app: Flask, token: str, language: str = "de") -> Visitor:
    return Visitor(app, language).get(f"/s/{token}")


def links(house: House) -> int:
    with house.database.transaction() as session:
        return len(session.scalars(select(AnswerLink)).all())


def test_link__leads_through_all_questions_once(house: House, app: Flask, token: str) -> None:
    visitor = opened(app, token).press("begin")
    to_the_end(visitor, age="30_49", good="Sie hat zugehört").press("submit")

    assert visitor.heading == "Ihre Antworten sind angekommen"
    assert [one["age"] for one in stored(house, "client")] == ["30_49"]
    assert links(house) == 0
    assert opened(app, token).response.status_code == 410
    with house.database.transaction() as session:
        assert sampling.state(session, CLIENT, CODE) == sampling.DONE


def test_link__keeps_one_address_all_the_way(app: Flask, token: str) -> None:
    visitor = opened(app, token)
    path = visitor.path
    visitor.press("begin")
    while visitor.heading != "Stimmt alles?":
        visitor.press("next")
        assert visitor.path == path
    assert visitor.press("submit").path == path
    assert visitor.page.findtext(".//title") == "Kontakt"


def test_link__pressed_twice_stores_once_and_says_so_both_times(
    house: House, app: Flask, token: str
) -> None:
    visitor = to_the_end(opened(app, token).press("begin"), age="30_49")
    check, path = visitor.page, visitor.path
    visitor.press("submit")
    said = check.xpath("//input[@name='csrf_token']/@value")[0]

    visitor.post(path, data={"csrf_token": said, "go": "submit"})

    assert visitor.heading == "Ihre Antworten sind angekommen"
    assert len(stored(house, "client")) == 1


def test_link__open_in_two_browsers_takes_what_comes_first(
    house: House, app: Flask, token: str
) -> None:
    one, other = (to_the_end(opened(app, token).press("begin")) for _ in range(2))
    one.press("submit")

    other.press("submit")

    assert other.response.status_code == 410
    assert "Dieser Link gilt nicht mehr" in other.text
    assert len(stored(house, "client")) == 1


def test_link__runs_out(house: House, app: Flask, token: str) -> None:
    with house.database.transaction() as session:
        session.execute(update(AnswerLink).values(until=today(house) - timedelta(days=1)))

    visitor = opened(app, token)

    assert visitor.response.status_code == 410
    assert "110" in visitor.text


def test_link__that_runs_out_on_the_way_is_told_and_loses_no_page_before(
    house: House, app: Flask, token: str
) -> None:
    visitor = opened(app, token).press("begin").press("next", way_found="web")
    with house.database.transaction() as session:
        session.execute(update(AnswerLink).values(until=today(house) - timedelta(days=1)))

    assert visitor.press("next").response.status_code == 410
    assert stored(house, "client") == []


def test_link__is_kept_as_a_hash_alone(house: House, token: str) -> None:
    with house.database.transaction() as session:
        (link,) = session.scalars(select(AnswerLink))
        assert token.encode() not in link.token
        assert len(link.token) == 32


@pytest.mark.parametrize("token", ["", "x", "..", "AAAAAAAAAAAAAAAAAAAA"])
def test_link__that_never_was_opens_nothing(app: Flask, token: str) -> None:
    visitor = Visitor(app).get(f"/s/{token}")

    assert visitor.response.status_code in {404, 410}
    assert visitor.page.xpath("//button[@value='begin']") == []


def test_leaving__deletes_what_she_wrote_and_the_link_still_works(app: Flask, token: str) -> None:
    visitor = opened(app, token).press("begin").press("next", way_found="web")
    visitor.client.get("/exit")

    visitor.get(f"/s/{token}")

    assert visitor.heading == "Wie war unsere Hilfe für Sie?"
    assert visitor.press("begin").page.xpath("//input[@checked]") == []


def test_answers__say_nothing_of_her_unless_she_lets_them(
    house: House, app: Flask, token: str
) -> None:
    visitor = to_the_end(opened(app, token).press("begin"), age="30_49", may_link="no")
    visitor.press("submit")

    assert identity(house) == {}


def test_answers__carry_her_case_where_counsellors_alone_read_it_if_she_agrees(
    house: House, app: Flask, token: str
) -> None:
    visitor = to_the_end(opened(app, token).press("begin"), age="30_49", may_link="yes")
    visitor.press("submit")

    assert identity(house) == {"/data/case_code": CODE, "/data/linking/may_link": "yes"}
    assert [set(one) for one in stored(house, "client")] == [{"age"}]


def identity(house: House) -> dict[str, str]:
    with house.database.transaction() as session:
        (response,) = session.scalars(select(Response))
        said = records.open_identity(session, response, house.staff["Nora"].keys)
        assert said["/data/alone"] == "yes"
        return {path: text for path, text in said.items() if text and path != "/data/alone"}


def test_reasons__not_asked_is_for_interviewers_alone(app: Flask, token: str) -> None:
    alone, beside = opened(app, token).press("begin"), begin(app)
    (offered, missing) = (
        set(one.page.xpath("//input[@type='radio']/@value")) for one in (beside, alone)
    )
    assert offered - missing == {"not_asked"}
    assert {"dont_know", "no_answer"} <= missing


def test_interviewer__makes_a_link_that_knows_nobody(house: House, app: Flask) -> None:
    visitor = arrive(app).get(HOME).press("Link zum selbst Ausfüllen für eine Klientin")
    address = visitor.page.xpath("//code")[0].text_content()
    assert visitor.page.xpath("//*[local-name()='svg']")

    alone = Visitor(app).get(address.removeprefix("http://localhost"))
    to_the_end(alone.press("begin")).press("submit")

    assert alone.heading == "Ihre Antworten sind angekommen"
    assert identity(house) == {}


def test_page__sent_without_its_token_is_shown_again_with_what_was_typed(
    app: Flask, token: str
) -> None:
    visitor = opened(app, token).press("begin")
    field, page = visitor.field("way_found"), visitor.page.xpath("//input[@name='page']/@value")[0]

    visitor.post(f"/s/{token}", data={"page": page, "go": "next", field: "web"})

    assert visitor.response.status_code == 400
    assert visitor.page.xpath("//input[@checked]/@value") == ["web"]
    assert "Bitte noch einmal senden" in visitor.text
