"""Every type of question in a browser: nothing sticks out of a narrow page, all is easy to hit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from selenium.webdriver import Chrome

from tests.support import chromium
from tests.web.test_questions import STATES, STYLE, drawn, filling_with

NARROW = (320, 640)  # also what is left of a 1,280 pixel screen at 400 %
SMALLEST = 44  # pixels across: what a thumb hits (WCAG 2.2 asks for 24)
OUTSIDE = """
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll("main *")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && (box.right > width + 0.5 || box.left < -0.5);
    }).map(one => one.outerHTML.slice(0, 90));
"""
TARGETS = """
    const boxes = document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea, "
        + "button:not([hidden]), summary)");
    return [...boxes].map(one => one.closest("label.choice") || one).map(one => {
        const box = one.getBoundingClientRect();
        return [Math.min(box.width, box.height), one.outerHTML.slice(0, 90)];
    });
"""


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser on a very small phone."""
    browser = chromium.launch(tmp_path_factory.mktemp("narrow"), size=NARROW)
    yield browser
    browser.quit()


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
@pytest.mark.parametrize("state", STATES)
def test_page__fits_a_narrow_screen_and_a_thumb(
    app: Flask, narrow: Chrome, tmp_path: Path, state: str, language: str, direction: str
) -> None:
    answers, sent = STATES[state]
    shown(narrow, tmp_path, drawn(app, filling_with(answers), sent, language), direction)

    assert narrow.execute_script("return document.documentElement.scrollWidth") <= NARROW[0]
    assert narrow.execute_script(OUTSIDE) == []
    targets = narrow.execute_script(TARGETS)
    assert len(targets) >= 80
    assert [words for size, words in targets if size < SMALLEST] == []


def shown(browser: Chrome, folder: Path, page: Any, direction: str) -> None:
    """Show a page as the service would, with its stylesheet."""
    file = folder / "page.html"
    body = html.tostring(page, encoding="unicode")
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE.as_uri()}">'
    )
    file.write_text(f'<!doctype html><html dir="{direction}">{head}{body}', "utf-8")
    browser.get(file.as_uri())
