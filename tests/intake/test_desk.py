"""The counsellors' desk."""

import pytest
from flask import Flask
from sqlalchemy import select

from core import records
from core.audit import Entry
from core.records import Response
from intake import referrals
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, staff, walk_to_check, woman

LEAST_NORTH = LEAST | {"municipality": "selm", "safety_note": "Nicht <b>klingeln</b>\nbitte"}


def sent(app: Flask, house: House) -> str:
    """Send a referral to the north and return the address of its page."""
    walk_to_check(woman(app), LEAST_NORTH).press("submit")
    with house.database.transaction() as session:
        [number] = session.scalars(select(Response.id))
    return f"/desk/{number}"


def rows(visitor: Visitor) -> list[list[str]]:
    return [
        [cell.text_content().strip() for cell in row.findall("td")]
        for row in visitor.page.xpath("//tbody/tr")
    ]


def test_inbox__is_empty_at_first(app: Flask) -> None:
    assert "Zurzeit liegt keine Nachricht vor." in staff(app, "Nora").text


def test_inbox__lists_referrals_without_their_content(app: Flask, house: House) -> None:
    sent(app, house)
    visitor = staff(app, "Nora")
    [[_, part, status, _]] = rows(visitor)
    assert (part, status) == ("Norden", "neu")
    assert "0176" not in visitor.response.get_data(as_text=True)
    assert rows(staff(app, "Sonja")) == []


def test_referral__shows_what_she_wrote_and_how_to_reach_her(app: Flask, house: House) -> None:
    path = sent(app, house)
    visitor = staff(app, "Nora").get(path)
    answers = {
        term.text_content(): term.getnext().text_content() for term in visitor.page.xpath("//dl/dt")
    }
    assert answers["Ihre Telefonnummer"] == "0176 040690"
    assert answers["Worauf sollen wir sonst noch achten?"] == LEAST_NORTH["safety_note"]
    assert answers["In welcher Stadt oder Gemeinde sind Sie im Moment?"] == "Selm"
    assert not visitor.page.xpath("//dd//b")
    assert rows(visitor.get("/desk/"))[0][2] == "geöffnet"


def test_referral__is_shown_in_the_counsellors_language(app: Flask, house: House) -> None:
    walk_to_check(woman(app, "de"), LEAST_NORTH).press("submit")
    visitor = staff(app, "Nora")
    visitor.get(visitor.page.xpath("//tbody//a/@href")[0])
    assert "Anruf" in visitor.text


def test_referral__what_is_safe_comes_before_the_number(app: Flask, house: House) -> None:
    safe = {"say_who": "only_me", "who_answers": "mein Mann", "leave_word": "no"}
    walk_to_check(woman(app), LEAST_NORTH | safe).press("submit")
    visitor = staff(app, "Nora")
    text = visitor.get(visitor.page.xpath("//tbody//a/@href")[0]).text
    number = text.index("0176 040690")
    for note in ("Nicht <b>klingeln</b>", "mein Mann", "Nur, wenn ich selbst", "keine Nachricht"):
        assert text.index(note) < number


def test_referral__every_safety_note_is_a_question_of_the_form(house: House) -> None:
    with house.database.transaction() as session:
        version = records.current(session, referrals.QUESTIONNAIRE)
        assert records.form_of(session, version.id).questions.keys() >= referrals.SAFETY


@pytest.mark.parametrize(("name", "status"), [("Sonja", 404), ("Eva", 403), ("Karin", 403)])
def test_referral__is_not_shown_to_others(app: Flask, house: House, name: str, status: int) -> None:
    path = sent(app, house)
    visitor = staff(app, name).get(path)
    assert visitor.response.status_code == status
    assert "0176" not in visitor.text
    with house.database.transaction() as session:
        assert session.scalars(select(Entry).where(Entry.deed == "opened")).all() == []


@pytest.mark.parametrize(
    "path", ["/desk/00000000-0000-4000-8000-000000000009", "/desk/1", "/desk/%27"]
)
def test_referral__one_that_is_not_there_has_a_page(app: Flask, path: str) -> None:
    visitor = staff(app, "Nora").get(path)
    assert (visitor.response.status_code, visitor.heading) == (404, "Seite nicht gefunden")


def test_referral__every_opening_is_noted(app: Flask, house: House) -> None:
    path = sent(app, house)
    staff(app, "Nora").get(path).get(path)
    with house.database.transaction() as session:
        deeds = session.scalars(select(Entry.thing).where(Entry.deed == "opened")).all()
    assert deeds == [f"response:{path.removeprefix('/desk/')}"] * 2


def test_referral__one_that_was_changed_is_said_to_be_so(app: Flask, house: House) -> None:
    path = sent(app, house)
    with house.database.transaction() as session:
        [response] = session.scalars(select(Response))
        response.answers = response.identity
    visitor = staff(app, "Nora").get(path)
    assert visitor.response.status_code == 409
    assert visitor.heading == "Ein Eintrag lässt sich nicht öffnen"
    assert "0176" not in visitor.text
