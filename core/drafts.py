"""What somebody of the staff has begun and not sent yet, sealed to her own key."""

import uuid
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from core import database, keyring, vault
from core.database import Base
from core.keyring import Keys
from core.people import NotHers, Person, SignedIn
from core.resealing import Change, Rescuable, Sealed
from core.settings import Settings
from core.vault import Tampered
from core.versions import Version

_NAMES = uuid.UUID("7a756761-6e67-4000-8000-647261667473")


class Overtaken(RuntimeError):
    """Somebody saved this draft since it was read: she herself, in another window."""


class Draft(Sealed, Rescuable, Base):
    """A questionnaire not yet submitted, sealed to the person who enters it.

    `rescue` is the same for the day on which she forgets her passphrase, sealed to a service key.
    What she has `submitted` since is hers alone: a copy without rescue, for corrections.
    """

    __tablename__ = "draft"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id))
    begun: Mapped[date] = mapped_column(Date)
    changed: Mapped[date] = mapped_column(Date)
    submitted: Mapped[date | None] = mapped_column(Date)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    rescue: Mapped[bytes | None] = mapped_column(LargeBinary)
    rescue_key_id: Mapped[int | None] = mapped_column(ForeignKey(keyring.ServiceKey.id))

    @property
    def is_handed_in(self) -> bool:
        """Say whether it is only a copy of what she has submitted."""
        return self.submitted is not None

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


def begin(
    session: Session, who: SignedIn, version_id: int, first: bytes, day: date, about: str = ""
) -> Draft:
    """Return a new draft of hers with its first content, the only one `about` a thing.

    Begun twice at the same moment it is one: what was first stays.
    """
    number = _number(about, who.person.id) if about else str(uuid.uuid4())
    hers = {"id": number, "person_id": who.person.id, "version_id": version_id}
    empty = {"begun": day, "changed": day, "box": b""}
    is_first = database.insert_once(session, Draft, hers | empty)
    draft = session.get_one(Draft, number)
    if is_first:
        save(session, who, draft, first, day)
    return draft


def mine(session: Session, who: SignedIn) -> list[tuple[Draft, Version]]:
    """Return her drafts with their questionnaires, newest first.

    What was begun before there was a rescue can be rescued from now on.
    """
    rows = session.execute(
        select(Draft, Version)
        .join(Version)
        .where(Draft.person_id == who.person.id, Draft.submitted.is_(None))
        .order_by(Draft.begun.desc(), Draft.id)
    ).all()
    for draft, _ in rows:
        if draft.rescue is None:
            with suppress(Tampered):  # she hears of it when she opens it
                for name, value in _rescue(session, draft, read(who, draft)).items():
                    setattr(draft, name, value)
    return [(draft, version) for draft, version in rows]


def submitted(session: Session, who: SignedIn, since: date) -> list[tuple[Draft, Version]]:
    """Return her copies of what she submitted on that day or later, newest first."""
    rows = session.execute(
        select(Draft, Version)
        .join(Version)
        .where(Draft.person_id == who.person.id, Draft.submitted >= since)
        .order_by(Draft.submitted.desc(), Draft.id)
    )
    return [(draft, version) for draft, version in rows]


def find(session: Session, who: SignedIn, draft_id: str, *, to_change: bool = False) -> Draft:
    """Return one of her own drafts, or raise `NotHers`.

    One that is to be changed waits until nobody else changes it: what it says then still holds
    when it is saved.
    """
    if to_change:  # a statement that writes, though nothing, takes the lock of either database
        this = update(Draft).where(Draft.id == draft_id).values(person_id=Draft.person_id)
        draft: Draft | None = session.scalar(this.returning(Draft))
    else:
        draft = session.get(Draft, draft_id)
    if draft is None or draft.person_id != who.person.id:
        raise NotHers
    return draft


def of(session: Session, who: SignedIn, about: str) -> Draft | None:
    """Return what she has begun about a thing, None when there is nothing."""
    return session.get(Draft, _number(about, who.person.id))


def read(who: SignedIn, draft: Draft) -> bytes:
    """Return the content of a draft of hers."""
    return vault.open_sealed(who.pair, draft.box, _place(draft))


def save(session: Session, who: SignedIn, draft: Draft, content: bytes, day: date) -> None:
    """Seal new content into a draft of hers; raise `Overtaken` if it is not what she read any more.

    Nothing is locked from the reading on: that would let everybody wait who saves a page.
    """
    box = vault.seal(who.pair.public, content, _place(draft))
    values: dict[str, Any] = {"changed": day, "box": box, "submitted": draft.submitted}
    values |= {"rescue": None, "rescue_key_id": None}
    if draft.submitted is None:
        values |= _rescue(session, draft, content)
    this = update(Draft).where(Draft.id == draft.id, Draft.box == draft.box)
    saving = this.values(**values).execution_options(synchronize_session=False)
    if session.scalar(saving.returning(Draft.id)) is None:
        raise Overtaken
    for name, value in values.items():
        set_committed_value(draft, name, value)


def submit(session: Session, who: SignedIn, draft: Draft, content: bytes, day: date) -> None:
    """Keep what she has submitted as a copy of her own."""
    set_committed_value(draft, "submitted", day)
    save(session, who, draft, content, day)


def forget(session: Session, about: str) -> None:
    """Delete what anybody has begun about a thing: she is not to read it any more."""
    numbers = [_number(about, person) for person in session.scalars(select(Person.id))]
    session.execute(delete(Draft).where(Draft.id.in_(numbers)))


def files_seconds(settings: Settings) -> int:
    """Return how long the files of a draft wait for its next change: until it is deleted."""
    return (settings.keep_drafts_months * 31 + 2) * 24 * 60 * 60


def _number(about: str, person_id: int) -> str:
    # Worked out, not stored: nothing in the clear says what a draft is about.
    return str(uuid.uuid5(_NAMES, f"{about}:{person_id}"))


def _rescue(session: Session, draft: Draft, content: bytes) -> dict[str, Any]:
    key = keyring.newest(session, keyring.DRAFTS)
    sealed = vault.seal(key.public, content, _place(draft))
    return {"rescue": sealed, "rescue_key_id": key.id}


def _place(draft: Draft) -> str:
    return f"draft:{draft.id}"
