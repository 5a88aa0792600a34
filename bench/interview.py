"""One page of an interview in the real application, asked for without a network in between."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from wsgiref.types import WSGIEnvironment

from werkzeug.test import run_wsgi_app

import app as program
from core import people, versions
from tests.support.house import build, join, settings_for
from tests.support.visitor import Visitor
from tests.support.walks import staff

QUESTIONNAIRE = "client"


@contextmanager
def get_page(xml: str) -> Iterator[Callable[[], bytes]]:
    """Provide a function that gets the first page of an interview: draft, session, template."""
    with TemporaryDirectory(prefix="zugang-bench-") as folder:
        house = build(settings_for(Path(folder, "data")))
        join(house, "Ines", people.INTERVIEWER, "")
        with house.database.transaction() as session:
            versions.publish(session, QUESTIONNAIRE, xml)
        made = program.create_app(house.settings)
        visitor = staff(made, "Ines").get("/interviews/").press(QUESTIONNAIRE)
        environ = _environ(visitor)
        gc.collect()
        gc.freeze()  # as the service does
        yield lambda: _body(made, environ)
        gc.unfreeze()
        made.extensions["zugang"].database.close()
        house.database.close()


def _environ(visitor: Visitor) -> WSGIEnvironment:
    """Return what the visitor last asked for, without what the answer left in it."""
    asked = visitor.response.request.environ
    added = ("werkzeug.", "flask.")
    return {name: value for name, value in asked.items() if not name.startswith(added)}


def _body(made: Any, environ: WSGIEnvironment) -> bytes:
    body, status, _ = run_wsgi_app(made, dict(environ), buffered=True)
    assert status.startswith("200"), status
    return b"".join(body)
