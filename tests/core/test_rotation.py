"""New keys, who holds which, and the paper that opens everything when all else is lost."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import (
    granting,
    invitations,
    keyring,
    passphrases,
    people,
    records,
    recovery,
    resealing,
    rotation,
    staffing,
    versions,
)
from core.drafts import Draft
from core.keyring import PURPOSES, Grant, NotGranted, RecoveryKey, ServiceKey
from core.people import NameTaken, SignedIn
from core.records import Response
from core.staffing import DeadRecoveryKey
from surveys import interviews
from tests.core.changing import (
    DAY,
    NAME,
    OWN,
    again,
    holds_the_newest,
    is_locked_out,
    lines,
    number,
    person,
    purposes,
    referral,
    second_coordinator,
    sits_somewhere,
)
from tests.support.house import CHEAP, NOW, PASSPHRASE, House


def test_rotate__everybody_gets_the_new_keys_of_her_role_and_keeps_the_old(
    session: Session, either_house: House, karin: SignedIn
) -> None:
    before = {name: purposes(session, who) for name, who in either_house.staff.items()}
    old = referral(session, 1)
    token = invitations.invite(session, karin, "Olga", people.COUNSELLOR, "north", NOW)
    rotation.rotate(session, karin.person.id, PURPOSES, DAY)
    new = referral(session, 2)
    for name, who in either_house.staff.items():
        assert purposes(session, who) == before[name]
        assert holds_the_newest(session, who, *before[name])
    invitations.accept(session, token, "Olga", OWN, NOW, CHEAP)
    paper = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    for keys in (again(session, "Nora").keys, again(session, "Olga", OWN).keys, paper):
        for response in (old, new):
            assert records.open_identity(session, response, keys)[NAME].startswith("Amsel")
    assert old.contact_key_id != new.contact_key_id


def test_complete__a_service_from_before_gets_the_keys_it_lacks(
    session: Session, either_house: House
) -> None:
    row = keyring.newest(session, keyring.DRAFTS)
    for grant in session.scalars(select(Grant).where(Grant.service_key_id == row.id)):
        session.delete(grant)
    session.delete(row)
    session.flush()
    rotation.complete(session, DAY)
    rotation.complete(session, DAY)
    found = session.scalars(select(ServiceKey).where(ServiceKey.purpose == keyring.DRAFTS)).all()
    assert len(found) == 1
    assert holds_the_newest(session, either_house.staff["Karin"], *PURPOSES)
    assert not holds_the_newest(session, either_house.staff["Nora"], keyring.DRAFTS)


def test_holdings__every_grant_has_a_giver_and_a_day(
    session: Session, either_house: House, karin: SignedIn
) -> None:
    found = granting.holdings(session)
    assert set(found) == set(PURPOSES)
    for purpose, rows in found.items():
        assert all(row.known and row.is_due(purpose) for row in rows)
        assert {row.giver.name for row in rows if row.giver} == {"Karin"}
        assert None not in {row.since for row in rows}
        assert [row.person is None for row in rows].count(True) == 1  # the paper
    assert [row.person.name for row in found["contact-north"] if row.person] == ["Karin", "Nora"]


def test_holdings__a_grant_that_nobody_gave_is_seen(session: Session, karin: SignedIn) -> None:
    eva = again(session, "Eva")
    keyring.pass_on(session, karin.keys, ["contact-north"], eva.pair.public)
    keyring.pass_on(session, karin.keys, ["contact-south"], b"x" * 31 + b"\1")
    session.commit()
    found = granting.holdings(session)
    (hers,) = [row for row in found["contact-north"] if row.person is eva.person]
    assert (hers.is_due("contact-north"), hers.since, hers.giver) == (False, None, None)
    (strange,) = [row for row in found["contact-south"] if not row.known]
    assert not strange.is_due("contact-south")


def test_holdings__several_generations_are_one_line(session: Session, karin: SignedIn) -> None:
    rotation.rotate(session, karin.person.id, ["answers"], DAY)
    counts = {row.count for row in granting.holdings(session)["answers"]}
    assert counts == {2}


def test_recover__the_only_coordinator_gone_another_comes_with_the_paper(
    session: Session, either_house: House
) -> None:
    before = referral(session, 1)
    code = staffing.recover(session, either_house.recovery_code, "Olga", OWN, NOW, CHEAP)
    olga = again(session, "Olga", OWN)
    assert olga.person.role == people.COORDINATOR
    after = referral(session, 2)
    paper = keyring.collect(session, recovery.pair_of(code))
    for keys in (olga.keys, paper):
        for response in (before, after):
            assert records.open_identity(session, response, keys)[NAME].startswith("Amsel")
    assert lines(session, "recovered") == [f"person:{olga.person.id}"]


def test_recover__the_paper_works_once(session: Session, either_house: House) -> None:
    old = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    staffing.recover(session, either_house.recovery_code, "Olga", OWN, NOW, CHEAP)
    after = referral(session, 2)
    with pytest.raises(NotGranted):
        records.open_identity(session, after, old)
    assert not keyring.collect(session, recovery.pair_of(either_house.recovery_code)).held
    with pytest.raises(DeadRecoveryKey):
        staffing.recover(session, either_house.recovery_code, "Nele", OWN, NOW, CHEAP)
    assert len(session.scalars(select(RecoveryKey)).all()) == 1


def test_recover__a_coordinator_of_this_name_is_renewed(
    session: Session, either_house: House
) -> None:
    old = again(session, "Karin")
    sits_somewhere(session, old.person, 1)
    sits_somewhere(session, person(session, "Nora"), 2)
    staffing.recover(session, either_house.recovery_code, " Karin", OWN, NOW, CHEAP)
    assert passphrases.sign_in(session, "Karin", PASSPHRASE) is None
    assert again(session, "Karin", OWN).person.id == old.person.id
    assert purposes(session, old) == set()
    assert is_locked_out(session, old.person)
    assert not is_locked_out(session, person(session, "Nora"))


def test_recover__a_coordinator_who_left_comes_back(session: Session, karin: SignedIn) -> None:
    second_coordinator(session, karin)
    code = rotation.reprint(session, karin.keys, karin.person.id, DAY)
    staffing.revoke(session, karin.person.id, karin.person, DAY)
    staffing.recover(session, code, "Karin", OWN, NOW, CHEAP)
    assert purposes(session, again(session, "Karin", OWN)) == set(PURPOSES)


def test_recover__nobody_takes_the_name_of_another(session: Session, either_house: House) -> None:
    with pytest.raises(NameTaken):
        staffing.recover(session, either_house.recovery_code, "Nora", OWN, NOW, CHEAP)


def test_recover__another_key_lets_nobody_in(session: Session) -> None:
    with pytest.raises(DeadRecoveryKey):
        staffing.recover(session, recovery.new_code(), "Olga", OWN, NOW, CHEAP)
    assert people.named(session, "Olga") is None


def test_reprint__the_new_paper_opens_everything_and_the_old_one_nothing(
    session: Session, either_house: House, karin: SignedIn
) -> None:
    before = referral(session, 1)
    old = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    code = rotation.reprint(session, karin.keys, karin.person.id, DAY)
    after = referral(session, 2)
    keys = keyring.collect(session, recovery.pair_of(code))
    for response in (before, after):
        assert records.open_identity(session, response, keys)[NAME].startswith("Amsel")
    with pytest.raises(NotGranted):
        records.open_identity(session, after, old)


def test_resealing__after_a_recovery_nothing_is_left_to_the_old_keys(
    session: Session, either_house: House
) -> None:
    referral(session, 1)
    ines = again(session, "Ines")
    interviews.begin(session, ines, versions.current(session, "client"), b"half", DAY)
    staffing.recover(session, either_house.recovery_code, "Olga", OWN, NOW, CHEAP)
    olga = again(session, "Olga", OWN)
    run = resealing.Run()
    while resealing.batch(session, olga.keys, olga.person.id, run):
        pass
    assert run.done == 2
    old = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    assert old.held == frozenset()
    response = session.get_one(Response, number(1))
    assert response.contact_key_id == keyring.newest(session, "contact-north").id
    draft = session.scalars(select(Draft)).one()
    assert draft.rescue_key_id == keyring.newest(session, keyring.DRAFTS).id
    assert isinstance(draft.begun, date)
