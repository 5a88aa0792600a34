"""Backups: taken while others write, whole or not there at all, every byte accounted for."""

import random
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import migrations
from core import backup, database, secret
from core.audit import Entry
from core.backup import BackupError
from core.records import Attachment, Response
from core.settings import Settings
from tests.core.lived_in import ID, NAME, RECEIVED, run, saved
from tests.support.house import NOW, House, submit
from tests.support.service import COMMAND, ROOT
from tests.support.tools import clean_environment

KEY = b"k" * 32


def send(house: House, files: int = 0) -> None:
    """Send a referral with files as one transaction."""
    number = str(uuid.uuid4())
    with house.database.transaction() as session:
        submit(session, "referral", number, {NAME: "Amsel"})
        for file in range(files):
            session.add(Attachment(response_id=number, id=bytes([file]) * 32, sealed=b"f" * 9000))


@contextmanager
def writers(house: House) -> Iterator[list[float]]:
    """Keep two people sending; the list holds the seconds that each of their writes took."""
    over, waits = threading.Event(), [0.0]

    def write() -> None:
        while not over.is_set():
            begun = time.monotonic()
            send(house, files=2)
            waits.append(time.monotonic() - begun)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield waits
    over.set()
    for thread in threads:
        thread.join()


def test_backup__is_one_moment_of_a_service_in_use(
    lived_in: House, place: Settings, tmp_path: Path
) -> None:
    with writers(lived_in) as waits:
        while len(waits) < 4:
            time.sleep(0.01)
        saved(lived_in, tmp_path / "backup")
        before = len(waits)
        while len(waits) < before + 2:
            time.sleep(0.01)
    assert run(place, "restore", str(tmp_path / "backup")).exit_code == 0
    with closing(database.connect(place.database_url)) as opened, opened.transaction() as session:
        sent = set(session.scalars(select(Response.id))) - {ID.format(n) for n in range(RECEIVED)}
        files = list(session.scalars(select(Attachment.response_id)))
        assert len(sent) >= 3
        assert {number: files.count(number) for number in sent} == dict.fromkeys(sent, 2)


def test_backup__writers_hardly_wait_for_it(lived_in: House, tmp_path: Path) -> None:
    for _ in range(200):
        send(lived_in, files=1)
    with writers(lived_in) as waits:
        for number in range(3):
            saved(lived_in, tmp_path / f"backup-{number}")
    assert max(waits) < 2  # seconds on a busy machine; SQLite would give up after ten


def test_backup__is_for_its_owner_alone_and_noted(lived_in: House, tmp_path: Path) -> None:
    file = saved(lived_in, tmp_path / "backup")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("backup*")] == ["backup"]
    with Session(lived_in.database.durable) as session:
        noted = session.scalars(select(Entry).where(Entry.thing == "backup")).all()
        assert [(line.deed, line.person_id) for line in noted] == [("exported", 0)]


def test_backup__what_is_sealed_stays_sealed(lived_in: House, tmp_path: Path) -> None:
    content = saved(lived_in, tmp_path / "backup").read_bytes()
    assert b"Amsel" not in content
    assert b"sp\\u00e4ter" not in content
    assert b"Nora" in content


def test_backup__never_replaces_a_file(lived_in: House, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("the one of yesterday")
    done = run(lived_in.settings, "backup", str(file))
    assert done.output == f"Error: {file} is there already. Choose another name.\n"
    assert file.read_text() == "the one of yesterday"


def test_backup__an_empty_place_is_said_to_be_so(place: Settings, tmp_path: Path) -> None:
    done = run(place, "backup", str(tmp_path / "backup"))
    assert done.output == "Error: There is nothing to back up: is ZUGANG_DATA right?\n"
    secret.read_or_make(place.data)
    opened = database.connect(place.database_url)
    with closing(opened), pytest.raises(BackupError, match="nothing to back up"):
        backup.write(opened.durable, KEY, tmp_path / "backup", NOW)
    assert not list(tmp_path.glob("backup*"))


def test_backup__where_nothing_can_be_written_one_line_says_so(
    lived_in: House, tmp_path: Path
) -> None:
    done = run(lived_in.settings, "backup", str(tmp_path / "missing" / "backup"))
    assert done.output == f"Error: {tmp_path}/missing/backup.part: No such file or directory.\n"


def test_backup__killed_in_the_middle_leaves_no_file(house: House, tmp_path: Path) -> None:
    with house.database.transaction() as session:
        submit(session, "referral", ID.format(1), {NAME: "Amsel"})
        for number in range(60):
            row = Attachment(response_id=ID.format(1), id=bytes([number]) * 32)
            row.sealed = random.Random(number).randbytes(2_000_000)
            session.add(row)
    file, part = tmp_path / "backup", tmp_path / "backup.part"
    working = subprocess.Popen(
        [COMMAND, "backup", str(file)],
        cwd=ROOT,
        env=clean_environment(ZUGANG_DATA=str(house.settings.data)),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not part.exists() or part.stat().st_size < 1_000_000:
        assert working.poll() is None
        time.sleep(0.001)
    working.send_signal(signal.SIGKILL)
    assert working.wait() == -signal.SIGKILL
    assert part.exists()
    assert not file.exists()
    saved(house, file)  # the next one minds nothing
    assert not part.exists()
    assert backup.check(file).rows["attachment"] == 60


@pytest.fixture
def file(house: House, tmp_path: Path) -> Path:
    """A small backup."""
    with house.database.transaction() as session:
        submit(session, "referral", ID.format(1), {NAME: "Amsel"})
    with closing(database.connect(house.settings.database_url)) as opened:
        backup.write(opened.durable, KEY, tmp_path / "backup", NOW)
    return tmp_path / "backup"


def test_check__says_what_is_inside(file: Path) -> None:
    found = backup.check(file)
    assert (found.made, found.signing_key) == (NOW, KEY)
    assert found.revision == migrations.revisions()[-1]
    assert (found.rows["response"], found.rows["person"]) == (1, 5)
    assert not found.rows.keys() & backup.LEFT_OUT


def test_check__finds_any_byte_that_was_flipped(file: Path) -> None:
    whole = file.read_bytes()
    draw = random.Random(4)
    ends = [*range(150), *range(len(whole) - 100, len(whole))]
    for place in (*ends, *draw.sample(range(len(whole)), 50)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << draw.randrange(8)
        file.write_bytes(flipped)
        with pytest.raises(BackupError):
            backup.check(file)


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b[:-80], lambda b: b + b"\n"])
def test_check__finds_bytes_that_are_missing_or_too_many(
    file: Path, change: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(BackupError, match="damaged or not whole"):
        backup.check(file)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"x" * 100_000, b'{"format":1}'])
def test_check__says_that_a_foreign_file_is_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(BackupError, match="is no backup of zugang"):
        backup.check(file)


def test_check__says_that_a_later_format_needs_a_newer_zugang(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b'{"format":"zugang-backup-2","made":')
    with pytest.raises(BackupError, match="newer zugang"):
        backup.check(file)
