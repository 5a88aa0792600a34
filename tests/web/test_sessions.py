"""One sealed row a browser, opened by nothing but its cookie."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from core import database, uploads, vault
from core.vault import Tampered
from core.web import sessions, sweeping
from core.web.sessions import LIFETIME, table
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff, value_of, walk_to, walk_to_check, woman

START, FIRST = "Wir sind für Sie da", "Sind Sie gerade sicher?"
WORD = "zaunkoenig"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


class EndOfTest(Exception):
    """Ends a loop that has no end."""


@pytest.fixture
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweeper go round once."""

    def end(_seconds: float) -> None:
        raise EndOfTest

    monkeypatch.setattr(sweeping, "sleep", end)


def rows(app: Flask) -> list[tuple[bytes, int, bytes]]:
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def let_pass(app: Flask, seconds: int) -> None:
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        connection.execute(update(table).values(expires=table.c.expires - seconds))


def token_of(visitor: Visitor) -> bytes:
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    return base64.urlsafe_b64decode(cookie.value)


def writing(app: Flask) -> Visitor:
    visitor = walk_to(woman(app), "So erreichen wir Sie")
    return visitor.press("next", phone="0176 040690", safety_note=WORD)


def test_session__the_first_page_sets_no_cookie(either_app: Flask) -> None:
    visitor = Visitor(either_app).get("/")
    assert "Set-Cookie" not in visitor.response.headers
    assert rows(either_app) == []


def test_session__its_cookie_is_for_this_site_and_this_sitting_only(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = visitor.client.post("/", data={"csrf_token": token, "go": "begin"})
    header = answer.headers["Set-Cookie"]
    assert {part.strip().partition("=")[0] for part in header.split(";")} == {
        "session",
        "HttpOnly",
        "Path",
        "SameSite",
    }
    assert "SameSite=Strict" in header
    assert "Path=/" in header


def test_session__behind_tls_its_cookie_is_bound_to_the_host(house: House) -> None:
    secure = type(house.settings)(**vars(house.settings) | {"behind_proxy": True})
    for app in serving(House(secure, house.database)):
        visitor = Visitor(app).get("/")
        token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
        answer = visitor.client.post("/", data={"csrf_token": token, "go": "begin"})
        header = answer.headers["Set-Cookie"]
        assert header.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(header.split("; "))
        assert "Domain" not in header
        assert "Strict-Transport-Security" in answer.headers


def test_session__the_cookie_says_nothing(app: Flask) -> None:
    assert len(token_of(woman(app))) == 32
    assert token_of(woman(app)) != token_of(woman(app))


def test_session__nothing_in_its_row_opens_it(either_app: Flask) -> None:
    visitor = writing(either_app)
    [(key, _, box)] = rows(either_app)
    token = token_of(visitor)
    assert WORD.encode() in vault.unlock(vault.derive(token, "session key"), box, "session")
    for known in (key, vault.derive(key, "session key"), vault.derive(token, "session id")):
        with pytest.raises(Tampered):
            vault.unlock(known, box, "session")
    assert token not in key + box


def test_session__another_cookie_opens_nothing(app: Flask) -> None:
    writing(app)
    stranger = Visitor(app)
    for value in ("", "x", "ä", base64.urlsafe_b64encode(bytes(32)).decode(), "A" * 4000):
        stranger.client.set_cookie("session", value)
        assert stranger.get("/").heading == START


def test_session__a_row_under_the_id_of_another_does_not_open(app: Flask) -> None:
    thief, victim = woman(app), writing(app)
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        key = vault.derive(token_of(victim), "session id")
        box = connection.scalar(select(table.c.box).where(table.c.id == key))
        mine = vault.derive(token_of(thief), "session id")
        connection.execute(update(table).values(box=box).where(table.c.id == mine))
    assert thief.get("/").heading == START
    assert WORD not in thief.text


@pytest.mark.usefixtures("one_round")
def test_session__what_was_typed_is_gone_after_an_hour(either_app: Flask) -> None:
    visitor = writing(either_app)
    let_pass(either_app, LIFETIME)
    assert visitor.get("/").heading == START
    assert len(rows(either_app)) == 1
    with pytest.raises(EndOfTest):
        sweeping._sweep(either_app.extensions["zugang"].database)
    assert rows(either_app) == []


def test_session__what_was_typed_is_there_just_before(either_app: Flask) -> None:
    visitor = writing(either_app)
    let_pass(either_app, LIFETIME - 30)
    visitor.get("/").press("back")
    assert value_of(visitor, "safety_note") == [WORD]
    let_pass(either_app, 60)  # going on has begun a new hour
    assert visitor.get("/").heading == visitor.heading != START


def test_leave__deletes_what_was_typed_and_leads_away(either_app: Flask) -> None:
    visitor = writing(either_app)
    copied = visitor.client.get_cookie("session")
    assert copied is not None
    answer = visitor.client.get("/exit")
    assert answer.status_code == 302
    assert answer.location == "https://www.dwd.de/"
    assert set(answer.headers["Clear-Site-Data"].split(", ")) == {
        '"cache"',
        '"cookies"',
        '"storage"',
    }
    assert visitor.client.get_cookie("session") is None
    assert rows(either_app) == []
    visitor.client.set_cookie("session", copied.value)
    assert visitor.get("/").heading == START


def test_leave__also_from_the_confirmation(app: Flask) -> None:
    visitor = walk_to_check(woman(app)).press("submit")
    visitor.client.get("/exit")
    assert rows(app) == []
    assert visitor.get("/").heading == START


def test_leave__works_for_who_never_began(app: Flask) -> None:
    assert Visitor(app).client.get("/exit").location == "https://www.dwd.de/"


def test_leave__leads_away_although_the_database_is_away(either_house: House) -> None:
    for app in serving(either_house):
        visitor = woman(app)
        opened = app.extensions["zugang"].database
        with opened.relaxed.connect() as connection:
            connection.execute(text("DROP TABLE web_session"))
        answer = visitor.client.get("/exit")
        assert answer.location == "https://www.dwd.de/"
        assert visitor.client.get_cookie("session") is None


def test_sign_in__the_cookie_from_before_opens_nothing_after(either_app: Flask) -> None:
    visitor = Visitor(either_app).get("/staff/sign-in")
    before = token_of(visitor)
    visitor.press("Anmelden", name="Nora", passphrase="birke garten hafen segel wolke")
    assert visitor.heading == "Eingang"
    assert token_of(visitor) != before
    assert len(rows(either_app)) == 1
    visitor.client.set_cookie("session", base64.urlsafe_b64encode(before).decode())
    assert visitor.get("/desk/").heading == "Anmelden"


def test_sign_in__what_the_browser_had_before_is_gone(app: Flask) -> None:
    visitor = writing(app)
    visitor.get("/staff/sign-in")
    visitor.press("Anmelden", name="Nora", passphrase="birke garten hafen segel wolke")
    assert visitor.get("/").heading == START


def test_sign_out__the_cookie_opens_nothing_any_more(either_app: Flask) -> None:
    visitor = staff(either_app, "Nora")
    signed_in = token_of(visitor)
    visitor.press("Abmelden")
    assert visitor.heading == "Anmelden"
    assert token_of(visitor) != signed_in
    visitor.client.set_cookie("session", base64.urlsafe_b64encode(signed_in).decode())
    assert visitor.get("/desk/").heading == "Anmelden"


def test_sweep__takes_only_what_has_run_out(either_app: Flask) -> None:
    woman(either_app)
    let_pass(either_app, LIFETIME)
    stays = woman(either_app)
    sessions.sweep(either_app.extensions["zugang"].database.relaxed)
    assert [key for key, _, _ in rows(either_app)] == [vault.derive(token_of(stays), "session id")]


@pytest.mark.usefixtures("one_round")
def test_sweep__takes_files_that_have_run_out_too(either_house: House) -> None:
    with either_house.database.transaction() as session:
        stays, over = (uploads.keep(session, "x.jpg", b"x", seconds) for seconds in (60, 0))
    with pytest.raises(EndOfTest):
        sweeping._sweep(either_house.database)
    with either_house.database.transaction() as session:
        assert uploads.missing(session, [stays, over]) == {over}


@pytest.mark.usefixtures("one_round")
def test_sweep__waits_when_the_database_is_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened = database.connect(f"sqlite:///{tmp_path}")  # a folder is no database
    with pytest.raises(EndOfTest):
        sweeping._sweep(opened)
    assert "OperationalError" in caplog.text
    opened.close()


def test_session__a_page_that_is_only_read_is_not_written(app: Flask) -> None:
    visitor = woman(app)
    before = rows(app)
    visitor.get("/")
    assert rows(app) == before
    assert "Set-Cookie" not in visitor.response.headers
