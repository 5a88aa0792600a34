"""The houses that these tests live in."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from core.people import SignedIn
from tests.core.demo_run import demo
from tests.core.lived_in import lived_in, place
from tests.support.house import House, signed_in

__all__ = ["demo", "lived_in", "place"]


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    """A session of a set-up service, on either kind of database."""
    with Session(either_house.database.durable) as opened:
        yield opened


@pytest.fixture
def karin(session: Session) -> SignedIn:
    """The coordinator."""
    return signed_in(session, "Karin")
