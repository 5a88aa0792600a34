"""Her time: told on every page, extended by a button, and over without a trace of her words."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from core.web.sessions import LIFETIME
from tests.support.clock import MINUTE, let_pass
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import RECEIVED, value_of, walk_to, walk_to_check, woman

START, CONTACT, CHECK = "Wir sind für Sie da", "So erreichen wir Sie", "Stimmt alles?"
OVER, TOLD, MORE = "Ihre Zeit ist abgelaufen", "Wenn Sie nichts tun, löschen wir um", "stay"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def seconds_left(visitor: Visitor) -> int:
    return int(visitor.page.xpath("string(//*[@id='time']/@data-left)"))


def test_time__every_page_says_until_when_as_long_as_something_can_be_lost(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    assert TOLD not in visitor.text
    visitor.press("begin")
    for _ in range(20):
        assert TOLD in visitor.text
        assert LIFETIME - 30 < seconds_left(visitor) <= LIFETIME
        if visitor.heading == CHECK:
            break
        walk = {"contact_way": ["letter"], "address": "Weg 1", "consent_help": "yes"}
        asked = {name.rpartition("-")[2] for name in visitor.page.xpath("//@name")}
        visitor.press("next", **{name: text for name, text in walk.items() if name in asked})
    assert TOLD not in visitor.press("submit").text
    assert visitor.heading == RECEIVED


def test_time__that_is_told_is_when_everything_is_deleted(app: Flask) -> None:
    visitor = woman(app)
    let_pass(app, 20 * MINUTE)
    visitor.get("/")
    assert LIFETIME - 21 * MINUTE < seconds_left(visitor) <= LIFETIME - 20 * MINUTE
    zone = app.extensions["zugang"].settings.zone
    end = datetime.now(zone).timestamp() + seconds_left(visitor)
    clocks = {f"{datetime.fromtimestamp(end + wait, zone):%H:%M}" for wait in (-2, 0, 2)}
    assert any(f"um {clock} Uhr" in visitor.text for clock in clocks)


@pytest.mark.parametrize("phone", ["12", "0176 040690"])
def test_time__more_of_it_keeps_what_was_typed_right_or_wrong(
    either_app: Flask, phone: str
) -> None:
    visitor = walk_to(woman(either_app), CONTACT)
    let_pass(either_app, 58 * MINUTE)
    visitor.press(MORE, phone=phone, safety_note="Zaunkönig")
    assert visitor.heading == CONTACT
    assert (value_of(visitor, "phone"), value_of(visitor, "safety_note")) == (
        [phone],
        ["Zaunkönig"],
    )
    assert visitor.mistakes == []
    let_pass(either_app, 58 * MINUTE)
    assert value_of(visitor.get("/"), "safety_note") == ["Zaunkönig"]


def test_time__more_of_it_also_on_the_check_page(app: Flask) -> None:
    visitor = walk_to_check(woman(app))
    let_pass(app, 58 * MINUTE)
    assert visitor.press(MORE).heading == CHECK
    let_pass(app, 58 * MINUTE)
    assert visitor.press("submit").heading == RECEIVED


def test_time__that_is_over_shows_the_empty_start_page_and_says_so_once(either_app: Flask) -> None:
    visitor = walk_to(woman(either_app), CONTACT)
    let_pass(either_app, LIFETIME)
    visitor.get("/")
    assert visitor.heading == START
    assert OVER in visitor.text
    assert visitor.client.get_cookie("session") is None
    assert OVER not in visitor.get("/").text
    assert visitor.press("begin").heading == "Sind Sie gerade sicher?"


def test_time__nothing_is_said_to_who_left_or_was_never_here(app: Flask) -> None:
    visitor = woman(app)
    visitor.client.get("/exit")
    assert OVER not in visitor.get("/").text
    visitor.client.set_cookie("session", "made-up")
    assert OVER not in visitor.get("/").text
