"""Free words leave told anew by one, approved by another, and with those of four others."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from core import versions
from core.audit import Entry
from core.keyring import NotGranted
from core.people import NotHers
from core.records import Response
from exports import retention
from exports.release import paraphrases
from exports.release.free_texts import mark
from exports.release.paraphrases import SENT_BACK, SET_ASIDE, Paraphrase, SamePerson, Words
from surveys import corrections
from tests.exports.ledger import CAME, TODAY, receive
from tests.exports.telling import (
    GOOD,
    WISH,
    approve,
    find,
    finish,
    interviews,
    release,
    row_of,
    send_back,
    set_aside,
    texts,
    told,
    words,
    write,
)
from tests.support.house import House, filled


def correct(house: House, response_id: str, answers: dict[str, str]) -> None:
    with house.database.transaction() as session:
        response, ines = session.get_one(Response, response_id), house.staff["Ines"]
        version = versions.version_of(session, response.version_id)
        now, before = filled(session, version, answers), {GOOD: told(0)}
        corrections.store(session, ines, response, now, before, "wish", TODAY)


def forget(house: House, response_id: str, **values: object) -> None:
    with house.database.transaction() as session:
        session.execute(update(Response).where(Response.id == response_id).values(**values))


def tidy(house: House) -> list[date]:
    with house.database.transaction() as session:
        return list(retention.forgotten(session, house.settings, TODAY))


# -- who may do what -------------------------------------------------------------------------------


def test_texts__are_what_was_said_in_free_words(either_house: House) -> None:
    ids = receive(either_house, "client", [{GOOD: told(1), WISH: " "}, {}])
    (text,) = texts(either_house)
    assert (text.response.id, text.question, text.original) == (ids[0], GOOD, told(1))
    assert "Amsel" not in repr(text)


@pytest.mark.parametrize("name", ["Eva", "Ines"])
def test_originals__open_for_nobody_without_the_contact_key(house: House, name: str) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    with pytest.raises(NotGranted):
        texts(house, name)
    with pytest.raises(NotGranted):
        find(house, text.id, house.staff[name])
    assert write(house, text)
    with pytest.raises(NotGranted):  # neither does what is being worked on
        paraphrases.opened(house.staff[name], row_of(house, text))  # type: ignore[arg-type]


def test_approve__takes_a_second_person(either_house: House) -> None:
    interviews(either_house, 1)
    (text,) = texts(either_house)
    assert write(either_house, text, name="Nora")
    for decide in (approve, send_back, set_aside):
        with pytest.raises(SamePerson):
            decide(either_house, text, "Nora")
    assert approve(either_house, text, "Sonja")
    row = row_of(either_house, text)
    assert row is not None
    staff = either_house.staff
    assert (row.writer_id, row.checker_id) == (staff["Nora"].person.id, staff["Sonja"].person.id)
    assert paraphrases.opened(staff["Eva"], row) == words(text)


def test_write__whoever_comes_first_stays(either_house: House) -> None:
    interviews(either_house, 1)
    (text,) = texts(either_house)
    assert write(either_house, text, Words("Zuerst.", ("other",)), "Nora")
    assert not write(either_house, text, Words("Zu spät.", ("other",)), "Sonja")
    row = row_of(either_house, text)
    assert row is not None
    assert paraphrases.opened(either_house.staff["Sonja"], row).words == "Zuerst."
    assert texts(either_house) == []


def test_approve__holds_for_what_was_read(house: House) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    write(house, text)
    assert send_back(house, text)
    assert not approve(house, text)
    assert write(house, text, Words("Anders.", ("other",)), turn=2)
    for decide in (approve, send_back, set_aside):
        assert not decide(house, text, turn=1)
    assert approve(house, text, turn=3)


def test_send_back__says_why_and_lets_either_write_anew(house: House) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    write(house, text)
    send_back(house, text)
    row = row_of(house, text)
    assert row is not None
    assert row.status == SENT_BACK
    said = paraphrases.opened(house.staff["Nora"], row)
    assert (said.words, said.why) == (words(text).words, "Der Ort steht noch da.")
    assert write(house, text, name="Sonja", turn=2)
    with pytest.raises(SamePerson):
        approve(house, text, "Sonja", turn=3)
    assert approve(house, text, "Nora", turn=3)


def test_set_aside__takes_the_words_away_and_never_comes_out(house: House) -> None:
    interviews(house, 5)
    first, *others = texts(house)
    write(house, first, Words(""))
    assert not approve(house, first)  # there is nothing to approve
    assert set_aside(house, first)
    row = row_of(house, first)
    assert row is not None
    assert (row.status, row.content, row.service_key_id) == (SET_ASIDE, b"", None)
    finish(house, others)
    assert release(house) == []


def test_deeds__are_noted_without_what_was_said(house: House) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    write(house, text)
    approve(house, text)
    with house.database.transaction() as session:
        query = select(Entry.deed).where(Entry.thing == f"paraphrase:{text.id}")
        assert list(session.scalars(query.order_by(Entry.id))) == ["noted", "approved"]


# -- what does not go out any more -----------------------------------------------------------------


def test_withdrawn__does_not_come_out(either_house: House) -> None:
    ids = interviews(either_house, 5)
    some = texts(either_house)
    finish(either_house, some)
    forget(either_house, ids[0], status="withdrawn", identity=b"", answers=b"")
    assert release(either_house) == []
    assert tidy(either_house) == [CAME]
    with either_house.database.transaction() as session:
        assert session.get(Paraphrase, mark(ids[0], GOOD)) is None
    with pytest.raises(NotHers):
        find(either_house, mark(ids[0], GOOD), either_house.staff["Nora"])


def test_deleted__takes_its_paraphrase_along(either_house: House) -> None:
    ids = interviews(either_house, 1)
    write(either_house, texts(either_house)[0])
    with either_house.database.transaction() as session:
        session.execute(delete(Response).where(Response.id == ids[0]))
        assert session.scalars(select(Paraphrase)).all() == []


def test_consent__refused_leaves_nothing_to_paraphrase(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    interviews(house, 5)
    some = texts(house)
    finish(house, some)
    monkeypatch.setattr("exports.release.releases.agreed", lambda *_: False)
    assert release(house) == []
    with pytest.raises(NotHers):
        find(house, some[0].id, house.staff["Nora"])
    interviews(house, 1, start=5)
    assert texts(house) == []


def test_identity__deleted_takes_along_what_was_not_approved(either_house: House) -> None:
    ids = interviews(either_house, 4)
    by_id = {text.response.id: text for text in texts(either_house)}
    waits, back, aside, done = (by_id[number] for number in ids)
    for text in by_id.values():
        write(either_house, text)
    send_back(either_house, back)
    set_aside(either_house, aside)
    approve(either_house, done)
    for number in ids:
        forget(either_house, number, identity=b"", closed=TODAY)
    assert tidy(either_house) == [TODAY] * 3
    with either_house.database.transaction() as session:
        assert [row.id for row in session.scalars(select(Paraphrase))] == [done.id]
    assert texts(either_house) == []
    assert row_of(either_house, waits) is None


def test_correction__lets_no_paraphrase_of_the_old_words_out(either_house: House) -> None:
    ids = interviews(either_house, 5)
    finish(either_house, texts(either_house))
    correct(either_house, ids[0], {GOOD: "Es war gut."})
    assert release(either_house) == []
    (text,) = texts(either_house)
    assert text.original == "Es war gut."
    finish(either_house, [text])
    assert len(release(either_house)) == 1


def test_correction__that_takes_the_words_back_leaves_nothing(house: House) -> None:
    ids = interviews(house, 5)
    finish(house, texts(house))
    correct(house, ids[0], {})
    assert texts(house) == []
    assert release(house) == []
