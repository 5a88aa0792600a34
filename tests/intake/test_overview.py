"""What the inbox shows: opened once, kept under her own key, never more than she may open."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import versions
from core.audit import Entry
from core.people import SignedIn
from core.records import Response
from intake import cases, entries, overview, referrals, urgency
from intake.overview import Line, Overview
from tests.intake.test_cases import DAY, FIRST, SECOND, send
from tests.support.house import House


def lines(session: Session, who: SignedIn) -> dict[str, Line]:
    return {line.id: line for line in overview.read(session, who)[0]}


def listed(session: Session) -> list[str]:
    session.commit()
    return list(session.scalars(select(Entry.thing).where(Entry.deed == "listed")))


def test_read__shows_her_part_with_place_urgency_and_words(
    session: Session, either_house: House
) -> None:
    send(session, **{"/data/safety/safe_now": "no", "/data/more/words": "Der Kranich"})
    send(session, SECOND, "south")
    read = lines(session, either_house.staff["Nora"])
    assert read.keys() == {FIRST}
    line = read[FIRST]
    assert (line.municipality, line.urgency(DAY)) == ("selm", ("danger",))
    assert "amsel" in line.words
    assert "der kranich" in line.words
    assert lines(session, either_house.staff["Eva"]) == {}


def test_read__opens_only_what_is_new_and_notes_it(session: Session, either_house: House) -> None:
    nora = either_house.staff["Nora"]
    send(session)
    for _ in range(2):
        assert lines(session, nora).keys() == {FIRST}
    assert listed(session) == ["responses:1"]
    session.get_one(Response, FIRST).identity = b"changed"  # what is kept is not opened again
    send(session, SECOND)
    assert "amsel" in lines(session, nora)[FIRST].words
    assert listed(session) == ["responses:1"] * 2


def test_read__what_does_not_open_is_still_listed(session: Session, either_house: House) -> None:
    send(session).identity = b"changed"
    line = lines(session, either_house.staff["Nora"])[FIRST]
    assert (line.municipality, line.urgency(DAY), line.words.strip()) == ("", (), "")


def test_read__a_broken_box_is_made_anew(session: Session, either_house: House) -> None:
    nora = either_house.staff["Nora"]
    send(session)
    lines(session, nora)
    row = session.scalars(select(Overview)).one()
    assert b"amsel" not in row.box
    row.box = row.box[:-1] + bytes([row.box[-1] ^ 1])
    session.flush()
    assert "amsel" in lines(session, nora)[FIRST].words


def test_read__one_that_goes_to_another_part_is_dropped(
    session: Session, either_house: House
) -> None:
    nora = either_house.staff["Nora"]
    send(session).part = "county"
    session.flush()
    lines(session, nora)
    kept = session.scalars(select(Overview.box)).one()
    session.get_one(Response, FIRST).part = "south"
    session.flush()
    assert lines(session, nora) == {}
    assert len(session.scalars(select(Overview.box)).one()) < len(kept)


def test_read__finds_notes_and_says_what_is_to_do_next(
    session: Session, either_house: House
) -> None:
    nora = either_house.staff["Nora"]
    send(session)
    cases.take_up(session, nora, FIRST, DAY)
    entries.write(session, nora, FIRST, entries.NOTE, {"note": "Pfau"}, DAY)
    steps = [
        entries.write(session, nora, FIRST, entries.STEP, {"day": f"{day}", "note": "Anrufen"}, DAY)
        for day in (DAY + timedelta(days=1), DAY)
    ]
    read, next_steps = overview.read(session, nora)
    assert "pfau" in read[0].words
    assert [step.id for step in next_steps] == [steps[1].id, steps[0].id]
    entries.write(session, nora, FIRST, entries.DONE, {"step": steps[1].id}, DAY)
    assert [step.id for step in overview.read(session, nora)[1]] == [steps[0].id]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, ()),
        ({"safe_now": "yes", "tonight": "yes", "children": "0"}, ()),
        ({"reasons": "costs violence", "safe_now": "no"}, ("danger", "violence")),
        ({"housing": "street"}, ("street",)),
        ({"tonight": "no"}, ("street",)),
        ({"deadline": f"{DAY + timedelta(days=14)}"}, ("eviction",)),
        ({"deadline": f"{DAY + timedelta(days=15)}"}, ()),
        ({"deadline": "bald"}, ()),
        ({"urgency": "week"}, ("soon",)),
        ({"pregnant": "yes", "children": "3plus"}, ("pregnant", "children")),
    ],
)
def test_urgency__comes_from_what_she_answered(
    said: dict[str, str], codes: tuple[str, ...]
) -> None:
    assert urgency.urgency(said, DAY) == codes


def test_urgency__every_answer_it_needs_is_asked(house: House) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, referrals.QUESTIONNAIRE)
        asked = versions.form_of(session, version.id).questions.keys()
    assert asked >= set(urgency.ANSWERS.values())
