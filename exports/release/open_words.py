"""The ledger of open words: approved paraphrases go out in batches of one question, tied to nobody.

A batch holds the words of five people at least, in an order that was drawn once. It never changes,
and nothing in it or beside it says whose words they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom
from typing import Any

from sqlalchemy import Date, ForeignKey, LargeBinary, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import approving, audit, keyring, records, vault
from core.database import Base
from core.keyring import ServiceKey
from core.people import SignedIn
from core.records import Response
from core.resealing import Change, Sealed
from core.sampling import MUNICIPALITY
from core.versions import Version
from exports.release import free_texts, paraphrases, releases
from exports.release.paraphrases import APPROVED, OUT, Paraphrase
from surveys.interviews import OFFICE

PEOPLE = 5  # who must have said something to a question before any of it goes out
_LANGUAGE = "de"


class ParaphraseBatch(Sealed, Base):
    """The paraphrases of one question that went out together, sealed to the answers key."""

    __tablename__ = "paraphrase_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    released: Mapped[date] = mapped_column(Date)
    size: Mapped[int]
    service_key_id: Mapped[int] = mapped_column(ForeignKey(ServiceKey.id))
    content: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def place(self) -> str:
        """What the sealed bytes are bound to."""
        return f"paraphrase-batch:{self.id}"

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal the words to the newest key; they stay as they are."""
        self.content = change.moved(self.service_key_id, self.content, self.place)
        self.service_key_id = change.newest[self.service_key_id].id


@dataclass(frozen=True)
class Row:
    """One released paraphrase, and to which question it was said."""

    questionnaire: str
    question: str
    label: str
    words: str
    topics: tuple[str, ...]


def waiting(session: Session) -> int:
    """Return how many approved paraphrases wait, to the nearest five: one more must not show."""
    count = select(func.count()).select_from(Paraphrase).where(Paraphrase.status == APPROVED)
    return 5 * round((session.scalar(count) or 0) / 5)


def release(session: Session, who: SignedIn, day: date) -> list[ParaphraseBatch]:
    """Freeze what is approved of every question that enough people have said something to.

    Raises `NotGranted` or `Tampered`.
    """
    enough = select(Paraphrase.questionnaire, Paraphrase.question)
    enough = enough.where(Paraphrase.status == APPROVED).having(func.count() >= PEOPLE)
    asked = session.execute(enough.group_by(Paraphrase.questionnaire, Paraphrase.question)).all()
    if not asked:
        return []
    key = _alone(session)
    found = []
    for questionnaire, question in sorted(tuple(one) for one in asked):
        ready = _ready(session, who, questionnaire, question)
        if len({whose for whose, _ in ready if whose}) >= PEOPLE:
            rows = [row for _, row in ready]
            found.append(_freeze(session, who, key, rows, day))
    return found


def batches(session: Session) -> list[ParaphraseBatch]:
    """Return all batches in the order of their release."""
    return list(session.scalars(select(ParaphraseBatch).order_by(ParaphraseBatch.id)))


def approved(session: Session, who: SignedIn) -> list[Row]:
    """Return every released paraphrase, batch after batch; raise `NotGranted` or `Tampered`."""
    return [row for batch in batches(session) for row in _rows(content(who, batch))]


def content(who: SignedIn, batch: ParaphraseBatch) -> Mapping[str, Any]:
    """Return what a batch holds; raise `NotGranted` or `Tampered`."""
    pair = who.keys.pair(batch.service_key_id)
    opened: Mapping[str, Any] = json.loads(vault.open_sealed(pair, batch.content, batch.place))
    return opened


def _rows(held: Mapping[str, Any]) -> list[Row]:
    name = held["question"].rpartition("/")[2]
    about = (held["questionnaire"], name, held["label"])
    return [Row(*about, words, tuple(topics)) for words, topics in held["rows"]]


def _alone(session: Session) -> ServiceKey:
    """Return the answers key that seals, once nobody else is releasing: both would take the same.

    A statement that writes, though nothing, locks a row of PostgreSQL and all of SQLite.
    """
    key = keyring.newest(session, keyring.ANSWERS)
    same = update(ServiceKey).where(ServiceKey.id == key.id)
    session.execute(same.values(purpose=ServiceKey.purpose))
    return key


def _ready(
    session: Session, who: SignedIn, questionnaire: str, question: str
) -> list[tuple[str, Paraphrase]]:
    """Return the approved paraphrases that may still go out, each with who said it."""
    query = select(Paraphrase, Response).join(Response, Response.id == Paraphrase.response_id)
    query = query.join(Version, Version.id == Response.version_id).where(approving.counts())
    query = query.where(Paraphrase.status == APPROVED, paraphrases.still_holds())
    query = query.where(Paraphrase.questionnaire == questionnaire, Paraphrase.question == question)
    found = []
    for row, response in session.execute(query.execution_options(populate_existing=True)):
        answers = records.open_answers(session, response, who.keys)
        if releases.agreed(session, releases.Opened(response, answers)):
            # One office speaks in every wave; a client is asked once.
            whose = answers.get(OFFICE, "") if questionnaire == MUNICIPALITY else response.id
            found.append((whose, row))
    return found


def _freeze(
    session: Session,
    who: SignedIn,
    key: ServiceKey,
    rows: Sequence[Paraphrase],
    day: date,
) -> ParaphraseBatch:
    one = rows[0]
    label = free_texts.labels(session, one.questionnaire, _LANGUAGE).get(one.question, "")
    told = [paraphrases.opened(who, row) for row in rows]
    lines = [[words.words, words.topics] for words in told]
    SystemRandom().shuffle(lines)  # drawn once, and frozen: nobody can work it out again
    held = {"questionnaire": one.questionnaire, "question": one.question, "label": label}
    batch = ParaphraseBatch(
        questionnaire=one.questionnaire,
        released=day,
        size=len(rows),
        service_key_id=key.id,
        content=b"",
    )
    session.add(batch)
    session.flush()
    said = json.dumps({**held, "rows": lines}, ensure_ascii=False).encode()
    batch.content = vault.seal(key.public, said, batch.place)
    for row in rows:
        row.status, row.response_id, row.corrections = OUT, None, 0
        row.content, row.service_key_id = b"", None
    audit.note(session, who.person.id, "released", f"paraphrase-batch:{batch.id}")
    session.flush()
    return batch
