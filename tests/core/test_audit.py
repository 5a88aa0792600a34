"""Who did what, and when."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.audit import Entry
from tests.support.house import House


def test_note__is_kept_with_the_deed(either_house: House) -> None:
    with either_house.database.transaction() as session:
        audit.note(session, 7, "opened", "response:1")
    with Session(either_house.database.durable) as session:
        entry = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
        assert entry is not None
        assert (entry.person_id, entry.deed, entry.thing) == (7, "opened", "response:1")
        age = datetime.now(UTC).replace(tzinfo=None) - entry.at
        assert -1 <= age.total_seconds() < 60


def test_note__goes_with_a_deed_that_failed(either_house: House) -> None:
    with Session(either_house.database.durable) as session:
        audit.note(session, 7, "opened", "response:1")
        session.flush()
        session.rollback()
        assert session.scalars(select(Entry).where(Entry.person_id == 7)).all() == []
