"""What the log says: the kind of an error and its place, never what somebody wrote."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from core.people import Person
from core.web.access import public
from core.web.services import db
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import is_error_page, send, walk_to, woman

CONTACT, WORD = "So erreichen wir Sie", "zaunkoenig"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def test_log__says_what_and_where_but_never_what_was_written(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @public
    def breaking() -> str:
        raise ValueError(WORD)

    app.add_url_rule("/breaking", view_func=breaking)
    visitor = Visitor(app).get("/breaking")
    assert is_error_page(visitor, 500)
    assert visitor.heading == "Hier ist etwas schiefgegangen"
    assert "ValueError" in caplog.text
    assert "test_log.py" in caplog.text
    assert WORD not in caplog.text
    assert WORD not in visitor.response.get_data(as_text=True)


def test_log__a_commit_that_fails_says_no_more(
    either_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @public
    def breaking() -> str:
        for _ in range(2):
            db().add(Person(name=WORD, role="evaluator", public=b""))
        return "saved"

    either_app.add_url_rule("/breaking", view_func=breaking)
    visitor = Visitor(either_app).get("/breaking")
    assert is_error_page(visitor, 503)
    assert "IntegrityError" in caplog.text
    assert "Traceback" not in caplog.text
    assert WORD not in caplog.text
    assert "saved" not in visitor.text


def test_log__an_error_of_an_after_request_step_says_no_more(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.after_request
    def breaking(response: object) -> object:
        if not caplog.records:
            raise ValueError(WORD)
        return response

    assert is_error_page(Visitor(app).get("/"), 500)
    assert WORD not in caplog.text
    assert "ValueError" in caplog.text


def test_log__what_readers_do_wrong_is_no_error(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        Visitor(app).get(f"/{WORD}").post("/", {"words": WORD})
        send(walk_to(woman(app), CONTACT), safety_note=WORD.encode() + b"%FF")
    assert caplog.text == ""
