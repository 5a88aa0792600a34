"""A questionnaire whose author made a mistake never keeps an answer from being sent."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.web.journey import Journey, Outcome, Run
from tests.support.house import NOW
from tests.xlsform.builders import form_from


def test_take__what_cannot_be_worked_out_lets_her_send_and_the_log_names_the_place(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    form = form_from("""
| survey |
|        | type | name | label | constraint             |
|        | text | name | Name  | digest(., .) = ${name} |
""")
    with app.test_request_context():
        run = Run(Journey(1, "digest"), form, "", NOW)
        run.take(MultiDict({"page": "/data/name", "q-name": "canary", "go": "next"}))

        assert run.take(MultiDict({"go": "submit"})) is Outcome.SUBMIT
    assert "question 'name', 'constraint' cannot be worked out" in caplog.text
    assert "canary" not in caplog.text
