"""What was retold and approved goes out with that of four others, and stays as it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core import keyring, records, resealing, rotation
from core.keyring import NotGranted
from core.resealing import Run
from core.vault import Tampered
from exports.release import free_texts, open_words, paraphrases
from exports.release.free_texts import mark
from exports.release.open_words import ParaphraseBatch
from exports.release.paraphrases import OUT, Paraphrase, Words
from tests.exports.ledger import OFFICES, TODAY, Read, eva, office, receive, workbook
from tests.exports.telling import (
    GOOD,
    WISH,
    approve,
    finish,
    interviews,
    out,
    release,
    retold,
    texts,
    words,
    write,
)
from tests.support.house import House

SHEET = "open words"
NASTY = ('=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2", "المستشارة كانت لطيفة \u202e<b>&amp;")


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
    assert "Offene Worte\nfreigegeben 5\n" in read.readme
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


# -- two at once, and somebody at the database -----------------------------------------------------


def test_release__by_two_at_once_goes_out_once(either_house: House) -> None:
    interviews(either_house, 5)
    finish(either_house, texts(either_house))
    with ThreadPoolExecutor(2) as both:
        done = [both.submit(release, either_house) for _ in range(2)]
        sizes = [batch.size for one in done for batch in one.result()]
    assert sizes == [5]
    assert len(out(either_house)) == 5


def test_write__by_two_at_once_keeps_one(either_house: House) -> None:
    interviews(either_house, 1)
    (text,) = texts(either_house)
    with ThreadPoolExecutor(2) as both:
        done = [
            both.submit(write, either_house, text, words(text), name) for name in ("Nora", "Sonja")
        ]
        assert sorted(one.result() for one in done) == [False, True]


def test_paraphrase__opens_in_its_own_row_and_turn_alone(house: House) -> None:
    interviews(house, 2)
    for text in texts(house):
        write(house, text)
    nora = house.staff["Nora"]
    with house.database.transaction() as session:
        first, second = session.scalars(select(Paraphrase)).all()
        first.content, kept = second.content, first.content
        with pytest.raises(Tampered):
            paraphrases.opened(nora, first)
        first.content, first.turn = kept, first.turn + 1
        with pytest.raises(Tampered):
            paraphrases.opened(nora, first)
        first.turn -= 1


def test_batch__opens_in_its_own_row_alone(house: House) -> None:
    for start in (0, 5):
        interviews(house, 5, start)
        finish(house, texts(house))
        release(house)
    with house.database.transaction() as session:
        first, second = open_words.batches(session)
        first.content = second.content
        session.flush()
        with pytest.raises(Tampered):
            open_words.approved(session, eva(house))
