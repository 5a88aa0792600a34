"""Reading the audit: searching it, and giving it out as a table."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import audit, trail
from core.audit import Entry
from core.trail import Search
from tests.support.house import House

BERLIN = ZoneInfo("Europe/Berlin")
A, B = ("11111111-0000-4000-8000-00000000000a", "22222222-0000-4000-8000-00000000000B")
LINES = (  # the clock of Berlin is one hour ahead in November
    (datetime(2025, 11, 24, 22, 59, tzinfo=UTC), 2, "opened", f"response:{A}"),
    (datetime(2025, 11, 24, 23, 0, tzinfo=UTC), 2, "opened", f"response:{B}"),
    (datetime(2025, 11, 25, 22, 59, tzinfo=UTC), 3, "changed", f"response:{A}:file"),
    (datetime(2025, 11, 25, 23, 0, tzinfo=UTC), 0, "published", "version:5"),
)


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    """A house whose audit has just the lines above, numbered from 1001 on."""
    with Session(either_house.database.durable) as opened:
        rows = [
            {
                "id": 1001 + number,
                "at": at.replace(tzinfo=None),
                "person_id": who,
                "deed": deed,
                "thing": thing,
                "digest": b"d",
            }
            for number, (at, who, deed, thing) in enumerate(LINES)
        ]
        opened.execute(insert(Entry), rows)
        yield opened


def found(session: Session, **asked: Any) -> list[int]:
    lines = trail.find(session, Search(BERLIN, **asked))
    return [line.id - 1000 for line in lines if line.id > 1000]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"person_id": 2, "since": date(2025, 11, 24), "until": date(2025, 11, 26)}, [2, 1]),
        ({"person_id": 0, "thing": "version:5"}, [4]),
        ({"deed": "changed"}, [3]),
        ({"since": date(2025, 11, 25), "until": date(2025, 11, 25)}, [3, 2]),
        ({"until": date(2025, 11, 24)}, [1]),
        ({"since": date(2025, 11, 26), "thing": "version:5"}, [4]),
        ({"thing": A}, [3, 1]),
        ({"thing": "22222222"}, [2]),
        ({"thing": B.lower()}, [2]),
        ({"thing": "response:%"}, []),
        ({"thing": "respons_:1"}, []),
        ({"person_id": 3, "deed": "opened", "thing": A}, []),
    ],
)
def test_find__returns_what_was_asked_for_newest_first(
    session: Session, asked: dict[str, Any], numbers: list[int]
) -> None:
    assert found(session, **asked) == numbers
    if asked:
        assert trail.count(session, Search(BERLIN, **asked)) == len(numbers)


def test_find__gives_one_page(session: Session) -> None:
    lines = trail.find(session, Search(BERLIN, thing="response:"), first=1, most=1)
    assert [line.id for line in lines] == [1002]


def test_names__are_those_of_everybody_also_who_left(session: Session, either_house: House) -> None:
    nora = session.merge(either_house.staff["Nora"].person)
    nora.left = date(2025, 11, 25)
    assert trail.names(session)[nora.id] == "Nora"


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_table__says_what_the_lines_say_and_is_itself_noted(
    session: Session, either_house: House
) -> None:
    session.commit()
    karin = either_house.staff["Karin"].person
    header, *rows = cells(trail.table(session, karin.id, Search(BERLIN, thing=A)))
    session.commit()
    assert tuple(header) == trail.HEADER
    assert rows == [
        ["1003", "2025-11-25T23:59:00+01:00", "Sonja", "3", "changed", f"response:{A}:file"],
        ["1001", "2025-11-24T23:59:00+01:00", "Nora", "2", "opened", f"response:{A}"],
    ]
    newest = session.get_one(Entry, audit.end(session).count)
    assert (newest.person_id, newest.deed, newest.thing) == (karin.id, "exported", "audit")


@pytest.mark.parametrize("name", ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_table__no_cell_is_taken_for_a_formula(
    session: Session, either_house: House, name: str
) -> None:
    nora = session.merge(either_house.staff["Nora"].person)
    nora.name = name
    content = trail.table(session, 1, Search(BERLIN, person_id=nora.id, deed="opened"))
    rows = cells(content)[1:]
    assert [row[2] for row in rows] == [f"'{name}"] * 2
    assert content.decode("utf-8-sig").splitlines()[0] == ",".join(f'"{h}"' for h in trail.HEADER)


def test_table__lines_from_before_the_chain_have_no_number(session: Session) -> None:
    line = {"at": datetime(2025, 11, 1, tzinfo=UTC).replace(tzinfo=None), "digest": b""}
    session.execute(insert(Entry), {"id": -3, "person_id": 99, "deed": "old", "thing": "x"} | line)
    _, row = cells(trail.table(session, 1, Search(BERLIN, deed="old")))
    assert row == ["", "2025-11-01T01:00:00+01:00", "", "99", "old", "x"]


def test_last__is_the_newest_line_of_a_person_about_one_of_these(session: Session) -> None:
    things = (f"response:{A}", f"response:{B}")
    newest = trail.last(session, 2, "opened", things)
    assert newest is not None
    assert newest.id == 1002
    older = trail.last(session, 2, "opened", things[:1])
    assert older is not None
    assert older.id == 1001
    assert trail.last(session, 3, "opened", things) is None


def test_things_after__are_those_of_later_lines_and_what_others_did_meanwhile(
    session: Session,
) -> None:
    rows = [
        {
            "id": 1010 + number,
            "at": datetime(2025, 11, 26, 8, minute),  # noqa: DTZ001 - as the audit keeps it
            "person_id": who,
            "deed": deed,
            "thing": f"batch:{number}",
            "digest": b"d",
        }
        for number, (minute, who, deed) in enumerate(
            [
                (0, 3, "released"),
                (5, 3, "released"),
                (6, 2, "released"),
                (9, 2, "exported"),
                (9, 2, "released"),
                (9, 3, "opened"),
            ]
        )
    ]
    session.execute(insert(Entry), rows)
    line = session.get_one(Entry, 1013)
    begun = datetime(2025, 11, 26, 8, 5, tzinfo=UTC)
    assert trail.things_after(session, line, "released", begun) == {"batch:1", "batch:4"}
