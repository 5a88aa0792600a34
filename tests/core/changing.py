"""What tests of people who leave, forget or recover begin with and look at."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import (
    invitations,
    keyring,
    passphrases,
    people,
)
from core.audit import Entry
from core.factors import TOTP, Factor
from core.invitations import Invitation
from core.keyring import ServiceKey
from core.people import Person, SignedIn
from core.presence import Presence
from core.records import Response
from tests.support.house import CHEAP, NOW, PASSPHRASE, submit

DAY = NOW.date()
OWN = "feder gras hummel jolle"
NAME = "/data/contact/name"


def number(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


def person(session: Session, name: str) -> Person:
    found = people.named(session, name)
    assert found is not None
    return found


def referral(session: Session, n: int, part: str = "north") -> Response:
    submit(session, "referral", number(n), {NAME: f"Amsel {n}"}, part)
    return session.get_one(Response, number(n))


def purposes(session: Session, who: SignedIn) -> set[str]:
    held = keyring.collect(session, who.pair).held
    return set(session.scalars(select(ServiceKey.purpose).where(ServiceKey.id.in_(held))))


def holds_the_newest(session: Session, who: SignedIn, *wanted: str) -> bool:
    keys = keyring.collect(session, who.pair)
    return all(keyring.newest(session, purpose).id in keys.held for purpose in wanted)


def again(session: Session, name: str, passphrase: str = PASSPHRASE) -> SignedIn:
    who = passphrases.sign_in(session, name, passphrase)
    assert who is not None
    return who


def sits_somewhere(session: Session, someone: Person, number: int = 1) -> None:
    """Sign somebody in at a browser, with a second factor, and invite her once more."""
    key = bytes([number]) * 32
    session.add(Presence(id=key, person_id=someone.id, begun=0, seen=0, device="", box=b""))
    session.add(Factor(person_id=someone.id, kind=TOTP, name="", sealed=b"", made=DAY))
    session.add(Invitation(id=key, person_id=someone.id, box=b"", expires=2**40))
    session.flush()


def is_locked_out(session: Session, someone: Person) -> bool:
    left = [
        session.scalar(select(func.count()).where(model.person_id == someone.id))
        for model in (Presence, Factor)
    ]
    return left == [0, 0]


def second_coordinator(session: Session, by: SignedIn, name: str = "Olga") -> SignedIn:
    token = invitations.invite(session, by, name, people.COORDINATOR, "", NOW)
    assert invitations.accept(session, token, name, OWN, NOW, CHEAP) is None
    return again(session, name, OWN)


def lines(session: Session, deed: str) -> list[str]:
    session.commit()
    return list(session.scalars(select(Entry.thing).where(Entry.deed == deed).order_by(Entry.id)))
