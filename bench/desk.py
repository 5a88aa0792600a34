"""The counsellors' desk with a thousand referrals: what opening and searching the inbox costs."""

import statistics
import uuid
from collections.abc import Callable
from pathlib import Path
from time import process_time

import app
from core import people, records, versions
from core.records import Submission
from tests.support import house as building
from tests.support.house import NOW, filled
from tests.support.visitor import Visitor
from tests.support.walks import staff

REFERRALS = 1000
ROUNDS = 15
TOWNS = ("selm", "luenen", "kamen", "bergkamen", "werne")


def measure(folder: Path) -> tuple[float, float, float]:
    """Return processor milliseconds: signing in and opening all of it, a later look, a search."""
    house = building.build(building.settings_for(folder / "data"))
    building.join(house, "Nora", people.COUNSELLOR, "north")
    with house.database.transaction() as session:
        version = versions.current(session, "referral")
        for number in range(REFERRALS):
            answers = {
                "/data/place/municipality": TOWNS[number % len(TOWNS)],
                "/data/contact/name": f"Amsel {number}",
                "/data/more/words": "Ich suche eine Wohnung. " * 10,
            }
            submission = Submission(str(uuid.uuid4()), version.id, "north", NOW.date())
            records.submit(session, submission, filled(session, version, answers))
    made = app.create_app(house.settings)
    first = _milliseconds(lambda: staff(made, "Nora"))
    nora = staff(made, "Nora")
    inbox = [_milliseconds(lambda: nora.client.get("/desk/")) for _ in range(ROUNDS)]
    search = [_search(nora, f"Amsel {number}") for number in range(ROUNDS)]
    made.extensions["zugang"].database.close()
    house.database.close()
    return first, statistics.median(inbox), statistics.median(search)


def _search(nora: Visitor, words: str) -> float:
    nora.get("/desk/")
    token = nora.page.xpath("//form[@action='/desk/']//input[@name='csrf_token']/@value")[0]
    form = {"csrf_token": token, "words": words, "show": "open"}
    return _milliseconds(lambda: nora.client.post("/desk/", data=form))


def _milliseconds(act: Callable[[], object]) -> float:
    began = process_time()
    act()
    return 1000 * (process_time() - began)
