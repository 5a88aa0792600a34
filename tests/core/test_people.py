"""Staff: invited once, signed in with a passphrase, each with the rights of her role."""

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import invitations, keyring, passphrases, people, recovery, vault
from core.audit import Entry
from core.invitations import Invitation, InvitationGone
from core.passphrases import PassphraseTooEasy
from core.people import NameTaken, Person
from core.vault import Tampered
from tests.support.house import CHEAP, NOW, PASSPHRASE, House, settings_for
from tests.support.houses import program

LATER = NOW + timedelta(hours=invitations.HOURS)


@pytest.fixture
def session(either_house: House) -> Iterator[Session]:
    with Session(either_house.database.durable) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Session]:
    """A database in which nobody has set up the service."""
    opened = program.prepare(settings_for(tmp_path / "empty"))
    with Session(opened.durable) as session:
        yield session
    opened.close()


def invite(session: Session, house: House, name: str = "Olga") -> str:
    return invitations.invite(session, house.staff["Karin"], name, people.EVALUATOR, "", NOW)


def test_invite_coordinator__only_until_the_service_is_set_up(empty: Session) -> None:
    token = invitations.invite_coordinator(empty, NOW)
    assert token is not None
    code = invitations.accept(empty, token, "Karin", PASSPHRASE, NOW, CHEAP)
    assert code is not None
    assert invitations.invite_coordinator(empty, NOW) is None


def test_invite_coordinator__a_new_link_makes_the_earlier_one_void(empty: Session) -> None:
    earlier = invitations.invite_coordinator(empty, NOW)
    later = invitations.invite_coordinator(empty, NOW)
    assert earlier is not None
    assert later is not None
    with pytest.raises(InvitationGone):
        invitations.invited(empty, earlier, NOW)
    assert invitations.invited(empty, later, NOW).role == people.COORDINATOR
    assert len(people.everyone(empty)) == 1


def test_accept__the_recovery_key_of_the_set_up_opens_every_key(empty: Session) -> None:
    token = invitations.invite_coordinator(empty, NOW) or ""
    code = invitations.accept(empty, token, "Karin", PASSPHRASE, NOW, CHEAP) or ""
    recovered = keyring.collect(empty, recovery.pair_of(code))
    who = passphrases.sign_in(empty, "Karin", PASSPHRASE)
    assert who is not None
    assert recovered.held == who.keys.held
    assert len(recovered.held) == len(keyring.PURPOSES)
    assert all(recovered.pair(one) == who.keys.pair(one) for one in recovered.held)


def test_accept__nobody_else_gets_a_recovery_key(session: Session, either_house: House) -> None:
    token = invite(session, either_house)
    assert invitations.accept(session, token, "Olga", PASSPHRASE, NOW, CHEAP) is None


def test_accept__a_link_works_once(session: Session, either_house: House) -> None:
    token = invite(session, either_house)
    invitations.accept(session, token, "Olga", PASSPHRASE, NOW, CHEAP)
    with pytest.raises(InvitationGone):
        invitations.accept(session, token, "Olga", "another passphrase", NOW, CHEAP)
    assert passphrases.sign_in(session, "Olga", PASSPHRASE) is not None


def test_accept__of_two_at_the_same_moment_one_stays_outside(either_house: House) -> None:
    with either_house.database.transaction() as session:
        token = invite(session, either_house)

    def accept(passphrase: str) -> bool:
        try:
            with either_house.database.transaction() as session:
                invitations.invited(session, token, NOW)
                both_are_here.wait()
                invitations.accept(session, token, "Olga", passphrase, NOW, CHEAP)
        except InvitationGone:
            return False
        return True

    both_are_here = Barrier(2)
    typed = ("erste feder gras hummel", "zweite feder gras hummel")
    with ThreadPoolExecutor(2) as pool:
        inside = list(pool.map(accept, typed))
    assert sorted(inside) == [False, True]
    with either_house.database.transaction() as session:
        opens = [passphrases.sign_in(session, "Olga", one) is not None for one in typed]
    assert opens == inside


def test_accept__a_link_runs_out_after_two_days(session: Session, either_house: House) -> None:
    token = invite(session, either_house)
    assert invitations.invited(session, token, LATER).name == "Olga"
    with pytest.raises(InvitationGone):
        invitations.accept(session, token, "Olga", PASSPHRASE, LATER + timedelta(seconds=1), CHEAP)


def test_accept__a_made_up_link_lets_nobody_in(session: Session) -> None:
    with pytest.raises(InvitationGone):
        invitations.accept(session, "made-up", "Olga", PASSPHRASE, NOW, CHEAP)


@pytest.mark.parametrize("easy", ["elf zeichen", "passwort1234"])
def test_accept__a_passphrase_that_is_easily_guessed_is_refused(
    session: Session, either_house: House, easy: str
) -> None:
    token = invite(session, either_house)
    with pytest.raises(PassphraseTooEasy):
        invitations.accept(session, token, "Olga", easy, NOW, CHEAP)


def test_accept__a_name_that_is_taken_is_refused(session: Session, either_house: House) -> None:
    token = invite(session, either_house)
    with pytest.raises(NameTaken):
        invitations.accept(session, token, " Nora ", PASSPHRASE, NOW, CHEAP)


def test_invite__a_name_that_is_taken_is_refused(session: Session, either_house: House) -> None:
    with pytest.raises(NameTaken):
        invite(session, either_house, "  Nora")


def test_invite__who_lacks_a_key_cannot_pass_it_on(session: Session, either_house: House) -> None:
    with pytest.raises(keyring.NotGranted):
        invitations.invite(
            session, either_house.staff["Eva"], "Olga", people.COUNSELLOR, "north", NOW
        )


def test_invite__only_the_link_opens_the_key_of_the_invited(
    session: Session, either_house: House
) -> None:
    token = invite(session, either_house)
    box = session.scalars(select(Invitation.box)).one()
    private = vault.unlock(vault.derive(token.encode(), "open"), box, "invitation")
    olga = invitations.invited(session, token, NOW)
    assert keyring.collect(session, vault.Pair(olga.public, private)).held
    with pytest.raises(Tampered):
        vault.unlock(vault.derive(b"another", "open"), box, "invitation")
    assert token.encode() not in b"".join(
        session.execute(select(Invitation.id, Invitation.box)).one()
    )


def test_invite__is_noted(session: Session, either_house: House) -> None:
    token = invite(session, either_house)
    invitations.accept(session, token, "Olga", PASSPHRASE, NOW, CHEAP)
    session.commit()
    olga = session.scalars(select(Person).where(Person.name == "Olga")).one()
    karin = either_house.staff["Karin"].person
    lines = session.execute(
        select(Entry.person_id, Entry.deed).where(Entry.thing == f"person:{olga.id}")
    )
    assert list(lines) == [(karin.id, "invited"), (olga.id, "accepted")]


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("Nora", "birke garten hafen segel wolk"),
        ("Nora", ""),
        ("Nobody", PASSPHRASE),
        ("", PASSPHRASE),
        ("N\0ra", PASSPHRASE),
    ],
)
def test_sign_in__needs_the_name_and_its_passphrase(
    either_house: House, name: str, passphrase: str
) -> None:
    with either_house.database.transaction() as session:
        assert passphrases.sign_in(session, name, passphrase) is None


def test_sign_in__who_has_not_accepted_yet_stays_outside(
    session: Session, either_house: House
) -> None:
    invite(session, either_house)
    assert passphrases.sign_in(session, "Olga", "") is None


def test_sign_in__an_accent_may_be_typed_either_way(session: Session, either_house: House) -> None:
    composed = "Äpfel über Öfen dörren"
    token = invite(session, either_house, "Zoë")
    invitations.accept(session, token, "Zoë", composed, NOW, CHEAP)
    decomposed = unicodedata.normalize("NFD", composed)
    assert decomposed != composed
    assert (
        passphrases.sign_in(session, unicodedata.normalize("NFD", " Zoë"), decomposed) is not None
    )


def test_person__may_do_what_her_role_says_and_nothing_else() -> None:
    rights = set().union(*people.PERMISSIONS.values())
    may = {
        role: {right for right in rights if Person(name="", role=role).may(right)}
        for role in people.PERMISSIONS
    }
    assert may == {
        "coordinator": {"account", "people", "keys", "audit", "releases", "plans"},
        "counsellor": {"account", "referrals"},
        "interviewer": {"account", "entering", "interviews"},
        "evaluator": {"account", "results", "plans", "questionnaires"},
    }


@pytest.mark.parametrize(
    ("role", "part", "parts"),
    [
        ("counsellor", "north", {"north", "county"}),
        ("counsellor", "both", {"north", "south", "county"}),
        ("coordinator", "", set()),
        ("evaluator", "north", set()),
    ],
)
def test_person__takes_up_the_referrals_of_her_part(role: str, part: str, parts: set[str]) -> None:
    assert Person(name="", role=role, part=part).parts == parts
