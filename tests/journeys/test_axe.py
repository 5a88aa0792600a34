"""axe-core finds nothing on any kind of page; nothing sticks out of a phone or covers its window.

A sample, for every test run: all pages in German, some in three more languages, each page in
another size or colour than the one before. `python -m bench.axe` looks at all of everything.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from bench.axe import NARROW, VIEWS, Inspector
from bench.tour.referral import closed, flooded, referral, refusals
from bench.tour.stages import STAGES, Stage, travel
from tests.support import axe, chromium, measure

IN_MORE = {referral: ("ar",), refusals: ("fa", "uk"), closed: ("ar", "fa"), flooded: ("uk", "ar")}
PLANTED = """
<!doctype html><html lang="de"><title>Probe</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><main><h1>Probe</h1>
<p style="color: #999; background: #fff">blass</p><img src="data:,"><input>
<button style="width: 12px; height: 12px; padding: 0">a</button
><button style="width: 12px; height: 12px; padding: 0">b</button>
<div style="width: 400px; height: 10px"></div>
<div style="position: sticky; top: 0; height: 300px"></div></main>
"""


def sampled(stage: Stage) -> Stage:
    """Return the stage with less to walk: all of it in German, some in more languages."""
    return replace(stage, walks={walk: ("de", *IN_MORE.get(walk, ())) for walk in stage.walks})


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Chrome]:
    browser = chromium.launch(tmp_path / "narrow", size=NARROW, javascript=True)
    yield browser
    browser.quit()


@pytest.mark.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
def test_pages__keep_to_wcag_in_both_sizes_and_colours(stage: Stage, tmp_path: Path) -> None:
    inspector = Inspector(lambda _tag, number: (VIEWS[number % len(VIEWS)],))
    travel(tmp_path, ("de", "ar", "fa", "uk"), inspector.companion, [sampled(stage)])
    assert inspector.seen
    assert inspector.found == []


def test_axe__finds_what_is_planted(narrow: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "planted.html"
    file.write_text(PLANTED, encoding="utf-8")
    narrow.get(file.as_uri())
    rules = {found.partition(":")[0] for found in axe.violations(narrow)}
    assert rules == {"color-contrast", "image-alt", "label", "target-size"}
    assert any("400px" in found for found in measure.sticking_out(narrow))
    assert any("takes 300 of" in found for found in measure.unusable(narrow))
