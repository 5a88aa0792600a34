"""Clients that nobody here wrote fill in our questionnaires and send them.

ODK Web Forms' engine runs in Node; JavaRosa, the engine inside ODK Collect, comes with pyxform.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import records
from core.records import Response
from tests.support.device import Device, headers_of, token_for
from tests.support.house import House
from tests.support.javarosa import JavaRosa
from tests.support.tools import need, nothing_may_be_left_out
from tests.support.walks import staff, walk_to_check

FOLDER = Path(__file__).parent
ANSWERS: dict[str, str | list[str]] = {
    "/data/access/way_found": "jobcenter",
    "/data/contact/respect": "4",
    "/data/housing/housing_before": "street",
    "/data/housing/housing_now": "own_flat",
    "/data/housing/prevented_by": ["landlord", "search"],
    "/data/person/age": "30_49",
    "/data/person/municipality": "selm",
    "/data/more/good": "Kranich & Amsel <3, ž и 9:30 Uhr",
    "/data/more/wish": "mehr Zeit\nund Ruhe",
}


def told(house: House) -> list[dict[str, str]]:
    """What every interview says, both parts of it, in the order in which they came."""
    keys = house.staff["Nora"].keys
    with house.database.transaction() as session:
        return [
            {
                **records.open_identity(session, row, keys),
                **records.open_answers(session, row, keys),
            }
            for row in session.scalars(select(Response).order_by(Response.id))
        ]


def entered_on_our_pages(app: Flask) -> None:
    given = {path.rpartition("/")[2]: answer for path, answer in ANSWERS.items()}
    ines = staff(app, "Ines").get("/interviews/").press("client")
    walk_to_check(ines, given).press("submit")
    assert "Gespeichert und versiegelt" in ines.text


def web_forms(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ODK Web Forms' engine did with an order as webforms.mjs describes it."""
    node = need("node", "nodejs")
    if not (FOLDER / "node_modules").is_dir():
        reason = "npm has not installed what tests/field/package.json asks for (make test does)"
        if nothing_may_be_left_out():
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    done = subprocess.run(
        [str(node), "webforms.mjs"],
        cwd=FOLDER,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_web_forms__send_the_record_that_our_own_pages_make(
    app: Flask, house: House, server: str
) -> None:
    entered_on_our_pages(app)
    token = token_for(house, house.staff["Ines"])
    order = {"server": server, "headers": headers_of(token), "answers": ANSWERS}
    sent = web_forms({**order, "form": "client", "sends": 2})
    assert sent["statuses"] == [201, 201]
    ours, theirs = told(house)
    assert ours == theirs
    assert ours["/data/more/wish"].split() == ["mehr", "Zeit", "und", "Ruhe"]


def test_java_rosa__sends_the_record_that_our_own_pages_make(
    app: Flask, house: House, javarosa: JavaRosa
) -> None:
    entered_on_our_pages(app)
    tablet = Device(app, token_for(house, house.staff["Ines"]))
    javarosa.load(tablet.download("client").decode())
    steps = [
        ["set", path, " ".join(answer) if isinstance(answer, list) else answer]
        for path, answer in ANSWERS.items()
    ]
    filled = javarosa.fill(steps)
    assert set(filled["steps"]) == {"ok"}
    assert filled["valid"] == "ok"
    assert tablet.send(filled["xml"]) == 201, tablet.told
    ours, theirs = told(house)
    assert ours == theirs
