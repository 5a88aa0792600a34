"""A person at Chromium: finds questions by their name, presses, waits for the page that follows.

chromedriver's click returns before a 303 has been followed, so every step to another page waits
until another document is there and whole.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

T = TypeVar("T")
SECONDS = 30
MOST_PAGES = 20
Answers = Mapping[str, str | Sequence[str]]


class Walker:
    """One browser on its way through the service at `address`."""

    def __init__(self, browser: Chrome, address: str, folder: Path) -> None:
        self.browser = browser
        self.address = address
        self.folder = folder
        self._open = True

    # -- going -----------------------------------------------------------------------------------

    def open(self, path: str = "/") -> "Walker":
        """Type an address of the service."""
        self.browser.get(path if "://" in path else self.address + path)
        return self

    def press(self, button: str) -> "Walker":
        """Press the button with this value or text and wait for what it leads to."""
        self._leave(self.button(button))
        return self

    def press_go(self) -> "Walker":
        """Press the page's main button, whatever it says."""
        self._leave(self.browser.find_element(By.CSS_SELECTOR, "button.go"))
        return self

    def press_in(self, kind: str) -> "Walker":
        """Press the button of the form whose hidden kind is this."""
        form = f"//form[input[@name='kind'][@value={_quoted(kind)}]]"
        self._leave(self.browser.find_element(By.XPATH, f"{form}//button"))
        return self

    def follow(self, link: str) -> "Walker":
        """Follow the first link that says this."""
        self._leave(self.browser.find_element(By.PARTIAL_LINK_TEXT, link))
        return self

    def run(self, script: str, *arguments: Any) -> "Walker":
        """Run a script that leads to another page and wait for that."""
        self._gone(lambda: self.browser.execute_script(script, *arguments))
        return self

    def key(self, keys: str, *held: str) -> "Walker":
        """Press keys that stay on this page, with others `held` meanwhile."""
        chain = ActionChains(self.browser)
        for one in held:
            chain.key_down(one)
        chain.send_keys(keys)
        for one in held:
            chain.key_up(one)
        chain.perform()
        return self

    def tab(self, *, upwards: bool = False) -> "Walker":
        """Move the focus to the next stop, or to the one before."""
        keys = ActionChains(self.browser)
        if upwards:
            keys.key_down(Keys.SHIFT)
        keys.send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        return self

    def hit(self, key: str, *held: str) -> "Walker":
        """Press a key that leads to another page and wait for that."""
        self._gone(lambda: self.key(key, *held))
        return self

    def back(self) -> "Walker":
        """Press the browser's own Back."""
        self._gone(self.browser.back)
        return self

    def download(self, button: str) -> Path:
        """Press what hands out a file and return the file once it is whole."""
        return self._download(self.button(button))

    def download_at(self, css: str) -> Path:
        """Follow the first such link that hands out a file and return the file once it is whole."""
        return self._download(self.browser.find_element(By.CSS_SELECTOR, css))

    def _download(self, element: WebElement) -> Path:
        folder = self.folder / "downloads"
        before = set(folder.iterdir())
        self.click(element)
        return self.until(lambda: next(iter(_whole(set(folder.iterdir()) - before)), None))

    def walk(self, answers: Answers) -> "Walker":
        """Answer page after page by the questions' names until everything can be checked."""
        open_ones = dict(answers)
        for _ in range(MOST_PAGES):
            if self.buttons("submit"):
                assert not open_ones, f"nobody asked for {sorted(open_ones)}"
                return self
            for name in self.answer_what_is_asked(open_ones):
                del open_ones[name]
            self.press("next")
        raise AssertionError(f"no end after {MOST_PAGES} pages: {self.heading}")

    def close(self) -> None:
        """Close the browser, unless it is closed already."""
        if self._open:
            self._open = False
            self.browser.quit()

    # -- filling in ------------------------------------------------------------------------------

    def answer_what_is_asked(self, answers: Answers) -> list[str]:
        """Give those answers that this page asks for; return their names."""
        asked = [name for name in answers if self.fields(name)]
        for name in asked:
            self.answer(name, answers[name])
        return asked

    def answer(self, name: str, given: str | Sequence[str]) -> "Walker":
        """Answer the question with this name: choose one or several, or write."""
        field = self.fields(name)[0]
        kind = field.get_attribute("type")
        texts = [given] if isinstance(given, str) else list(given)
        if field.tag_name == "select":
            Select(field).select_by_value(texts[0])
        elif kind in {"radio", "checkbox"}:
            self._choose(self.fields(name), texts)
        else:
            field.clear()
            field.send_keys(texts[0])
        return self

    def _choose(self, fields: Iterable[WebElement], values: Sequence[str]) -> None:
        by_value = {field.get_attribute("value"): field for field in fields}
        for value in values:
            self.click(by_value[value])

    def sign_in(self, name: str, passphrase: str) -> "Walker":
        """Come in as a member of staff."""
        self.open("/staff/")
        return self.answer("name", name).answer("passphrase", passphrase).press("Anmelden")

    # -- seeing ----------------------------------------------------------------------------------

    def fields(self, name: str) -> list[WebElement]:
        """Return the fields of a question, none when this page does not ask it."""
        return self.browser.find_elements(By.CSS_SELECTOR, f'[name="{name}"],[name$="-{name}"]')

    def buttons(self, button: str) -> list[WebElement]:
        """Return the buttons with this value or text."""
        path = f"//button[@value={_quoted(button)} or normalize-space()={_quoted(button)}]"
        return self.browser.find_elements(By.XPATH, path)

    def button(self, button: str) -> WebElement:
        """Return the first of these buttons."""
        found = self.buttons(button)
        assert found, f"no button {button!r} on {self.browser.current_url}: {self.text}"
        return found[0]

    @property
    def page_name(self) -> str:
        """The name of the questionnaire's page: its group."""
        return str(self.fields("page")[0].get_attribute("value")).rpartition("/")[2]

    @property
    def heading(self) -> str:
        """The page's main heading."""
        return self.browser.find_element(By.TAG_NAME, "h1").text

    @property
    def text(self) -> str:
        """Everything the page says."""
        return self.browser.find_element(By.TAG_NAME, "body").text

    @property
    def language(self) -> tuple[str, str]:
        """(language, direction) of the page, as the browser lays it out."""
        root = self.browser.find_element(By.TAG_NAME, "html")
        return str(root.get_attribute("lang")), root.value_of_css_property("direction")

    def answer_to(self, question: str) -> str:
        """Return what stands under a question on a page of answers."""
        path = f"//dt[normalize-space()={_quoted(question)}]/following-sibling::dd[1]"
        return self.browser.find_element(By.XPATH, path).text

    def row(self, heading: str) -> list[str]:
        """Return the cells of the table row that begins with this heading."""
        path = f"//tr[th[normalize-space()={_quoted(heading)}]]/td"
        return [cell.text for cell in self.browser.find_elements(By.XPATH, path)]

    def first_stop(self) -> str:
        """Return what the Tab key reaches first."""
        ActionChains(self.browser).send_keys(Keys.TAB).perform()
        return self.browser.switch_to.active_element.text

    def requested(self) -> list[str]:
        """Return every address this browser's page has asked for since the last look."""
        entries = [json.loads(entry["message"])["message"] for entry in self._log()]
        return [
            entry["params"]["request"]["url"]
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]

    def _log(self) -> list[dict[str, Any]]:
        return self.browser.get_log("performance")  # type: ignore[no-untyped-call, no-any-return]

    # -- waiting ---------------------------------------------------------------------------------

    def until(self, seen: Callable[[], T | None]) -> T:
        """Return what `seen` returns once that is something."""
        # What is looked at may belong to the page that is just going away: then look again.
        waiting = WebDriverWait(
            self.browser,
            SECONDS,
            poll_frequency=0.05,
            ignored_exceptions=[NoSuchElementException, StaleElementReferenceException],
        )
        found = waiting.until(lambda _: seen())
        assert found
        return found

    def click(self, element: WebElement) -> None:
        """Bring an element to the middle, clear of the exit bar, and press it."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def _leave(self, element: WebElement) -> None:
        self._gone(lambda: self.click(element))

    def _gone(self, act: Callable[[], None]) -> None:
        before = self._document()
        act()
        waiting = WebDriverWait(
            self.browser, SECONDS, poll_frequency=0.02, ignored_exceptions=[WebDriverException]
        )
        waiting.until(lambda _: self._document() not in {before, None})

    def _document(self) -> float | None:
        """Return what tells this document from all others, None while it is not whole."""
        script = "return document.readyState === 'complete' ? performance.timeOrigin : null"
        return cast("float | None", self.browser.execute_script(script))


def _whole(files: Iterable[Path]) -> list[Path]:
    return [file for file in files if file.suffix == ".xlsx" and file.stat().st_size]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
