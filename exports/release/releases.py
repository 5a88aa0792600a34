"""The ledger of releases: every response enters one batch, a batch is anonymised alone and once.

A published class never changes, and a workbook is the concatenation of the batches: any
difference between two releases is whole classes of k or more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, ForeignKey, LargeBinary, String, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from core import approving, audit, keyring, records, sampling, vault, versions
from core.database import Base
from core.ledger import Member
from core.people import SignedIn
from core.records import BESIDE, Response
from core.resealing import Change, Sealed
from core.versions import Version
from intake import documenting, referrals
from intake.cases import Case

BATCH = 30  # new responses that a batch needs at least
CONSENT = "consent_evaluation"  # where a form asks for it, only a "yes" goes out
YES = "yes"
_IS_OUT = Member.response_id == Response.id


class Batch(Sealed, Base):
    """One anonymised batch: its rows are sealed to the answers key and stay as they are."""

    __tablename__ = "batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id))
    released: Mapped[date] = mapped_column(Date)
    size: Mapped[int]
    service_key_id: Mapped[int] = mapped_column(ForeignKey(keyring.ServiceKey.id))
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal the rows to the newest key; they stay as they are."""
        self.content = change.moved(self.service_key_id, self.content, _place(self))
        self.service_key_id = change.newest[self.service_key_id].id


@dataclass(frozen=True)
class Count:
    """How many responses to a questionnaire came in that count, and how many are out."""

    received: int
    released: int

    @property
    def waiting(self) -> int:
        """Responses in no batch yet."""
        return self.received - self.released

    @property
    def about_waiting(self) -> int:
        """Responses in no batch, to the nearest five: one more must not show at once."""
        return 5 * round(self.waiting / 5)

    @property
    def about_received(self) -> int:
        """All responses, from the one rounded count: two would narrow each other down."""
        return self.released + self.about_waiting


@dataclass(frozen=True)
class Opened:
    """A response with its coded answers."""

    response: Response
    answers: Mapping[str, str]


def count(session: Session, questionnaire: str, day: date) -> Count:
    """Return how many responses count on a day and how many were released."""
    query = select(func.count(Response.id)).join(Version).where(*_counts(questionnaire, day))
    return Count(session.scalar(query) or 0, released(session, questionnaire))


def released(session: Session, questionnaire: str) -> int:
    """Return how many responses are out."""
    query = select(func.count(Response.id)).join(Member).join(Version)
    query = query.where(Version.questionnaire == questionnaire, Response.status.not_in(BESIDE))
    return session.scalar(query) or 0


def waiting(session: Session, who: SignedIn, questionnaire: str, day: date) -> list[Opened]:
    """Return what is in no batch and may go out on a day, in an order that says nothing."""
    query = select(Response).join(Version).where(*_counts(questionnaire, day))
    query = query.where(~exists().where(_IS_OUT))
    rows = session.scalars(query.order_by(Response.id))  # random; the day of receipt must not show
    opened = (Opened(row, records.open_answers(session, row, who.keys)) for row in rows)
    willing = [one for one in opened if agreed(session, one)]
    if questionnaire != documenting.QUESTIONNAIRE:
        return willing
    return [one for one in willing if is_whole(session, who, one)]


def agreed(session: Session, one: Opened) -> bool:
    """Say whether the answers may be evaluated: where a form asks for it, only a "yes" counts."""
    form = versions.form_of(session, one.response.version_id)
    asked = [question.path for question in form.questions.values() if question.name == CONSENT]
    return all(one.answers.get(path) == YES for path in asked)


def is_whole(session: Session, who: SignedIn, one: Opened) -> bool:
    """Say whether a documentation tells how its case ended; other responses are whole as they come.

    What is in a batch never changes: one that goes out too soon would never tell it.
    """
    return documenting.is_complete(one.response, one.answers) and documenting.agreed(
        session, who, one.response
    )


def batches(session: Session, questionnaire: str) -> list[Batch]:
    """Return the batches of a questionnaire in the order of their release."""
    query = select(Batch).where(Batch.questionnaire == questionnaire).order_by(Batch.id)
    return list(session.scalars(query))


def freeze(
    session: Session,
    who: SignedIn,
    version_id: int,
    members: Sequence[Response],
    content: Mapping[str, object],
    day: date,
) -> Batch:
    """Enter a batch into the ledger; neither its members nor its content change any more."""
    key = keyring.newest(session, keyring.ANSWERS)
    batch = Batch(
        questionnaire=versions.version_of(session, version_id).questionnaire,
        version_id=version_id,
        released=day,
        size=len(members),
        service_key_id=key.id,
    )
    session.add(batch)
    session.flush()
    batch.content = vault.seal(key.public, json.dumps(content).encode(), _place(batch))
    # They came class by class; rows of a table stay in the order they were written in.
    ids = sorted(member.id for member in members)
    session.add_all(Member(response_id=response_id, batch_id=batch.id) for response_id in ids)
    audit.note(session, who.person.id, "released", f"batch:{batch.id}")
    session.flush()
    return batch


def content(who: SignedIn, batch: Batch) -> Mapping[str, object]:
    """Return what a batch holds; raise `NotGranted` or `Tampered`."""
    plain = vault.open_sealed(who.keys.pair(batch.service_key_id), batch.content, _place(batch))
    if session := object_session(batch):
        session.expire(batch, ["content"])  # what is sealed is large, and has been read
    opened: Mapping[str, object] = json.loads(plain)
    return opened


def _counts(questionnaire: str, day: date) -> list[ColumnElement[bool]]:
    """Return what a response must be that counts on a day: what was there when the month began.

    Whoever looks or lets out before and after one woman came would learn of her alone. A referral
    is there once somebody has taken it up: anybody can send one, and whoever sent a batch of them
    beside one woman's would know hers. Of those of one woman the first counts, which has the number
    of her case: rows of one class would else all be hers. What people ask in a version of their own
    counts once a coordinator has looked at it. Offices are no secret; their rounds count at once.
    """
    found = [Version.questionnaire == questionnaire, Response.status.not_in(BESIDE)]
    if questionnaire == sampling.MUNICIPALITY:
        return found
    month = day.replace(day=1)
    is_there = func.coalesce(Response.closed, Response.received) < month
    if questionnaire == referrals.QUESTIONNAIRE:
        is_there = exists().where(Case.id == Response.id, Case.opened < month)
    return [*found, (approving.counts() & is_there) | exists().where(_IS_OUT)]


def _place(batch: Batch) -> str:
    return f"batch:{batch.id}"
