"""Guessing at the sign-in page: slowed down for everybody alike, and said in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import vault
from core.throttle import ACCOUNT, NETWORK, Attempt, DayKey, Tries
from core.web import sweeping
from core.web.staff.trying import please_wait, tries
from tests.support.house import CHEAP, House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff

WRONG, WAIT = "Name oder Passwort-Satz stimmen nicht.", "Das waren zu viele Versuche. Bitte warten"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[vault.Cost]:
    """Every Argon2id derivation of the test, by its cost; none of them takes long."""
    made: list[vault.Cost] = []
    stretch = vault.stretch

    def count(passphrase: str, salt: bytes, cost: vault.Cost) -> bytes:
        made.append(cost)
        return stretch(passphrase, salt, CHEAP)

    monkeypatch.setattr(vault, "stretch", count)
    return made


def guess(app: Flask, name: str, times: int, address: str = "192.0.2.1") -> list[str]:
    """Return what the page says to each of these guesses."""
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    visitor.get("/staff/sign-in")
    said = []
    for number in range(times):
        visitor.press("Anmelden", name=name, passphrase=f"guess {number}")
        said += visitor.mistakes
    return said


@pytest.mark.parametrize("name", ["Nora", "Nobody"])
def test_sign_in__after_five_guesses_it_says_how_long_to_wait(
    either_app: Flask, derivations: list[vault.Cost], name: str
) -> None:
    said = guess(either_app, name, 7)
    assert said[:5] == [WRONG] * 5
    assert said[5].startswith(WAIT)
    assert said[6].endswith((" 30 Sekunden.", " 29 Sekunden."))
    assert len(derivations) == 5


@pytest.mark.parametrize("name", ["Nora", "Nobody", "", "x" * 100])
def test_sign_in__a_guess_is_one_derivation_whoever_is_named(
    app: Flask, derivations: list[vault.Cost], name: str
) -> None:
    guess(app, name, 1)
    assert len(derivations) == (1 if name else 0)


def test_sign_in__nobody_costs_what_a_new_passphrase_costs(
    app: Flask, derivations: list[vault.Cost]
) -> None:
    guess(app, "Nobody", 1)
    assert derivations == [vault.COST]


def test_sign_in__who_must_wait_is_not_let_in_even_with_her_passphrase(either_app: Flask) -> None:
    guess(either_app, "Nora", 5)
    visitor = staff(either_app, "Nora")
    assert visitor.mistakes[0].startswith(WAIT)
    over(either_app)
    visitor.press("Anmelden", passphrase="birke garten hafen segel wolke")
    assert visitor.heading == "Eingang"
    assert staff(either_app, "Nora").heading == "Eingang"


def test_sign_in__a_name_typed_another_way_is_the_same_account(app: Flask) -> None:
    guess(app, "Nora", 5)
    assert guess(app, "  Nora ", 1)[0].startswith(WAIT)
    assert guess(app, "Sonja", 1) == [WRONG]


def test_sign_in__a_network_that_tries_many_names_waits(
    app: Flask, derivations: list[vault.Cost]
) -> None:
    for number in range(NETWORK.free):
        assert guess(app, f"name {number}", 1, f"192.0.2.{number}") == [WRONG]
    assert guess(app, "Nora", 1, "192.0.2.200")[0].startswith(WAIT)
    assert guess(app, "Nora", 1, "192.0.3.200") == [WRONG]
    assert len(derivations) == NETWORK.free + 1


def test_sign_in__an_office_that_signs_in_all_day_does_not_wait(
    app: Flask, derivations: list[vault.Cost]
) -> None:
    for _ in range(NETWORK.free + 3):
        assert staff(app, "Ines").mistakes == []


def test_sign_in__a_visitor_cannot_choose_her_address(app: Flask) -> None:
    for number in range(7):
        visitor = Visitor(app)
        visitor.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        visitor.get("/staff/sign-in").press("Anmelden", name=f"n {number}", passphrase="guess")
    with Session(app.extensions["zugang"].database.durable) as session:
        assert sorted(session.scalars(select(Attempt.count))) == [1] * 7 + [7]


def test_tries__count_although_the_request_fails(either_app: Flask) -> None:
    @either_app.get("/failing")
    def fail() -> str:
        tries(ACCOUNT, "Nora").count(datetime.now().astimezone())
        raise ZeroDivisionError

    fail.access_rule = ""  # type: ignore[attr-defined]
    for _ in range(5):
        assert Visitor(either_app).get("/failing").response.status_code == 500
    assert guess(either_app, "Nora", 1)[0].startswith(WAIT)


def test_sweep__the_key_of_a_day_that_is_over_goes_with_its_rows(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = either_app.extensions["zugang"].database
    yesterday = datetime.now(UTC) - timedelta(days=1)
    Tries(database.relaxed, (ACCOUNT, "Nora")).count(yesterday)
    guess(either_app, "Nora", 1)
    monkeypatch.setattr(sweeping, "sleep", lambda _seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sweeping._sweep(database)
    with Session(database.durable) as session:
        assert session.scalars(select(DayKey.day)).all() == [datetime.now(UTC).date()]
        assert len(session.scalars(select(Attempt.id)).all()) == 2  # of today: name and network


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 Sekunde."), (2, "2 Sekunden."), (120, "120 Sekunden."), (121, "3 Minuten.")],
)
def test_please_wait__says_it_in_seconds_or_minutes(app: Flask, seconds: int, words: str) -> None:
    with app.test_request_context("/staff/sign-in"):
        assert please_wait(seconds).endswith(f"Bitte warten Sie {words}")


def over(app: Flask) -> None:
    """Let every wait be over."""
    with app.extensions["zugang"].database.transaction() as session:
        session.execute(update(Attempt).values(until=0))
