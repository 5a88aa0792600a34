"""Free words leave told anew by one, approved by another, and with those of four others."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from core import keyring, records, resealing, rotation, versions
from core.audit import Entry
from core.keyring import NotGranted
from core.people import NotHers
from core.records import Response
from core.resealing import Run
from exports import free_texts, open_words, paraphrases, retention
from exports.free_texts import mark
from exports.open_words import ParaphraseBatch
from exports.paraphrases import OUT, SENT_BACK, SET_ASIDE, Paraphrase, SamePerson, Words
from surveys import corrections
from tests.exports.ledger import OFFICES, TODAY, Read, eva, office, receive, workbook
from tests.exports.telling import (
    GOOD,
    WISH,
    approve,
    find,
    finish,
    interviews,
    out,
    release,
    retold,
    row_of,
    send_back,
    set_aside,
    texts,
    told,
    words,
    write,
)
from tests.support.house import House, filled

SHEET = "open words"
NASTY = ('=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2", "المستشارة كانت لطيفة \u202e<b>&amp;")


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


# -- what goes out ---------------------------------------------------------------------------------


def test_release__waits_for_five_people_a_question(either_house: House) -> None:
    interviews(either_house, 4)
    receive(either_house, "client", [{WISH: "Mehr Zeit."}])
    finish(either_house, texts(either_house))
    assert release(either_house) == []
    assert out(either_house) == []
    interviews(either_house, 1, start=4)
    finish(either_house, texts(either_house))
    (batch,) = release(either_house)
    assert batch.size == 5
    rows = out(either_house)
    assert {row.words for row in rows} == {retold(number) for number in range(5)}
    assert {(row.questionnaire, row.question, row.label) for row in rows} == {
        ("client", "good", "Was war gut an der Hilfe?")
    }


def test_release__counts_an_office_once_however_often_it_was_asked(house: House) -> None:
    asked = [*OFFICES[:4], OFFICES[0], ""]
    receive(house, "municipality", (office(name, more__good="Gut.") for name in asked))
    finish(house, texts(house, questionnaire="municipality"))
    assert release(house) == []
    receive(house, "municipality", [office(OFFICES[4], more__good="Gut.")])
    finish(house, texts(house, questionnaire="municipality"))
    assert [batch.size for batch in release(house)] == [7]


def test_release__a_batch_never_changes(either_house: House) -> None:
    interviews(either_house, 5)
    finish(either_house, texts(either_house))
    release(either_house)
    before = out(either_house)
    ids = interviews(either_house, 4, start=5)
    finish(either_house, texts(either_house))
    assert release(either_house) == []
    ids += interviews(either_house, 1, start=9)
    finish(either_house, texts(either_house))
    (second,) = release(either_house)
    assert second.size == len(ids)
    assert out(either_house)[:5] == before
    assert release(either_house) == []
    assert texts(either_house) == []


def test_release__leaves_nothing_of_the_response_but_a_mark(either_house: House) -> None:
    ids = interviews(either_house, 5)
    finish(either_house, texts(either_house))
    release(either_house)
    with either_house.database.transaction() as session:
        rows = session.scalars(select(Paraphrase)).all()
        assert {row.id for row in rows} == {mark(number, GOOD) for number in ids}
        assert {(row.status, row.response_id, row.content, row.service_key_id) for row in rows} == {
            (OUT, None, b"", None)
        }
        (batch,) = open_words.batches(session)
        held = str(open_words.content(eva(either_house), batch))
    for number in ids:
        assert number not in held
        assert mark(number, GOOD) not in held


def test_release__stands_in_an_order_that_was_drawn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Turned:
        def shuffle(self, lines: list[object]) -> None:
            lines.sort(key=str, reverse=True)

    monkeypatch.setattr(open_words, "SystemRandom", Turned)
    interviews(house, 5)
    finish(house, texts(house))
    release(house)
    assert [row.words for row in out(house)] == [retold(number) for number in range(4, -1, -1)]


@pytest.mark.parametrize("name", ["Ines"])
def test_approved__opens_for_holders_of_the_answers_key_alone(house: House, name: str) -> None:
    interviews(house, 5)
    finish(house, texts(house))
    release(house)
    with pytest.raises(NotGranted):
        out(house, house.staff[name])


# -- what does not go out any more -----------------------------------------------------------------


def test_withdrawn__does_not_come_out(either_house: House) -> None:
    ids = interviews(either_house, 5)
    some = texts(either_house)
    finish(either_house, some)
    forget(either_house, ids[0], status="withdrawn", identity=b"", answers=b"")
    assert release(either_house) == []
    assert tidy(either_house) == [TODAY]
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
    monkeypatch.setattr("exports.releases.agreed", lambda *_: False)
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


# -- keys, and the workbook ------------------------------------------------------------------------


def test_reseal__brings_every_paraphrase_to_the_newest_key(either_house: House) -> None:
    karin = either_house.staff["Karin"]
    interviews(either_house, 5)
    finish(either_house, texts(either_house))
    release(either_house)
    interviews(either_house, 2, start=5)
    first, second = texts(either_house)
    write(either_house, first)
    finish(either_house, [second])
    with either_house.database.transaction() as session:
        rotation.rotate(session, karin.person.id, keyring.PURPOSES, TODAY)
        keys, run = keyring.collect(session, karin.pair), Run()
        old = set(karin.keys.held)
        while resealing.batch(session, keys, karin.person.id, run):
            pass
        assert run.refused == 0
        used = {*session.scalars(select(ParaphraseBatch.service_key_id))}
        used |= {*session.scalars(select(Paraphrase.service_key_id))} - {None}
        assert not used & old
        sonja = either_house.staff["Sonja"].pair
        for row in session.scalars(select(Paraphrase).where(Paraphrase.status != OUT)):
            counsellor = keyring.collect(session, sonja)
            assert counsellor.pair(row.service_key_id or 0)
        (batch,) = open_words.batches(session)
        assert batch.service_key_id in keyring.collect(session, eva(either_house).pair).held


def test_workbook__has_the_open_words_as_a_sheet_of_its_own(either_house: House) -> None:
    interviews(either_house, 7)
    some = texts(either_house)
    finish(either_house, some[:5])
    release(either_house)
    finish(either_house, some[5:])
    read = workbook(either_house)
    assert read.header(SHEET) == ["questionnaire", "question", "label", "paraphrase", "topics"]
    assert {row["paraphrase"] for row in read.rows(SHEET)} == {words(one).words for one in some[:5]}
    assert {row["topics"] for row in read.rows(SHEET)} == {"contact"}
    assert "freigegeben 5, wartend ungefähr 0" in read.readme
    assert "Amsel" not in str(read.texts(*read.book.sheetnames))


def test_workbook__writes_what_looks_like_a_formula_as_text(either_house: House) -> None:
    interviews(either_house, 5)
    for text, nasty in zip(texts(either_house), NASTY, strict=True):
        write(either_house, text, Words(nasty, ("other", "contact")))
        approve(either_house, text)
    release(either_house)
    read: Read = workbook(either_house)
    assert {row["paraphrase"] for row in read.rows(SHEET)} == set(NASTY)
    assert {cell.data_type for row in read.book[SHEET].iter_rows() for cell in row} == {"s"}
    assert {row["topics"] for row in read.rows(SHEET)} == {"contact other"}


def test_labels__are_those_of_the_newest_version(house: House) -> None:
    with house.database.transaction() as session:
        found = free_texts.labels(session, "client", "de")
        assert records.responses(session, "client") == []
    assert found[GOOD] == "Was war gut an der Hilfe?"
    assert len(found) == 3
