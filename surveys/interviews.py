"""Interviews and case documentation: who enters which, drafts under her own key, submitting."""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from types import MappingProxyType

from sqlalchemy import Date, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, keyring, records, vault
from core.database import Base
from core.keyring import Keys
from core.people import NotHers, Person, SignedIn
from core.records import Submission, Version
from core.resealing import Change, Rescuable, Sealed
from core.vault import Tampered
from xlsform.filling import Filling

QUESTIONNAIRES: Mapping[str, str] = MappingProxyType(
    {
        "client": "interviews",
        "municipality": "interviews",
        "case": "case-documentation",
    }
)


class Draft(Sealed, Rescuable, Base):
    """An interview not yet submitted, sealed to the person who enters it.

    `rescue` is the same for the day on which she forgets her passphrase, sealed to a service key.
    """

    __tablename__ = "draft"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id))
    begun: Mapped[date] = mapped_column(Date)
    changed: Mapped[date] = mapped_column(Date)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    rescue: Mapped[bytes | None] = mapped_column(LargeBinary)
    rescue_key_id: Mapped[int | None] = mapped_column(ForeignKey(keyring.ServiceKey.id))

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal what can be rescued to the newest key."""
        if self.rescue is not None and self.rescue_key_id is not None:
            self.rescue = change.moved(self.rescue_key_id, self.rescue, _place(self))
            self.rescue_key_id = change.newest[self.rescue_key_id].id

    def keep_for_later(self) -> None:
        """Leave only what can be rescued."""
        if self.rescue is not None:
            self.box = b""

    def give_back(self, keys: Keys, public: bytes) -> None:
        """Seal what can be rescued to her new key."""
        if self.rescue is not None and self.rescue_key_id is not None:
            plain = vault.open_sealed(keys.pair(self.rescue_key_id), self.rescue, _place(self))
            self.box = vault.seal(public, plain, _place(self))


def offered(person: Person) -> list[str]:
    """Return the questionnaires she may enter."""
    return [name for name, permission in QUESTIONNAIRES.items() if person.may(permission)]


def current(session: Session, who: SignedIn, questionnaire: str) -> Version:
    """Return the newest version of a questionnaire; raise `NotHers` if she may not enter it."""
    if questionnaire not in offered(who.person):
        raise NotHers
    return records.current(session, questionnaire)


def begin(session: Session, who: SignedIn, version: Version, first: bytes, day: date) -> Draft:
    """Return a new draft with its first content; raise `NotHers` if she may not enter it."""
    if version.questionnaire not in offered(who.person):
        raise NotHers
    draft = Draft(id=str(uuid.uuid4()), person_id=who.person.id, version_id=version.id, begun=day)
    save(session, who, draft, first, day)
    session.add(draft)
    session.flush()
    return draft


def drafts(session: Session, who: SignedIn) -> list[tuple[Draft, Version]]:
    """Return her drafts with their questionnaires, newest first.

    What was begun before there was a rescue can be rescued from now on.
    """
    rows = session.execute(
        select(Draft, Version)
        .join(Version)
        .where(Draft.person_id == who.person.id)
        .order_by(Draft.begun.desc(), Draft.id)
    ).all()
    for draft, _ in rows:
        if draft.rescue is None:
            with suppress(Tampered):  # she hears of it when she opens it
                _rescue(session, draft, read(who, draft))
    return [(draft, version) for draft, version in rows]


def find(session: Session, who: SignedIn, draft_id: str) -> Draft:
    """Return one of her own drafts, or raise `NotHers`."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.person_id != who.person.id:
        raise NotHers
    return draft


def read(who: SignedIn, draft: Draft) -> bytes:
    """Return the content of a draft of hers."""
    return vault.open_sealed(who.pair, draft.box, _place(draft))


def save(session: Session, who: SignedIn, draft: Draft, content: bytes, day: date) -> None:
    """Seal new content into a draft of hers."""
    draft.changed = day
    draft.box = vault.seal(who.pair.public, content, _place(draft))
    _rescue(session, draft, content)


def submit(
    session: Session,
    who: SignedIn,
    draft: Draft,
    filling: Filling,
    day: date,
    files: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Store the interview with its files, sealed to the service's keys, and delete the draft."""
    submission = Submission(draft.id, draft.version_id, keyring.COUNTY, day)
    records.submit(session, submission, filling, files)
    audit.note(session, who.person.id, "submitted", f"response:{draft.id}")
    session.delete(draft)


def _rescue(session: Session, draft: Draft, content: bytes) -> None:
    key = keyring.newest(session, keyring.DRAFTS)
    draft.rescue = vault.seal(key.public, content, _place(draft))
    draft.rescue_key_id = key.id


def _place(draft: Draft) -> str:
    return f"draft:{draft.id}"
