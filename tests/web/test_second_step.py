"""The second step of signing in: nothing opens before it, and who needs it has it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import time

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import factors, passkeys, throttle, uploads
from core.audit import Entry
from core.passkeys import Site
from core.uploads import Upload
from core.web.staff import second_step
from tests.support.authenticator import Authenticator
from tests.support.house import House, settings_for, signed_in
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff
from tests.web.test_access import reading

STEP, ACCOUNT, WRONG = "Zweiter Schritt", "Ihr Konto", "Das stimmt nicht"
HERE = Site("localhost", "http://localhost")


def now() -> datetime:
    return datetime.now(UTC)


def code(secret: str, at: datetime | None = None) -> str:
    return pyotp.TOTP(secret).at(at or now())


def with_app(house: House, name: str) -> str:
    """Give somebody an app and return its secret; codes from now on are fresh."""
    with house.database.transaction() as session:
        who, secret = signed_in(session, name), factors.new_secret()
        earlier = now() - timedelta(minutes=5)
        assert factors.add_totp(session, who, "Telefon", secret, code(secret, earlier), earlier)
    return secret


def with_passkey(house: House, name: str, device: Authenticator) -> None:
    with house.database.transaction() as session:
        who = signed_in(session, name)
        asked = passkeys.ask_to_add(session, who, HERE)
        answer = device.make(asked.options)
        made = passkeys.add(session, who, HERE, asked.challenge, answer, "Gerät", now().date())
        assert made


def spare_codes(house: House, name: str) -> list[str]:
    with house.database.transaction() as session:
        return factors.new_codes(session, signed_in(session, name), now().date())


def options(visitor: Visitor) -> str:
    (found,) = visitor.page.xpath("//form/@data-passkey")
    return str(found)


@pytest.fixture
def strict(house: House) -> Iterator[Flask]:
    """The web application where a second factor is required."""
    chosen = house.settings
    house.settings = settings_for(chosen.data, chosen.database_url, ZUGANG_SECOND_FACTOR="required")
    yield from serving(house)


def test_second_step__the_passphrase_alone_opens_no_page(app: Flask, house: House) -> None:
    with_app(house, "Nora")
    visitor = staff(app, "Nora")
    assert visitor.heading == STEP
    for path in reading(app):
        assert visitor.get(path).heading == "Anmelden", path
    assert visitor.get("/staff/").heading == "Anmelden"
    assert visitor.get("/staff/second-step").heading == STEP


def test_second_step__the_code_of_the_app_lets_her_in(app: Flask, house: House) -> None:
    secret = with_app(house, "Nora")
    visitor = staff(app, "Nora")
    before, typed = visitor.client.get_cookie("session"), code(secret)
    visitor.press("Weiter", code=typed)
    assert visitor.heading == "Eingang"
    assert visitor.client.get_cookie("session") != before
    again = staff(app, "Nora").press("Weiter", code=typed)
    assert again.heading == STEP
    assert again.mistakes[0].startswith(WRONG)


def test_second_step__a_passkey_lets_her_in(app: Flask, house: House) -> None:
    device = Authenticator()
    with_passkey(house, "Nora", device)
    visitor = staff(app, "Nora")
    asked = options(visitor)
    answer = device.sign(asked)
    assert visitor.press("Mit Passkey anmelden", answer=answer).heading == "Eingang"
    other = staff(app, "Nora").press("Mit Passkey anmelden", answer=answer)
    assert other.heading == STEP
    assert other.mistakes[0].startswith(WRONG)
    assert options(other) != asked


def test_second_step__an_answer_without_a_question_lets_nobody_in(app: Flask, house: House) -> None:
    device = Authenticator(counts=0)
    with_passkey(house, "Nora", device)
    visitor = staff(app, "Nora")
    first = options(visitor)
    visitor.press("Weiter", code="")
    assert visitor.press("Mit Passkey anmelden", answer=device.sign(first)).heading == STEP
    assert visitor.press("Mit Passkey anmelden", answer="{}").heading == STEP


def test_second_step__a_spare_code_leads_to_where_the_lost_one_is_removed(
    app: Flask, house: House
) -> None:
    with_app(house, "Nora")
    first, *_ = spare_codes(house, "Nora")
    visitor = staff(app, "Nora").press("Weiter", code=first.upper())
    assert visitor.heading == ACCOUNT
    assert "noch 9 Ersatz-Codes" in visitor.text
    assert visitor.get("/desk/").heading == "Eingang"
    assert staff(app, "Nora").press("Weiter", code=first).mistakes


def test_second_step__who_guesses_waits_even_for_the_right_code(app: Flask, house: House) -> None:
    secret = with_app(house, "Nora")
    visitor = staff(app, "Nora")
    for _ in range(throttle.SECOND_STEP.free):
        assert visitor.press("Weiter", code="000000").mistakes[0].startswith(WRONG)
    assert "Bitte warten Sie" in visitor.press("Weiter", code=code(secret)).mistakes[0]
    assert "Bitte warten Sie" in staff(app, "Nora").press("Weiter", code="000000").mistakes[0]
    assert visitor.get("/desk/").heading == "Anmelden"
    with Session(house.database.durable) as session:
        refused = session.scalars(select(Entry).where(Entry.deed == "refused")).all()
    nora = house.staff["Nora"].person.id
    assert {(line.person_id, line.thing) for line in refused} == {(nora, f"person:{nora}:factors")}
    assert len(refused) == throttle.SECOND_STEP.free


def test_second_step__is_over_after_ten_minutes_and_its_key_is_swept(
    app: Flask, house: House
) -> None:
    with_app(house, "Nora")
    visitor = staff(app, "Nora")
    with house.database.transaction() as session:
        kept = session.scalars(select(Upload)).one()
        assert 0 <= kept.expires - time() <= second_step.SECONDS
        kept.expires = int(time())

    assert visitor.get("/staff/second-step").heading == "Anmelden"

    uploads.sweep(house.database.relaxed)
    with house.database.transaction() as session:
        assert session.scalars(select(Upload)).all() == []


def test_second_step__leaves_no_key_behind_once_she_is_in(app: Flask, house: House) -> None:
    secret = with_app(house, "Nora")
    staff(app, "Nora").press("Weiter", code=code(secret))
    with house.database.transaction() as session:
        assert session.scalars(select(Upload)).all() == []


def test_second_step__nobody_gets_there_without_a_passphrase(app: Flask) -> None:
    assert Visitor(app).get("/staff/second-step").heading == "Anmelden"
    assert staff(app, "Nora").get("/staff/second-step").heading == "Anmelden"


def test_second_step__who_left_meanwhile_stays_outside(app: Flask, house: House) -> None:
    secret = with_app(house, "Nora")
    visitor = staff(app, "Nora")
    with house.database.transaction() as session:
        signed_in(session, "Nora").person.left = now().date()
    assert visitor.press("Weiter", code=code(secret)).heading == "Anmelden"


@pytest.mark.parametrize("name", ["Karin", "Nora"])
def test_required__who_opens_contacts_sets_one_up_before_anything_else(
    strict: Flask, name: str
) -> None:
    visitor = staff(strict, name)
    assert visitor.heading == ACCOUNT
    for path, permission in reading(strict).items():
        heading = visitor.get(path).heading
        assert permission == "account" or heading in {ACCOUNT, "Kein Zugriff"}, path
    visitor.get("/staff/account/app")
    secret = visitor.page.findtext(".//code").replace(" ", "")
    visitor.press("Einrichten", code=code(secret))
    assert visitor.heading == "Ihre Ersatz-Codes"
    assert visitor.get("/staff/").heading in {"Mitarbeitende", "Eingang"}


@pytest.mark.parametrize(("name", "home"), [("Ines", "Befragungen"), ("Eva", "Auswertung")])
def test_required__of_nobody_else(strict: Flask, name: str, home: str) -> None:
    assert staff(strict, name).heading == home


def test_required__the_last_one_stays(strict: Flask, house: House) -> None:
    secret = with_app(house, "Nora")
    visitor = staff(strict, "Nora").press("Weiter", code=code(secret))
    visitor.get("/staff/account").get(visitor.page.xpath("//main//li/a/@href")[0])
    assert "einziger" in visitor.text
    visitor.post(visitor.path, {"csrf_token": visitor.page.xpath("//input/@value")[0]})
    assert "einziger" in visitor.text
    with Session(house.database.durable) as session:
        assert factors.of(session, house.staff["Nora"].person)


def test_deferred__she_is_reminded(app: Flask, house: House) -> None:
    reminder = "noch keinen zweiten Faktor"
    assert reminder in staff(app, "Nora").text
    assert reminder in staff(app, "Karin").text
    assert reminder not in staff(app, "Ines").text
    secret = with_app(house, "Nora")
    assert reminder not in staff(app, "Nora").press("Weiter", code=code(secret)).text
