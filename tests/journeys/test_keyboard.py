"""With the keyboard alone: every stop can be seen, nothing is covered, and the message arrives."""

from collections.abc import Callable
from typing import cast

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.journeys.conftest import Browse
from tests.journeys.walker import Walker
from tests.support.service import Service

MOST_STOPS = 80
ANSWERS = {"contact_way": "phone", "phone": "0176 04069012", "consent_help": "yes"}
# WCAG 2.4.7 and 2.4.11: where the keyboard is must show, and no bar may lie over it.
HIDDEN = """
const one = document.activeElement, box = one.getBoundingClientRect();
const style = getComputedStyle(one), bar = document.querySelector(".exit");
const unseen = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
const outside = box.bottom <= 0 || box.top >= innerHeight;
const covered = bar !== one && box.top < bar.getBoundingClientRect().bottom - 1;
const found = Object.entries({unseen, outside, covered}).filter(([, holds]) => holds);
return found.map(([name]) => `${name}: ${one.outerHTML.slice(0, 80)}`);
"""
Wanted = Callable[[WebElement], bool]


def reach(walker: Walker, wanted: Wanted, *, upwards: bool = False) -> WebElement:
    """Press Tab until what is wanted has the focus; hold every stop on the way to the rules."""
    for _ in range(MOST_STOPS):
        walker.tab(upwards=upwards)
        here = walker.browser.switch_to.active_element
        assert cast("list[str]", walker.browser.execute_script(HIDDEN)) == []
        if wanted(here):
            return here
    raise AssertionError(f"not reached on {walker.heading}")


def button(value: str) -> Wanted:
    return lambda here: here.get_attribute("value") == value and here.tag_name == "button"


def is_exit(here: WebElement) -> bool:
    return here.get_attribute("class") == "exit"


def answer_by_key(walker: Walker, name: str, given: str) -> None:
    here = reach(walker, lambda one: (one.get_attribute("name") or "").endswith(f"-{name}"))
    kind = here.get_attribute("type")
    if kind == "text":
        walker.key(given)
        return
    while walker.browser.switch_to.active_element.get_attribute("value") != given:
        walker.key(Keys.ARROW_DOWN if kind == "radio" else Keys.TAB)
    here = walker.browser.switch_to.active_element
    if not here.is_selected():
        walker.key(Keys.SPACE)
    assert here.is_selected()


@pytest.mark.parametrize("javascript", [False, True])
def test_referral__by_keyboard_alone(
    open_service: Service, browse: Browse, *, javascript: bool
) -> None:
    phone = browse(open_service, "phone", javascript=javascript).open("/")
    reach(phone, button("begin"))
    phone.hit(Keys.ENTER)
    told = False
    while not phone.buttons("submit"):
        asked = [name for name in ANSWERS if phone.fields(name)]
        if "contact_way" in asked and not told:
            told = True
            reach(phone, button("next"))
            phone.hit(Keys.ENTER)
            reach(phone, lambda here: here.find_element(By.XPATH, "..").tag_name == "li")
            phone.key(Keys.ENTER)  # the summary leads to the question
            continue
        for name in asked:
            answer_by_key(phone, name, ANSWERS[name])
        reach(phone, button("next"))
        phone.hit(Keys.ENTER)
    assert told
    reach(phone, button("submit"))
    phone.hit(Keys.ENTER)
    assert phone.heading == "Ihre Nachricht ist angekommen"


def test_exit__is_one_key_away_on_a_page_just_opened(open_service: Service, browse: Browse) -> None:
    phone = browse(open_service, "phone").open("/")
    reach(phone, button("begin"))
    phone.hit(Keys.ENTER)
    phone.tab()
    assert is_exit(phone.browser.switch_to.active_element)


def test_way_back_up__is_not_covered_by_the_exit(open_service: Service, browse: Browse) -> None:
    phone = browse(open_service, "phone").open("/").press("begin")
    while not phone.fields("reasons"):
        phone.press("next")
    reach(phone, button("next"))
    assert phone.browser.execute_script("return scrollY") > 0
    reach(phone, is_exit, upwards=True)
