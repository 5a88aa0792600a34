"""Pages of interviews that interviewers send: how many are saved a second, each durably."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from bench import load
from core import people
from tests.support.house import build, join, settings_for
from tests.support.remote import Remote
from tests.support.service import Service
from tests.support.visitor import Visitor
from tests.support.walks import staff

CLIENTS = 8
ANSWERS = {"way_found": "web", "first_contact": "self", "waiting": "days"}


def pages_per_second(database_url: str = "") -> tuple[float, float]:
    """Return how many pages 8 interviewers save a second; how many if each sees the next one."""
    with TemporaryDirectory(prefix="zugang-bench-") as name:
        house = build(settings_for(Path(name, "data"), database_url))
        join(house, "Ines", people.INTERVIEWER)
        house.database.close()
        service = Service(house.settings.data, database_url)
        service.start()
        try:
            return _measure(service, looks=False), _measure(service, looks=True) / 2
        finally:
            service.stop()


def _measure(service: Service, *, looks: bool) -> float:
    parts = urlsplit(service.address)
    address = str(parts.hostname), int(parts.port or 0)
    begun = iter([_begun(service.address) for _ in range(CLIENTS)])
    measured = load.drive(
        address, lambda: _enter(parts.netloc, next(begun), looks=looks), clients=CLIENTS
    )
    return measured.requests_per_second


def _begun(address: str) -> Visitor:
    remote = cast("Any", Remote(address))
    return staff(remote, "Ines").get("/interviews/").press("client")


def _enter(host: str, at: Visitor, *, looks: bool) -> load.Client:
    """Send the first page again and again; `looks` also asks for the page it leads to."""
    form = at.page.xpath("//form[.//input[@name='page']]")[0]
    said = {name: text for name, text in form.form_values() if text is not None}
    said |= {at.field(name): answer for name, answer in ANSWERS.items()} | {"go": "next"}
    cookie = at.client.get_cookie("session")
    assert cookie is not None
    about = f"Host: {host}\r\nCookie: session={cookie.value}\r\n"
    for turn in range(10**6):
        body = urlencode(said | {"turn": str(turn)})
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        head = f"POST {at.path} HTTP/1.1\r\n{about}{kind}Content-Length: {len(body)}\r\n\r\n"
        reply = yield (head + body).encode()
        if reply.status != 303:
            raise load.LoadError(f"a page was answered with {reply.status} instead of 303")
        if looks:
            yield f"GET {at.path} HTTP/1.1\r\n{about}\r\n".encode()
