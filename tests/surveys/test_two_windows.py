"""The same interview open twice: what one window saved, the other never overwrites in silence."""

from threading import Thread
from typing import Any

import pytest
from flask import Flask

from core import drafts
from tests.support.house import House
from tests.support.interviewing import arrive, begin, stored, to_the_end
from tests.support.visitor import Visitor


def second_window(app: Flask, first: Visitor) -> Visitor:
    return arrive(app).get(first.path)


def test_two_windows__the_later_one_is_told_and_shown_both_answers(app: Flask) -> None:
    one = begin(app)
    other = second_window(app, one)
    one.press("next", way_found="web", waiting="days")

    other.press("next", way_found="friends", waiting="days")

    assert other.response.status_code == 409
    assert "inzwischen anderswo weitergegangen" in other.text
    shown = [cell.text_content().strip() for cell in other.page.xpath("//table//td")]
    assert shown == ["Über Freunde, Bekannte oder die Familie", "Über das Internet"]
    assert other.page.xpath("//input[@checked]/@value") == ["friends", "days"]


def test_two_windows__nothing_of_it_is_saved_until_it_is_sent_again(app: Flask) -> None:
    one = begin(app)
    other = second_window(app, one)
    one.press("next", way_found="web")
    other.press("next", way_found="friends")

    one.get(one.path).press("back")
    assert one.page.xpath("//input[@checked]/@value") == ["web"]
    other.get(other.path)
    assert other.page.xpath("//input[@checked]/@value") == ["web"]

    third = second_window(app, one)
    one.press("next", way_found="jobcenter")
    third.press("next", way_found="friends").press("next")
    assert third.response.status_code == 200
    one.get(one.path).press("back")
    assert one.page.xpath("//input[@checked]/@value") == ["friends"]


def test_two_windows__a_press_that_changes_nothing_needs_no_word(app: Flask) -> None:
    one = begin(app)
    other = second_window(app, one)
    one.press("next", way_found="web")

    other.press("next", way_found="web")

    assert other.response.status_code == 200
    assert other.heading == "Der Kontakt mit der Beraterin"


def test_two_windows__nobody_sends_what_she_has_not_seen(house: House, app: Flask) -> None:
    one = to_the_end(begin(app), age="30_49")
    other = second_window(app, one)
    one.press("page:/data/person").press("next", age="50_64")

    other.press("submit")

    assert other.response.status_code == 409
    assert "50 bis 64 Jahre" in other.text
    assert stored(house, "client") == []
    other.press("submit")
    assert [one["age"] for one in stored(house, "client")] == ["50_64"]


def test_keep__saves_and_answers_with_the_next_turn(app: Flask) -> None:
    one = begin(app)
    token = one.page.xpath("//input[@name='csrf_token']/@value")[0]
    page = one.page.xpath("//input[@name='page']/@value")[0]
    said = {"csrf_token": token, "page": page, "go": "keep", one.field("waiting"): "week"}

    one.post(one.path, data=said | {"turn": "0"})

    assert one.response.status_code == 200
    assert one.page.xpath("//input[@name='turn']/@value") == ["1"]
    again = second_window(app, one)
    assert again.page.xpath("//input[@checked]/@value") == ["week"]
    assert again.heading == "Ihr Weg zu uns"


def test_two_windows__at_the_same_moment_one_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = begin(app)
    other = second_window(app, one)
    save = drafts.save

    def later(*given: Any) -> None:
        monkeypatch.setattr("core.drafts.save", save)
        meanwhile = Thread(target=lambda: other.press("next", way_found="friends"))
        meanwhile.start()
        meanwhile.join()
        save(*given)

    monkeypatch.setattr("core.drafts.save", later)
    one.press("next", way_found="web")

    assert one.response.status_code == 409
    assert "inzwischen anderswo weitergegangen" in one.text
    assert one.page.xpath("//input[@checked]/@value") == ["web"]
    other.get(other.path).press("back")
    assert other.page.xpath("//input[@checked]/@value") == ["friends"]
