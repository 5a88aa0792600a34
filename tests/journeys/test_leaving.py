"""Leaving in a hurry, and what stays behind in the browser's history."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.conftest import Browse, Site
from tests.journeys.walker import Answers, Walker
from tests.support.firefox import Firefox
from tests.support.service import Service

EXIT = "Seite schnell verlassen"
START = "Wir sind für Sie da"
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


def test_history__of_chromium_shows_one_neutral_line_for_a_whole_journey(
    open_service: Service, browse: Browse
) -> None:
    phone = browse(open_service, "phone").open("/").press("begin").walk(SHORT).press("submit")
    assert phone.heading == "Ihre Nachricht ist angekommen"
    phone.follow(EXIT)
    phone.close()
    file = phone.folder / "profile" / "Default" / "History"
    shown = rows(
        file,
        "SELECT DISTINCT urls.url, title FROM urls JOIN visits ON visits.url = urls.id"
        f" WHERE visits.transition & {CHAIN_END}",
    )
    assert ours(shown, open_service) == [(f"{open_service.address}/", "Kontakt")]
    # The exit itself is kept too, as a step of a redirect that no list shows.
    every_row = ours(rows(file, "SELECT url, title FROM urls"), open_service)
    assert {row[0] for row in every_row} == {
        f"{open_service.address}/",
        f"{open_service.address}/exit",
    }
    assert not [row for row in every_row if TELLING.search(str(row[1]))]


def test_history__of_firefox_shows_one_neutral_line_for_a_whole_journey(
    open_service: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "firefox"
    with Firefox(folder) as firefox:
        she_refers_herself(firefox, open_service.address)
        firefox.press_and_wait("a.exit")
        assert firefox.read("document.title") == "Wetter"
    query = "SELECT url, title FROM moz_places WHERE hidden ="
    shown = ours(rows(folder / "places.sqlite", f"{query} 0"), open_service)
    assert shown == [(f"{open_service.address}/", "Kontakt")]
    hidden = ours(rows(folder / "places.sqlite", f"{query} 1"), open_service)
    assert hidden == [(f"{open_service.address}/exit", None)]


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
