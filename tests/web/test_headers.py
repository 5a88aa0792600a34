"""What every response carries."""

import pytest
from flask import Flask

from core.web import pages
from tests.support.visitor import Visitor
from tests.support.walks import staff, woman

SCRIPTED = ("/", "/nothing", "/staff/invitation/made-up")  # with the quicker way out
PAGES = (*SCRIPTED, "/staff/sign-in", "/exit", "/desk/")


@pytest.mark.parametrize("path", PAGES)
def test_headers__every_response_keeps_to_itself(app: Flask, path: str) -> None:
    headers = Visitor(app).client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == policy["style-src"] == "'self'"
    scripts = "'self'" if path in SCRIPTED else None
    assert policy.get("script-src") == policy.get("connect-src") == scripts
    assert "Strict-Transport-Security" not in headers  # only behind TLS, see test_sessions


def test_headers__nothing_is_loaded_from_anybody_else(app: Flask) -> None:
    for visitor in (Visitor(app).get("/"), woman(app), staff(app, "Karin")):
        loaded = visitor.page.xpath("//link/@href | //@src | //form/@action | //@srcset")
        assert loaded
        assert [url for url in loaded if not url.startswith(("/", "data:,"))] == []


def test_headers__links_out_tell_nothing(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    assert visitor.page.xpath("//a[@href='/exit']/@rel") == ["noreferrer"]


def test_style__may_be_kept_and_changes_its_address_with_its_content(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    address = visitor.page.xpath("//link[@rel='stylesheet']/@href")[0]
    answer = visitor.client.get(address)
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "?v=" in address


def test_headers__only_a_page_that_asks_for_a_place_runs_a_script(app: Flask) -> None:
    with app.test_request_context():
        pages.locating()
        headers = app.process_response(app.make_response("a page")).headers
    assert headers["Content-Security-Policy"].endswith("; script-src 'self'")
    assert "geolocation=(self)" in headers["Permissions-Policy"]


def test_headers__a_page_that_asks_for_a_passkey_does_not_ask_for_a_place(app: Flask) -> None:
    with app.test_request_context():
        pages.scripted()
        headers = app.process_response(app.make_response("a page")).headers
    assert headers["Content-Security-Policy"].endswith("; script-src 'self'")
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("name", ["location_url", "passkey_url"])
def test_scripts__are_served_to_be_kept(app: Flask, name: str) -> None:
    answer = Visitor(app).client.get(app.jinja_env.globals[name])
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
