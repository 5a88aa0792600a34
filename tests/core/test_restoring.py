"""A backup brought to an empty place: everything, in either database, or nothing."""

import json
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select

import migrations
from core import audit, backup, database, drafts, records, secret
from core.audit import Entry
from core.database import Database
from core.keyring import ServiceKey
from core.people import Person
from core.presence import Presence
from core.records import Response
from core.settings import Settings
from core.uploads import Upload
from core.web import sessions
from tests.core.lived_in import ID, NAME, RECEIVED, WRITTEN, run, saved
from tests.support.house import NOW, House, signed_in


def content(opened: Database) -> dict[str, set[tuple[object, ...]]]:
    with opened.durable.connect() as connection:
        return {
            name: {tuple(row) for row in connection.execute(select(table))}
            for name, table in backup.tables(connection).items()
        }


def rewritten(file: Path, old: str, new: str) -> Path:
    """Return a backup with other words in it, its last line made right again."""
    body = file.read_text().rpartition('{"sha256"')[0]
    assert old in body
    body = body.replace(old, new)
    end = json.dumps({"sha256": sha256(body.encode()).hexdigest()}, separators=(",", ":"))
    file.write_text(f"{body}{end}\n")
    return file


def test_restore__gives_back_every_row_in_either_database(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    before = content(lived_in.database)
    done = run(place, "restore", str(saved(lived_in, tmp_path / "backup")))
    assert (done.exit_code, done.output.partition(":")[0]) == (0, "restored")
    with closing(database.connect(place.database_url)) as opened:
        after = content(opened)
    before["upload"] = {row for row in before["upload"] if b"of a draft" in row}
    assert before.pop("audit") < after.pop("audit")  # the restore itself is noted at the end
    assert before.pop("audit_head") != after.pop("audit_head")
    assert after == before
    assert len(after["response"]) == RECEIVED


def test_restore__every_record_opens_with_the_same_passphrases(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    run(place, "restore", str(saved(lived_in, tmp_path / "backup")))
    with closing(database.connect(place.database_url)) as opened, opened.transaction() as session:
        nora, ines = signed_in(session, "Nora"), signed_in(session, "Ines")
        for number in range(RECEIVED):
            response = session.get(Response, ID.format(number))
            assert response is not None
            identity = records.open_identity(session, response, nora.keys)
            assert identity == {NAME: WRITTEN.format(number).strip()}
        [(draft, _)] = drafts.mine(session, ines)
        assert drafts.read(ines, draft).decode() == "später"


def test_restore__the_audit_goes_on_where_it_ended(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    run(place, "restore", str(saved(lived_in, tmp_path / "backup")))
    with closing(audit.connect(place)) as opened, opened.transaction() as session:
        assert audit.verify(session) == ()
        last = session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
        assert (last.deed, last.thing, last.id > 1) == ("recovered", "backup", True)


def test_restore__nobody_is_signed_in_and_nothing_unsent_is_there(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    file = saved(lived_in, tmp_path / "backup")
    run(place, "restore", str(file))
    with closing(database.connect(place.database_url)) as opened, opened.transaction() as session:
        assert session.scalars(select(Presence.id)).all() == []
        assert session.scalars(select(sessions.table.c.id)).all() == []
        assert session.scalars(select(Upload.id)).all() == [b"of a draft"]
    assert b64encode(b"of a draft") in file.read_bytes()
    assert b64encode(b"of a woman") not in file.read_bytes()


def test_restore__numbers_go_on_behind_those_that_were_given(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    run(place, "restore", str(saved(lived_in, tmp_path / "backup")))
    with closing(database.connect(place.database_url)) as opened, opened.transaction() as session:
        last = session.scalar(select(func.max(Person.id)))
        person = Person(name="Neu", role="evaluator", public=b"p" * 32)
        session.add(person)
        session.flush()
        assert person.id == last + 1


def test_restore__the_signing_key_comes_along(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    key = secret.read_or_make(lived_in.settings.data)
    run(place, "restore", str(saved(lived_in, tmp_path / "backup")))
    assert secret.read_or_make(place.data) == key
    assert (place.data / "signing-key").stat().st_mode & 0o777 == 0o600


def test_restore__a_place_that_holds_data_is_left_alone(lived_in: House, tmp_path: Path) -> None:
    file = saved(lived_in, tmp_path / "backup")
    before = content(lived_in.database)
    done = run(lived_in.settings, "restore", str(file))
    assert done.output == "Error: This place holds data. Restore into an empty one.\n"
    assert content(lived_in.database) == before


def test_restore__another_signing_key_is_never_replaced(
    house: House, place: Settings, tmp_path: Path
) -> None:
    key = secret.read_or_make(place.data)
    done = run(place, "restore", str(saved(house, tmp_path / "backup")))
    assert done.output.startswith("Error: The data folder has another signing key.")
    assert secret.read_or_make(place.data) == key
    assert [file.name for file in place.data.iterdir()] == ["signing-key"]


def test_restore__a_failure_leaves_the_place_as_it_was(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    file = saved(lived_in, tmp_path / "backup")
    good = file.read_bytes()
    rewritten(file, '"2026-11-23"', '"23.11.2026"')  # no day, at the end of a table
    assert run(place, "restore", str(file)).exit_code == 1
    assert list(place.data.iterdir()) == []
    file.write_bytes(good)
    assert run(place, "restore", str(file)).exit_code == 0
    with closing(database.connect(place.database_url)) as opened:
        assert len(content(opened)["response"]) == RECEIVED


def test_restore__a_backup_of_earlier_tables_is_brought_up_to_date(
    place: Settings, tmp_path: Path
) -> None:
    old = f"sqlite:///{tmp_path / 'old'}"
    migrations.upgrade(old, "0002")
    with closing(database.connect(old)) as opened:
        with opened.durable.begin() as connection:
            row = "INSERT INTO service_key (id, purpose, public) VALUES (7, 'answers', x'00ff')"
            connection.exec_driver_sql(row)
        made = backup.write(opened.durable, b"k" * 32, tmp_path / "backup", NOW)
    assert made.revision == "0002"
    assert run(place, "restore", str(tmp_path / "backup")).exit_code == 0
    with closing(database.connect(place.database_url)) as opened, opened.transaction() as session:
        [key] = session.scalars(select(ServiceKey))
        assert (key.id, key.public) == (7, b"\x00\xff")
        assert backup.revision_of(session.connection()) == migrations.revisions()[-1]


def test_restore__a_backup_of_later_tables_is_refused(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    head = migrations.revisions()[-1]
    file = rewritten(
        saved(lived_in, tmp_path / "backup"), f'"revision":"{head}"', '"revision":"9999"'
    )
    done = run(place, "restore", str(file))
    assert done.output == f"Error: {file} was written by a newer zugang. Install that one first.\n"
    assert not (place.data / "signing-key").exists()
