"""What a request costs in keys: each is opened once at most, and a passphrase stretched once."""

from collections import Counter

import pytest
from flask import Flask

from core import vault
from core.vault import Pair
from tests.support.house import House, submit
from tests.support.visitor import Visitor
from tests.support.walks import staff

ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what is opened, by its place, and how often a passphrase is stretched."""
    counted: Counter[str] = Counter()
    opening, stretching = vault.open_sealed, vault.stretch

    def opened(pair: Pair, sealed: bytes, place: str) -> bytes:
        counted[place] += 1
        return opening(pair, sealed, place)

    def stretched(passphrase: str, salt: bytes, cost: vault.Cost) -> bytes:
        counted["a passphrase"] += 1
        return stretching(passphrase, salt, cost)

    monkeypatch.setattr(vault, "open_sealed", opened)
    monkeypatch.setattr(vault, "stretch", stretched)
    return counted


def test_request__opens_each_key_it_needs_once(
    app: Flask, house: House, used: Counter[str]
) -> None:
    with house.database.transaction() as session:
        submit(session, "referral", ID, {"/data/contact/name": "Amsel"})
    nora = staff(app, "Nora")
    used.clear()

    assert "Amsel" in nora.get(f"/desk/{ID}").text

    assert set(used.values()) == {1}
    assert sum(place.startswith("grant:") for place in used) == 2


def test_request__opens_no_key_that_it_does_not_need(app: Flask, used: Counter[str]) -> None:
    nora = staff(app, "Nora")
    used.clear()
    nora.get("/desk/")
    assert used == {}


@pytest.mark.parametrize("name", ["Nora", "Nobody"])
@pytest.mark.parametrize("passphrase", ["birke garten hafen segel wolke", "another one altogether"])
def test_sign_in__stretches_one_passphrase_whoever_tries(
    app: Flask, used: Counter[str], name: str, passphrase: str
) -> None:
    visitor = Visitor(app).get("/staff/sign-in")
    used.clear()
    visitor.press("Anmelden", name=name, passphrase=passphrase)
    assert used["a passphrase"] == 1
