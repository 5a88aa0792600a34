"""An interviewer who is interrupted: warned in time, and nothing she typed is lost."""

import time
from collections.abc import Iterator

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from sqlalchemy import select, update

from core import database, settings
from core.database import Database
from core.presence import LONGEST, Presence
from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.walker import Walker
from tests.support.clock import MINUTE, let_pass_in

WORDS = "Sie kam am Mittwoch\nund blieb."
STILL = "Ihre Eingabe ist noch da"
# Her computer's clock goes on as that of the service does, by what is written down there.
PASSED = "const then = Date.now; Date.now = () => then() + 1000 * arguments[0]"

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # then the script looks at once


@pytest.fixture
def opened(demo: Demo) -> Iterator[Database]:
    """The database of the demo service."""
    found = database.connect(settings.read(demo.service.environment).database_url)
    yield found
    found.close()


def writing(demo: Demo, walker: Walker) -> Walker:
    """Let Ines write on a page of an interview."""
    walker.sign_in("Ines Demo", demo.passphrases["Ines Demo"]).press("client")
    while not walker.fields("good"):
        walker.press("next")
    walker.answer("good", WORDS)
    if walker.browser.find_element(By.ID, "entering").is_displayed():
        walker.until(lambda: "Zwischengespeichert" in walker.text)
    return walker


def let_pass(walker: Walker, opened: Database, seconds: int) -> None:
    let_pass_in(opened, seconds)
    walker.browser.execute_script(PASSED, seconds)


def keys(walker: Walker, *pressed: str) -> None:
    ActionChains(walker.browser).send_keys(*pressed).perform()


def focused(walker: Walker) -> str:
    active = walker.browser.switch_to.active_element
    return active.get_attribute("name") or active.text


def typed(walker: Walker) -> str:
    return walker.fields("good")[0].get_attribute("value") or ""


def saved_turn(walker: Walker) -> int:
    return int(walker.fields("turn")[0].get_attribute("value") or 0)


def she_goes_on_in_another_window(walker: Walker, *, later: int) -> None:
    first = walker.browser.current_window_handle
    walker.browser.switch_to.new_window("tab")
    script = {"source": PASSED.replace("arguments[0]", str(later))}
    walker.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
    walker.open("/interviews/")
    walker.browser.switch_to.window(first)


def she_stays(walker: Walker) -> None:
    """Press what has the focus, and wait for the answer: only then time may pass again."""
    footer = walker.browser.find_element(By.ID, "staying")
    keys(walker, Keys.ENTER)
    walker.until(lambda: is_gone(footer))  # in its place is that of the answer


def is_gone(element: WebElement) -> bool:
    try:
        element.is_displayed()
    except StaleElementReferenceException:
        return True
    return False


def idle_seconds(opened: Database) -> float:
    with opened.relaxed.connect() as connection:
        return time.time() - connection.scalars(select(Presence.seen)).one()


def test_warning__the_keyboard_extends_it_and_what_is_typed_stays(
    demo: Demo, opened: Database, browse: Browse
) -> None:
    walker = writing(demo, browse(demo.service, "desk", size=DESK, javascript=True))
    dialog = walker.browser.find_element(By.ID, "leaving")
    field = focused(walker)
    assert not dialog.is_displayed()

    let_pass(walker, opened, 26 * MINUTE)
    walker.until(dialog.is_displayed)
    assert (dialog.aria_role, dialog.accessible_name) == ("alertdialog", "Sind Sie noch da?")
    assert "In 5 Minuten werden Sie abgemeldet" in dialog.text
    assert focused(walker) == "Angemeldet bleiben"
    she_stays(walker)
    assert not dialog.is_displayed()
    assert idle_seconds(opened) < MINUTE
    assert (typed(walker), focused(walker)) == (WORDS, field)

    let_pass(walker, opened, 26 * MINUTE)
    walker.until(dialog.is_displayed)
    keys(walker, Keys.ESCAPE)
    assert not dialog.is_displayed()
    assert idle_seconds(opened) > 25 * MINUTE
    turn = saved_turn(walker)
    keys(walker, "!")
    assert typed(walker) == f"{WORDS}!"
    walker.until(lambda: saved_turn(walker) > turn)  # what she types is saved
    assert idle_seconds(opened) < MINUTE

    let_pass(walker, opened, 31 * MINUTE)
    walker.until(dialog.is_displayed)
    assert "Sie sind jetzt abgemeldet" in dialog.text
    assert not walker.button("stay").is_displayed()
    keys(walker, Keys.ESCAPE)
    it_is_sent_after_signing_in_again(demo, walker, f"{WORDS}!")


def test_warning__knows_her_other_windows_and_that_twelve_hours_are_the_end(
    demo: Demo, opened: Database, browse: Browse
) -> None:
    walker = writing(demo, browse(demo.service, "desk", size=DESK, javascript=True))
    footer = walker.browser.find_element(By.ID, "staying")
    she_goes_on_in_another_window(walker, later=10 * MINUTE)
    walker.until(lambda: is_gone(footer))  # in its place is the other window's
    let_pass(walker, opened, 26 * MINUTE)
    walker.browser.execute_script(LOOK)
    assert not walker.browser.find_element(By.ID, "leaving").is_displayed()

    with opened.relaxed.connect() as connection:
        begun = int(time.time()) - LONGEST + 20 * MINUTE
        connection.execute(update(Presence).values(begun=begun))
    walker.press("back").press("next")
    assert "Länger als 12 Stunden bleibt niemand angemeldet" in walker.text
    let_pass(walker, opened, 16 * MINUTE)
    dialog = walker.browser.find_element(By.ID, "leaving")
    walker.until(dialog.is_displayed)
    assert "Länger als 12 Stunden bleibt niemand angemeldet" in dialog.text
    assert not walker.button("stay").is_displayed()
    assert focused(walker) == "Schließen"


def test_without_scripts__another_window_extends_and_nothing_is_lost(
    demo: Demo, opened: Database, browse: Browse
) -> None:
    walker = writing(demo, browse(demo.service, "phone"))
    let_pass_in(opened, 26 * MINUTE)
    before = walker.browser.current_window_handle
    walker.click(walker.button("Verlängern (öffnet ein neues Fenster)"))
    walker.until(lambda: len(walker.browser.window_handles) == 2)
    walker.until(lambda: idle_seconds(opened) < MINUTE)
    walker.browser.switch_to.window(before)
    assert typed(walker) == WORDS
    let_pass_in(opened, 31 * MINUTE)
    it_is_sent_after_signing_in_again(demo, walker, WORDS)


def it_is_sent_after_signing_in_again(demo: Demo, walker: Walker, words: str) -> None:
    walker.press("next")
    assert walker.heading == "Anmelden"
    assert STILL in walker.text
    walker.answer("name", "Ines Demo").answer("passphrase", demo.passphrases["Ines Demo"])
    walker.press("Anmelden")
    assert walker.heading == STILL
    walker.press("Jetzt senden").press("back")
    assert typed(walker) == words
