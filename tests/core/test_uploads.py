"""Files on their way: only a receipt finds and opens them, and none outstays its time."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import uploads, vault
from core.uploads import Gone, Receipt, Upload
from core.vault import Tampered
from tests.support.house import House

WORD = b"zaunkoenig"


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        yield opened


def kept(session: Session, content: bytes = WORD, seconds: int = 60) -> Receipt:
    return uploads.keep(session, "image-0123456789ab.jpg", content, seconds)


def test_keep__its_receipt_opens_a_file_again(session: Session) -> None:
    big = bytes(range(256)) * 4096
    assert uploads.read(session, kept(session, big)) == big


def test_keep__nothing_in_the_row_opens_it(session: Session) -> None:
    receipt = kept(session)
    [row] = session.scalars(select(Upload))
    assert bytes.fromhex(receipt.key) not in row.id + row.box
    assert WORD not in row.box
    place = f"upload:{row.id.hex()}"
    assert vault.unlock(bytes.fromhex(receipt.key), row.box, place) == WORD
    for known in (row.id * 2, row.box[:32], row.box[-32:]):
        with pytest.raises(Tampered):
            vault.unlock(known, row.box, place)


def test_keep__the_same_file_twice_is_two_that_tell_nothing_of_each_other(
    session: Session,
) -> None:
    first, second = kept(session), kept(session)
    assert {first.id, first.key}.isdisjoint({second.id, second.key})


def test_read__a_box_under_the_id_of_another_does_not_open(session: Session) -> None:
    mine, other = kept(session), kept(session)
    box = session.scalar(select(Upload.box).where(Upload.id == other.row))
    session.execute(update(Upload).where(Upload.id == mine.row).values(box=box))
    for receipt in (mine, replace(mine, key=other.key)):
        with pytest.raises(Tampered):
            uploads.read(session, receipt)


def test_discard__only_what_is_meant_is_gone(session: Session) -> None:
    first, second, third = (kept(session) for _ in range(3))
    uploads.discard(session, [first, third])
    assert uploads.missing(session, [first, second, third]) == {first, third}
    assert uploads.read(session, second) == WORD
    with pytest.raises(Gone):
        uploads.read(session, first)


def test_sweep__takes_what_has_run_out_and_leaves_what_was_extended(
    either_house: House,
) -> None:
    with either_house.database.transaction() as session:
        over, stays, extended = kept(session, seconds=0), kept(session), kept(session, seconds=0)
        uploads.extend(session, [extended], 60)
    uploads.sweep(either_house.database.relaxed)
    with either_house.database.transaction() as session:
        assert uploads.missing(session, [over, stays, extended]) == {over}


def test_receipt__does_not_show_its_key(session: Session) -> None:
    receipt = kept(session)
    assert receipt.key not in repr(receipt)
