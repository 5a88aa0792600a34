"""A referral: which part of the county takes it up, who may open it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import records, versions
from core.audit import Entry
from core.keyring import NotGranted
from core.people import NotHers
from core.records import Response
from core.vault import Tampered
from intake import referrals
from tests.support.house import House, filled
from tests.support.house import submit as store
from tests.xlsform.builders import NOON

ID = "00000000-0000-4000-8000-00000000000{}"
NAME, TOWN = "/data/contact/name", "/data/place/municipality"


def send(session: Session, house: House, number: int, answers: dict[str, str]) -> Response:
    version = versions.current(session, referrals.QUESTIONNAIRE)
    filling = filled(session, version, answers)
    day = NOON.date()
    referrals.submit(session, ID.format(number), version.id, filling, house.settings.parts, day)
    response = session.get(Response, ID.format(number))
    assert response is not None
    return response


@pytest.mark.parametrize(
    ("municipality", "part"),
    [
        ("selm", "north"),
        ("luenen", "north"),
        ("unna", "south"),
        ("schwerte", "south"),
        ("elsewhere", "county"),
        ("refused", "county"),
        ("", "county"),
    ],
)
def test_submit__goes_to_the_part_of_the_county_she_named(
    house: House, municipality: str, part: str
) -> None:
    with house.database.transaction() as session:
        answers = {TOWN: municipality} if municipality else {NAME: "Amsel"}
        assert send(session, house, 1, answers).part == part


def test_submit__every_municipality_of_the_form_is_in_a_part(house: House) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, referrals.QUESTIONNAIRE)
        question = versions.form_of(session, version.id).questions[referrals.MUNICIPALITY]
        values = {choice.value for choice in question.choices(None, "de")}
    assert values - house.settings.parts.keys() == {"elsewhere", "dont_know", "refused"}
    assert house.settings.parts.keys() <= values


def test_submit__twice_is_one_referral(session: Session, either_house: House) -> None:
    for _ in range(2):
        send(session, either_house, 1, {NAME: "Amsel"})
    assert session.scalar(select(func.count(Response.id))) == 1


def test_inbox__shows_each_counsellor_her_part_and_what_names_no_place(
    session: Session, either_house: House
) -> None:
    for number, town in ((1, "selm"), (2, "unna"), (3, "elsewhere")):
        send(session, either_house, number, {TOWN: town})
    for name, numbers in (("Nora", {1, 3}), ("Sonja", {2, 3}), ("Eva", set())):
        inbox = referrals.inbox(session, either_house.staff[name])
        assert {row.id for row in inbox} == {ID.format(number) for number in numbers}


def test_inbox__holds_referrals_only(session: Session, either_house: House) -> None:
    store(session, "client", ID.format(1), {}, part="north")
    assert referrals.inbox(session, either_house.staff["Nora"]) == []


def test_open_for__returns_every_answer_and_notes_who_read_it(
    session: Session, either_house: House
) -> None:
    response = send(session, either_house, 1, {NAME: "Amsel", TOWN: "selm"})
    assert response.status == "new"
    nora = either_house.staff["Nora"]
    opened, answers = referrals.open_for(session, nora, response.id)
    assert opened is response
    assert (answers[NAME], answers[TOWN]) == ("Amsel", "selm")
    assert response.status == "opened"
    referrals.open_for(session, nora, response.id)
    session.commit()
    entries = session.execute(
        select(Entry.person_id, Entry.thing).where(Entry.deed == "opened")
    ).all()
    assert entries == [(nora.person.id, f"response:{response.id}")] * 2


@pytest.mark.parametrize("name", ["Sonja", "Eva", "Ines", "Karin"])
def test_open_for__what_is_not_hers_is_as_if_it_were_not_there(
    session: Session, either_house: House, name: str
) -> None:
    response = send(session, either_house, 1, {TOWN: "selm"})
    with pytest.raises(NotHers):
        referrals.open_for(session, either_house.staff[name], response.id)
    with pytest.raises(NotHers):
        referrals.open_for(session, either_house.staff[name], ID.format(9))
    assert response.status == "new"
    assert session.scalars(select(Entry).where(Entry.deed == "opened")).all() == []


def test_open_for__what_is_no_referral_is_not_there(session: Session, either_house: House) -> None:
    store(session, "client", ID.format(1), {}, part="north")
    with pytest.raises(NotHers):
        referrals.open_for(session, either_house.staff["Nora"], ID.format(1))


def test_open_for__a_row_moved_to_her_part_still_does_not_open(
    session: Session, either_house: House
) -> None:
    response = send(session, either_house, 1, {NAME: "Amsel", TOWN: "unna"})
    response.part = "north"
    with pytest.raises(NotGranted):
        referrals.open_for(session, either_house.staff["Nora"], response.id)


def test_open_for__a_changed_referral_is_not_shown(session: Session, either_house: House) -> None:
    response = send(session, either_house, 1, {NAME: "Amsel", TOWN: "selm"})
    response.identity = response.identity[:-1] + bytes([response.identity[-1] ^ 1])
    with pytest.raises(Tampered):
        referrals.open_for(session, either_house.staff["Nora"], response.id)


def test_write_for_her__her_way_is_sealed_with_the_answers(
    session: Session, either_house: House
) -> None:
    version = versions.current(session, referrals.QUESTIONNAIRE)
    filling = filled(session, version, {TOWN: "selm", NAME: "Amsel"})
    referrals.write_for_her(filling, "jobcenter", "Jobcenter Selm")
    parts, day = either_house.settings.parts, NOON.date()
    referrals.submit(session, ID.format(1), version.id, filling, parts, day)
    referrals.note_author(session, either_house.staff["Nora"], ID.format(1))
    session.commit()

    response = session.get_one(Response, ID.format(1))
    coded = records.open_answers(session, response, either_house.staff["Eva"].keys)
    assert (coded[referrals.ACCESS], coded[referrals.FILLED_BY]) == ("jobcenter", "other")
    identity = records.open_identity(session, response, either_house.staff["Nora"].keys)
    assert referrals.ACCESS not in identity
    assert identity[referrals.PARTNER] == "Jobcenter Selm"
    [line] = session.scalars(select(Entry).where(Entry.thing == f"response:{response.id}"))
    assert (line.deed, line.person_id) == ("submitted", either_house.staff["Nora"].person.id)
