"""Staying signed in, and being signed out: by the clock, by herself, from somewhere else."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import presence, vault
from core.audit import Entry
from core.presence import Presence
from core.web import sweeping
from core.web.devices import named
from core.web.sessions import table
from tests.support.clock import HOUR, MINUTE, let_pass
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff
from tests.web.test_sessions import token_of

EXTEND = "Verlängern (öffnet ein neues Fenster)"
OVER = "Ihre Sitzung ist zu Ende."
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def is_out(visitor: Visitor) -> bool:
    return visitor.get("/interviews/").path == "/staff/sign-in"


def presences(app: Flask) -> list[Presence]:
    with Session(app.extensions["zugang"].database.durable) as session:
        return list(session.scalars(select(Presence)))


def test_session__who_only_reads_stays_signed_in(either_app: Flask) -> None:
    visitor = staff(either_app, "Ines")
    for _ in range(9):
        let_pass(either_app, 25 * MINUTE)
        assert not is_out(visitor)


def test_session__half_an_hour_without_doing_anything_ends_it(either_app: Flask) -> None:
    visitor = staff(either_app, "Ines")
    let_pass(either_app, 29 * MINUTE)
    assert not is_out(visitor)
    let_pass(either_app, 30 * MINUTE)
    assert is_out(visitor)
    assert OVER in visitor.text
    assert presences(either_app) == []


def test_session__twelve_hours_end_it_however_busy_she_is(app: Flask) -> None:
    visitor = staff(app, "Ines")
    for _ in range(35):
        let_pass(app, 20 * MINUTE)
        assert not is_out(visitor)
    assert "Länger als 12 Stunden bleibt niemand angemeldet" in visitor.text
    with pytest.raises(LookupError):
        visitor.button(EXTEND)
    let_pass(app, 20 * MINUTE)
    assert is_out(visitor)


def test_session__ended_from_elsewhere_is_over_at_once(either_app: Flask) -> None:
    visitor = staff(either_app, "Ines")
    (row,) = presences(either_app)
    with either_app.extensions["zugang"].database.transaction() as session:
        presence.end_all(session, row.person_id)
    assert visitor.get("/staff/").path == "/staff/sign-in"
    assert is_out(visitor)


def test_session__idle_opens_no_key_even_to_who_has_the_cookie(
    either_app: Flask, either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = staff(either_app, "Nora")
    token = token_of(visitor)
    private = either_house.staff["Nora"].pair.private
    database = either_app.extensions["zugang"].database
    key = vault.derive(token, "presence key")
    (row,) = presences(either_app)
    assert vault.unlock(key, row.box, f"presence:{row.person_id}") == private
    let_pass(either_app, 30 * MINUTE)
    monkeypatch.setattr(sweeping, "sleep", lambda _seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sweeping._sweep(database)
    assert presences(either_app) == []
    with database.relaxed.connect() as connection:
        boxes = list(connection.scalars(select(table.c.box)))
    (plain,) = (vault.unlock(vault.derive(token, "session key"), box, "session") for box in boxes)
    assert private.hex().encode() not in plain
    assert private not in plain
    assert is_out(visitor)


@pytest.mark.parametrize("leave", ["/staff/sign-out", "/exit"])
def test_session__leaving_removes_its_row(either_app: Flask, leave: str) -> None:
    visitor, other = staff(either_app, "Ines"), staff(either_app, "Ines")
    if leave == "/exit":
        visitor.client.get(leave)
    else:
        visitor.press("Abmelden")
        assert OVER not in visitor.text
    assert len(presences(either_app)) == 1
    assert is_out(visitor)
    assert not is_out(other)


def test_session__signing_in_again_removes_the_row_from_before(app: Flask) -> None:
    visitor = staff(app, "Ines").get("/staff/sign-in")
    visitor.press("Anmelden", name="Nora", passphrase="birke garten hafen segel wolke")
    assert len(presences(app)) == 1


def test_page__says_until_when_she_stays_and_stay_makes_it_later(app: Flask) -> None:
    visitor = staff(app, "Ines")
    let_pass(app, 20 * MINUTE)
    left = int(visitor.page.get_element_by_id("staying").get("data-left"))
    assert left == pytest.approx(30 * MINUTE, abs=2)
    visitor.press(EXTEND)
    assert visitor.heading == "Sie bleiben angemeldet"
    left = int(visitor.page.get_element_by_id("staying").get("data-left"))
    assert left == pytest.approx(30 * MINUTE, abs=2)
    assert not is_out(visitor)
    let_pass(app, 29 * MINUTE)
    assert not is_out(visitor)


def test_page__of_a_woman_or_of_nobody_knows_nothing_of_it(app: Flask) -> None:
    for visitor in (Visitor(app).get("/"), Visitor(app).get("/staff/sign-in")):
        assert not visitor.page.xpath("//*[@id='staying']")


def test_sessions__names_the_device_and_which_one_is_hers(either_app: Flask) -> None:
    visitor = Visitor(either_app)
    visitor.headers["User-Agent"] = FIREFOX
    visitor.get("/staff/sign-in")
    visitor.press("Anmelden", name="Eva", passphrase="birke garten hafen segel wolke")
    staff(either_app, "Eva")
    staff(either_app, "Ines")
    visitor.get("/staff/sessions")
    titles = [" ".join(h.text_content().split()) for h in visitor.page.xpath("//main//h2")]
    assert sorted(titles) == ["Firefox, Linux (diese hier)", "Unbekanntes Gerät"]
    assert {row.device for row in presences(either_app)} == {"Firefox, Linux", ""}


def test_sessions__one_is_ended_at_once_and_it_is_noted(either_app: Flask) -> None:
    here, there, other = (staff(either_app, name) for name in ("Ines", "Ines", "Nora"))
    here.get("/staff/sessions")
    button = here.page.xpath("//button[@name='session'][contains(., 'Beenden')]")
    here.press(button[0].get("value"))
    assert here.path == "/staff/sessions"
    assert [is_out(one) for one in (here, there, other)] == [False, True, False]
    with Session(either_app.extensions["zugang"].database.durable) as session:
        entry = session.scalars(select(Entry).where(Entry.deed == "ended")).one()
        assert entry.thing == f"person:{entry.person_id}"


def test_sessions__all_others_are_ended(app: Flask) -> None:
    visitors = [staff(app, "Ines") for _ in range(3)]
    visitors[1].get("/staff/sessions").press("others")
    assert [is_out(one) for one in visitors] == [True, False, True]
    visitors[1].get("/staff/sessions")
    assert not visitors[1].page.xpath("//main//button")


@pytest.mark.parametrize("chosen", ["nora", "zz", ""])
def test_sessions__nobody_ends_those_of_somebody_else(app: Flask, chosen: str) -> None:
    nora = staff(app, "Nora")
    (row,) = presences(app)
    ines = staff(app, "Ines").get("/staff/sessions")
    token = ines.page.xpath("//input[@name='csrf_token']/@value")[0]
    value = row.id.hex() if chosen == "nora" else chosen
    ines.post("/staff/sessions", {"csrf_token": token, "session": value})
    assert len(presences(app)) == 2
    with Session(app.extensions["zugang"].database.durable) as session:
        assert session.scalars(select(Entry).where(Entry.deed == "ended")).all() == []
    assert nora.get("/desk/").path == "/desk/"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("(Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("(iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1", "Safari, iPhone"),
        (
            "(Linux; Android 15; SM-X200) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36",
            "Samsung Internet, Android",
        ),
        ("(Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari, Mac"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_named__says_browser_and_system_and_nothing_else(line: str, words: str) -> None:
    assert named(line) == words


def test_session__a_womans_answers_typed_by_staff_are_gone_after_an_hour(app: Flask) -> None:
    visitor = staff(app, "Nora").get("/").press("begin")
    let_pass(app, HOUR)
    assert visitor.get("/").heading == "Wir sind für Sie da"
