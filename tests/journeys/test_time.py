"""A woman who is interrupted while she writes: warned, given more time, forgotten at the end."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from core import database, settings
from core.database import Database
from tests.journeys.conftest import Browse
from tests.journeys.walker import Walker
from tests.support.clock import MINUTE, let_pass_in
from tests.support.service import Service

NOTE = "Nicht am Mittwoch"
SOON = "In 5 Minuten löschen wir"
PASSED = "const then = Date.now; Date.now = () => then() + 1000 * arguments[0]"
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # then the script looks at once


@pytest.fixture
def opened(open_service: Service) -> Iterator[Database]:
    """The database of the service that is running."""
    found = database.connect(settings.read(open_service.environment).database_url)
    yield found
    found.close()


def writing(walker: Walker) -> Walker:
    walker.open("/").press("begin")
    while not walker.fields("safety_note"):
        walker.answer_what_is_asked({"contact_way": ("letter",)})
        walker.press("next")
    return walker.answer("safety_note", NOTE)


def let_pass(walker: Walker, opened: Database, seconds: int) -> None:
    let_pass_in(opened, seconds)
    walker.browser.execute_script(PASSED, seconds)
    walker.browser.execute_script(LOOK)


def line(walker: Walker) -> str:
    read = "return document.querySelector('#time [role=status]').textContent"
    return str(walker.browser.execute_script(read))


def typed(walker: Walker) -> str:
    return walker.fields("safety_note")[0].get_attribute("value") or ""


def test_time__a_line_warns_and_its_button_gives_more_without_a_new_page(
    open_service: Service, browse: Browse, opened: Database
) -> None:
    phone = writing(browse(open_service, "phone", javascript=True))
    let_pass(phone, opened, 54 * MINUTE)
    assert SOON not in line(phone)
    let_pass(phone, opened, 2 * MINUTE)
    assert SOON in line(phone)
    assert phone.browser.find_element(By.ID, "time").value_of_css_property("position") == "sticky"
    phone.browser.execute_script("document.body.dataset.same = 1")
    phone.click(phone.button("stay"))
    phone.until(lambda: SOON not in line(phone))
    assert phone.browser.find_elements(By.CSS_SELECTOR, "[data-same]")
    assert typed(phone) == NOTE
    let_pass_in(opened, 58 * MINUTE)
    phone.press("back").press("next")
    assert typed(phone) == NOTE


def test_time__more_of_it_without_scripts_keeps_what_was_typed(
    open_service: Service, browse: Browse, opened: Database
) -> None:
    phone = writing(browse(open_service, "phone"))
    let_pass_in(opened, 56 * MINUTE)
    phone.press("stay")
    assert typed(phone) == NOTE
    let_pass_in(opened, 56 * MINUTE)
    phone.press("back").press("next")
    assert typed(phone) == NOTE


def test_time__that_is_over_takes_the_page_away(
    open_service: Service, browse: Browse, opened: Database
) -> None:
    phone = writing(browse(open_service, "phone", javascript=True))
    before = phone.browser.find_element(By.TAG_NAME, "html").id
    let_pass(phone, opened, 61 * MINUTE)
    phone.until(lambda: phone.browser.find_element(By.TAG_NAME, "html").id != before)
    phone.until(lambda: phone.heading)
    assert "Ihre Zeit ist abgelaufen" in phone.text
    assert NOTE not in phone.browser.page_source
    assert phone.press("begin").heading == "Sind Sie gerade sicher?"
