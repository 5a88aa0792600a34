"""Who wrote a referral is deleted some months after it was closed, to the last byte."""

import os
import time
from datetime import date, datetime, timedelta

import psycopg
import pytest
from babel.dates import format_date
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, records, resealing, retention, rotation, versions
from core.audit import Entry
from core.database import file_of
from core.records import Attachment, Response
from core.vault import Tampered
from intake import referrals
from intake.retention import IDENTITIES
from tests.conftest import Serve
from tests.support.house import House, filled, signed_in
from tests.support.house import submit as store
from tests.support.postgres import Cluster
from tests.support.walks import staff

ID = "00000000-0000-4000-8000-00000000000{}"
NAME = "/data/contact/name"
CLOSED, DUE = date(2026, 5, 31), date(2026, 12, 1)  # there is no 31st of November
PHOTO = "image-0123456789ab.jpg"


def send(house: House, number: int, status: str = "closed", closed: date | None = CLOSED) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, "referral")
        submission = records.Submission(ID.format(number), version.id, "north", CLOSED)
        filling = filled(session, version, {NAME: "Amsel " * 900})
        records.submit(session, submission, filling, [(PHOTO, os.urandom(9000))])
        response = session.get(Response, ID.format(number))
        assert response is not None
        response.status, response.closed = status, closed


def keep(house: House, day: date = DUE) -> list[date]:
    ended = retention.once_a_day(house.database, house.settings, day, [IDENTITIES], now=True)
    return list(ended[IDENTITIES.what])


def kept(house: House) -> set[str]:
    with Session(house.database.durable) as session:
        return {one.id[-1] for one in session.scalars(select(Response)) if one.identity}


def test_identities__go_on_the_day_and_not_before(either_house: House) -> None:
    send(either_house, 1)
    send(either_house, 2, closed=CLOSED + timedelta(days=2))
    assert keep(either_house, DUE - timedelta(days=1)) == []
    assert keep(either_house) == [CLOSED]
    assert kept(either_house) == {"2"}
    assert keep(either_house) == []


@pytest.mark.parametrize(("status", "closed"), [("new", None), ("opened", None), ("new", CLOSED)])
def test_identities__what_is_unread_or_open_stays(
    either_house: House, status: str, closed: date | None
) -> None:
    send(either_house, 1, status, closed)
    assert keep(either_house, DUE + timedelta(days=4000)) == []
    assert kept(either_house) == {"1"}


def test_identities__of_interviews_stay(either_house: House) -> None:
    with either_house.database.transaction() as session:
        store(session, "client", ID.format(1), {})
        [response] = session.scalars(select(Response))
        response.status, response.closed = "closed", CLOSED
    assert keep(either_house) == []


def test_identities__a_deleted_one_opens_as_nothing_and_the_answers_stay(
    either_house: House,
) -> None:
    send(either_house, 1)
    keep(either_house)
    with either_house.database.transaction() as session:
        response, answers = referrals.open_for(session, signed_in(session, "Nora"), ID.format(1))
        assert NAME not in answers
        assert records.open_answers(session, response, signed_in(session, "Eva").keys) is not None
        assert session.scalars(select(Attachment.id)).all() == []
        line = session.scalars(select(Entry).where(Entry.deed == "deleted")).one()
        assert (line.person_id, line.thing) == (0, f"response:{ID.format(1)}:identity")


def test_identities__one_emptied_by_somebody_else_is_not_taken_for_deleted(
    either_house: House,
) -> None:
    send(either_house, 1, "opened", None)
    with either_house.database.transaction() as session:
        [response] = session.scalars(select(Response))
        response.identity = b""
        session.flush()
        with pytest.raises(Tampered):
            referrals.open_for(session, signed_in(session, "Nora"), ID.format(1))


def test_identities__a_deleted_one_is_sealed_anew_with_the_others(either_house: House) -> None:
    for number, closed in ((1, CLOSED), (2, DUE)):
        send(either_house, number, closed=closed)
    keep(either_house)
    with either_house.database.transaction() as session:
        karin = signed_in(session, "Karin")
        rotation.rotate(session, 0, ["contact-north", "answers"], DUE)
    with either_house.database.transaction() as session:
        karin = signed_in(session, "Karin")
        found = resealing.Run()
        while resealing.batch(session, karin.keys, karin.person.id, found):
            pass
        assert (found.done, found.refused) == (2, 0)
        for response in session.scalars(select(Response)):
            records.open_answers(session, response, karin.keys)
            opened = records.open_identity(session, response, karin.keys)
            assert bool(opened) is (response.id == ID.format(2))


def files_of(house: House, postgres: Cluster) -> bytes:
    """Return every byte in the files of the database."""
    file = file_of(house.settings.database_url)
    if file is not None:
        return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))
    url = house.settings.database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        number = connection.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    folder = postgres.folder / "data" / "base" / str(number and number[0])
    return b"".join(one.read_bytes() for one in sorted(folder.iterdir()))


def test_identities__no_file_of_the_database_keeps_a_byte_of_them(
    either_house: House, postgres: Cluster
) -> None:
    for number in range(1, 6):
        send(either_house, number, closed=CLOSED if number % 2 else DUE)
    with Session(either_house.database.durable) as session:
        sealed = [(one.id[-1], one.identity) for one in session.scalars(select(Response))]
        sealed += [(one.response_id[-1], one.sealed) for one in session.scalars(select(Attachment))]
    pieces = [
        (number, content[at : at + 24])
        for number, content in sealed
        for at in range(0, len(content) - 24, 1500)
    ]
    before = files_of(either_house, postgres)
    assert all(piece in before for _, piece in pieces)
    assert len(keep(either_house)) == 3
    after = files_of(either_house, postgres)
    assert {number for number, piece in pieces if piece in after} == {"2", "4"}


def words(day: date) -> str:
    return format_date(day, "medium", locale="de")


def test_page__says_when_it_goes_and_that_it_is_gone(app: Flask, house: House) -> None:
    send(house, 1, "new", None)
    today = datetime.now(house.settings.zone).date()
    visitor = staff(app, "Nora").get(f"/desk/{ID.format(1)}").press("Übernehmen")
    assert "6 Monate danach wird gelöscht" in visitor.text
    visitor.press("Abschließen").get(f"/desk/cases/{ID.format(1)}")
    due = retention.due(today, 6)
    assert f"Abgeschlossen am {words(today)}. Am {words(due)} wird gelöscht" in visitor.text
    visitor.press("Wieder öffnen").press("Abschließen")
    assert keep(house, due) == [today]
    text = visitor.get(f"/desk/{ID.format(1)}").text
    assert f"Am {words(today)} wurde gelöscht, wer geschrieben hat" in text
    assert "Amsel" not in text
    assert "Amsel" not in visitor.get(f"/desk/cases/{ID.format(1)}").press("Wieder öffnen").text
    assert "Abgeschlossen am" in visitor.text
    with Session(house.database.durable) as session:
        lines = session.scalars(select(Entry.deed).where(Entry.thing == f"case:{ID.format(1)}"))
        assert list(lines) == ["taken", "closed", "reopened", "closed"]


def test_service__does_it_by_itself(either_house: House, serve: Serve) -> None:
    send(either_house, 1, closed=date(2020, 1, 31))
    serve(either_house.settings.database_url, data=either_house.settings.data)
    deadline = time.monotonic() + 20
    while kept(either_house) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert kept(either_house) == set()
    with Session(either_house.database.durable) as session:
        assert audit.verify(session) == ()
        assert len(session.scalars(select(Entry).where(Entry.deed == "deleted")).all()) == 1
