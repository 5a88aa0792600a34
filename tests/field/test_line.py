"""Interviews over lines that break and through servers that die: each arrives, and once."""

import http.client
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from core.records import CONFLICT, Response
from tests.field.line import bad_line
from tests.support.device import MULTIPART, headers_of, multipart, record, token_for
from tests.support.house import House
from tests.support.service import Service

DEVICES, EACH = 4, 125
TRIES = 60
AGES = ("18_21", "22_29", "30_49", "50_64")


@pytest.fixture
def served(either_house: House) -> Iterator[Service]:
    """The service of a house, in processes of its own."""
    service = Service(either_house.settings.data, either_house.settings.database_url)
    service.start()
    yield service
    service.stop()


class Tablet:
    """A device far from the service: it sends in chunks, and again until it is told 201 or 409."""

    def __init__(self, house: House, name: str) -> None:
        self.headers = headers_of(token_for(house, house.staff["Ines"], name))
        self.told: Counter[int] = Counter()

    def send(self, host: str, sent: str) -> int:
        """Send a record until an answer gets through; return its status."""
        for _ in range(TRIES):
            with suppress(OSError, http.client.HTTPException):
                status = self.try_once(host, sent)
                self.told[status] += 1
                return status
        raise AssertionError("no answer ever got through")

    def try_once(self, host: str, sent: str) -> int:
        """Send a record over one call; return the status, or raise what broke."""
        call = http.client.HTTPConnection(host, timeout=20)
        try:
            body = multipart({"xml_submission_file": sent.encode()})
            pieces = (body[at : at + 300] for at in range(0, len(body), 300))
            headers = self.headers | {
                "Content-Type": MULTIPART,
                "Transfer-Encoding": "chunked",
            }
            call.request("POST", "/openrosa/submission", pieces, headers, encode_chunked=True)
            answer = call.getresponse()
            answer.read()
            return answer.status
        finally:
            call.close()


def interview(number: int, age: str = "") -> str:
    words = "Kranich " * (number % 40)
    chosen = age or AGES[number % len(AGES)]
    return record(
        f"<person><age>{chosen}</age></person><more><good>{words}</good></more>", number + 1
    )


def host_of(service: Service) -> str:
    return urlsplit(service.address).netloc


def statuses(house: House) -> dict[str, int]:
    with house.database.transaction() as session:
        rows = select(Response.status, func.count()).group_by(Response.status)
        return {row[0]: row[1] for row in session.execute(rows)}


def test_line_that_breaks__brings_500_interviews_once_each(
    either_house: House, served: Service
) -> None:
    tablets = [Tablet(either_house, f"Tablet {number}") for number in range(DEVICES)]
    with bad_line(served.address, breaks=0.05, seed=20261126) as line:
        host = f"127.0.0.1:{line.server_address[1]}"

        def day(at: int) -> list[int]:
            numbers = range(at * EACH, (at + 1) * EACH)
            return [tablets[at].send(host, interview(number)) for number in numbers]

        with ThreadPoolExecutor(DEVICES) as field:
            answers = [status for day_of in field.map(day, range(DEVICES)) for status in day_of]
    assert set(answers) == {201}
    assert line.broken > 100
    assert statuses(either_house) == {"new": DEVICES * EACH}


def test_rush__the_same_interview_80_times_at_once_is_stored_once(
    either_house: House, served: Service
) -> None:
    tablet = Tablet(either_house, "Tablet")
    with ThreadPoolExecutor(16) as field:
        answers = field.map(lambda _: tablet.send(host_of(served), interview(3)), range(80))
    assert set(answers) == {201}
    assert statuses(either_house) == {"new": 1}


def test_offline_day__40_interviews_and_one_that_was_changed_are_kept(
    either_house: House, served: Service
) -> None:
    tablet = Tablet(either_house, "Tablet")
    for number in range(40):
        if number in {10, 25}:  # the power fails, and comes back
            served.kill()
            with pytest.raises(ConnectionError):
                tablet.try_once(host_of(served), interview(number))
            served.start()
        assert tablet.send(host_of(served), interview(number)) == 201
    for number in range(40):  # all of it once more
        assert tablet.send(host_of(served), interview(number)) == 201
    assert tablet.send(host_of(served), interview(7, age="65_plus")) == 409
    assert statuses(either_house) == {"new": 40, CONFLICT: 1}
