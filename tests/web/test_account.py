"""Her own account: another passphrase, second factors, spare codes."""

import html as entities

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import factors, throttle
from core.web.staff.second_step import passkeys_work
from tests.support.authenticator import Authenticator
from tests.support.house import PASSPHRASE, House
from tests.support.visitor import Visitor
from tests.support.walks import staff
from tests.web.test_second_step import code, options, with_app

OWN = "feder gras hummel jolle"


def opened(app: Flask, name: str, path: str) -> Visitor:
    return staff(app, name).get(f"/staff/account{path}")


def secret_on(visitor: Visitor) -> str:
    return str(visitor.page.findtext(".//code")).replace(" ", "")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Karin", "Koordinatorin"),
        ("Nora", "Beraterin, Norden"),
        ("Ines", "Interviewerin"),
        ("Eva", "Auswerterin"),
    ],
)
def test_account__is_behind_her_name(app: Flask, name: str, role: str) -> None:
    visitor = staff(app, name)
    visitor.get(visitor.page.xpath(f"//header//a[bdi='{name}']/@href")[0])
    assert visitor.heading == "Ihr Konto"
    assert [dd.text_content().strip() for dd in visitor.page.findall(".//dd")] == [name, role]


def test_change__the_new_passphrase_is_the_only_one(app: Flask) -> None:
    visitor = opened(app, "Eva", "/passphrase")
    visitor.press("Ändern", old=PASSPHRASE, passphrase=OWN, again=OWN)
    assert visitor.heading == "Ihr neuer Passwort-Satz gilt"
    assert visitor.get("/results/").heading == "Auswertung"
    assert staff(app, "Eva").mistakes
    assert staff(app, "Eva", OWN).heading == "Auswertung"


def test_change__ends_her_other_sessions_and_this_one_goes_on(app: Flask) -> None:
    elsewhere, visitor = staff(app, "Eva"), opened(app, "Eva", "/passphrase")
    before = visitor.client.get_cookie("session")
    visitor.press("Ändern", old=PASSPHRASE, passphrase=OWN, again=OWN)
    assert elsewhere.get("/results/").heading == "Anmelden"
    assert visitor.get("/results/").heading == "Auswertung"
    assert visitor.client.get_cookie("session") != before


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"old": "something else", "passphrase": OWN, "again": OWN}, "nicht Ihr Passwort-Satz"),
        ({"old": "", "passphrase": OWN, "again": OWN}, "Bitte ausfüllen"),
        ({"old": PASSPHRASE, "passphrase": OWN, "again": OWN + "!"}, "verschieden"),
        ({"old": PASSPHRASE, "passphrase": "", "again": OWN}, "Bitte ausfüllen"),
        ({"old": PASSPHRASE, "passphrase": "kurz", "again": "kurz"}, "mindestens 12 Zeichen"),
        (
            {"old": PASSPHRASE, "passphrase": "passwort1234", "again": "passwort1234"},
            "zu leicht zu erraten",
        ),
        (
            {"old": PASSPHRASE, "passphrase": "unna unna unna", "again": "unna unna unna"},
            "zu leicht",
        ),
    ],
)
def test_change__a_mistake_is_told_and_nothing_changes(
    app: Flask, typed: dict[str, str], mistake: str
) -> None:
    visitor = opened(app, "Eva", "/passphrase").press("Ändern", **typed)
    assert len(visitor.mistakes) == 1
    assert mistake in visitor.mistakes[0]
    assert not visitor.page.xpath("//input[@type='password'][@value != '']")
    assert staff(app, "Eva").heading == "Auswertung"


@pytest.mark.parametrize(
    ("tried", "word", "value"),
    [("aaaaaaaaaaaa", "sehr schwach", "1"), (OWN, "sehr stark", "5")],
)
def test_judge__shows_how_strong_it_is_and_keeps_nothing(
    app: Flask, tried: str, word: str, value: str
) -> None:
    visitor = opened(app, "Eva", "/passphrase").press("Stärke prüfen", passphrase=tried)
    (meter,) = visitor.page.findall(".//meter")
    assert (meter.text, meter.get("value")) == (word, value)
    assert f"Stärke: {word}" in visitor.text
    assert ("wiederholt" in visitor.text) == (tried != OWN)
    assert visitor.mistakes == []
    assert tried not in entities.unescape(visitor.response.get_data(as_text=True))
    assert staff(app, "Eva").heading == "Auswertung"


def test_judge__a_whole_form_is_not_sent_by_it(app: Flask) -> None:
    visitor = opened(app, "Eva", "/passphrase")
    visitor.press("Stärke prüfen", old=PASSPHRASE, passphrase=OWN, again=OWN)
    assert visitor.page.findall(".//meter")
    assert staff(app, "Eva", OWN).mistakes


def test_app__is_added_with_the_first_code_it_shows(app: Flask, house: House) -> None:
    visitor = opened(app, "Eva", "/app")
    secret = secret_on(visitor)
    assert visitor.page.xpath("//*[@role='img']/svg")
    visitor.press("Einrichten", code="000000")
    assert "stimmt nicht" in visitor.mistakes[0]
    assert secret_on(visitor) == secret
    visitor.press("Einrichten", name=" Mein  Handy ", code=code(secret))
    codes = [one.text for one in visitor.page.findall(".//code")]
    assert len(codes) == factors.CODES
    visitor.get("/staff/account")
    assert "Mein Handy (App mit Zahlen, seit" in visitor.text
    assert "noch 10 Ersatz-Codes" in visitor.text
    assert secret_on(visitor.get("/staff/account/app")) != secret
    assert staff(app, "Eva").press("Weiter", code=codes[0]).heading == "Ihr Konto"


def test_app__a_second_one_leaves_the_codes_alone(app: Flask, house: House) -> None:
    visitor = opened(app, "Eva", "/app")
    visitor.press("Einrichten", code=code(secret_on(visitor)))
    visitor.get("/staff/account/app")
    visitor.press("Einrichten", name="Tablet", code=code(secret_on(visitor)))
    assert visitor.heading == "Ihr Konto"
    assert "Tablet" in visitor.text


def test_passkey__is_added_with_what_the_device_says(app: Flask) -> None:
    device = Authenticator()
    visitor = opened(app, "Eva", "/passkey")
    stale = options(visitor)
    visitor.press("Einrichten", answer="{}")
    assert "nicht geklappt" in visitor.mistakes[0]
    visitor.press("Einrichten", answer=device.make(stale))
    assert "nicht geklappt" in visitor.mistakes[0]
    visitor.press("Einrichten", name="Schlüssel", answer=device.make(options(visitor)))
    assert visitor.heading == "Ihre Ersatz-Codes"
    assert "Schlüssel (Passkey im Gerät, seit" in visitor.get("/staff/account").text
    again = staff(app, "Eva")
    assert "Zahl aus der App" not in again.text
    again.press("Mit Passkey anmelden", answer=device.sign(options(again)))
    assert again.heading == "Auswertung"


@pytest.mark.parametrize(
    ("base", "offered"),
    [
        ("http://localhost", True),
        ("http://localhost:8000", True),
        ("https://zugang.example", True),
        ("http://zugang.example", False),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkey__is_offered_where_browsers_have_them(app: Flask, base: str, offered: bool) -> None:
    with app.test_request_context(base_url=base):
        assert passkeys_work() is offered


def test_remove__needs_the_passphrase(app: Flask, house: House) -> None:
    secret = with_app(house, "Eva")
    visitor = staff(app, "Eva").press("Weiter", code=code(secret)).get("/staff/account")
    link = visitor.page.xpath("//main//li/a/@href")[0]
    visitor.get(link).press("Entfernen", passphrase="something else")
    assert visitor.mistakes == ["Das ist nicht Ihr Passwort-Satz."]
    visitor.press("Entfernen", passphrase=PASSPHRASE)
    assert visitor.heading == "Ihr Konto"
    assert staff(app, "Eva").heading == "Auswertung"


def test_confirm__who_guesses_the_passphrase_waits(app: Flask, house: House) -> None:
    visitor = opened(app, "Eva", "/codes")
    for _ in range(throttle.ACCOUNT.free):
        visitor.press("Neue Codes zeigen", passphrase="something else")
        assert visitor.mistakes == ["Das ist nicht Ihr Passwort-Satz."]
    visitor.press("Neue Codes zeigen", passphrase=PASSPHRASE)
    assert "Bitte warten Sie" in visitor.mistakes[0]


def test_remove__what_is_somebody_elses_is_not_there(app: Flask, house: House) -> None:
    with_app(house, "Nora")
    with Session(house.database.durable) as session:
        (hers,) = factors.of(session, house.staff["Nora"].person)
    visitor = opened(app, "Eva", f"/factors/{hers.id}/remove")
    assert visitor.response.status_code == 404
    assert visitor.get("/staff/account/factors/999/remove").response.status_code == 404


def test_codes__new_ones_need_the_passphrase_and_void_the_old(app: Flask, house: House) -> None:
    visitor = opened(app, "Eva", "/app")
    visitor.press("Einrichten", code=code(secret_on(visitor)))
    old = str(visitor.page.findtext(".//code"))
    visitor.get("/staff/account/codes").press("Neue Codes zeigen", passphrase="something else")
    assert visitor.mistakes == ["Das ist nicht Ihr Passwort-Satz."]
    visitor.press("Neue Codes zeigen", passphrase=PASSPHRASE)
    new = str(visitor.page.findtext(".//code"))
    assert staff(app, "Eva").press("Weiter", code=old).mistakes
    assert staff(app, "Eva").press("Weiter", code=new).heading == "Ihr Konto"
