"""Sealed bytes that were changed: the page says what to do, the audit names the record."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.audit import Entry
from core.drafts import Draft
from core.people import Person
from core.presence import Presence
from exports.cli import export, release
from exports.files import making
from intake.cases import Case
from intake.referrals import OPENED
from tests.policy.sealed import (
    FILE,
    FIRST,
    SEALED,
    change,
    flipped,
    refused,
    response,
    store,
    the_only,
)
from tests.support import files
from tests.support.house import PASSPHRASE, House
from tests.support.houses import serving
from tests.support.walks import is_error_page, staff, woman

REFUSED = "Ein Eintrag lässt sich nicht öffnen"
# A sealed box begins with a key of its own (32 bytes) and a MAC (16); a locked one with a nonce
# (24) and ends with a MAC (16). One place of each region is flipped through the web, all here.
REGIONS = (0, 31, 32, 47, 48, 200, -17, -1)


@pytest.fixture(autouse=True)
def stored(either_house: House) -> None:
    store(either_house)


@pytest.fixture
def app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def pages_of(house: House) -> dict[str, tuple[str, str]]:
    """Who opens what where, by what is sealed there."""
    with Session(house.database.durable) as session:
        draft = the_only(Draft)(session).id
    return {
        "identity": ("Nora", f"/desk/{FIRST}"),
        "answers": ("Nora", f"/desk/{FIRST}"),
        "attachment": ("Nora", f"/desk/{FIRST}/files/{FILE}"),
        "draft": ("Ines", f"/interviews/{draft}"),
    }


@pytest.mark.parametrize("kind", ["identity", "answers", "attachment", "draft"])
def test_page__says_what_to_do_and_the_audit_names_the_record(
    either_house: House, app: Flask, kind: str
) -> None:
    name, path = pages_of(either_house)[kind]
    visitor = staff(app, name)
    with Session(either_house.database.durable) as session:
        before = SEALED[kind].bytes_of(session)
    for place in REGIONS:
        change(either_house, kind, lambda _, place=place: flipped(before, place))
        visitor.get(path)
        assert is_error_page(visitor, 409)
        assert visitor.heading == REFUSED
        assert "Bitte sagen Sie der Koordinatorin Bescheid" in visitor.text
        assert "Frau 0" not in visitor.text
    lines = refused(either_house)
    assert len(lines) == len(REGIONS)
    assert {person for person, _ in lines} == {either_house.staff[name].person.id}
    thing = SEALED[kind].thing if kind != "draft" else f"draft:{path.rpartition('/')[2]}"
    assert {found for _, found in lines} == {thing}
    change(either_house, kind, lambda _: before)
    assert visitor.get(path).response.status_code == 200


def test_page__what_was_refused_leaves_the_record_as_it_was(
    either_house: House, app: Flask
) -> None:
    change(either_house, "answers", lambda sealed: flipped(sealed, -1))
    staff(app, "Nora").get(f"/desk/{FIRST}")
    with Session(either_house.database.durable) as session:
        assert response(session).status == "new"
        opened = select(Entry).where(Entry.deed == "opened")
        assert session.scalars(opened).all() == []


def take_up(house: House) -> None:
    """Let the first referral count for evaluators: somebody took it up before this month."""
    with house.database.transaction() as session:
        session.add(Case(id=FIRST, part="north", status=OPENED, opened=date(2026, 10, 23)))


@pytest.mark.parametrize("kind", ["answers", "batch", "grant"])
def test_export__is_refused_as_a_whole_and_the_audit_names_the_record(
    either_house: House, app: Flask, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "start", making.run)
    take_up(either_house)
    visitor = staff(app, "Eva")
    change(either_house, kind, lambda sealed: flipped(sealed, -1))
    visitor.press("Arbeitsmappe herunterladen")
    assert visitor.heading == "Ihre Datei ist nicht entstanden"
    assert "Etwas Gespeichertes wurde verändert" in visitor.text
    [(person, thing)] = refused(either_house)
    assert person == either_house.staff["Eva"].person.id
    assert thing.startswith(SEALED[kind].thing)
    with Session(either_house.database.durable) as session:
        assert session.scalars(select(Entry).where(Entry.deed == "exported")).all() == []


@pytest.mark.parametrize(
    ("group", "arguments"), [(export, ["workbook", "--out", "FILE"]), (release, ["plan"])]
)
def test_command__stops_with_a_plain_message_and_the_audit_names_the_record(
    either_house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    group: Group,
    arguments: list[str],
) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(either_house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", either_house.settings.database_url)
    take_up(either_house)
    change(either_house, "answers", lambda sealed: flipped(sealed, 60))
    file = tmp_path / "workbook.xlsx"
    given = [str(file) if one == "FILE" else one for one in arguments]
    done = CliRunner().invoke(group, [*given, "--as", "Eva"], input=f"{PASSPHRASE}\n")
    assert done.exit_code == 1
    assert f"Error: response:{FIRST} was changed" in done.output
    assert not file.exists()
    assert refused(either_house) == [(0, f"response:{FIRST}")]


def test_sign_in__with_a_changed_box_is_refused_and_noted(either_house: House, app: Flask) -> None:
    eva = either_house.staff["Eva"].person.id
    with either_house.database.transaction() as session:
        person = session.get_one(Person, eva)
        assert person.box is not None
        person.box = flipped(person.box, 30)
    assert staff(app, "Eva").mistakes == ["Name oder Passwort-Satz stimmen nicht."]
    assert refused(either_house) == [(eva, "sign-in")]


def test_session__one_that_was_changed_is_over_and_noted(either_house: House, app: Flask) -> None:
    visitor = staff(app, "Nora")
    with either_house.database.durable.begin() as connection:
        [box] = connection.scalars(text("SELECT box FROM web_session")).all()
        statement = text("UPDATE web_session SET box = :box")
        connection.execute(statement, {"box": flipped(bytes(box), 40)})
    assert visitor.get("/desk/").get("/desk/").heading == "Anmelden"
    assert refused(either_house) == [(0, "session")]


def test_presence__one_that_was_changed_is_over_and_noted(either_house: House, app: Flask) -> None:
    visitor = staff(app, "Nora")
    with either_house.database.transaction() as session:
        row = session.scalars(select(Presence)).one()
        row.box = flipped(row.box, 40)
    assert visitor.get("/desk/").get("/desk/").heading == "Anmelden"
    assert refused(either_house) == [(either_house.staff["Nora"].person.id, "session")]


def test_woman__with_a_changed_session_begins_anew(either_house: House, app: Flask) -> None:
    visitor = woman(app).press("next", safe_now="no")
    with either_house.database.durable.begin() as connection:
        connection.execute(text("UPDATE web_session SET box = :box"), {"box": b"x" * 100})
    assert visitor.get("/").press("begin").heading == woman(app).heading
    assert refused(either_house) == [(0, "session")]


def test_woman__with_a_changed_file_is_told_to_call(either_house: House, app: Flask) -> None:
    files.publish(either_house)
    visitor = files.to_check(files.at_papers(app).press("next", photo=files.picture()))
    with either_house.database.durable.begin() as connection:
        connection.execute(text("UPDATE upload SET box = :box"), {"box": b"x" * 100})
    visitor.press("submit")
    assert is_error_page(visitor, 409)
    assert "Bitte rufen Sie an" in visitor.text
    [(person, thing)] = refused(either_house)
    assert (person, thing.partition(":")[0]) == (0, "upload")
