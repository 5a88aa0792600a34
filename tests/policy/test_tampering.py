"""Whoever changes, moves, swaps or puts back sealed bytes is refused."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import keyring, passphrases, records, vault
from core.keyring import Grant, ServiceKey
from core.people import Person
from core.vault import Tampered
from tests.policy.sealed import (
    FILE,
    FIRST,
    SEALED,
    SECOND,
    attachment,
    eva_grant,
    flipped,
    response,
    store,
)
from tests.support.house import PASSPHRASE, House


@pytest.fixture(autouse=True)
def stored(either_house: House) -> None:
    store(either_house)


# -- every byte ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SEALED)
def test_flipped__every_single_byte_of_a_sealed_part_is_refused(
    either_house: House, kind: str
) -> None:
    one = SEALED[kind]
    with Session(either_house.database.durable) as session:
        before = one.bytes_of(session)
        assert one.read(session, either_house)
        for place in range(len(before)):
            one.put(session, flipped(before, place))
            with pytest.raises(Tampered) as error:
                one.read(session, either_house)
            assert error.value.thing.startswith(one.thing)
        one.put(session, before)
        assert one.read(session, either_house)


@pytest.mark.parametrize("kind", SEALED)
def test_cut_or_lengthened__a_sealed_part_is_refused(either_house: House, kind: str) -> None:
    one = SEALED[kind]
    with Session(either_house.database.durable) as session:
        before = one.bytes_of(session)
        for content in (b"", before[:1], before[:47], before[:48], before[:-1], before + b"\0"):
            one.put(session, content)
            with pytest.raises(Tampered):
                one.read(session, either_house)


def test_flipped__every_single_byte_of_a_persons_box_lets_nobody_in(either_house: House) -> None:
    with Session(either_house.database.durable) as session:
        eva = session.scalars(select(Person).where(Person.name == "Eva")).one()
        for column in ("box", "salt"):
            before = getattr(eva, column)
            for place in range(len(before)):
                setattr(eva, column, flipped(before, place))
                assert passphrases.sign_in(session, "Eva", PASSPHRASE) is None
            setattr(eva, column, before)
        assert passphrases.sign_in(session, "Eva", PASSPHRASE) is not None


# -- moved, swapped, put back ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["identity", "answers", "attachment"])
def test_moved__a_part_of_one_record_does_not_open_in_another(
    either_house: House, kind: str
) -> None:
    one = SEALED[kind]
    with Session(either_house.database.durable) as session:
        one.put(session, getattr(one.row(session, SECOND), one.column))  # type: ignore[call-arg]
        with pytest.raises(Tampered):
            one.read(session, either_house)


def test_swapped__the_two_parts_do_not_open_in_each_others_place(either_house: House) -> None:
    karin = either_house.staff["Karin"].keys  # she holds every key
    with Session(either_house.database.durable) as session:
        row = response(session)
        row.identity, row.answers = row.answers, row.identity
        row.contact_key_id, row.answers_key_id = row.answers_key_id, row.contact_key_id
        for read in (records.open_identity, records.open_answers):
            with pytest.raises(Tampered):
                read(session, row, karin)


@pytest.mark.parametrize("column", ["version_id", "revision"])
def test_swapped__parts_do_not_open_as_those_of_another_version(
    either_house: House, column: str
) -> None:
    with Session(either_house.database.durable) as session:
        row = response(session)
        setattr(row, column, getattr(row, column) + 1)
        for kind in ("identity", "answers", "attachment"):
            with pytest.raises(Tampered):
                SEALED[kind].read(session, either_house)


@pytest.mark.parametrize("kind", ["identity", "answers", "attachment"])
def test_put_back__a_part_from_before_the_record_was_sealed_anew_is_refused(
    either_house: House, kind: str
) -> None:
    one = SEALED[kind]
    with Session(either_house.database.durable) as session:
        old = one.bytes_of(session)
        seal_anew(session, either_house)
        assert one.read(session, either_house)
        one.put(session, old)
        with pytest.raises(Tampered):
            one.read(session, either_house)


def seal_anew(session: Session, house: House) -> None:
    """Seal all parts of the first record as revision 1."""
    row, karin = response(session), house.staff["Karin"].keys
    old, new = (f"response:{FIRST}:{row.version_id}{end}" for end in ("", ":1"))
    for owner, column, part, key in (
        (row, "identity", "identity", row.contact_key_id),
        (row, "answers", "answers", row.answers_key_id),
        (attachment(session), "sealed", f"file:{FILE}", row.contact_key_id),
    ):
        plain = vault.open_sealed(karin.pair(key), getattr(owner, column), f"{old}:{part}")
        setattr(owner, column, vault.seal(karin.pair(key).public, plain, f"{new}:{part}"))
    row.revision = 1
    session.flush()


def test_moved__a_grant_does_not_open_for_another_holder_or_key(either_house: House) -> None:
    nora, eva = either_house.staff["Nora"], either_house.staff["Eva"]
    with Session(either_house.database.durable) as session:
        answers, contact = eva_grant(session).service_key_id, min(nora.keys.held - eva.keys.held)
        others = session.get_one(Grant, (contact, nora.pair.public)).sealed
        own = session.get_one(Grant, (answers, nora.pair.public)).sealed
        session.add(Grant(service_key_id=contact, holder=eva.pair.public, sealed=others))
        session.flush()
        with pytest.raises(Tampered):
            keyring.collect(session, eva.pair).pair(contact)
        session.get_one(Grant, (contact, nora.pair.public)).sealed = own
        session.flush()
        with pytest.raises(Tampered):
            keyring.collect(session, nora.pair).pair(contact)


def test_moved__a_box_in_somebody_elses_row_lets_nobody_in(either_house: House) -> None:
    with Session(either_house.database.durable) as session:
        people = session.scalars(select(Person).where(Person.name.in_(("Eva", "Karin")))).all()
        eva, karin = sorted(people, key=lambda person: person.name)
        karin.wrapped = eva.wrapped
        session.flush()
        with pytest.raises(Tampered) as error:
            passphrases.sign_in(session, "Karin", PASSPHRASE)
        assert error.value.thing == f"person:{karin.id}"


def test_exchanged__another_public_half_in_a_key_opens_nothing(either_house: House) -> None:
    with Session(either_house.database.durable) as session:
        key = eva_grant(session).service_key_id
        session.execute(
            update(ServiceKey).where(ServiceKey.id == key).values(public=vault.new_pair().public)
        )
        keys = keyring.collect(session, either_house.staff["Eva"].pair)
        with pytest.raises(Tampered):
            records.open_answers(session, response(session), keys)
