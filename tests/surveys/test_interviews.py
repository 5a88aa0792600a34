"""Drafts under her own key, and what of an interview is stored where."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import drafts, keyring, people, records, vault, versions
from core.audit import Entry
from core.drafts import Draft
from core.people import NotHers
from core.records import Response
from surveys import interviews
from surveys.interviews import Done, Purpose
from tests.support import house
from tests.support.house import House, join

TODAY = date(2026, 11, 23)
CODED = {"/data/person/age": "30_49", "/data/housing/housing_now": "own_flat"}
WORDS = {"/data/more/good": "Sie hat zugehört", "/data/more/wish": "mehr Zeit"}


def begun(
    session: Session, at: House, name: str = "Ines", first: bytes = b"{}", day: date = TODAY
) -> Draft:
    version = versions.current(session, "client")
    return interviews.begin(session, at.staff[name], version, first, day)


def submitted(at: House, answers: Mapping[str, str]) -> Response:
    with at.database.transaction() as session:
        draft = begun(session, at)
        filling = house.filled(session, versions.version_of(session, draft.version_id), answers)
        interviews.submit(session, at.staff["Ines"], draft, Done(filling, Purpose(), TODAY))
        (response,) = records.responses(session, "client")
    return response


def test_draft__holds_what_she_saved_last(either_house: House) -> None:
    ines = either_house.staff["Ines"]
    with either_house.database.transaction() as session:
        draft = begun(session, either_house, first=b"first")
        drafts.save(session, ines, draft, "später, Łódź".encode(), TODAY)
    with either_house.database.transaction() as session:
        found = drafts.find(session, ines, draft.id)
        assert drafts.read(ines, found).decode() == "später, Łódź"


def test_draft__opens_with_her_key_alone(house: House) -> None:
    join(house, "Ina", people.INTERVIEWER)
    with house.database.transaction() as session:
        draft = begun(session, house)
        for name in ("Ina", "Karin", "Nora", "Eva"):
            with pytest.raises(NotHers):
                drafts.find(session, house.staff[name], draft.id)
            with pytest.raises(vault.Tampered):
                drafts.read(house.staff[name], draft)


def test_draft__moved_under_another_ones_name_does_not_open(house: House) -> None:
    with house.database.transaction() as session:
        draft, other = begun(session, house), begun(session, house)
        other.box = draft.box
        with pytest.raises(vault.Tampered):
            drafts.read(house.staff["Ines"], other)


def test_find__knows_no_draft_that_is_not_there(house: House) -> None:
    with house.database.transaction() as session, pytest.raises(NotHers):
        drafts.find(session, house.staff["Ines"], "0" * 36)


def test_drafts__are_her_own_newest_first(house: House) -> None:
    join(house, "Ina", people.INTERVIEWER)
    with house.database.transaction() as session:
        old = begun(session, house, day=date(2026, 11, 2))
        new = begun(session, house, day=date(2026, 11, 20))
        begun(session, house, "Ina")
        listed = drafts.mine(session, house.staff["Ines"])

    assert [(draft.id, version.questionnaire) for draft, version in listed] == [
        (new.id, "client"),
        (old.id, "client"),
    ]


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("Ines", ["client", "municipality"]),
        ("Nora", []),
        ("Eva", []),
        ("Karin", []),
    ],
)
def test_offered__is_what_her_role_enters(house: House, name: str, may: list[str]) -> None:
    who = house.staff[name]

    assert interviews.offered(who.person) == may
    with house.database.transaction() as session:
        for questionnaire in {"client", "municipality", "case", "referral"} - set(may):
            with pytest.raises(NotHers):
                interviews.current(session, who, questionnaire)
            version = versions.current(session, questionnaire)
            with pytest.raises(NotHers):
                interviews.begin(session, who, version, b"", TODAY)
        assert session.scalars(select(Draft)).all() == []


def test_submit__leaves_no_draft_behind(either_house: House) -> None:
    submitted(either_house, CODED)

    with either_house.database.transaction() as session:
        assert session.scalars(select(Draft)).all() == []


def test_submit__keeps_free_text_in_the_identity_part(either_house: House) -> None:
    response = submitted(either_house, CODED | WORDS)

    karin, eva = either_house.staff["Karin"].keys, either_house.staff["Eva"].keys
    with either_house.database.transaction() as session:
        assert records.open_answers(session, response, eva) == CODED
        assert records.open_identity(session, response, karin) == WORDS


def test_submitted__is_closed_to_the_interviewer_and_its_words_to_the_evaluator(
    house: House,
) -> None:
    response = submitted(house, CODED | WORDS)

    with house.database.transaction() as session:
        for part in (records.open_answers, records.open_identity):
            with pytest.raises(keyring.NotGranted):
                part(session, response, house.staff["Ines"].keys)
        with pytest.raises(keyring.NotGranted):
            records.open_identity(session, response, house.staff["Eva"].keys)


def test_submit__says_in_the_clear_who_and_when_and_no_more(house: House) -> None:
    response = submitted(house, CODED | WORDS)

    clear = (response.part, response.status, response.received)
    assert clear == (keyring.COUNTY, "new", TODAY)
    with house.database.transaction() as session:
        noted = session.scalars(select(Entry).where(Entry.deed == "submitted")).all()
    assert [(one.person_id, one.thing) for one in noted] == [
        (house.staff["Ines"].person.id, f"response:{response.id}")
    ]
