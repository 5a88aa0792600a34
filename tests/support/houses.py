"""Fixtures: a set-up service with all its staff, built once a database kind, then copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import app as program
from core import audit, people
from tests.support.house import House, build, join, settings_for
from tests.support.postgres import Cluster

STAFF = (
    ("Nora", people.COUNSELLOR, "north"),
    ("Sonja", people.COUNSELLOR, "south"),
    ("Ines", people.INTERVIEWER, ""),
    ("Eva", people.EVALUATOR, ""),
)
PHONE = "02303 000000"


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The service in a SQLite file that nobody changes: tests get copies."""
    return _built(tmp_path_factory.mktemp("pattern") / "data")


@pytest.fixture(scope="session")
def postgres_pattern(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The service in a PostgreSQL database that nobody changes: tests get copies."""
    return _built(tmp_path_factory.mktemp("pattern") / "data", postgres.create())


@pytest.fixture
def house(sqlite_pattern: House, tmp_path: Path) -> Iterator[House]:
    """A set-up service on a SQLite file, with Karin, Nora, Sonja, Ines and Eva."""
    shutil.copytree(sqlite_pattern.settings.data, tmp_path / "data")
    copy = _copied(sqlite_pattern, tmp_path / "data")
    yield copy
    copy.database.close()


@pytest.fixture
def postgres_house(postgres: Cluster, postgres_pattern: House, tmp_path: Path) -> Iterator[House]:
    """The same on PostgreSQL."""
    name = postgres_pattern.settings.database_url.partition("?")[0].rpartition("/")[2]
    url = postgres.create(template=name)
    shutil.copytree(postgres_pattern.settings.data, tmp_path / "data")
    copy = _copied(postgres_pattern, tmp_path / "data", url)
    yield copy
    copy.database.close()
    postgres.drop(url)


@pytest.fixture(params=["house", "postgres_house"])
def either_house(request: pytest.FixtureRequest) -> House:
    """A set-up service: every test that asks runs on both kinds of database."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """The web application of `house`."""
    yield from serving(house)


def serving(house: House) -> Iterator[Flask]:
    """Yield the web application of a house, and let go of its database afterwards."""
    made = program.create_app(house.settings)
    yield made
    made.extensions["zugang"].database.close()


def _built(data: Path, url: str = "") -> House:
    house = build(settings_for(data, url))
    for name, role, part in STAFF:
        join(house, name, role, part)
    house.database.close()
    return house


def _copied(pattern: House, data: Path, url: str = "") -> House:
    chosen = settings_for(data, url, ZUGANG_PHONE=PHONE)
    opened = audit.connect(chosen)
    return House(chosen, opened, pattern.recovery_code, dict(pattern.staff))
