"""A session, and the counsellors of both parts of the county."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core.people import SignedIn
from tests.support.house import House


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    """A session of a set-up service, on either kind of database."""
    with Session(either_house.database.durable) as opened:
        yield opened


@pytest.fixture
def nora(either_house: House) -> SignedIn:
    """The counsellor of the north, with her keys."""
    return either_house.staff["Nora"]


@pytest.fixture
def sonja(either_house: House) -> SignedIn:
    """The counsellor of the south, with her keys."""
    return either_house.staff["Sonja"]
