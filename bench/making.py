"""A large workbook, made while others use the service: how soon it tells, what the others feel.

The house has 100,000 released interviews of 40 columns, in ten frozen batches.
"""

import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench import load, processes, walks
from bench.timing import Row
from core import keyring, people, versions
from core.records import Response
from exports.anonymise import rules
from exports.anonymise.table import Table, build
from exports.release import batches
from exports.release.batches import Plan
from exports.release.releases import Opened
from tests.support import house as building
from tests.support.house import House
from tests.support.remote import Remote
from tests.support.service import Service
from tests.support.visitor import Visitor
from tests.support.walks import staff

QUESTIONNAIRE = "client"
BATCHES, ROWS = 10, 10_000
SOONEST = 0.2  # seconds until the page that tells how far it is
SLOWEST = 2.0  # times as long as others wait without it
MOST_MEMORY = 200  # MB, of the whole process; 93 are there before the first row
DAY = date(2026, 11, 24)
PAUSE = 0.02  # seconds between two looks of somebody else


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured, beside what is the aim."""
    house = building.build(building.settings_for(folder / "data"))
    building.join(house, "Eva", people.EVALUATOR)
    with house.database.transaction() as session:
        fill(session, house)
    house.database.close()
    service = Service(folder / "data")
    try:
        service.start()
        yield from _measured(service)
    finally:
        service.stop()


def fill(session: Session, house: House) -> None:
    """Enter batches of invented answers into the ledger, as a release does."""
    version = versions.current(session, QUESTIONNAIRE)
    columns = build(versions.form_of(session, version.id), [], "de").columns
    drawn = random.Random(1)
    for _ in range(BATCHES):
        members = _received(session, version.id)
        cells = [
            [drawn.choice(sorted(one.codes) or ["0", "1", "2", "3"]) for one in columns]
            for _ in members
        ]
        grouped = batches.group(Table(columns, tuple(map(tuple, cells))))
        assert grouped is not None
        plan = Plan(version.id, tuple(Opened(one, {}) for one in members), grouped, {})
        batches.freeze(session, house.staff["Eva"], plan, DAY, rules.DEFAULT)


def _received(session: Session, version_id: int) -> list[Response]:
    row = {
        "version_id": version_id,
        "part": keyring.COUNTY,
        "received": DAY,
        "contact_key_id": keyring.newest(session, f"contact-{keyring.COUNTY}").id,
        "answers_key_id": keyring.newest(session, keyring.ANSWERS).id,
        "identity": b"",
        "answers": b"",
    }
    ids = [str(uuid.uuid4()) for _ in range(ROWS)]
    session.execute(insert(Response), [row | {"id": number} for number in ids])
    return [Response(id=number, version_id=version_id) for number in ids]


def _measured(service: Service) -> Iterator[Row]:
    parts = urlsplit(service.address)
    address = (str(parts.hostname), int(parts.port or 0))
    host = "{}:{}".format(*address)

    def waits(going_on: Callable[[], bool]) -> list[float]:
        found = []
        while going_on():
            begun = time.perf_counter()
            load.fetch(address, walks.first_page(host))
            found.append(time.perf_counter() - begun)
            time.sleep(PAUSE)
        return found

    until = time.perf_counter() + 5
    alone = waits(lambda: time.perf_counter() < until)
    eva = staff(Remote(service.address), "Eva")  # type: ignore[arg-type] # it answers as an app does
    eva.get("/results/")
    begun = time.perf_counter()
    eva.press("Arbeitsmappe herunterladen")
    told = time.perf_counter() - begun
    watch = _Watch(eva)
    meanwhile = waits(watch.goes_on)
    spent = time.perf_counter() - begun
    ratio = statistics.median(meanwhile) / statistics.median(alone)
    tail = _most(meanwhile) / _most(alone)
    yield Row("100,000 × 40: first sign, ms", f"{1000 * told:.0f}", "", "", told <= SOONEST)
    yield Row("  file ready after, s", f"{spent:.0f}")
    yield Row(
        "  others wait, median, ms",
        f"{1000 * statistics.median(meanwhile):.1f}",
        f"{1000 * statistics.median(alone):.1f}",
        f"{ratio:.2f}",
        ratio <= SLOWEST,
    )
    yield Row(
        "  others wait, 95 %, ms",
        f"{1000 * _most(meanwhile):.1f}",
        f"{1000 * _most(alone):.1f}",
        f"{tail:.2f}",
        tail <= SLOWEST,
    )
    yield Row("  memory at most, MB", f"{watch.most:.0f}", "", "", watch.most <= MOST_MEMORY)


def _most(waits: list[float]) -> float:
    return sorted(waits)[int(0.95 * len(waits))]


class _Watch:
    """Looks now and then whether the file is ready, and what the process takes."""

    def __init__(self, eva: Visitor) -> None:
        self.eva = eva
        self.looked = time.perf_counter()
        self.most = 0.0
        self.open = True

    def goes_on(self) -> bool:
        """Say whether the file is still being made."""
        if self.open and time.perf_counter() - self.looked > 1:
            self.looked = time.perf_counter()
            self.most = max(self.most, processes.most_megabytes(b"exports.files.making"))
            self.open = self.eva.get(self.eva.path).heading == "Ihre Datei entsteht"
            assert self.open or self.eva.heading == "Ihre Datei ist fertig", self.eva.text
        return self.open
