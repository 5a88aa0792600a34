"""Who holds which key."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keyring, recovery, vault
from core.keyring import Grant, Keys, NoKeys, NotGranted, ServiceKey
from core.vault import Tampered
from tests.support.house import House, settings_for
from tests.support.houses import program

DAY = date(2026, 11, 23)


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        yield opened


def purposes(session: Session, keys: Keys) -> set[str]:
    rows = session.scalars(select(ServiceKey).where(ServiceKey.id.in_(keys.held)))
    return {row.purpose for row in rows}


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Karin", {*keyring.PURPOSES}),
        ("Nora", {"contact-north", "contact-county", "answers"}),
        ("Sonja", {"contact-south", "contact-county", "answers"}),
        ("Eva", {"answers"}),
        ("Ines", set()),
    ],
)
def test_collect__everybody_holds_the_keys_of_her_role(
    house: House, name: str, held: set[str]
) -> None:
    with house.database.transaction() as session:
        keys = keyring.collect(session, house.staff[name].pair)
        assert purposes(session, keys) == held


def test_collect__the_collected_halves_fit_the_public_ones(
    session: Session, either_house: House
) -> None:
    keys = keyring.collect(session, either_house.staff["Karin"].pair)
    assert len(keys.held) == len(keyring.PURPOSES)
    for row in session.scalars(select(ServiceKey)):
        sealed = vault.seal(row.public, b"words", "here")
        assert vault.open_sealed(keys.pair(row.id), sealed, "here") == b"words"


def test_collect__a_stranger_holds_nothing(session: Session) -> None:
    assert keyring.collect(session, vault.new_pair()).held == frozenset()


def test_collect__the_recovery_key_opens_everything(session: Session, either_house: House) -> None:
    keys = keyring.collect(session, recovery.pair_of(either_house.recovery_code))
    assert purposes(session, keys) == {*keyring.PURPOSES}


def test_collect__a_grant_moved_to_another_key_does_not_open(
    session: Session, either_house: House
) -> None:
    karin = either_house.staff["Karin"].pair
    first, second = session.scalars(
        select(Grant).where(Grant.holder == karin.public).order_by(Grant.service_key_id).limit(2)
    )
    first.sealed, second.sealed = second.sealed, first.sealed
    session.flush()
    for one in (first, second):
        with pytest.raises(Tampered):
            keyring.collect(session, karin).pair(one.service_key_id)


def test_collect__a_grant_given_to_another_holder_does_not_open(
    session: Session, either_house: House
) -> None:
    eva = either_house.staff["Eva"].pair
    contact = keyring.newest(session, "contact-north")
    stolen = session.scalar(select(Grant).where(Grant.service_key_id == contact.id).limit(1))
    assert stolen is not None
    session.add(Grant(service_key_id=contact.id, holder=eva.public, sealed=stolen.sealed))
    session.flush()
    with pytest.raises(Tampered):
        keyring.collect(session, eva).pair(contact.id)


def test_pass_on__nobody_gives_what_she_does_not_hold(
    session: Session, either_house: House
) -> None:
    other = vault.new_pair()
    with pytest.raises(NotGranted):
        keyring.pass_on(session, either_house.staff["Eva"].keys, keyring.CONTACTS, other.public)
    session.rollback()
    assert keyring.collect(session, other).held == frozenset()


def test_pass_on__older_keys_are_passed_on_too(session: Session, either_house: House) -> None:
    before = keyring.newest(session, keyring.ANSWERS)
    keyring.make(session, keyring.ANSWERS, [either_house.staff["Karin"].pair.public], DAY)
    keys = keyring.collect(session, either_house.staff["Karin"].pair)
    other = vault.new_pair()
    keyring.pass_on(session, keys, [keyring.ANSWERS], other.public)
    after = keyring.newest(session, keyring.ANSWERS)
    assert after.id > before.id
    assert keyring.collect(session, other).held == {before.id, after.id}


def test_newest__without_a_key_nothing_is_sealed(database_url: str, tmp_path: object) -> None:
    empty = program.prepare(settings_for(tmp_path / "data", database_url))  # type: ignore[operator]
    with empty.transaction() as session:
        assert not keyring.established(session)
        with pytest.raises(NoKeys):
            keyring.newest(session, keyring.ANSWERS)
    empty.close()


def test_keys__their_printed_form_holds_no_private_half(house: House) -> None:
    keys = house.staff["Karin"].keys
    private = keys.pair(min(keys.held)).private
    assert private.hex() not in repr(keys)
    assert repr(private) not in repr(keys.pair(min(keys.held)))
