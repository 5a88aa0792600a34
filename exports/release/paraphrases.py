"""What interviews say in free words, told anew: one person writes it, another one checks it.

While it is worked on it is sealed to the contact key, as the original is; once approved, to the
answers key. The id is made from the response and the question: there is one row a text at most,
and after the release it is all that is left of it, a mark that this text was dealt with.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    LargeBinary,
    String,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, database, keyring, vault, versions
from core.database import Base
from core.people import Person, SignedIn
from core.records import BESIDE, Response
from core.resealing import Change, Sealed
from exports.release import free_texts
from exports.release.free_texts import Text
from intake.referrals import WITHDRAWN
from surveys.corrections import Correction

WRITTEN, SENT_BACK, SET_ASIDE, APPROVED, OUT = (
    "written",
    "sent-back",
    "set-aside",
    "approved",
    "out",
)
TOPICS = (
    *("contact", "respect", "language", "waiting", "housing"),
    *("money", "children", "safety", "offices", "other"),
)
_CONTACT = f"contact-{keyring.COUNTY}"  # interviews belong to no part of the county


class SamePerson(PermissionError):
    """She wrote it herself: somebody else has to check it."""


class Paraphrase(Sealed, Base):
    """How far one text has come, who wrote the paraphrase and who decided on it.

    `turn` counts its changes, `corrections` those of the response when it was written: a response
    corrected since may say something else, or nothing. Once it is out, neither the response nor
    the words stand here any more.
    """

    __tablename__ = "paraphrase"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(LongText)
    response_id: Mapped[str | None] = mapped_column(
        ForeignKey(Response.id, ondelete="CASCADE"), index=True
    )
    status: Mapped[str] = mapped_column(String(20))
    turn: Mapped[int]
    corrections: Mapped[int]
    writer_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    checker_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    service_key_id: Mapped[int | None] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    content: Mapped[bytes] = mapped_column(LargeBinary)

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal the words to the newest key of the same purpose."""
        if self.service_key_id is not None:
            place = _place(self.id, self.turn)
            self.content = change.moved(self.service_key_id, self.content, place)
            self.service_key_id = change.newest[self.service_key_id].id


@dataclass
class Standing:
    """How far the texts of a question have come: those she can do something with, or how many."""

    to_write: list[str] = field(default_factory=list)
    sent_back: list[str] = field(default_factory=list)
    to_check: list[str] = field(default_factory=list)
    hers: int = 0  # she wrote them: somebody else checks them
    approved: int = 0
    out: int = 0
    set_aside: int = 0

    def add(self, row: Paraphrase, person_id: int) -> None:
        """Count a text that somebody has written something to."""
        if row.status == WRITTEN and row.writer_id == person_id:
            self.hers += 1
        elif row.status in (WRITTEN, SENT_BACK):
            some = self.to_check if row.status == WRITTEN else self.sent_back
            some.append(row.id)
        else:
            self.approved += row.status == APPROVED
            self.out += row.status == OUT
            self.set_aside += row.status == SET_ASIDE


@dataclass(frozen=True)
class Words:
    """A paraphrase and what it is about; without words it proposes to set the text aside.

    `why` is what the second person asks to be changed.
    """

    words: str
    topics: tuple[str, ...] = ()
    why: str = ""


def waiting(session: Session, who: SignedIn, questionnaire: str) -> list[Text]:
    """Return the texts that nobody has paraphrased; raise `NotGranted` or `Tampered`."""
    return free_texts.texts(session, who, questionnaire, set(rows(session, questionnaire)))


def standings(session: Session, who: SignedIn, questionnaire: str) -> dict[str, Standing]:
    """Return by question how far its texts have come; raise `NotGranted` or `Tampered`."""
    found: dict[str, Standing] = defaultdict(Standing)
    done = rows(session, questionnaire)
    for text in free_texts.texts(session, who, questionnaire, done):
        found[text.question].to_write.append(text.id)
    for row in done.values():
        found[row.question].add(row, who.person.id)
    return found


def rows(session: Session, questionnaire: str) -> dict[str, Paraphrase]:
    """Return by id what was done with the texts of a questionnaire, as far as it still holds."""
    query = select(Paraphrase).where(Paraphrase.questionnaire == questionnaire)
    query = query.outerjoin(Response, Response.id == Paraphrase.response_id)
    found = session.scalars(query.where(or_(Paraphrase.status == OUT, still_holds())))
    return {row.id: row for row in found.all()}


def of(session: Session, text: Text) -> Paraphrase | None:
    """Return how far a text has come, None when it is to be paraphrased."""
    query = select(Paraphrase).where(Paraphrase.id == text.id)
    query = query.outerjoin(Response, Response.id == Paraphrase.response_id)
    query = query.where(or_(Paraphrase.status == OUT, still_holds()))
    return session.scalar(query.execution_options(populate_existing=True))


def opened(who: SignedIn, row: Paraphrase) -> Words:
    """Return the words of a paraphrase that is kept; raise `NotGranted` or `Tampered`."""
    if row.service_key_id is None:
        return Words("")
    pair = who.keys.pair(row.service_key_id)
    said = json.loads(vault.open_sealed(pair, row.content, _place(row.id, row.turn)))
    return Words(said["words"], tuple(said["topics"]), said["why"])


def write(session: Session, who: SignedIn, text: Text, words: Words, turn: int) -> bool:
    """Keep a paraphrase to be checked; `turn` is the one she read, 0 where there was none.

    Return whether she was the first: what somebody else has written meanwhile stays.
    """
    _forget_outdated(session, text.id)
    values = _moved(session, text.id, turn, _cleaned(words), _CONTACT, WRITTEN)
    values |= {"writer_id": who.person.id, "checker_id": None}
    values["corrections"] = _corrections_of(session, text.response.id)
    if turn:
        done = _change(session, text.id, turn, SENT_BACK, values)
    else:
        about = {"questionnaire": questionnaire_of(session, text), "question": text.question}
        about |= {"id": text.id, "response_id": text.response.id}
        done = database.insert_once(session, Paraphrase, about | values)
    return _noted(session, who, text, "noted", done=done)


def approve(session: Session, who: SignedIn, text: Text, turn: int) -> bool:
    """Approve a paraphrase as she read it: from now on it may go out, sealed to the answers key.

    Return False if it has changed meanwhile or holds no words. Raises `SamePerson`.
    """
    row = _to_check(session, who, text, turn)
    words = opened(who, row) if row else Words("")
    if not words.words:
        return False
    told = Words(words.words, words.topics)
    values = _moved(session, text.id, turn, told, keyring.ANSWERS, APPROVED)
    return _decide(session, who, text, "approved", values)


def send_back(session: Session, who: SignedIn, text: Text, turn: int, why: str) -> bool:
    """Send a paraphrase back with a word why; return False if it has changed meanwhile.

    Raises `SamePerson`.
    """
    row = _to_check(session, who, text, turn)
    if row is None:
        return False
    words = opened(who, row)
    again = Words(words.words, words.topics, why)
    values = _moved(session, text.id, turn, again, _CONTACT, SENT_BACK)
    return _decide(session, who, text, "sent-back", values)


def set_aside(session: Session, who: SignedIn, text: Text, turn: int) -> bool:
    """Say of a text that it cannot be told without telling who; return False as `send_back` does.

    Raises `SamePerson`.
    """
    if _to_check(session, who, text, turn) is None:
        return False
    values = {"status": SET_ASIDE, "turn": turn + 1, "content": b"", "service_key_id": None}
    return _decide(session, who, text, "set-aside", values)


def questionnaire_of(session: Session, text: Text) -> str:
    """Return the name of the questionnaire that a text was said to."""
    return versions.version_of(session, text.response.version_id).questionnaire


def still_holds() -> ColumnElement[bool]:
    """Return the condition that the joined response says what it said, unless it was told before.

    What was approved before its original was deleted tells of nobody any more.
    """
    count = select(func.count()).select_from(Correction)
    count = count.where(Correction.response_id == Response.id)
    unchanged = Paraphrase.corrections == count.correlate(Response).scalar_subquery()
    is_kept = or_(Paraphrase.status == APPROVED, func.length(Response.identity) > 0)
    return and_(Response.status.not_in((*BESIDE, WITHDRAWN)), unchanged, is_kept)


def _cleaned(words: Words) -> Words:
    """Return what is kept: topics of the list in its order, lines that end alike, no reason."""
    topics = tuple(topic for topic in TOPICS if topic in words.topics)
    return Words("\n".join(words.words.split("\r\n")).strip(), topics)


def _to_check(session: Session, who: SignedIn, text: Text, turn: int) -> Paraphrase | None:
    row = of(session, text)
    if row is None or (row.status, row.turn) != (WRITTEN, turn):
        return None
    if row.writer_id == who.person.id:
        raise SamePerson
    return row


def _decide(
    session: Session, who: SignedIn, text: Text, deed: str, values: Mapping[str, Any]
) -> bool:
    by = {"checker_id": who.person.id, **values}
    done = _change(session, text.id, values["turn"] - 1, WRITTEN, by)
    return _noted(session, who, text, deed, done=done)


def _change(
    session: Session, text_id: str, turn: int, status: str, values: Mapping[str, Any]
) -> bool:
    as_read = (Paraphrase.id == text_id, Paraphrase.turn == turn, Paraphrase.status == status)
    changing = update(Paraphrase).where(*as_read).values(**values).returning(Paraphrase.id)
    return session.scalar(changing) is not None


def _noted(session: Session, who: SignedIn, text: Text, deed: str, *, done: bool) -> bool:
    if done:
        audit.note(session, who.person.id, deed, f"paraphrase:{text.id}")
    return done


def _moved(
    session: Session, text_id: str, turn: int, words: Words, purpose: str, status: str
) -> dict[str, Any]:
    key = keyring.newest(session, purpose)
    said = json.dumps(asdict(words), ensure_ascii=False).encode()
    content = vault.seal(key.public, said, _place(text_id, turn + 1))
    sealed = {"content": content, "service_key_id": key.id}
    return {"status": status, "turn": turn + 1, **sealed}


def _forget_outdated(session: Session, text_id: str) -> None:
    gone = select(Response.id).where(Response.id == Paraphrase.response_id, still_holds())
    row = delete(Paraphrase).where(Paraphrase.id == text_id, Paraphrase.status != OUT)
    session.execute(row.where(~gone.correlate(Paraphrase).exists()))


def _corrections_of(session: Session, response_id: str) -> int:
    mine = select(func.count()).where(Correction.response_id == response_id)
    return session.scalar(mine) or 0


def _place(text_id: str, turn: int) -> str:
    return f"paraphrase:{text_id}:{turn}"
