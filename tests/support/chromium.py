"""Debian's Chromium as a phone with JavaScript switched off, driven by Selenium."""

import os
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.support.tools import need

Size = tuple[int, int]  # CSS pixels

PHONE: Size = (390, 844)
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def options(folder: Path, *, size: Size | None = PHONE, javascript: bool = False) -> Options:
    """Return the options of a German browser that keeps its profile and downloads in `folder`.

    Without a size, whoever drives the browser may change it at will.
    """
    chosen = Options()
    chosen.binary_location = str(need("chromium", "chromium"))
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}"):
        chosen.add_argument(flag)
    if os.geteuid() == 0:
        chosen.add_argument("--no-sandbox")
    if size is not None:
        width, height = size
        metrics = {"width": width, "height": height, "pixelRatio": 1, "touch": False}
        chosen.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    chosen.add_experimental_option(
        "prefs",
        {
            "intl.accept_languages": "de-DE,de",
            "profile.managed_default_content_settings.javascript": 1 if javascript else 2,
            "download.default_directory": str(folder / "downloads"),
            "download.prompt_for_download": False,
        },
    )
    chosen.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    return chosen


def launch(
    folder: Path, *, size: Size | None = PHONE, javascript: bool = False
) -> webdriver.Chrome:
    """Return a started browser; who calls it quits it."""
    (folder / "downloads").mkdir(parents=True, exist_ok=True)
    # With the path given, Selenium looks for no driver on the network.
    driver = Service(executable_path=str(need("chromedriver", "chromium-driver")))
    browser = webdriver.Chrome(
        options=options(folder, size=size, javascript=javascript), service=driver
    )
    browser.set_page_load_timeout(30)
    return browser
