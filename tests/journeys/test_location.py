"""A question for a place: the device may fill it in, and nobody needs that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.support import chromium
from tests.support.service import COMMAND, Service

TABLE = "| survey |\n| | type | name | label |\n| | geopoint | place | Wo sind Sie? |\n"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    file = tmp_path_factory.mktemp("form") / "place.md"
    file.write_text(TABLE)
    service = Service(file.with_name("unused"))
    bind = service.address.removeprefix("http://")
    service.program = (str(COMMAND), "forms", "preview", str(file), "--bind", bind)
    service.start()
    yield service
    service.stop()


def opened(preview: Service, folder: Path, *, javascript: bool) -> webdriver.Chrome:
    browser = chromium.launch(folder, javascript=javascript)
    browser.get(f"{preview.address}/preview/")
    return browser


def box(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.ID, "q-place").get_attribute("value") or ""


def press(browser: webdriver.Chrome, text: str) -> None:
    browser.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click()


def wait_for(browser: webdriver.Chrome, text: str) -> None:
    """Wait until the page, which may be on its way, says a text."""
    waiting = WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])
    waiting.until(lambda _: text in browser.find_element(By.TAG_NAME, "main").text)


def test_location__the_device_fills_it_in_when_asked(preview: Service, tmp_path: Path) -> None:
    browser = opened(preview, tmp_path, javascript=True)
    place = {"latitude": 51.5375, "longitude": 7.6889, "accuracy": 9}
    browser.execute_cdp_cmd("Emulation.setGeolocationOverride", place)
    allowed = {"permissions": ["geolocation"], "origin": preview.address}
    browser.execute_cdp_cmd("Browser.grantPermissions", allowed)
    assert box(browser) == ""
    press(browser, "Meinen Standort eintragen")
    WebDriverWait(browser, 20).until(lambda _: box(browser) == "51.537500, 7.688900")
    press(browser, "Weiter")
    wait_for(browser, "51.5375, 7.6889")
    browser.quit()


def test_location__who_says_no_is_told_to_write_it(preview: Service, tmp_path: Path) -> None:
    browser = opened(preview, tmp_path, javascript=True)
    refused = {"permission": {"name": "geolocation"}, "setting": "denied"}
    browser.execute_cdp_cmd("Browser.setPermission", refused)
    press(browser, "Meinen Standort eintragen")
    said = "Das Gerät nennt keinen Standort. Bitte schreiben Sie ihn."
    status = browser.find_element(By.CSS_SELECTOR, "[role=status]")
    WebDriverWait(browser, 20).until(lambda _: status.text == said)
    browser.quit()


def test_location__without_a_script_there_is_only_the_box(preview: Service, tmp_path: Path) -> None:
    browser = opened(preview, tmp_path, javascript=False)
    assert not browser.find_element(By.CSS_SELECTOR, "[data-locates]").is_displayed()
    browser.find_element(By.ID, "q-place").send_keys("51,5375; 7,6889")
    press(browser, "Weiter")
    wait_for(browser, "51.5375, 7.6889")
    browser.quit()
