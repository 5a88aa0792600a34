"""A flood of made-up messages is slowed; a woman is not, and nobody is kept out."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from core import throttle
from core.throttle import Attempt
from core.web import floods
from core.web.floods import BITS, FEWEST, JOURNEYS, WAIT
from tests.intake.test_views import stored
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, RECEIVED, walk_to_check, woman

FIRST, WAITING = "Sind Sie gerade sicher?", "Bitte warten Sie kurz"
FLOODER, OTHER, NEIGHBOUR = "198.51.100.7", "203.0.113.7", "198.51.100.8"
AGAIN = "Bitte noch einmal senden"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def coming_from(app: Flask, address: str) -> Visitor:
    visitor = Visitor(app)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor.get("/")


def flood(app: Flask, journeys: int) -> list[Visitor]:
    """Begin so many journeys from one network; return those that got in."""
    begun = (coming_from(app, FLOODER).press("begin") for _ in range(journeys))
    return [one for one in begun if one.heading == FIRST]


def hold_up(visitor: Visitor) -> Visitor:
    assert visitor.response.status_code == 429
    assert WAITING in visitor.text
    assert visitor.page.xpath("//a[@href='tel:116016']")
    return visitor


def solved(visitor: Visitor) -> str:
    ticket = visitor.page.xpath("string(//input[@name='ticket']/@value)")
    for proof in count():
        digest = sha256(f"{ticket}.{proof}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0:
            return str(proof)
    raise AssertionError


def let_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = floods.time.time
    monkeypatch.setattr(floods.time, "time", lambda: now() + seconds)


def test_flood__of_500_journeys_is_slowed_and_a_woman_elsewhere_is_not(app: Flask) -> None:
    assert JOURNEYS.free <= len(flood(app, 500)) <= JOURNEYS.free + 2  # one a while still gets in
    hold_up(coming_from(app, NEIGHBOUR).press("begin"))
    assert coming_from(app, OTHER).press("begin").heading == FIRST


def test_flood__no_address_is_kept(either_app: Flask, either_house: House) -> None:
    flood(either_app, 3)
    with either_house.database.transaction() as session:
        rows = list(session.scalars(select(Attempt)))
    assert [row.count for row in rows] == [3]
    assert throttle.network_of(FLOODER).encode() not in rows[0].id


def test_flood__this_machine_itself_is_no_network(app: Flask) -> None:
    begun = [woman(app).heading for _ in range(JOURNEYS.free + 3)]
    assert set(begun) == {FIRST}


def test_ticket__a_solved_puzzle_lets_in_once(either_app: Flask) -> None:
    flood(either_app, JOURNEYS.free)
    visitor = hold_up(coming_from(either_app, FLOODER).press("begin"))
    ticket = visitor.page.xpath("string(//input[@name='ticket']/@value)")
    proof = solved(visitor)
    wrong = hold_up(visitor.press("begin", proof=f"{proof}0"))
    assert wrong.press("begin", proof=proof).heading == FIRST
    other = hold_up(coming_from(either_app, FLOODER).press("begin"))
    other.page.xpath("//input[@name='ticket']")[0].set("value", ticket)
    hold_up(other.press("begin", proof=proof))


def test_ticket__who_waits_is_let_in_without_a_script(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood(app, JOURNEYS.free)
    visitor = hold_up(coming_from(app, FLOODER).press("begin"))
    hold_up(visitor.press("begin"))  # who presses too soon does not begin to wait anew
    let_pass(monkeypatch, WAIT + 1)
    assert visitor.press("begin").heading == FIRST


@pytest.mark.parametrize("ticket", ["", "made.up.ticket", "ä"])
def test_ticket__that_is_made_up_is_worth_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ticket: str
) -> None:
    flood(app, JOURNEYS.free)
    visitor = hold_up(coming_from(app, FLOODER).press("begin"))
    visitor.page.xpath("//input[@name='ticket']")[0].set("value", ticket)
    let_pass(monkeypatch, WAIT + 1)
    hold_up(visitor.press("begin"))


def test_ticket__also_for_who_fills_in_what_nobody_sees(app: Flask) -> None:
    visitor = coming_from(app, OTHER)
    [field] = visitor.page.xpath("//p[@hidden]//input[@name='subject']")
    assert (field.get("autocomplete"), field.get("tabindex")) == ("off", "-1")
    hold_up(visitor.press("begin", subject="Buy now"))
    assert visitor.press("begin").heading == FIRST  # it is empty again


def test_haste__what_nobody_can_have_written_so_soon_is_asked_for_once_more(
    either_app: Flask, either_house: House
) -> None:
    visitor = walk_to_check(coming_from(either_app, OTHER).press("begin")).press("submit")
    assert visitor.heading == CHECK
    assert AGAIN in visitor.text
    assert stored(either_house) == []
    assert visitor.press("submit").heading == RECEIVED
    assert len(stored(either_house)) == 1


def test_haste__nobody_is_asked_who_took_her_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = walk_to_check(coming_from(app, OTHER).press("begin"))
    let_pass(monkeypatch, FEWEST + 1)
    assert visitor.press("submit").heading == RECEIVED
