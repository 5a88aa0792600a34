"""Every POST proves that it comes from a page of ours."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from core.web import csrf
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff, value_of, walk_to, walk_to_check, woman

AGAIN, EXPIRED = "Bitte noch einmal senden", "Ihre Zeit ist abgelaufen"
START, WAYS, CONTACT = "Wir sind für Sie da", "Ein sicherer Weg zu Ihnen", "So erreichen wir Sie"
ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def posting(app: Flask) -> Iterator[tuple[Rule, str]]:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                values = {name: value_for(rule, name) for name in rule.arguments}
                yield rule, adapter.build(rule.endpoint, values, method="POST")


def value_for(rule: Rule, argument: str) -> str | int:
    return 1 if isinstance(rule._converters[argument], NumberConverter) else ID


def tampered(visitor: Visitor, token: str) -> Visitor:
    for field in visitor.page.xpath("//input[@name='csrf_token']"):
        field.set("value", token)
    return visitor


def test_guard__every_route_that_takes_a_post_refuses_one_without_a_token(app: Flask) -> None:
    routes = list(posting(app))
    assert len(routes) >= 10
    visitors = [woman(app), Visitor(app)]
    visitors += [staff(app, name) for name in ("Karin", "Nora", "Ines", "Eva")]
    for visitor in visitors:
        for rule, path in routes:
            visitor.post(path, {"go": "next"})
            assert visitor.response.status_code == 400, rule
            assert "116 016" in visitor.text, rule


def test_guard__a_token_of_another_browser_is_refused(app: Flask) -> None:
    mine, other = woman(app), woman(app)
    token = other.page.xpath("//input[@name='csrf_token']/@value")[0]
    tampered(mine, token).press("next")
    assert mine.response.status_code == 400
    assert AGAIN in mine.text


@pytest.mark.parametrize("token", ["", "wrong", "ä", "x" * 5000])
def test_guard__a_wrong_token_shows_the_page_again_with_what_was_typed(
    either_app: Flask, token: str
) -> None:
    visitor = walk_to(woman(either_app), CONTACT)
    typed = {"phone": "12", "safety_note": "Nicht\n am Mittwoch <b>"}
    tampered(visitor, token).press("next", **typed, contact_times=["noon", "evening"])
    assert visitor.response.status_code == 400
    assert AGAIN in visitor.text
    assert visitor.page.findtext(".//title") == "Kontakt"
    assert value_of(visitor, "phone") == ["12"]
    assert value_of(visitor, "safety_note") == [typed["safety_note"]]
    assert value_of(visitor, "contact_times") == ["noon", "evening"]
    visitor.get("/")
    assert visitor.heading == CONTACT
    assert value_of(visitor, "safety_note") == [""]


def test_guard__the_page_shown_again_can_be_sent(app: Flask) -> None:
    visitor = walk_to(woman(app), WAYS)
    tampered(visitor, "wrong").press("next", contact_way=["letter"])
    visitor.press("next")
    assert visitor.heading == CONTACT
    assert "q-contact-address" in {field.get("name") for field in visitor.page.iter("textarea")}


def test_guard__an_earlier_page_is_shown_again_as_it_was_typed(app: Flask) -> None:
    visitor = walk_to(woman(app), CONTACT)
    token = "wrong"
    data = {"csrf_token": token, "page": "/data/place", "q-place-municipality": "selm"}
    visitor.post("/", data | {"go": "next"})
    assert visitor.response.status_code == 400
    assert value_of(visitor, "municipality") == ["selm"]
    assert visitor.get("/").heading == CONTACT


def test_guard__nothing_is_sent_from_the_check_page_without_a_token(app: Flask) -> None:
    visitor = walk_to_check(woman(app))
    tampered(visitor, "wrong").press("submit")
    assert visitor.response.status_code == 400
    assert AGAIN in visitor.text
    assert visitor.press("submit").heading == "Ihre Nachricht ist angekommen"


def test_guard__without_a_session_the_start_page_says_so(app: Flask) -> None:
    visitor = walk_to(woman(app), CONTACT)
    visitor.client.delete_cookie("session")
    visitor.press("next", phone="0176 040690")
    assert visitor.response.status_code == 400
    assert EXPIRED in visitor.text
    assert START in visitor.text
    assert "116 016" in visitor.text
    assert "Set-Cookie" not in visitor.response.headers
    assert visitor.press("begin").heading == "Sind Sie gerade sicher?"


def test_guard__the_first_token_is_worth_nothing_inside_a_session(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    first = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    tampered(visitor.press("begin"), first).press("next", safe_now="yes")
    assert visitor.response.status_code == 400


def test_guard__the_first_token_opens_no_staff_page(app: Flask) -> None:
    token = Visitor(app).get("/").page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = Visitor(app).post("/staff/sign-in", {"csrf_token": token, "name": "Nora"})
    assert answer.response.status_code == 400


@pytest.mark.parametrize("age", [0, csrf._DAY + 2])
def test_guard__the_first_token_lasts_a_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch, age: int
) -> None:
    visitor = Visitor(app).get("/")
    monkeypatch.setattr(csrf, "_DAY", csrf._DAY - age)
    visitor.press("begin")
    assert visitor.response.status_code == (400 if age else 200)


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("cross-site", 400), ("same-site", 400)],
)
def test_guard__a_post_from_another_site_is_refused(app: Flask, site: str, status: int) -> None:
    visitor = woman(app)
    visitor.headers["Sec-Fetch-Site"] = site
    assert visitor.press("next").response.status_code == status


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/octet-stream", "", "multipart/mixed"]
)
@pytest.mark.parametrize("path", ["/", "/staff/sign-in", "/desk/nothing"])
def test_guard__only_forms_are_taken(app: Flask, kind: str, path: str) -> None:
    visitor = Visitor(app).post(path, b'{"go": "begin"}', content_type=kind)
    assert visitor.response.status_code == (404 if path == "/desk/nothing" else 415)
    assert "116 016" in visitor.text
