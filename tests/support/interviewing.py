"""An interviewer at work in a browser without a screen, and what became of her interviews."""

from collections.abc import Iterable
from datetime import date, datetime

from flask import Flask
from sqlalchemy import select

from core import records
from core.drafts import Draft
from tests.support.house import PASSPHRASE, House
from tests.support.visitor import Visitor

HOME = "/interviews/"


def arrive(app: Flask, name: str = "Ines", language: str = "de") -> Visitor:
    visitor = Visitor(app, language).get("/staff/sign-in")
    return visitor.press("Anmelden", name=name, passphrase=PASSPHRASE)


def begin(app: Flask, questionnaire: str = "client", name: str = "Ines") -> Visitor:
    return arrive(app, name).get(HOME).press(questionnaire)


def to_the_end(visitor: Visitor, **answers: str | Iterable[str]) -> Visitor:
    """Answer what a page asks of `answers`, page after page, up to the check page."""
    while visitor.heading != "Stimmt alles?":
        here = {name: text for name, text in answers.items() if asked(visitor, name)}
        before = visitor.heading
        visitor.press("next", **here)
        assert visitor.heading != before, visitor.mistakes
    return visitor


def asked(visitor: Visitor, name: str) -> bool:
    try:
        visitor.field(name)
    except LookupError:
        return False
    return True


def draft_ids(house: House, *, sent: bool = True) -> list[str]:
    """The drafts, with or without the copies of what was sent."""
    with house.database.transaction() as session:
        query = select(Draft.id)
        return list(session.scalars(query if sent else query.where(Draft.submitted.is_(None))))


def stored(house: House, questionnaire: str) -> list[dict[str, str]]:
    """The coded answers to a questionnaire by the names of the questions."""
    with house.database.transaction() as session:
        return [
            {
                path.rpartition("/")[2]: text
                for path, text in records.open_answers(
                    session, response, house.staff["Eva"].keys
                ).items()
            }
            for response in records.responses(session, questionnaire)
        ]


def today(house: House) -> date:
    """The day it is for the service."""
    return datetime.now(house.settings.zone).date()
