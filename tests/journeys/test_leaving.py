"""Leaving in a hurry, and what stays behind in the browser's history."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.journeys.conftest import Browse, Site
from tests.journeys.walker import Answers, Walker
from tests.support.firefox import Firefox
from tests.support.service import Service

EXIT = "Seite schnell verlassen"
START, FIRST, SECOND = "Wir sind für Sie da", "Sind Sie gerade sicher?", "Wo Sie leben"
TELLING = re.compile("wohn|gewalt|frau|not|hilfe|schutz|flucht|heim", re.IGNORECASE)
SHORT: Answers = {"contact_way": ("phone",), "phone": "0176 04069012", "consent_help": "yes"}
Row = tuple[str | int | None, ...]
CHAIN_END = 0x20000000  # Chromium's mark of a visit that its history page shows


def test_exit__in_the_middle_forgets_everything_and_leads_to_the_neutral_site(
    open_service: Service, neutral_site: Site, browse: Browse
) -> None:
    before = sessions(open_service)
    phone = browse(open_service, "phone").open("/").press("begin")
    phone.answer("safe_now", "no").press("next").answer("housing", "street").press("next")
    assert sessions(open_service) == before + 1
    neutral_site.visits.clear()
    phone.follow(EXIT)
    assert phone.browser.current_url == neutral_site.address
    assert [visit["Referer"] for visit in neutral_site.visits] == [None]
    assert sessions(open_service) == before
    assert not phone.browser.get_cookies()
    every_step_back_shows_the_empty_start_page(phone)


def every_step_back_shows_the_empty_start_page(phone: Walker) -> None:
    for _ in range(4):  # the start page and one entry for each of three posts
        phone.back()
        assert phone.heading == START
        assert not phone.fields("safe_now")
        assert not phone.fields("housing")
    phone.press("begin")
    assert not [one for one in phone.fields("safe_now") if one.is_selected()]


def test_exit__is_the_first_stop_of_the_tab_key_on_every_page(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone").open("/")
    assert phone.first_stop() == EXIT
    phone.press("begin")
    assert phone.first_stop() == EXIT
    phone.walk(SHORT)
    assert phone.first_stop() == EXIT
    phone.press("submit")
    assert phone.first_stop() == EXIT


@pytest.mark.parametrize(("javascript", "leaving"), [(False, True), (True, True), (True, False)])
def test_history__of_chromium_shows_one_neutral_line_for_a_whole_journey(
    open_service: Service, browse: Browse, *, javascript: bool, leaving: bool
) -> None:
    phone = browse(open_service, "phone", javascript=javascript).open("/")
    before = entries(phone)
    phone.press("begin").walk(SHORT).press("submit")
    assert phone.heading == "Ihre Nachricht ist angekommen"
    if javascript:
        assert entries(phone) == before
    else:
        assert len(entries(phone)) > len(before) + 5  # one for each post, which a script avoids
    if leaving:
        phone.follow(EXIT)
    phone.close()
    file = phone.folder / "profile" / "Default" / "History"
    shown = rows(
        file,
        "SELECT DISTINCT urls.url, title FROM urls JOIN visits ON visits.url = urls.id"
        f" WHERE visits.transition & {CHAIN_END}",
    )
    # A script's way out makes all that was before a step of a redirect, which no list shows.
    line = [] if javascript and leaving else [(f"{open_service.address}/", "Kontakt")]
    assert ours(shown, open_service) == line
    every_row = ours(rows(file, "SELECT url, title FROM urls"), open_service)
    kept = ["/", "/exit"] if leaving else ["/"]  # the exit itself is such a step, too
    assert {row[0] for row in every_row} == {open_service.address + path for path in kept}
    assert not [row for row in every_row if TELLING.search(str(row[1]))]


@pytest.mark.parametrize("javascript", [False, True])
def test_history__of_firefox_shows_one_neutral_line_for_a_whole_journey(
    open_service: Service, tmp_path: Path, *, javascript: bool
) -> None:
    folder = tmp_path / "firefox"
    with Firefox(folder, javascript=javascript) as firefox:
        she_refers_herself(firefox, open_service.address)
        assert firefox.read("history.length") == 2  # the empty page that it begins with, and ours
        firefox.press_and_wait("a.exit")
        assert firefox.read("document.title") == "Wetter"
    query = "SELECT url, title FROM moz_places WHERE hidden ="
    shown = ours(rows(folder / "places.sqlite", f"{query} 0"), open_service)
    assert shown == [(f"{open_service.address}/", "Kontakt")]
    hidden = ours(rows(folder / "places.sqlite", f"{query} 1"), open_service)
    assert hidden == [(f"{open_service.address}/exit", None)]


def test_exit__with_scripts_leaves_no_page_of_ours_to_go_back_to(
    open_service: Service, neutral_site: Site, browse: Browse
) -> None:
    before = sessions(open_service)
    phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
    phone.answer("safe_now", "no").press("next").answer("housing", "street").press("next")
    neutral_site.visits.clear()
    phone.follow(EXIT)
    assert phone.browser.current_url == neutral_site.address
    assert [visit["Referer"] for visit in neutral_site.visits] == [None]
    assert sessions(open_service) == before
    assert not [one for one in entries(phone) if one.startswith(open_service.address)]
    phone.open("/")
    assert phone.heading == START
    assert not phone.browser.get_cookies()


def test_exit__hides_the_page_before_anything_else_happens(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
    hidden = phone.browser.execute_script(
        "document.querySelector('a.exit').click(); return document.documentElement.hidden"
    )
    assert hidden is True


@pytest.mark.parametrize("kind", ["Chromium", "Firefox"])
def test_exit__shift_pressed_three_times_leaves_from_a_box_that_is_being_filled_in(
    open_service: Service, neutral_site: Site, browse: Browse, tmp_path: Path, kind: str
) -> None:
    if kind == "Chromium":
        phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
        shift(phone, Keys.SHIFT, "a", Keys.SHIFT, Keys.SHIFT)
        assert phone.heading == FIRST
        shift(phone, "a", *[Keys.SHIFT] * 3)
        phone.until(lambda: phone.browser.current_url == neutral_site.address)
        return
    with Firefox(tmp_path / "firefox", javascript=True) as firefox:
        firefox.open(f"{open_service.address}/")
        firefox.press_and_wait("[value=begin]")
        firefox.keys("\ue008", "a", "\ue008", "\ue008")
        assert firefox.find("[name$=-safe_now]")
        firefox.keys("a", *["\ue008"] * 3)
        firefox.until("document.title === 'Wetter'", "Shift led nowhere")


def test_keyboard__of_the_exit_is_told_where_it_works_and_nowhere_else(
    open_service: Service, browse: Browse
) -> None:
    told = "3-mal die Umschalt-Taste"
    phone = browse(open_service, "phone").open("/")
    assert told not in phone.text
    other = browse(open_service, "other", javascript=True).open("/")
    assert told in other.text
    for _ in range(2):
        way = other.browser.find_element(By.CLASS_NAME, "exit")
        described = other.browser.find_element(By.ID, str(way.get_attribute("aria-describedby")))
        assert told in described.text
        other.press_go()


def test_post__that_a_script_cannot_send_is_sent_as_without_it(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
    phone.browser.execute_script("window.fetch = () => Promise.reject(new TypeError())")
    phone.answer("safe_now", "no").press("next")
    assert phone.heading == SECOND
    phone.press("back")
    assert [
        one.get_attribute("value") for one in phone.fields("safe_now") if one.is_selected()
    ] == ["no"]


def test_post__that_is_refused_shows_the_page_with_what_was_typed(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
    phone.answer("safe_now", "no")
    phone.browser.execute_script("document.querySelector('[name=csrf_token]').value = 'wrong'")
    phone.press("next")
    assert "Bitte noch einmal senden" in phone.text
    assert [
        one.get_attribute("value") for one in phone.fields("safe_now") if one.is_selected()
    ] == ["no"]
    phone.press("next")
    assert phone.heading == SECOND


def test_mistakes__are_reached_from_the_summary_without_a_line_in_the_history(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone", javascript=True).open("/").press("begin")
    while not phone.fields("contact_way"):
        phone.press("next")
    phone.press("next")
    phone.click(phone.browser.find_element(By.CSS_SELECTOR, ".summary a"))
    active = phone.browser.switch_to.active_element
    assert str(active.get_attribute("id")).endswith("contact_way")
    assert phone.browser.current_url == f"{open_service.address}/"


def entries(phone: Walker) -> list[str]:
    """Return the addresses that Back and Forward of this browser know."""
    found = phone.browser.execute_cdp_cmd("Page.getNavigationHistory", {})
    return [entry["url"] for entry in found["entries"]]


def shift(phone: Walker, *keys: str) -> None:
    chain = ActionChains(phone.browser)
    for key in keys:
        chain.key_down(key).key_up(key)
    chain.perform()


def she_refers_herself(firefox: Firefox, address: str) -> None:
    """Walk through a referral in Firefox, answering what has to be answered."""
    firefox.open(f"{address}/")
    firefox.press_and_wait("[value=begin]")
    while not firefox.find("[value=submit]"):
        if firefox.find("[name$=-contact_way]"):
            firefox.click("[name$=-contact_way][value=phone]")
        if firefox.find("[name$=-phone]"):
            firefox.write("[name$=-phone]", "0176 04069012")
        if firefox.find("[name$=-consent_help]"):
            firefox.click("[name$=-consent_help][value=yes]")
        firefox.press_and_wait("[value=next]")
    firefox.press_and_wait("[value=submit]")
    assert firefox.read("document.querySelector('h1').textContent") == (
        "Ihre Nachricht ist angekommen"
    )


def sessions(service: Service) -> int:
    """Return how many browsers the service remembers."""
    return len(rows(service.data / "zugang.sqlite3", "SELECT id FROM web_session"))


def rows(file: Path, query: str) -> list[Row]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def ours(found: list[Row], service: Service) -> list[Row]:
    return [row for row in found if str(row[0]).startswith(service.address)]
