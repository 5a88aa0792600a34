"""A woman comes back with her number: reads, writes, changes how to reach her, takes all back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import vault
from core.audit import Entry
from core.database import Base
from core.ledger import Member
from core.pseudonyms import pseudonym
from core.records import Response
from exports.release.releases import Batch
from intake import cases, conversations, handing, return_codes
from intake.cases import Case
from intake.messages import Message, ReturnCode
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, staff, walk_to_check, woman

SHOW = "Gelesen, Kontaktdaten zeigen"
REPLY = "Wir haben eine Wohnung gefunden.\nBitte rufen Sie an."
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
WRONG = "Diese Nummer stimmt nicht. Bitte prüfen Sie jede Ziffer."


@pytest.fixture
def number(app: Flask) -> str:
    """Send a referral to the north and return the number shown."""
    visitor = walk_to_check(woman(app), LEAST | {"municipality": "selm"}).press("submit")
    return str(visitor.page.xpath("//p[@class='code']/text()")[0])


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with Session(house.database.durable) as opened:
        yield opened


def back(app: Flask, number: str, language: str = "de") -> Visitor:
    return Visitor(app, language).get("/").press("return", number=number)


def response_id(session: Session) -> str:
    return str(session.scalars(select(Response.id)).one())


def rows(session: Session, *tables: type[Base]) -> list[int]:
    session.rollback()
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_number__is_shown_until_she_is_done_and_opens_her_messages(app: Flask, number: str) -> None:
    visitor = back(app, number)
    assert visitor.heading == "Ihre Nachrichten"
    assert "Wir haben noch nicht geantwortet." in visitor.text
    assert visitor.press("leave").heading == "Wir sind für Sie da"
    assert visitor.client.get("/").headers.get("Set-Cookie") is None


def test_number__is_gone_from_the_page_once_she_is_done(app: Flask) -> None:
    visitor = walk_to_check(woman(app)).press("submit")
    shown = visitor.page.xpath("//p[@class='code']/text()")[0]
    assert shown in visitor.press("language:tr").text
    assert shown not in visitor.press("done").text
    assert visitor.get("/").heading == "Biz sizin için buradayız" or shown not in visitor.text


def test_number__twice_pressed_is_the_same(app: Flask, session: Session) -> None:
    visitor = walk_to_check(woman(app))
    form = dict(visitor.page.forms[0].form_values()) | {"go": "submit"}
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    first = visitor.post("/", form).page.xpath("//p[@class='code']/text()")
    assert rows(session, ReturnCode) == [1]
    assert back(app, first[0]).heading == "Ihre Nachrichten"


@pytest.mark.parametrize("typed", ["", "0199", "0199 0000 0000 000", "abc"])
def test_wrong_number__is_said_and_not_shown_again(app: Flask, number: str, typed: str) -> None:
    visitor = back(app, typed)
    assert (visitor.response.status_code, visitor.mistakes) == (200, [WRONG])
    assert visitor.page.xpath("//input[@name='number']/@value") == []
    assert number


def test_wrong_numbers__must_wait_and_a_right_one_is_not_counted(app: Flask, number: str) -> None:
    for _ in range(25):
        back(app, number)
    visitor = Visitor(app).get("/")
    for _ in range(20):
        visitor.press("return", number="0199 0000 0000 000")
        assert visitor.mistakes == [WRONG]
    visitor.press("return", number="0199 0000 0000 000")
    assert visitor.mistakes[0].startswith("Das waren zu viele Versuche.")


def test_message__reaches_the_desk_and_the_reply_reaches_her(
    app: Flask, number: str, session: Session
) -> None:
    visitor = back(app, number)
    visitor.press("write", words="  Ich bin jetzt in Lünen.\nBitte nicht anrufen.  ")
    assert "Ihre Nachricht ist gesendet." in visitor.text
    assert "Ihre Nachricht ist gesendet." not in visitor.get("/").text
    path = f"/desk/{response_id(session)}"
    nora = staff(app, "Nora").get("/desk/")
    assert "Sie hat geschrieben" in nora.text
    nora.get(f"{path}/messages")
    assert "Lünen" not in nora.text  # the safety note comes first
    nora.press(SHOW).get(f"{path}/messages")
    assert "Ich bin jetzt in Lünen." in nora.text
    nora.press("send", words=REPLY)
    assert "Sie hat es noch nicht gelesen." in nora.text
    assert "Sie hat geschrieben" not in nora.get("/desk/").text
    visitor = back(app, number, "tr")
    assert "Wir haben eine Wohnung gefunden." in visitor.text
    assert visitor.page.xpath("//p[@class='fixed'][@dir='auto']")
    nora.get(f"{path}/messages")
    assert "Sie hat es noch nicht gelesen." not in nora.text
    stored = session.scalars(select(Message)).all()
    assert not any(b"nen" in one.sealed + (one.to_code or b"") for one in stored)
    assert [one.sent_by is None for one in stored].count(True) == 1


def test_message__pressed_twice_is_kept_once(app: Flask, number: str, session: Session) -> None:
    visitor = back(app, number)
    path, form = "/", dict(visitor.page.forms[0].form_values()) | {"go": "write", "words": "x"}
    with app.test_request_context():
        pair = return_codes.key_of(return_codes.typed(number), app.secret_key).pair  # type: ignore[arg-type]
    ids = response_id(session)
    for _ in range(2):  # two requests that read the session before either has changed it
        written = conversations.Written("x")
        conversations.add(session, ids, pair, "00000000-0000-4000-8000-000000000009", written, AT)
    session.commit()
    assert rows(session, Message) == [1]
    visitor.post(path, form)
    assert rows(session, Message) == [2]


@pytest.mark.parametrize("words", ["", " \n ", "x" * 10_001])
def test_message__that_cannot_be_sent_stays_in_its_box(
    app: Flask, number: str, words: str, session: Session
) -> None:
    visitor = back(app, number).press("write", words=words)
    assert visitor.page.xpath("string(//textarea)").strip() == words.strip()
    assert len(visitor.mistakes) == 1
    assert rows(session, Message) == [0]


def test_contact__what_is_new_counts_and_is_to_be_read_anew(
    app: Flask, number: str, session: Session
) -> None:
    path = f"/desk/{response_id(session)}"
    nora = staff(app, "Nora").get(path).press(SHOW)
    assert "0176 040690" in nora.text
    visitor = back(app, number).press("contact")
    visitor.press("next", contact_way=["email"])
    visitor.press("next", email="amsel@example.org", safety_note="Nur vormittags")
    visitor.press("submit")
    assert "Ihre neuen Kontaktdaten sind gesendet." in visitor.text
    nora.get(path)
    assert "0176" not in nora.text
    assert "example.org" not in nora.text
    assert "Nur vormittags" in nora.text
    assert "Nicht anrufen" in nora.text
    nora.press(SHOW)
    assert "amsel@example.org" in nora.text
    assert "0176" not in nora.text


def test_contact__may_stay_as_it_is(app: Flask, number: str, session: Session) -> None:
    visitor = back(app, number).press("contact").press("keep")
    assert visitor.heading == "Ihre Nachrichten"
    assert rows(session, Message) == [0]


def test_withdraw__deletes_everything_at_once_and_tells_the_desk(
    app: Flask, number: str, session: Session
) -> None:
    code = pseudonym(response_id(session))
    nora = staff(app, "Nora").get(f"/desk/{response_id(session)}").press("Übernehmen")
    nora.press("Eintragen", note="Kranich")
    visitor = back(app, number)
    visitor.press("write", words="Noch etwas").press("withdraw")
    assert visitor.press("keep").heading == "Ihre Nachrichten"
    visitor.press("withdraw").press("withdrawn")
    assert "Alles ist gelöscht" in visitor.text
    assert rows(session, Response, Message, ReturnCode, cases.CaseEntry) == [0, 0, 0, 0]
    assert back(app, number).mistakes == [WRONG]
    assert nora.get(f"/desk/cases/{session.scalars(select(Case.id)).one()}").path
    assert nora.response.status_code == 410
    nora.get("/desk/")
    assert "Zurückgenommen" in nora.text
    assert code in nora.text
    assert "Zurückgenommen" not in staff(app, "Sonja").text
    noted = session.execute(select(Entry.deed, Entry.person_id).order_by(Entry.id)).all()
    assert ("withdrawn", 0) in [tuple(row) for row in noted]


def test_withdraw__what_was_released_leaves_an_empty_row(
    app: Flask, number: str, session: Session, house: House
) -> None:
    session.add(Batch(id=1, questionnaire="referral", version_id=1, released=AT.date(), size=1,
                      service_key_id=1, content=b"x"))  # fmt: skip
    session.flush()
    session.add(Member(response_id=response_id(session), batch_id=1))
    session.commit()
    back(app, number).press("withdraw").press("withdrawn")
    session.rollback()
    left = session.scalars(select(Response)).one()
    assert (left.identity, left.answers, left.status) == (b"", b"", "withdrawn")
    assert rows(session, Member, ReturnCode) == [1, 0]
    assert "Zurzeit liegt keine Nachricht vor." in staff(app, "Nora").get("/desk/").text
    assert house


def test_withdraw__while_another_window_is_open_says_so(app: Flask, number: str) -> None:
    other = back(app, number)
    back(app, number).press("withdraw").press("withdrawn")
    assert "Alles ist gelöscht" in other.press("write", words="Noch da?").text
    assert "Alles ist gelöscht" not in other.get("/").text


def test_hand_over__messages_go_along(
    app: Flask, number: str, session: Session, house: House
) -> None:
    back(app, number).press("write", words="Kranich")
    nora, sonja, number_ = house.staff["Nora"], house.staff["Sonja"], response_id(session)
    cases.take_up(session, nora, number_, AT.date())
    handing.hand_over(session, nora, number_, "south", AT)
    session.commit()
    back(app, number).press("write", words="Storch")
    said = [one.text for one in conversations.read(session, sonja, number_)]
    assert said == ["Kranich", "Storch"]


def test_reply__needs_words_and_a_block_comes_in_her_language(
    app: Flask, house: House, session: Session
) -> None:
    answers = LEAST | {"municipality": "selm", "preferred_language": "ar"}
    number = walk_to_check(woman(app), answers).press("submit").page.xpath("//p[@class='code']")[0]
    assert number is not None
    nora = staff(app, "Nora").get(f"/desk/{response_id(session)}").press(SHOW)
    nora.get(f"/desk/{response_id(session)}/messages")
    assert "العربية" in nora.text
    nora.press("send", words=" ")
    assert nora.mistakes == ["Bitte ausfüllen."]
    nora.press("insert", words="Guten Tag", block="interpreter")
    box = nora.page.xpath("//textarea")[0]
    assert box.text.splitlines() == ["Guten Tag", "ستكون معنا مترجمة."]
    assert box.get("lang") == "ar"
    assert rows(session, Message) == [0]
    assert house


def test_tampered_message__is_said_and_nothing_of_it_shown(
    app: Flask, number: str, session: Session
) -> None:
    back(app, number).press("write", words="Kranich")
    message = session.scalars(select(Message)).one()
    message.to_code = vault.seal(
        session.scalars(select(ReturnCode.public)).one(), b'{"text": "Wir sind gleich da"}', "x"
    )
    session.commit()
    visitor = back(app, number)
    assert visitor.response.status_code == 409
    assert "gleich da" not in visitor.text
