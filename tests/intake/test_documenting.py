"""The documentation of a case: what it takes over, one record however often it is corrected."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import drafts, keyring, records, retention, vault, versions
from core.audit import Entry
from core.drafts import Draft
from core.keyring import NotGranted
from core.people import NotHers, SignedIn
from core.records import Response
from core.vault import Tampered
from exports.release import releases
from intake import (
    cases,
    conversations,
    documenting,
    entries,
    handing,
    known,
    overview,
    referrals,
    return_codes,
    withdrawing,
)
from intake.cases import Case
from intake.conversations import Written
from intake.retention import IDENTITIES
from tests.support.house import House, filled

ID = "00000000-0000-4000-8000-00000000000{}"
FIRST, SECOND = ID.format(1), ID.format(2)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = NOON.date()
TOLD = {
    "/data/person/age": "refused",
    "/data/person/children": "3plus",
    "/data/place/municipality": "selm",
    "/data/living/housing": "with_partner",
    "/data/reason/reasons": "notice formerly violence",
    "/data/access": "web_form",
    "/data/more/consent_evaluation": "yes",
}
AGE, NOTES = "/data/client/age", "/data/more/notes"


def begun(session: Session, who: SignedIn, number: str = FIRST, **more: str) -> Case:
    version = versions.current(session, referrals.QUESTIONNAIRE)
    told = TOLD | {f"/data/{path.replace('__', '/')}": text for path, text in more.items()}
    filling = filled(session, version, told)
    referrals.submit(session, number, version.id, filling, {"selm": "north"}, DAY)
    return cases.take_up(session, who, number, DAY)


def store(
    session: Session,
    who: SignedIn,
    said: Mapping[str, str],
    before: Mapping[str, str] | None = None,
    number: str = FIRST,
) -> Response:
    version = versions.current(session, documenting.QUESTIONNAIRE)
    filling = filled(session, version, said)
    filling.recalculate()
    documenting.store(session, who, number, filling, version.id, before or {}, DAY)
    session.commit()
    found = documenting.of_case(session, session.get_one(Case, number))
    assert found is not None
    return found


def documented(session: Session) -> list[Response]:
    return records.responses(session, documenting.QUESTIONNAIRE)


# -- one record -----------------------------------------------------------------------------------


def test_proposed__what_she_documented_counts_before_the_referral(
    session: Session, nora: SignedIn
) -> None:
    case = begun(session, nora)
    entries.write(session, nora, FIRST, entries.CONTACT, {"measures": ["search"]}, DAY)
    entries.write(session, nora, FIRST, entries.ACCESS, {"access": "jobcenter"}, DAY)
    version = versions.current(session, documenting.QUESTIONNAIRE)
    form = versions.form_of(session, version.id)
    first = documenting.proposed(session, nora, case, form, {})
    assert first[AGE] == "no_answer"
    assert (first[known.ACCESS], first[known.CONTACTS], first[known.CLOSED]) == (
        "jobcenter",
        "1_3",
        "no",
    )
    cases.close(session, nora, FIRST, DAY)
    later = documenting.proposed(session, nora, case, form, {AGE: "30_49"})
    assert (later[AGE], later[known.MEASURES], later[known.CLOSED]) == ("30_49", "1", "yes")
    assert known.ACCESS not in later


def test_store__is_a_record_of_the_case_sealed_to_its_part(
    session: Session, nora: SignedIn, sonja: SignedIn, either_house: House
) -> None:
    case = begun(session, nora)
    response = store(session, nora, {AGE: "22_29", NOTES: "Kranich"})
    assert (response.part, response.status, response.received) == ("north", "opened", DAY)
    assert cases.case_of(session, response.id) == FIRST
    assert [one.id for one in cases.responses_of(session, case)] == [FIRST]
    assert documenting.read(session, nora, response) == {AGE: "22_29", NOTES: "Kranich"}
    assert records.open_answers(session, response, either_house.staff["Eva"].keys) == {AGE: "22_29"}
    with pytest.raises(NotGranted):
        records.open_identity(session, response, sonja.keys)
    [entry] = entries.read(session, nora, case)
    assert (entry.kind, entry.by) == (entries.DOCUMENTED, nora.person.id)
    assert [line.id for line in overview.read(session, nora)[0]] == [FIRST]


def test_store__what_is_documented_is_open_again_when_she_writes(
    session: Session, nora: SignedIn
) -> None:
    case = begun(session, nora)
    response = store(session, nora, {AGE: "22_29"})
    cases.close(session, nora, FIRST, DAY)
    session.refresh(response)
    assert response.status == "closed"
    pair = vault.new_pair()
    return_codes.keep(session, FIRST, return_codes.Key(b"1" * 32, pair), DAY)
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    conversations.add(session, FIRST, pair, str(uuid4()), Written("Drossel"), noon)
    for one in (case, response):
        session.refresh(one)
        assert (one.status, one.closed) == ("opened", None)


def test_store__corrected_is_the_same_record_and_older_parts_open_no_more(
    session: Session, nora: SignedIn
) -> None:
    begun(session, nora)
    first = store(session, nora, {AGE: "22_29", NOTES: "Kranich"})
    old = (first.identity, first.answers)
    second = store(session, nora, {AGE: "30_49"}, {AGE: "22_29", NOTES: "Kranich"})
    assert (second.id, second.revision, len(documented(session))) == (first.id, 1, 1)
    assert documenting.read(session, nora, second) == {AGE: "30_49"}
    second.identity, second.answers = old
    for read in (records.open_identity, records.open_answers):
        with pytest.raises(Tampered):
            read(session, second, nora.keys)
    session.rollback()
    lines = session.scalars(select(Entry.deed).where(Entry.thing == f"case:{FIRST}")).all()
    assert [deed for deed in lines if deed in {"submitted", "changed"}] == ["submitted", "changed"]


def test_store__what_somebody_else_corrected_meanwhile_stays(
    session: Session, nora: SignedIn
) -> None:
    begun(session, nora)
    gender, children = "/data/client/gender", "/data/client/children"
    before = {AGE: "22_29", gender: "female", children: "1"}
    store(session, nora, before)
    store(session, nora, {AGE: "22_29", children: "2"}, before)  # another one, quicker
    response = store(session, nora, before | {AGE: "30_49"}, before)
    assert documenting.read(session, nora, response) == {AGE: "30_49", children: "2"}


def test_store__of_a_case_of_the_other_part_is_refused(
    session: Session, nora: SignedIn, sonja: SignedIn
) -> None:
    begun(session, nora)
    with pytest.raises(NotHers):
        store(session, sonja, {AGE: "30_49"})
    assert documented(session) == []


def test_close__closes_the_documentation_and_it_is_complete_once_the_end_is_told(
    session: Session, nora: SignedIn
) -> None:
    case = begun(session, nora)
    assert not documenting.is_complete(None, {})
    response = store(session, nora, {known.CLOSED: "no"})
    assert not documenting.is_complete(response, {known.CLOSED: "no"})
    cases.close(session, nora, FIRST, DAY)
    session.refresh(response)
    assert (response.status, response.closed) == ("closed", DAY)
    assert not documenting.is_complete(response, {known.CLOSED: "no"})
    said = {known.CLOSED: "yes", "/data/outcome/tied_in": "yes"}
    response = store(session, nora, said, {known.CLOSED: "no"})
    assert documenting.is_complete(response, documenting.read(session, nora, response))
    cases.reopen(session, nora, case.id)
    assert not documenting.is_complete(response, said)


# -- where it goes with the case -------------------------------------------------------------------


def test_hand_over__takes_the_documentation_along_and_drops_what_is_unfinished(
    session: Session, nora: SignedIn, sonja: SignedIn
) -> None:
    case = begun(session, nora)
    response = store(session, nora, {AGE: "22_29", NOTES: "Kranich"})
    version = versions.current(session, documenting.QUESTIONNAIRE)
    drafts.begin(session, nora, version.id, b"{}", DAY, documenting.about(FIRST))
    drafts.begin(session, nora, version.id, b"{}", DAY, "something else")
    handing.hand_over(session, nora, FIRST, "south", NOON)
    session.commit()
    session.expire_all()
    assert response.part == "south"
    assert documenting.read(session, sonja, response) == {AGE: "22_29", NOTES: "Kranich"}
    assert entries.read(session, sonja, case)
    with pytest.raises(NotGranted):
        records.open_identity(session, response, nora.keys)
    assert drafts.of(session, nora, documenting.about(FIRST)) is None
    assert drafts.of(session, nora, "something else") is not None
    response = store(session, sonja, {AGE: "30_49"}, {AGE: "22_29", NOTES: "Kranich"})
    assert response.contact_key_id == keyring.newest(session, "contact-south").id
    assert len(documented(session)) == 1


def test_merge__leaves_the_one_documentation(session: Session, nora: SignedIn) -> None:
    begun(session, nora)
    response = store(session, nora, {AGE: "22_29"})
    version = versions.current(session, referrals.QUESTIONNAIRE)
    filling = filled(session, version, TOLD)
    referrals.submit(session, SECOND, version.id, filling, {"selm": "north"}, DAY)
    handing.merge(session, nora, SECOND, FIRST)
    with pytest.raises(NotHers):
        handing.merge(session, nora, response.id, FIRST)
    assert documented(session) == [response]


def test_withdraw__deletes_documentation_and_drafts(session: Session, nora: SignedIn) -> None:
    begun(session, nora)
    store(session, nora, {AGE: "22_29", NOTES: "Kranich"})
    version = versions.current(session, documenting.QUESTIONNAIRE)
    drafts.begin(session, nora, version.id, b"{}", DAY, documenting.about(FIRST))
    withdrawing.withdraw(session, FIRST, NOON)
    assert session.scalars(select(Response)).all() == []
    assert session.scalars(select(Draft)).all() == []


def test_retention__notes_and_drafts_go_with_the_contact_part_and_nothing_is_added_then(
    either_house: House,
) -> None:
    nora = either_house.staff["Nora"]
    closed = date(2026, 5, 31)
    with Session(either_house.database.durable) as session:
        case = begun(session, nora)
        cases.close(session, nora, FIRST, closed)
        store(session, nora, {AGE: "22_29", NOTES: "Kranich"})
        version = versions.current(session, documenting.QUESTIONNAIRE)
        drafts.begin(session, nora, version.id, b"{}", DAY, documenting.about(FIRST))
        session.commit()
    due = retention.due(closed, either_house.settings.keep_identity_months)
    for day, kept in ((due - timedelta(days=1), 1), (due, 0)):
        retention.once_a_day(
            either_house.database, either_house.settings, day, [IDENTITIES], now=True
        )
        with Session(either_house.database.durable) as session:
            assert len(session.scalars(select(Draft)).all()) == kept
    with Session(either_house.database.durable) as session:
        [response] = documented(session)
        assert documenting.read(session, nora, response) == {AGE: "22_29"}
        assert documenting.is_complete(response, {})
        case = session.get_one(Case, FIRST)
        assert not documenting.is_possible(session, case, documenting.of_case(session, case))
        with pytest.raises(NotHers):
            store(session, nora, {AGE: "30_49"})


# -- what evaluators get ---------------------------------------------------------------------------


def waiting(session: Session, house: House) -> int:
    return len(releases.waiting(session, house.staff["Eva"], documenting.QUESTIONNAIRE, date.max))


def test_waiting__a_documentation_goes_out_once_it_tells_how_it_ended(
    session: Session, nora: SignedIn, either_house: House
) -> None:
    begun(session, nora)
    store(session, nora, {known.CLOSED: "no"})
    assert waiting(session, either_house) == 0
    cases.close(session, nora, FIRST, DAY)
    assert waiting(session, either_house) == 0
    store(session, nora, {known.CLOSED: "yes"}, {known.CLOSED: "no"})
    assert waiting(session, either_house) == 1
    assert releases.count(session, documenting.QUESTIONNAIRE, date.max).received == 1


@pytest.mark.parametrize("agrees", ["no", ""])
def test_waiting__what_a_woman_did_not_agree_to_stays(
    session: Session, nora: SignedIn, either_house: House, agrees: str
) -> None:
    begun(session, nora, more__consent_evaluation=agrees)
    cases.close(session, nora, FIRST, DAY)
    store(session, nora, {known.CLOSED: "yes"})
    assert waiting(session, either_house) == 0
