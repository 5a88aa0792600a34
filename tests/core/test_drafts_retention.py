"""An interview that nobody goes on with has its time, and its files live as long."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import drafts, retention, versions
from core.audit import Entry
from core.drafts import Draft, files_seconds
from core.retention import DRAFTS
from surveys import interviews
from tests.support.house import House

BEGUN, LATER = date(2025, 10, 23), date(2025, 11, 30)


def test_drafts__go_so_many_months_after_their_last_change(either_house: House) -> None:
    with either_house.database.transaction() as session:
        ines = either_house.staff["Ines"]
        version = versions.current(session, "client")
        old, new = (interviews.begin(session, ines, version, b"{}", BEGUN) for _ in range(2))
        drafts.save(session, ines, new, b"{}", LATER)
    today = date(2026, 11, 23)
    for day, gone in ((today - timedelta(days=1), []), (today, [BEGUN])):
        ended = retention.once_a_day(
            either_house.database, either_house.settings, day, [DRAFTS], now=True
        )
        assert ended == {DRAFTS.what: gone}
    with Session(either_house.database.durable) as session:
        assert session.scalars(select(Draft.id)).all() == [new.id]
        line = session.scalars(select(Entry).where(Entry.deed == "deleted")).one()
        assert (line.person_id, line.thing) == (0, f"draft:{old.id}")


def test_files_seconds__are_never_shorter_than_a_draft_lives(house: House) -> None:
    seconds = files_seconds(house.settings)
    for offset in range(800):
        day = date(2023, 1, 1) + timedelta(days=offset)
        lives = retention.due(day, house.settings.keep_drafts_months) - day
        assert timedelta(days=1) <= timedelta(seconds=seconds) - lives < timedelta(days=20)
