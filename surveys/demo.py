"""Invented interviews for trying zugang out."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import people, sampling, versions
from core.demo_cases import Case, cases, invent
from core.people import SignedIn
from core.settings import Settings
from surveys import interviews, second_entries
from surveys.interviews import Done, Purpose
from xlsform.filling import Filling

NOT_ASKED = "froendenberg"  # the one that the report has nothing from
_AGREE = ("2", "3", "3", "4", "4", "4")
_CHILDREN = ("0", "1", "2", "3plus")
_TWICE = 4  # every so many interviews are entered a second time
_SLIPS = 12  # every so many answers somebody slips


def fill(session: Session, settings: Settings, staff: dict[str, SignedIn]) -> None:
    """Interview the clients whose case is closed, some twice, and all offices but one."""
    draw = random.Random(36)  # noqa: S311 - invented people
    entering = _Entering(session, settings, staff, draw)
    closed = [case for case in cases() if case.closed == "yes"]
    for number, case in enumerate(closed):
        filling = entering.first(sampling.CLIENT, case, _client(case))
        if number % _TWICE == 0:
            entering.again(filling, case)
    _plan_offices(session, staff[people.COUNSELLOR])
    units = sampling.wave_of(session, sampling.MUNICIPALITY, 1)
    asked = [unit for unit in units if unit.code != NOT_ASKED]
    for unit, case in zip(asked, closed, strict=False):
        entering.first(sampling.MUNICIPALITY, case, {"wave": "1", "office": unit.code})


class _Entering:
    """Both interviewers at work."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        staff: dict[str, SignedIn],
        draw: random.Random,
    ) -> None:
        self._session, self._settings, self._draw = session, settings, draw
        self._first, self._second = staff[people.INTERVIEWER], staff[f"{people.INTERVIEWER}-too"]
        self._last = ""

    def first(self, questionnaire: str, case: Case, given: dict[str, str]) -> Filling:
        """Enter an invented interview."""
        version = versions.current(self._session, questionnaire)
        form = versions.form_of(self._session, version.id)
        day = case.day + timedelta(days=10)
        now = datetime.combine(day, datetime.min.time(), self._settings.zone)
        scales = {
            question.name: self._draw.choice(_AGREE)
            for question in form.visible_questions
            if {"1", "2", "3", "4"} <= set(question.static_choices)
        }
        filling = invent(form, scales | given, self._draw, now)
        draft = interviews.begin(self._session, self._first, version, b"", day)
        self._last = draft.id
        done = Done(filling, Purpose(), day)
        interviews.submit(self._session, self._first, draft, done)
        return filling

    def again(self, filling: Filling, case: Case) -> None:
        """Enter the last interview a second time, with a slip here and there."""
        number, day = self._last, case.day + timedelta(days=20)
        second_entries.draw(self._session, self._first, number, 100)
        version = second_entries.take(self._session, self._second, number)
        for question in filling.form.visible_questions:
            if question.type == "select_one" and self._draw.randrange(_SLIPS) == 0:
                filling.set(question.path, self._draw.choice(question.static_choices))
        filling.recalculate()
        draft = interviews.begin(self._session, self._second, version, b"", day)
        done = Done(filling, Purpose(first=number), day)
        interviews.submit(self._session, self._second, draft, done)


def _plan_offices(session: Session, who: SignedIn) -> None:
    version = versions.current(session, sampling.MUNICIPALITY)
    asked = versions.form_of(session, version.id).questions[interviews.OFFICE]
    for office in asked.static_choices:
        sampling.plan(session, who, sampling.MUNICIPALITY, office, 1)


def _client(case: Case) -> dict[str, str]:
    return {
        "age": case.age or "no_answer",
        "children": _CHILDREN[min(case.children, 3)],
        "municipality": case.municipality,
    }
