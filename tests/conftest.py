"""What every test may ask for: databases, the service itself, browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from core import vault
from intake import return_codes
from tests.support import chromium
from tests.support.firefox import Firefox
from tests.support.house import CHEAP
from tests.support.houses import (
    app,
    either_house,
    house,
    postgres_house,
    postgres_pattern,
    sqlite_pattern,
)
from tests.support.postgres import Cluster
from tests.support.service import Service

__all__ = [  # fixtures, so that every folder has them
    "app",
    "either_house",
    "house",
    "postgres_house",
    "postgres_pattern",
    "sqlite_pattern",
]

Serve = Callable[..., Service]


@pytest.fixture(scope="session", autouse=True)
def cheap_sign_in() -> Iterator[None]:
    """What counts as today's cost of a passphrase is that of the tests: nothing is raised."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "COST", CHEAP)
        patch.setattr(return_codes, "COST", CHEAP)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, started by the first test that asks."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'zugang.sqlite3'}"


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database: every test that asks runs on both kinds."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A function that starts `zugang serve`: serve(database_url="", **settings) -> Service."""
    started: list[Service] = []

    def start(database_url: str = "", *, data: Path | None = None, **settings: str) -> Service:
        folder = data or tmp_path / f"data-{len(started)}"
        service = Service(folder, database_url, settings)
        started.append(service)
        service.start()
        return service

    yield start
    for service in started:
        service.stop()


@pytest.fixture
def service(serve: Serve, database_url: str) -> Service:
    """The running service on an empty database of either kind."""
    return serve(database_url)


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Chrome]:
    """Chromium in the size of a phone, with JavaScript off; downloads under tmp_path."""
    browser = chromium.launch(tmp_path / "chromium")
    yield browser
    browser.quit()


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    """Firefox in the size of a phone, with JavaScript off."""
    with Firefox(tmp_path / "firefox") as browser:
        yield browser


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in plain words which tests were left out, and why."""
    left_out = terminalreporter.stats.get("skipped", [])
    if not left_out:
        return
    terminalreporter.section("left out")
    for report in left_out:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"{report.nodeid}: {reason}")
