"""What the walks share: a service with demo data, browsers of several people, a neutral site."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest

from tests.journeys.walker import Walker
from tests.support import chromium
from tests.support.service import Service

DESK = (1280, 900)
Browse = Callable[..., Walker]


@dataclass
class Demo:
    """A running service with 63 made-up cases, and who may sign in."""

    service: Service
    passphrases: dict[str, str]


@dataclass
class Site:
    """Somebody else's site; `visits` are the headers of those who came."""

    address: str
    visits: list[Message] = field(default_factory=list)


@pytest.fixture
def demo(tmp_path: Path, database_url: str) -> Iterator[Demo]:
    """The service with demo data, on either kind of database."""
    with serving(Service(tmp_path / "demo", database_url)) as running:
        yield running


@pytest.fixture(scope="session")
def open_service(tmp_path_factory: pytest.TempPathFactory, neutral_site: Site) -> Iterator[Service]:
    """A service that takes referrals, on SQLite; its exit leads to the neutral site."""
    data = tmp_path_factory.mktemp("open") / "data"
    with serving(Service(data, settings={"ZUGANG_EXIT_URL": neutral_site.address})) as running:
        yield running.service


@contextmanager
def serving(service: Service) -> Iterator[Demo]:
    """Fill a service with demo data and serve it for a while."""
    service.command("demo")
    accounts = json.loads((service.data / "demo-accounts.json").read_text(encoding="utf-8"))
    try:
        service.start()
        yield Demo(service, {account["name"]: account["passphrase"] for account in accounts})
    finally:
        service.stop()


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Browse]:
    """A function that gives somebody a Chromium of her own: browse(service, "name", …) -> Walker.

    The browser is as large as a phone and runs no scripts unless asked otherwise.
    """
    walkers: list[Walker] = []

    def begin(
        service: Service,
        who: str,
        *,
        size: tuple[int, int] = chromium.PHONE,
        javascript: bool = False,
    ) -> Walker:
        folder = tmp_path / who
        browser = chromium.launch(folder, size=size, javascript=javascript)
        walkers.append(Walker(browser, service.address, folder))
        return walkers[-1]

    yield begin
    for walker in walkers:
        walker.close()


@pytest.fixture(scope="session")
def neutral_site() -> Iterator[Site]:
    """A page about the weather, where the exit leads."""
    site = Site("")

    class Weather(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.visits.append(self.headers)
            body = b"<!doctype html><title>Wetter</title><link rel=icon href=data:,><h1>Heiter</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Weather) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site.address = f"http://localhost:{server.server_port}/"
        yield site
        server.shutdown()
