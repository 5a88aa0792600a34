"""Invented interviews for trying zugang out."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import people, versions
from core.demo_cases import Case, cases, invent
from core.people import SignedIn
from core.settings import Settings
from surveys import interviews
from surveys.interviews import Done, Purpose

OFFICES = (  # all but Fröndenberg, as in the report
    *("bergkamen", "boenen", "holzwickede", "kamen", "luenen", "schwerte", "selm"),
    *("unna", "werne", "jobcenter"),
)
_AGREE = ("2", "3", "3", "4", "4", "4")
_CHILDREN = ("0", "1", "2", "3plus")


def fill(session: Session, settings: Settings, staff: dict[str, SignedIn]) -> None:
    """Interview the clients whose case is closed, and ten offices."""
    draw = random.Random(36)  # noqa: S311 - invented people
    everyone = cases()
    interviewer = staff[people.INTERVIEWER]
    closed = [case for case in everyone if case.closed == "yes"]
    for case in closed:
        _enter(session, settings, interviewer, ("client", case, _client(case)), draw)
    for office, case in zip(OFFICES, closed, strict=False):
        given = {"wave": "1", "office": office}
        _enter(session, settings, interviewer, ("municipality", case, given), draw)


def _enter(
    session: Session,
    settings: Settings,
    who: SignedIn,
    what: tuple[str, Case, dict[str, str]],
    draw: random.Random,
) -> None:
    questionnaire, case, given = what
    version = versions.current(session, questionnaire)
    form = versions.form_of(session, version.id)
    day = case.day + timedelta(days=10)
    now = datetime.combine(day, datetime.min.time(), settings.zone)
    scales = {
        question.name: draw.choice(_AGREE)
        for question in form.visible_questions
        if {"1", "2", "3", "4"} <= set(question.static_choices)
    }
    filling = invent(form, scales | given, draw, now)
    draft = interviews.begin(session, who, version, b"", day)
    interviews.submit(session, who, draft, Done(filling, Purpose(), day))


def _client(case: Case) -> dict[str, str]:
    return {
        "age": case.age or "no_answer",
        "children": _CHILDREN[min(case.children, 3)],
        "municipality": case.municipality,
    }
