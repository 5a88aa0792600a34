"""What a counsellor's inbox shows, kept so that not everything is opened anew each time."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Row, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, database, records, vault
from core.database import Base
from core.keyring import NotGranted
from core.people import Person, SignedIn
from core.records import Response
from core.vault import Tampered
from core.versions import Version
from intake import entries, referrals, urgency
from intake.cases import Case, CaseEntry, CaseResponse
from intake.entries import ACCESS, DONE, STEP
from intake.messages import Message
from intake.referrals import CLOSED, MUNICIPALITY, QUESTIONNAIRE, WITHDRAWN

_WORDS = ("/data/contact/", "/data/more/words", "/data/language/other_language")
_AT_ONCE = 100  # rows opened before they are let go: sealed parts are large
Box = dict[str, dict[str, Any]]


class Overview(Base):
    """One person's overview, locked under a key that comes from her own private half."""

    __tablename__ = "overview"
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Line:
    """A referral in the inbox. `case_id` is None before somebody takes it up.

    `municipality` and `access`, how she came, are codes, `said` is what the urgency comes from; all
    are empty when the referral does not open.
    """

    id: str
    part: str
    status: str
    received: date
    case_id: str | None
    holder_id: int | None
    municipality: str
    access: str
    said: Mapping[str, str]
    words: str
    unread: bool  # she has written again, and nobody has read it

    @property
    def is_closed(self) -> bool:
        """Say whether the work on it is done."""
        return self.status == CLOSED

    def urgency(self, day: date) -> tuple[str, ...]:
        """Return how urgent it is on a day: codes, the most urgent one first."""
        return () if self.is_closed else urgency.urgency(self.said, day)


@dataclass(frozen=True)
class Step:
    """A next step that is not done yet."""

    id: str
    case_id: str
    day: date
    text: str


def read(session: Session, counsellor: SignedIn) -> tuple[list[Line], list[Step]]:
    """Return the referrals of her part, the newest first, and the next steps in her cases.

    What is new since her last look is opened, noted and kept; what is not hers any more is dropped.
    """
    known = _unlocked(session, counsellor)
    rows = _referrals(session, counsellor)
    notes = _notes(session, counsellor)
    box = {row.id: known[row.id] for row in (*rows, *notes) if row.id in known}
    new = [row.id for row in rows if row.id not in box]
    fresh = [row.id for row in notes if row.id not in box]
    box |= _open_referrals(session, counsellor, new)
    box |= _open_notes(session, counsellor, fresh)
    if box != known:
        _lock(session, counsellor, box)
    if new:
        audit.note(session, counsellor.person.id, "listed", f"responses:{len(new)}")
    words = _words_by_case(box, (row.id for row in notes))
    ways = {one["case"]: one["access"] for one in box.values() if one.get("kind") == ACCESS}
    return [_line(row, box.get(row.id, {}), words, ways) for row in rows], _steps(box)


def forget(session: Session) -> None:
    """Delete every overview: something that may stand in them is not to be kept any more."""
    session.execute(delete(Overview))


def _referrals(session: Session, counsellor: SignedIn) -> list[Row[Any]]:
    hers = (Message.response_id == Response.id, Message.sent_by.is_(None), Message.seen.is_(None))
    unread = select(Message.id).where(*hers).exists()
    query = (
        select(
            Response.id,
            Response.part,
            Response.status,
            Response.received,
            CaseResponse.case_id,
            Case.holder_id,
            unread.label("unread"),
        )
        .join(Version, Version.id == Response.version_id)
        .outerjoin(CaseResponse, CaseResponse.response_id == Response.id)
        .outerjoin(Case, Case.id == CaseResponse.case_id)
        .where(Version.questionnaire == QUESTIONNAIRE)
        .where(Response.part.in_(counsellor.person.parts), Response.status != WITHDRAWN)
    )
    return list(session.execute(query.order_by(Response.received.desc(), Response.id)))


def _notes(session: Session, counsellor: SignedIn) -> list[Row[Any]]:
    query = select(CaseEntry.id).join(Case, Case.id == CaseEntry.case_id)
    return list(session.execute(query.where(Case.part.in_(counsellor.person.parts))))


def _open_referrals(session: Session, counsellor: SignedIn, ids: list[str]) -> Box:
    box: Box = {}
    for batch in _batches(ids):
        for response in session.scalars(select(Response).where(Response.id.in_(batch))).all():
            with suppress(NotGranted, Tampered):  # it is listed, and says so when it is opened
                box[response.id] = _excerpt(session, counsellor, response)
    return box


def _excerpt(session: Session, counsellor: SignedIn, response: Response) -> dict[str, Any]:
    answers = dict(records.open_identity(session, response, counsellor.keys))
    answers |= records.open_answers(session, response, counsellor.keys)
    words = [text for path, text in answers.items() if path.startswith(_WORDS)]
    return {
        "municipality": answers.get(MUNICIPALITY, ""),
        "access": answers.get(referrals.ACCESS, ""),
        "said": urgency.needed(answers),
        "words": " ".join(words).casefold(),
    }


def _open_notes(session: Session, counsellor: SignedIn, ids: list[str]) -> Box:
    box: Box = {}
    for batch in _batches(ids):
        for entry in session.scalars(select(CaseEntry).where(CaseEntry.id.in_(batch))).all():
            with suppress(NotGranted, Tampered):
                written = entries.opened(entry, counsellor.keys)
                kept = {"case": entry.case_id, "words": written.words.casefold()}
                if written.kind in {STEP, DONE, ACCESS}:
                    kept |= {"kind": written.kind, **written.said}
                box[entry.id] = kept
    return box


def _batches(ids: list[str]) -> Iterable[list[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _words_by_case(box: Box, ids: Iterable[str]) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    for number in ids:
        if number in box:
            words.setdefault(box[number]["case"], []).append(box[number]["words"])
    return {case: " ".join(said) for case, said in words.items()}


def _line(
    row: Row[Any], kept: Mapping[str, Any], words: Mapping[str, str], ways: Mapping[str, str]
) -> Line:
    return Line(
        id=row.id,
        part=row.part,
        status=row.status,
        received=row.received,
        case_id=row.case_id,
        holder_id=row.holder_id,
        municipality=kept.get("municipality", ""),
        said=kept.get("said", {}),
        access=ways.get(row.case_id, kept.get("access", "")),
        unread=row.unread,
        words=f"{kept.get('words', '')} {words.get(row.case_id, '')}",
    )


def _steps(box: Box) -> list[Step]:
    done = {kept["step"] for kept in box.values() if kept.get("kind") == DONE}
    steps = [
        Step(number, kept["case"], date.fromisoformat(kept["day"]), kept["note"])
        for number, kept in box.items()
        if kept.get("kind") == STEP and number not in done
    ]
    return sorted(steps, key=lambda step: (step.day, step.id))


def _unlocked(session: Session, counsellor: SignedIn) -> Box:
    row = session.get(Overview, counsellor.person.id)
    if row is None:
        return {}
    try:
        plain = vault.unlock(_key(counsellor), row.box, _place(counsellor))
    except Tampered:  # changed, or from before she chose a new passphrase: it is made anew
        return {}
    box: Box = json.loads(plain)
    return box


def _lock(session: Session, counsellor: SignedIn, box: Box) -> None:
    locked = vault.lock(_key(counsellor), json.dumps(box).encode(), _place(counsellor))
    values = {"person_id": counsellor.person.id, "box": locked}
    if not database.insert_once(session, Overview, values):
        hers = update(Overview).where(Overview.person_id == counsellor.person.id)
        session.execute(hers.values(box=locked))


def _key(counsellor: SignedIn) -> bytes:
    return vault.derive(counsellor.pair.private, "overview")


def _place(counsellor: SignedIn) -> str:
    return f"overview:{counsellor.person.id}"
