"""The partner's page: the same questions for a woman, under one address that can be closed."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from core import versions
from core.records import Response
from core.web import floods
from intake import referrals
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, is_error_page, staff, value_of, walk_to_check, woman
from tests.web.test_floods import solved

WHOM = {"municipality": "selm", "name": "Amsel"}
RECEIVED = "Die Nachricht ist angekommen"


@pytest.fixture
def address(app: Flask) -> str:
    """The address of the job centre, as the coordinator was shown it."""
    return made(staff(app, "Karin"))


def made(karin: Visitor, name: str = "Jobcenter Selm", way: str = "jobcenter") -> str:
    karin.get("/staff/partners").press("Adresse machen", name=name, way=way)
    [link] = karin.page.xpath("//code")
    return str(re.sub(r"^https?://[^/]+", "", link.text_content()))


def sent(app: Flask, address: str) -> Visitor:
    office = Visitor(app).get(address).press("begin")
    return walk_to_check(office, LEAST | WHOM).press("submit")


def opened(house: House, name: str = "Nora") -> list[dict[str, str]]:
    with house.database.transaction() as session:
        numbers = session.scalars(select(Response.id)).all()
        return [dict(referrals.open_for(session, house.staff[name], one)[1]) for one in numbers]


def test_partner__says_whom_it_is_for_before_anything_is_kept(app: Flask, address: str) -> None:
    office = Visitor(app).get(address)
    assert office.heading == "Sie schreiben für eine Frau"
    assert "Jobcenter Selm" in office.text
    assert "wenn die Frau damit einverstanden ist" in office.text
    assert "Set-Cookie" not in office.response.headers
    assert office.page.findtext(".//title") == "Kontakt"
    assert office.page.xpath("//a[@class='exit'][@href='/exit']")
    assert office.response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_partner__sends_through_the_same_questions_under_one_address(
    app: Flask, house: House, address: str
) -> None:
    office = sent(app, address)
    assert (office.path, office.heading) == (address, RECEIVED)
    [answers] = opened(house)
    assert answers[referrals.ACCESS] == "jobcenter"
    assert answers[referrals.FILLED_BY] == "other"
    assert answers["/data/contact/name"] == "Amsel"
    assert answers[referrals.PARTNER] == "Jobcenter Selm"
    nora = staff(app, "Nora")
    assert "Jobcenter" in nora.page.xpath("//tbody/tr")[0].text_content()
    nora.get(nora.page.xpath("//tbody//a/@href")[0])
    assert "Weg in die Beratung: Jobcenter Jobcenter Selm" in nora.text


def test_partner__sees_nothing_of_what_was_sent(app: Flask, address: str) -> None:
    office = sent(app, address)
    for visitor in (office, Visitor(app).get(address), office.press("begin")):
        assert "Amsel" not in visitor.response.get_data(as_text=True)


def test_partner__is_told_of_a_mistake_and_loses_nothing(app: Flask, address: str) -> None:
    office = Visitor(app).get(address).press("begin")
    while "contact_way" not in office.response.get_data(as_text=True):
        office.press("next")
    office.press("next")
    assert office.mistakes
    office.press("language:en")
    assert office.page.get("lang") == "en"
    assert office.path == address


def test_partner__the_way_cannot_be_posted(app: Flask, house: House, address: str) -> None:
    office = Visitor(app).get(address).press("begin")
    walk_to_check(office, LEAST | WHOM)
    [token] = set(office.page.xpath("//input[@name='csrf_token']/@value"))
    office.post(
        address, {"csrf_token": token, "go": "submit", "q-access": "web_form", "access": "web_form"}
    )
    assert office.heading == RECEIVED
    assert opened(house)[0][referrals.ACCESS] == "jobcenter"


def test_woman__says_nothing_and_is_counted_as_coming_by_the_web_form(
    app: Flask, house: House
) -> None:
    visitor = woman(app)
    assert not {"access", "partner"} & {
        field.rpartition("-")[2] for field in visitor.page.xpath("//@name")
    }
    walk_to_check(visitor, LEAST | WHOM).press("submit")
    assert opened(house)[0][referrals.ACCESS] == "web_form"
    nora = staff(app, "Nora")
    assert "Eigene Meldung" not in nora.text
    nora.get(nora.page.xpath("//tbody//a/@href")[0])
    assert "Weg in die Beratung: Eigene Meldung über das Formular" in nora.text


def test_way__lies_with_the_sealed_answers_not_with_the_contact(house: House) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, referrals.QUESTIONNAIRE)
        questions = versions.form_of(session, version.id).questions
    way, partner = questions[referrals.ACCESS], questions[referrals.PARTNER]
    assert (way.disclosure, way.type) == ("table", "hidden")
    assert (partner.disclosure, partner.type) == ("identifying", "hidden")


def test_partner__of_nobody_is_not_there(app: Flask, address: str) -> None:
    assert is_error_page(Visitor(app).get(address + "x"), 404)
    assert is_error_page(Visitor(app).post(address + "x", {"go": "begin"}), 400)


def test_partner__once_ended_is_gone_at_once_even_on_the_way(
    app: Flask, house: House, address: str
) -> None:
    office = walk_to_check(Visitor(app).get(address).press("begin"), LEAST | WHOM)
    staff(app, "Karin").get("/staff/partners").press("Sofort beenden Jobcenter Selm")
    assert is_error_page(office.press("submit"), 410)
    assert is_error_page(office.get(address), 410)
    assert is_error_page(Visitor(app).get(address), 410)
    assert opened(house) == []


def test_partner__two_in_one_browser_do_not_mix(app: Flask, address: str) -> None:
    other = made(staff(app, "Karin"), "Stadt Selm", "housing_office")
    office = Visitor(app).get(address).press("begin")
    assert office.get(other).heading == "Sie schreiben für eine Frau"
    assert office.get("/").heading == "Wir sind für Sie da"
    assert office.get(address).heading != "Sie schreiben für eine Frau"


def test_partner__the_way_out_forgets_what_was_written(app: Flask, address: str) -> None:
    office = Visitor(app).get(address).press("begin").press("next", filled_by="other")
    left = office.client.get("/exit")
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert office.get(address).heading == "Sie schreiben für eine Frau"


def test_partner__for_whom_it_is_filled_in_is_known(app: Flask, address: str) -> None:
    office = Visitor(app).get(address).press("begin")
    assert value_of(office, "filled_by") == ["other"]


def test_partner__a_form_of_yesterday_is_shown_again_with_what_was_typed(
    app: Flask, address: str
) -> None:
    office = Visitor(app).get(address).press("begin")
    page = office.page.xpath("//input[@name='page']/@value")[0]
    name = office.field("safe_now")
    office.post(address, {"csrf_token": "old", "page": page, name: "no", "go": "next"})
    assert office.response.status_code == 400
    assert value_of(office, "safe_now") == ["no"]
    fresh = Visitor(app).post(address, {"csrf_token": "old", "go": "begin"})
    assert fresh.response.status_code == 400
    assert fresh.heading == "Sie schreiben für eine Frau"
    walk_to_check(office.get(address), LEAST).post(address, {"csrf_token": "old", "go": "submit"})
    assert (office.response.status_code, office.heading) == (400, "Stimmt alles?")


def test_partner__a_flood_has_to_wait_or_to_pay(app: Flask, address: str) -> None:
    office = Visitor(app)
    office.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for _ in range(floods.JOURNEYS.free):
        office.client.delete_cookie("session")
        assert office.get(address).press("begin").response.status_code == 200
    office.client.delete_cookie("session")
    office.get(address).press("begin")
    assert office.response.status_code == 429
    assert "Bitte warten Sie kurz" in office.text
    office.press("begin", proof=solved(office))
    assert (office.response.status_code, office.heading) == (200, "Sind Sie gerade sicher?")


def test_partners__page_shows_an_address_once_and_lists_no_message(
    app: Flask, address: str
) -> None:
    sent(app, address)
    karin = staff(app, "Karin").get("/staff/partners")
    token = address.rpartition("/")[2]
    assert "Jobcenter Selm" in karin.text
    assert token not in karin.response.get_data(as_text=True)
    assert karin.get("/staff/people").page.xpath("//a[@href='/staff/partners']")


def test_partners__ending_nobody_is_not_there(app: Flask) -> None:
    karin = staff(app, "Karin").get("/staff/partners")
    token = karin.page.xpath("//input[@name='csrf_token']/@value")[0]
    for partner in ("", "zz", "00" * 32):
        karin.post("/staff/partners/end", {"csrf_token": token, "partner": partner})
        assert is_error_page(karin, 404)


def test_partners__a_name_and_a_known_way_are_needed(app: Flask) -> None:
    karin = staff(app, "Karin").get("/staff/partners").press("Adresse machen", way="self")
    assert len(karin.mistakes) == 2
