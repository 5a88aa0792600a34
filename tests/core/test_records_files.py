"""Files of a response: sealed to its contact key, opened only in their own place."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from core import keyring, records, versions
from core.keyring import NotGranted
from core.records import Attachment, NoAttachment, Response, Submission
from core.vault import Tampered
from tests.support.house import NOW, House, filled
from tests.xlsform.builders import workbook_from
from xlsform.source import convert

FORM = """
| survey |
|        | type  | name   | label |
|        | image | photo  | Bild  |
|        | file  | letter | Brief |
"""
ONE, TWO = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
PHOTO, LETTER = "image-0123456789ab.jpg", "file-0123456789ac.pdf"
ANSWERS = {"/data/photo": PHOTO, "/data/letter": LETTER}
FILES = {PHOTO: b"zaunkoenig" * 100, LETTER: b"amsel"}


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        versions.publish(opened, "small", convert(workbook_from(FORM)).xml)
        yield opened


def stored(session: Session, number: str = ONE, files: dict[str, bytes] = FILES) -> Response:
    version = versions.current(session, "small")
    submission = Submission(number, version.id, "north", NOW.date())
    filling = filled(session, version, ANSWERS)
    records.submit(session, submission, filling, files.items())
    response = session.get(Response, number)
    assert response is not None
    return response


def test_submit__every_file_opens_by_the_name_in_the_record(
    session: Session, either_house: House
) -> None:
    response, keys = stored(session), either_house.staff["Nora"].keys
    answers = records.open_identity(session, response, keys)
    assert answers == ANSWERS
    for name in answers.values():
        assert records.open_file(session, response, name, keys) == FILES[name]


@pytest.mark.parametrize("name", ["Sonja", "Ines", "Eva"])
def test_submit__who_has_no_contact_key_opens_no_file(
    session: Session, either_house: House, name: str
) -> None:
    with pytest.raises(NotGranted):
        records.open_file(session, stored(session), PHOTO, either_house.staff[name].keys)


def test_open_file__another_name_is_no_file(session: Session, either_house: House) -> None:
    response, keys = stored(session), either_house.staff["Nora"].keys
    for name in ("", "image-0123456789ad.jpg", PHOTO.upper(), "ä", "../" + PHOTO):
        with pytest.raises(NoAttachment):
            records.open_file(session, response, name, keys)


def test_open_file__opens_only_under_its_own_response_and_name(
    session: Session, either_house: House
) -> None:
    response, keys = stored(session), either_house.staff["Nora"].keys
    stored(session, TWO, {PHOTO: b"drossel"})
    photo, letter = (
        session.scalar(
            select(Attachment.sealed).where(
                Attachment.response_id == number, Attachment.id == records._file_id(name)
            )
        )
        for number, name in ((TWO, PHOTO), (ONE, LETTER))
    )
    for sealed in (photo, letter, response.identity):
        own = Attachment.response_id == ONE, Attachment.id == records._file_id(PHOTO)
        session.execute(update(Attachment).where(*own).values(sealed=sealed))
        with pytest.raises(Tampered):
            records.open_file(session, response, PHOTO, keys)


def test_open_file__opens_only_with_its_own_version_and_key(
    session: Session, either_house: House
) -> None:
    response, keys = stored(session), either_house.staff["Karin"].keys
    right = response.version_id, response.contact_key_id
    other = versions.current(session, "client").id, keyring.newest(session, "contact-south").id
    for version, key in ((other[0], right[1]), (right[0], other[1])):
        response.version_id, response.contact_key_id = version, key
        with pytest.raises(Tampered):
            records.open_file(session, response, PHOTO, keys)


def test_submit__sent_twice_is_stored_once_and_reads_no_file_again(
    session: Session, either_house: House
) -> None:
    stored(session)

    def never() -> Iterator[tuple[str, bytes]]:
        raise AssertionError("read again")
        yield

    version = versions.current(session, "small")
    submission = Submission(ONE, version.id, "north", NOW.date())
    assert records.is_stored(session, ONE)
    records.submit(session, submission, filled(session, version, {}), never())
    assert len(session.scalars(select(Attachment)).all()) == len(FILES)


def test_submit__sent_twice_at_the_same_moment_is_stored_by_one_of_them(
    either_house: House,
) -> None:
    with either_house.database.transaction() as session:
        version = versions.publish(session, "small", convert(workbook_from(FORM)).xml)
    both_are_here, submission = Barrier(2), Submission(ONE, version.id, "north", NOW.date())

    def send(number: int) -> bool:
        read = []
        with either_house.database.transaction() as session:
            filling = filled(session, version, ANSWERS)
            assert not records.is_stored(session, ONE)
            both_are_here.wait()
            files = ((name, bytes([number])) for name in FILES if not read.append(name))
            records.submit(session, submission, filling, files)
        return bool(read)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == [False, True]
    with either_house.database.transaction() as session:
        response, keys = session.get(Response, ONE), either_house.staff["Nora"].keys
        assert response is not None
        assert len({records.open_file(session, response, name, keys) for name in FILES}) == 1


def test_attachment__says_in_the_clear_only_whose_it_is(session: Session) -> None:
    stored(session)
    assert {column.name for column in inspect(Attachment).columns} == {
        "response_id",
        "id",
        "sealed",
    }
    for row in session.scalars(select(Attachment)):
        for text in (b"zaunkoenig", b"amsel", b"image", b"jpg", b"pdf"):
            assert text not in row.id + row.sealed
