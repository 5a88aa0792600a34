"""Cases: taking up, holding, handing over, merging, closing, what is written about them."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keyring, records, retention, vault, versions
from core.audit import Entry
from core.keyring import NotGranted
from core.people import NotHers, SignedIn
from core.pseudonyms import pseudonym
from core.records import Attachment, Response, Submission
from core.vault import Tampered
from intake import cases, entries, handing, overview, referrals
from intake.cases import Case, CaseEntry
from intake.messages import Message
from intake.overview import Overview
from intake.retention import IDENTITIES
from tests.support.house import House, filled
from tests.xlsform.builders import NOON

ID = "00000000-0000-4000-8000-00000000000{}"
FIRST, SECOND = ID.format(1), ID.format(2)
NAME, TOWN = "/data/contact/name", "/data/place/municipality"
DAY = NOON.date()
PHOTO = "image-0123456789ab.jpg"
SAID = {"way": "phone", "note": "Kranich"}


def send(session: Session, number: str = FIRST, part: str = "north", **more: str) -> Response:
    version = versions.current(session, referrals.QUESTIONNAIRE)
    filling = filled(session, version, {NAME: "Amsel", TOWN: "selm"} | more)
    submission = Submission(number, version.id, part, DAY)
    records.submit(session, submission, filling, [(PHOTO, b"a photo")])
    return session.get_one(Response, number)


def message(session: Session, response: Response) -> Message:
    key = keyring.newest(session, f"contact-{response.part}")
    row = Message(id=ID.format(7), response_id=response.id, written=DAY, contact_key_id=key.id)
    row.sealed = vault.seal(key.public, b"Ich bin umgezogen", row.place)
    session.add(row)
    session.flush()
    return row


def deeds(session: Session) -> list[tuple[str, str]]:
    session.commit()
    rows = session.execute(select(Entry.deed, Entry.thing).order_by(Entry.id))
    return [(deed, thing) for deed, thing in rows if thing.startswith("case:")]


def test_pseudonym__is_short_and_every_case_has_its_own() -> None:
    codes = {pseudonym(ID.format(number)) for number in range(10)}
    assert len(codes) == 10
    assert all(len(code) == 7 and not set(code) & set("ILOU") for code in codes)


def test_take_up__makes_one_case_that_she_holds(session: Session, nora: SignedIn) -> None:
    response = send(session)
    case = cases.take_up(session, nora, FIRST, DAY)
    assert cases.take_up(session, nora, FIRST, DAY) is case
    assert (case.part, case.status, case.holder_id) == ("north", "opened", nora.person.id)
    assert (response.status, cases.responses_of(session, case)) == ("opened", [response])
    assert pseudonym(case.id) == pseudonym(response.id)
    assert deeds(session) == [("taken", f"case:{FIRST}")]


def test_take__she_gives_it_back_and_takes_it_again(session: Session, nora: SignedIn) -> None:
    send(session)
    case = cases.take_up(session, nora, FIRST, DAY)
    cases.give_back(session, nora, FIRST)
    assert case.holder_id is None
    cases.take(session, nora, FIRST)
    assert case.holder_id == nora.person.id


def test_give_back__what_somebody_else_holds_stays_hers(
    session: Session, nora: SignedIn, sonja: SignedIn
) -> None:
    send(session, part="county")
    case = cases.take_up(session, nora, FIRST, DAY)
    cases.give_back(session, sonja, FIRST)
    assert case.holder_id == nora.person.id


DEEDS: list[Callable[[Session, SignedIn], object]] = [
    lambda session, who: cases.take_up(session, who, FIRST, DAY),
    lambda session, who: cases.take(session, who, FIRST),
    lambda session, who: cases.give_back(session, who, FIRST),
    lambda session, who: cases.close(session, who, FIRST, DAY),
    lambda session, who: cases.reopen(session, who, FIRST),
    lambda session, who: handing.hand_over(session, who, FIRST, "south", NOON),
    lambda session, who: handing.merge(session, who, SECOND, FIRST),
    lambda session, who: entries.write(session, who, FIRST, entries.NOTE, SAID, DAY),
]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("name", ["Sonja", "Eva", "Ines", "Karin"])
def test_case__of_the_other_part_is_as_if_it_were_not_there(
    house: House, name: str, deed: Callable[[Session, SignedIn], object]
) -> None:
    with Session(house.database.durable) as session:
        for number, part in ((FIRST, "north"), (SECOND, "south")):
            send(session, number, part)
        cases.take_up(session, house.staff["Nora"], FIRST, DAY)
        with pytest.raises(NotHers):
            deed(session, house.staff[name])


def test_hand_over__all_of_it_opens_for_the_other_part_alone(
    session: Session, nora: SignedIn, sonja: SignedIn
) -> None:
    response = send(session)
    written = message(session, response)
    case = cases.take_up(session, nora, FIRST, DAY)
    entries.write(session, nora, FIRST, entries.ATTEMPT, SAID, DAY)
    overview.read(session, nora)
    session.commit()
    handing.hand_over(session, nora, FIRST, "south", NOON)
    session.commit()
    session.expire_all()
    assert (case.part, case.holder_id, response.part) == ("south", None, "south")
    assert records.open_identity(session, response, sonja.keys)[NAME] == "Amsel"
    assert records.open_answers(session, response, sonja.keys)[TOWN] == "selm"
    assert records.open_file(session, response, PHOTO, sonja.keys) == b"a photo"
    [entry] = entries.read(session, sonja, case)
    assert (entry.kind, entry.said, entry.by) == (entries.ATTEMPT, SAID, nora.person.id)
    pair = sonja.keys.pair(written.contact_key_id)
    assert vault.open_sealed(pair, written.sealed, written.place) == b"Ich bin umgezogen"
    for read in (
        lambda: records.open_identity(session, response, nora.keys),
        lambda: records.open_file(session, response, PHOTO, nora.keys),
        lambda: entries.read(session, nora, case),
        lambda: nora.keys.pair(written.contact_key_id),
    ):
        with pytest.raises(NotGranted):
            read()
    with pytest.raises(NotHers):
        referrals.open_for(session, nora, FIRST)
    assert session.scalars(select(Overview)).all() == []
    assert deeds(session)[-1] == ("handed-over", f"case:{FIRST}")


def test_hand_over__to_the_part_it_is_in_changes_nothing(session: Session, nora: SignedIn) -> None:
    response = send(session)
    cases.take_up(session, nora, FIRST, DAY)
    handing.hand_over(session, nora, FIRST, "north", NOON)
    assert response.revision == 0
    assert ("handed-over", f"case:{FIRST}") not in deeds(session)


@pytest.mark.parametrize("what", [Response, Attachment, CaseEntry, Message])
def test_hand_over__what_was_changed_keeps_all_of_it_where_it_is(
    session: Session, nora: SignedIn, what: type[Response | Attachment | CaseEntry | Message]
) -> None:
    message(session, send(session))
    cases.take_up(session, nora, FIRST, DAY)
    entries.write(session, nora, FIRST, entries.NOTE, SAID, DAY)
    row = session.scalars(select(what)).one()
    column = "identity" if what is Response else "sealed"
    setattr(row, column, bytes(reversed(getattr(row, column))))
    session.commit()
    with pytest.raises(Tampered):
        handing.hand_over(session, nora, FIRST, "south", NOON)
    session.rollback()
    assert session.scalars(select(Case.part)).all() == ["north"]
    assert session.scalars(select(Response.part)).all() == ["north"]


def test_merge__a_second_referral_without_a_place_goes_where_her_case_is(
    session: Session, nora: SignedIn, sonja: SignedIn
) -> None:
    send(session)
    second = send(session, SECOND, "county")
    case = cases.take_up(session, nora, FIRST, DAY)
    handing.merge(session, nora, SECOND, FIRST)
    session.commit()
    assert [one.id for one in cases.responses_of(session, case)] == [FIRST, SECOND]
    assert (second.part, second.status) == ("north", "opened")
    assert records.open_identity(session, second, nora.keys)[NAME] == "Amsel"
    with pytest.raises(NotGranted):
        records.open_identity(session, second, sonja.keys)
    with pytest.raises(NotHers):
        handing.merge(session, nora, SECOND, FIRST)


def test_merge__a_closed_case_opens_again(session: Session, nora: SignedIn) -> None:
    first = send(session)
    case = cases.take_up(session, nora, FIRST, DAY)
    cases.close(session, nora, FIRST, DAY)
    send(session, SECOND)
    handing.merge(session, nora, SECOND, FIRST)
    assert (case.status, case.closed, first.status, first.closed) == (
        "opened",
        None,
        "opened",
        None,
    )


def test_close__closes_the_referrals_and_reopening_opens_them(
    session: Session, nora: SignedIn
) -> None:
    response = send(session)
    case = cases.take_up(session, nora, FIRST, DAY)
    cases.close(session, nora, FIRST, DAY)
    cases.close(session, nora, FIRST, DAY + timedelta(days=1))
    assert (case.status, case.closed) == ("closed", DAY)
    assert (response.status, response.closed) == ("closed", DAY)
    cases.reopen(session, nora, FIRST)
    assert (case.status, case.closed) == ("opened", None)
    assert (response.status, response.closed) == ("opened", None)
    assert [deed for deed, _ in deeds(session)] == ["taken", "closed", "reopened"]


def test_entries__are_sealed_to_the_part_of_the_case(session: Session, nora: SignedIn) -> None:
    send(session)
    case = cases.take_up(session, nora, FIRST, DAY)
    entry = entries.write(session, nora, FIRST, entries.NOTE, SAID, DAY)
    assert b"Kranich" not in entry.sealed
    assert entry.contact_key_id == keyring.newest(session, "contact-north").id
    [written] = entries.read(session, nora, case)
    assert (written.day, written.words) == (DAY, "Kranich")
    other = entries.write(session, nora, FIRST, entries.NOTE, SAID, DAY)
    other.sealed = entry.sealed
    with pytest.raises(Tampered):
        entries.read(session, nora, case)


def test_retention__entries_go_with_the_contact_part(either_house: House) -> None:
    nora = either_house.staff["Nora"]
    closed = date(2026, 5, 31)
    with either_house.database.transaction() as session:
        for number in (FIRST, SECOND):
            send(session, number)
            cases.take_up(session, nora, number, DAY)
            entries.write(session, nora, number, entries.NOTE, SAID, DAY)
        cases.close(session, nora, FIRST, closed)
        overview.read(session, nora)
    due = retention.due(closed, either_house.settings.keep_identity_months)
    for day, left in ((due - timedelta(days=1), [FIRST, SECOND]), (due, [SECOND])):
        rules = [IDENTITIES]
        retention.once_a_day(either_house.database, either_house.settings, day, rules, now=True)
        with Session(either_house.database.durable) as session:
            assert sorted(session.scalars(select(CaseEntry.case_id))) == left
            assert len(session.scalars(select(Overview)).all()) == len(left) - 1
    with either_house.database.transaction() as session:
        cases.reopen(session, nora, FIRST)
        assert session.get_one(Case, FIRST).status == "closed"
        assert (
            json.dumps([line.words for line in overview.read(session, nora)[0]]).count("amsel") == 1
        )
