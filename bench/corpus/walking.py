"""A walk through a form as a browser takes it: every page read, filled in by its HTML, sent."""

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bench.corpus.desk import NOW, PATH, Desk
from bench.corpus.handing_in import filled
from core.web.showing import PageView
from xlsform.filling import Filling, read_instance
from xlsform.form import Form, Question

_MOST_TRIES = 24
_MOST_WAYS = 12
_CHANCE = re.compile(r"\b(?:random|uuid)\(")  # worked out anew each time
_STEPS_A_PAGE = 8
_NUMBER = re.compile(r"\[\d+\]")  # of an instance of a repeat


class NotRendered(Exception):
    """A page that could not be shown or read."""


class NotAccepted(Exception):
    """A walk that did not come to its end."""


class DeadEnd(NotAccepted):
    """A walk whose choices left nothing to choose from, where the form insists on an answer."""


class NotRestored(Exception):
    """A record that reads back as something else."""


def walk(desk: Desk, form: Form) -> None:
    """Walk through `form` to its end; where choices lead to a dead end, make others.

    Raises NotRendered or NotAccepted; DeadEnd when every way that was tried ended in one.
    """
    for way in range(_MOST_WAYS):
        desk.open(form)
        with suppress(DeadEnd):
            Walk(desk, way).to_the_end()
            return
    raise DeadEnd(f"Each of {_MOST_WAYS} ways ends where nothing is offered.")


class Walk:
    """One walk through the form that lies open on a desk."""

    def __init__(self, desk: Desk, way: int = 0) -> None:
        """Begin a walk; another `way` makes other choices."""
        self.desk = desk
        self.way = way
        self.client: FlaskClient = desk.app.test_client()
        self.tries: Counter[str] = Counter()
        self.added: set[str] = set()  # the repeats that got one more instance
        self.sent_back: set[str] = set()  # the pages that the check page led to

    def to_the_end(self) -> None:
        """Answer every page and submit; raises NotRendered or NotAccepted."""
        page = self._get()
        for _ in range(400 + _STEPS_A_PAGE * len(self.desk.form.pages)):
            if self.desk.view is None:
                page = self._submit(page)
                if self.desk.submitted:
                    return
            self._post(self._filled(page), NotAccepted)
            page = self._get()
            self._next_tries()
        raise NotAccepted(f"The walk does not end; it is on {self._place()}.")

    def _submit(self, page: Any) -> Any:
        """Submit; where later answers have made an earlier question needed, return its page."""
        self._post({"csrf_token": _token(page), "go": "submit"}, NotAccepted)
        if self.desk.submitted:
            return page
        page = self._get()
        view = self.desk.view
        place = view.page.name if view else ""
        if not view or place in self.sent_back:
            said = view.mistakes[0].message if view and view.mistakes else "no reason given"
            raise NotAccepted(f"The check page sends back to a page that was accepted: {said}")
        self.sent_back.add(place)
        return page

    def _next_tries(self) -> None:
        """Choose another candidate for every answer that was not accepted."""
        view = self.desk.view
        for mistake in view.mistakes if view else ():
            self.tries[mistake.field] += 1
            asked = self._questions().get(mistake.field)
            if self.tries[mistake.field] > _MOST_TRIES:
                if asked and asked.is_filtered and not self._offered(asked):
                    raise DeadEnd(f"Nothing is offered to a {asked.type} question.")
                kind = asked.type if asked else "some"
                raise NotAccepted(f"No answer to a {kind} question is taken: {mistake.message}")

    def _filled(self, page: Any) -> MultiDict[str, Any]:
        [form] = [one for one in page.iter("form") if one.xpath(".//input[@name='page']")]
        data = filled(form, self._questions(), self.tries, self.way)
        data["go"] = "next"
        adding = form.xpath(".//button[starts-with(@value, 'add:')]/@value")
        if adding and adding[0] not in self.added:
            self.added.add(adding[0])
            data["go"] = adding[0]
        return data

    def _offered(self, question: Question) -> tuple[str, ...]:
        return question.offered(self.desk.run.filling) if self.desk.run else ()

    def _questions(self) -> dict[str, Question]:
        view = self.desk.view
        fields = view.form.questions() if isinstance(view, PageView) else ()
        return {field.name: field.question for field in fields}

    def _place(self) -> str:
        return self.desk.view.page.name if self.desk.view else "the check page"

    def _get(self) -> Any:
        response = self.client.get(PATH)
        self._hold(response, NotRendered)
        return html.fromstring(response.get_data(as_text=True))

    def _post(self, data: Any, failure: type[Exception]) -> None:
        self._hold(self.client.post(PATH, data=data), failure)

    def _hold(self, response: TestResponse, failure: type[Exception]) -> None:
        if self.desk.error is not None:
            raise failure(told(self.desk.error)) from self.desk.error
        if response.status_code >= 400:
            raise failure(f"The service answered with {response.status_code}.")
        for part in self.desk.failures:
            raise failure(f"{part} cannot be worked out")


def _token(page: Any) -> str:
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


def hold_round_trip(desk: Desk) -> None:
    """Write the record of a finished walk, read it back and compare; raises NotRestored."""
    run = desk.run
    assert run is not None
    try:
        xml = run.filling.instance_xml()
        answers = read_instance(desk.form, xml)
        again = Filling(desk.form, answers, now=NOW, zone=UTC, seed=run.journey.seed)
    except Exception as error:
        raise NotRestored(told(error)) from error
    if _questions_of(desk, answers) != _given(desk, run.filling):
        raise NotRestored("The record holds other answers than were given.")
    by_chance = any(_CHANCE.search(step.expression.source) for step in desk.form.steps)
    if again.instance_xml() != xml and not by_chance:
        raise NotRestored("The record written again differs.")


def _given(desk: Desk, filling: Filling) -> dict[str, str]:
    """Return the answers that belong into a record: those that are relevant."""
    given = _questions_of(desk, filling.answers)
    return {path: text for path, text in given.items() if filling.is_relevant(path)}


def _questions_of(desk: Desk, answers: Mapping[str, str]) -> dict[str, str]:
    """Return `answers` without the counts of repeats: written again, the record shows them."""
    known = desk.form.questions
    return {path: text for path, text in answers.items() if _NUMBER.sub("", path) in known}


def told(error: Exception) -> str:
    """Return an error as one line with the innermost place in our code where it happened."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if "site-packages" not in file:
            place = f"{file.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} in {place}: {error}"
