"""What holds of every script: they are few, keep nothing, and do nothing the policy stops."""

import re
from pathlib import Path

from flask import Flask

from tests.policy.test_house import texts
from tests.support.visitor import Visitor
from tests.support.walks import walk_to_check, woman


def test_scripts__write_nothing_that_the_policy_stops() -> None:
    doubtful = re.compile(r"\beval\(|new Function|document\.write|\.style\b|setAttribute\(.on")
    scripts = {n: t for n, t in texts().items() if Path(n).suffix == ".js"}
    assert len(scripts) >= 2
    assert [name for name, text in scripts.items() if doubtful.search(text)] == []


def test_scripts__keep_nothing_in_the_browser() -> None:
    keeping = re.compile(r"(local|session)Storage|indexedDB|caches|cookie|serviceWorker|pushState")
    scripts = {n: t for n, t in texts().items() if Path(n).suffix == ".js"}
    assert [name for name, text in scripts.items() if keeping.search(text)] == []


def test_scripts__the_pages_of_a_woman_run_that_of_the_way_out_alone(app: Flask) -> None:
    for visitor in (
        Visitor(app).get("/"),
        woman(app),
        walk_to_check(woman(app)).press("submit"),
        Visitor(app).get("/nothing"),
    ):
        [script] = visitor.page.xpath("//script/@src")
        assert script.startswith("/leaving.js?v=")
