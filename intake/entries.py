"""What a counsellor writes about a case: contacts with measures, attempts, notes, next steps."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, keyring, vault
from core.keyring import Keys
from core.people import SignedIn
from intake import cases, referrals
from intake.cases import Case, CaseEntry

CONTACT, ATTEMPT, NOTE, STEP, ACCESS, DONE = "contact", "attempt", "note", "step", "access", "done"
DOCUMENTED = "documented"


@dataclass(frozen=True)
class Written:
    """An entry opened: its kind, the person who wrote it and what she said, by name."""

    id: str
    case_id: str
    day: date
    kind: str
    by: int
    said: Mapping[str, Any]

    @property
    def words(self) -> str:
        """What a search finds it by."""
        return " ".join(str(self.said[name]) for name in ("note", "who") if name in self.said)


def write(
    session: Session,
    counsellor: SignedIn,
    case_id: str,
    kind: str,
    said: Mapping[str, Any],
    day: date,
) -> CaseEntry:
    """Seal an entry to the contact key of the part the case is in; raise `NotHers`.

    A case has one way of access: what is said of it takes the place of what was said before, which
    is opened to find it: raises `NotGranted` or `Tampered`.
    """
    case = cases.find(session, counsellor, case_id)
    if kind == ACCESS:
        _forget_access(session, counsellor, case)
    key = keyring.newest(session, f"contact-{case.part}")
    entry = CaseEntry(id=str(uuid.uuid4()), case_id=case.id, written=day, contact_key_id=key.id)
    plain = json.dumps({"kind": kind, "by": counsellor.person.id, "said": said})
    entry.sealed = vault.seal(key.public, plain.encode(), entry.place)
    session.add(entry)
    session.flush()
    audit.note(session, counsellor.person.id, "noted", f"case:{case.id}")
    return entry


def read(session: Session, counsellor: SignedIn, case: Case) -> list[Written]:
    """Return the entries of a case, the newest day first; raise `NotGranted` or `Tampered`."""
    rows = select(CaseEntry).where(CaseEntry.case_id == case.id)
    rows = rows.order_by(CaseEntry.written.desc(), CaseEntry.id)
    return [opened(entry, counsellor.keys) for entry in session.scalars(rows)]


def opened(entry: CaseEntry, keys: Keys) -> Written:
    """Return an entry with what it says; raise `NotGranted` or `Tampered`."""
    plain = json.loads(
        vault.open_sealed(keys.pair(entry.contact_key_id), entry.sealed, entry.place)
    )
    return Written(
        entry.id, entry.case_id, entry.written, plain["kind"], plain["by"], plain["said"]
    )


def access_of(written: Iterable[Written], answers: Mapping[str, str]) -> str:
    """Return how a woman came to the service, a code: what a counsellor says, else her referral."""
    said = (entry.said["access"] for entry in written if entry.kind == ACCESS)
    return str(next(said, answers.get(referrals.ACCESS, "")))


def _forget_access(session: Session, counsellor: SignedIn, case: Case) -> None:
    for entry in read(session, counsellor, case):
        if entry.kind == ACCESS:
            session.delete(session.get_one(CaseEntry, entry.id))
