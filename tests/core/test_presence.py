"""Staff sessions: half an hour without a request, twelve hours at most, ended from anywhere."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import presence
from core.people import Person
from core.presence import Presence
from tests.support.house import NOW, House

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
HERE, THERE = b"h" * 32, b"t" * 32


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.relaxed) as opened:
        yield opened


def begin(session: Session, house: House, name: str = "Nora", id_: bytes = HERE) -> None:
    presence.begin(session, id_, KEY, house.staff[name], "Firefox, Linux", NOW)
    session.flush()


def ids(session: Session) -> set[bytes]:
    return set(session.scalars(select(Presence.id)))


def test_find__opens_her_private_half_with_the_key_of_the_cookie(
    session: Session, either_house: House
) -> None:
    begin(session, either_house)
    nora = either_house.staff["Nora"]
    here = presence.find(session, HERE, KEY, NOW)
    assert here is not None
    assert (here.person.name, here.private) == ("Nora", nora.pair.private)
    assert here.private.hex() not in repr(here)
    assert nora.pair.private not in session.scalars(select(Presence.box)).one()
    assert presence.find(session, HERE, OTHER_KEY, NOW) is None
    assert presence.find(session, THERE, KEY, NOW) is None


def test_find__a_row_that_was_given_to_somebody_else_opens_to_nobody(
    session: Session, either_house: House
) -> None:
    begin(session, either_house)
    sonja = either_house.staff["Sonja"].person.id
    session.execute(update(Presence).values(person_id=sonja))
    assert presence.find(session, HERE, KEY, NOW) is None


def test_find__who_has_left_is_not_there(session: Session, either_house: House) -> None:
    begin(session, either_house)
    session.execute(update(Person).values(left=date(2026, 11, 23)))
    assert presence.find(session, HERE, KEY, NOW) is None


def test_find__is_over_after_half_an_hour_without_a_request(
    session: Session, either_house: House
) -> None:
    begin(session, either_house)
    here = presence.find(session, HERE, KEY, after(minutes=29, seconds=59))
    assert here is not None
    assert here.until == after(minutes=30).timestamp()
    assert presence.find(session, HERE, KEY, after(minutes=30)) is None


def test_find__is_over_after_twelve_hours_however_busy_she_is(
    session: Session, either_house: House
) -> None:
    begin(session, either_house)
    last = []
    for minutes in range(20, 12 * 60, 20):
        here = presence.find(session, HERE, KEY, after(minutes=minutes))
        assert here is not None
        here = presence.see(either_house.database.relaxed, here, after(minutes=minutes))
        assert here.until == min(after(minutes=minutes + 30), after(hours=12)).timestamp()
        last.append(here.is_last)
    assert last == [False] * 34 + [True]
    assert presence.find(session, HERE, KEY, after(hours=12)) is None


def test_see__is_written_once_a_minute(session: Session, either_house: House) -> None:
    begin(session, either_house)
    session.commit()
    written = []
    for seconds in (1, 30, 59, 60, 61, 119, 120):
        here = presence.find(session, HERE, KEY, after(seconds=seconds))
        assert here is not None
        seen = presence.see(either_house.database.relaxed, here, after(seconds=seconds))
        session.expire_all()
        assert seen.seen == session.scalars(select(Presence.seen)).one()
        written.append(seen is not here)
    assert written == [False, False, False, True, False, False, True]


def test_of__lists_what_is_not_over_the_latest_first(session: Session, either_house: House) -> None:
    begin(session, either_house)
    begin(session, either_house, id_=THERE)
    begin(session, either_house, "Sonja", b"s" * 32)
    session.execute(
        update(Presence).where(Presence.id == THERE).values(seen=int(after(minutes=9).timestamp()))
    )
    nora = either_house.staff["Nora"].person.id
    assert [row.id for row in presence.of(session, nora, after(minutes=10))] == [THERE, HERE]
    assert [row.id for row in presence.of(session, nora, after(minutes=35))] == [THERE]


def test_end__ends_one_of_hers_and_nobody_elses(session: Session, either_house: House) -> None:
    begin(session, either_house)
    begin(session, either_house, id_=THERE)
    begin(session, either_house, "Sonja", b"s" * 32)
    nora = either_house.staff["Nora"].person.id
    presence.end(session, nora, b"s" * 32)
    presence.end(session, nora, THERE)
    assert ids(session) == {HERE, b"s" * 32}


def test_end_all__ends_all_of_hers_but_one(session: Session, either_house: House) -> None:
    for id_ in (HERE, THERE, b"x" * 32):
        begin(session, either_house, id_=id_)
    begin(session, either_house, "Sonja", b"s" * 32)
    nora = either_house.staff["Nora"].person.id
    presence.end_all(session, nora, but=HERE)
    assert ids(session) == {HERE, b"s" * 32}
    presence.end_all(session, nora)
    assert ids(session) == {b"s" * 32}


def test_sweep__takes_what_is_over(session: Session, either_house: House) -> None:
    begin(session, either_house)
    begin(session, either_house, id_=THERE)
    session.execute(
        update(Presence).where(Presence.id == THERE).values(seen=int(after(minutes=20).timestamp()))
    )
    session.commit()
    presence.sweep(either_house.database.relaxed, after(minutes=30))
    assert ids(session) == {THERE}
