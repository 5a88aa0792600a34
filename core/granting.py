"""Handing keys of the service from person to person: every grant leaves a line in the audit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, keyring
from core.audit import Entry
from core.keyring import Grant, Keys, ServiceKey
from core.people import Person

PAPER = "recovery"  # the holder who is no person
_THING = re.compile(r"key:(\d+):(?:person:(\d+)|recovery)\Z")


@dataclass(frozen=True)
class Holding:
    """What somebody holds of the keys for one purpose.

    `person` is None for the printed recovery key, and for a holder who is not `known` at all.
    `since` and `giver` are those of the last grant, None when no line says so.
    """

    person: Person | None
    known: bool
    count: int
    since: datetime | None
    giver: Person | None

    def is_due(self, purpose: str) -> bool:
        """Say whether the holder's role needs this key."""
        if self.person is None:
            return self.known
        return self.person.left is None and purpose in self.person.purposes


def entitled(session: Session, purpose: str) -> list[tuple[str, bytes]]:
    """Return everybody whose role needs the keys for `purpose`, also the invited, and the paper."""
    active = session.scalars(select(Person).where(Person.left.is_(None)).order_by(Person.id))
    people = [(_name(one), one.public) for one in active if purpose in one.purposes]
    return [*people, *((PAPER, public) for public in keyring.recovery_holders(session))]


def hand_on(session: Session, keys: Keys, by: int, person: Person, purposes: Iterable[str]) -> None:
    """Grant `person` the keys for `purposes` out of `keys`; raise `NotGranted`."""
    for key_id in keyring.pass_on(session, keys, purposes, person.public):
        note(session, by, key_id, _name(person))


def note(session: Session, by: int, key_id: int, holder: str) -> None:
    """Add the line of one grant."""
    audit.note(session, by, "granted", f"key:{key_id}:{holder}")


def holdings(session: Session) -> Mapping[str, list[Holding]]:
    """Return for every purpose who holds how many of its keys, since when and from whom."""
    people = {one.id: one for one in session.scalars(select(Person).order_by(Person.name))}
    owners: dict[bytes, Person | None] = {one.public: one for one in people.values()}
    owners |= dict.fromkeys(keyring.recovery_holders(session))
    lines = _lines(session)
    found: dict[str, list[Holding]] = {purpose: [] for purpose in keyring.PURPOSES}
    for (holder, purpose), ids in _held(session, owners).items():
        person = owners.get(holder)
        line = lines.get((max(ids), person.id if person else None)) if holder in owners else None
        giver = people.get(line.person_id) if line else None
        since = line.at if line else None
        found[purpose].append(Holding(person, holder in owners, len(ids), since, giver))
    return found


def uses_of_paper(session: Session) -> list[tuple[datetime, Person]]:
    """Return when the printed recovery key let somebody in, and whom; the last one first."""
    rows = session.execute(
        select(Entry.at, Person)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.deed == "recovered")
        .order_by(Entry.id.desc())
    )
    return [(row.at, row.Person) for row in rows]


def _held(session: Session, owners: Iterable[bytes]) -> dict[tuple[bytes, str], list[int]]:
    """Return the ids of the keys that everybody holds for a purpose, the `owners` first."""
    held: dict[tuple[bytes, str], list[int]] = {}
    order = {holder: place for place, holder in enumerate(owners)}
    rows = session.execute(select(Grant.holder, ServiceKey.purpose, ServiceKey.id).join(ServiceKey))
    for holder, purpose, key_id in sorted(rows, key=lambda row: order.get(row[0], len(order))):
        held.setdefault((holder, purpose), []).append(key_id)
    return held


def _lines(session: Session) -> dict[tuple[int, int | None], Entry]:
    lines: dict[tuple[int, int | None], Entry] = {}
    query = select(Entry).where(Entry.deed == "granted", Entry.thing.startswith("key:"))
    for entry in session.scalars(query.order_by(Entry.id)):
        match = _THING.match(entry.thing)
        if match is not None:
            lines[int(match[1]), int(match[2]) if match[2] else None] = entry
    return lines


def _name(person: Person) -> str:
    return f"person:{person.id}"
