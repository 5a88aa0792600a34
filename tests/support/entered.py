"""Interviews as they are when nobody watches the browser: entered, entered again, corrected."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from sqlalchemy.orm import Session

from core import records, sampling, versions
from core.people import SignedIn
from core.pseudonyms import pseudonym
from core.records import Response
from core.sampling import CLIENT
from surveys import corrections, interviews, second_entries
from surveys.interviews import Done, Purpose
from tests.support.house import NOW, filled

DAY = NOW.date()
AGE, HOUSING = "/data/person/age", "/data/housing/housing_now"
Answers = Mapping[str, str]


def interview(
    session: Session, who: SignedIn, answers: Answers, questionnaire: str = CLIENT, first: str = ""
) -> str:
    """Enter an interview, or one a second time; return the number of what is stored."""
    version = versions.current(session, questionnaire)
    draft = interviews.begin(session, who, version, b"", DAY)
    number = draft.id
    done = Done(filled(session, version, answers), Purpose(first=first), DAY)
    interviews.submit(session, who, draft, done)
    return number


def twice(
    session: Session,
    both: Sequence[SignedIn],
    first: Answers,
    second: Answers,
    questionnaire: str = CLIENT,
) -> str:
    """Let two people enter the same interview; return the number of the first entry."""
    one, other = both
    number = interview(session, one, first, questionnaire)
    second_entries.draw(session, one, number, 100)
    second_entries.take(session, other, number)
    interview(session, other, second, questionnaire, number)
    return number


def correct(session: Session, who: SignedIn, number: str, answers: Answers, reason: str) -> None:
    """Correct an interview: it says these `answers` now."""
    response = session.get_one(Response, number)
    version = versions.version_of(session, response.version_id)
    before = records.open_answers(session, response, who.keys)
    filling = filled(session, version, {**before, **answers})
    corrections.store(session, who, response, filling, before, reason, DAY)


def planned(session: Session, who: SignedIn) -> sampling.SampleUnit:
    """Plan an interview with a client of whom nothing else is known."""
    code = pseudonym(str(uuid4()))
    sampling.plan(session, who, CLIENT, code)
    return sampling.of_code(session, CLIENT, code)


def refuse(session: Session, who: SignedIn, reason: str) -> str:
    """Note that a planned interview was refused; return the number of the plan."""
    unit = planned(session, who)
    sampling.refuse(session, who, unit, reason)
    return unit.id
