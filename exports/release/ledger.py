"""The ledger as evaluators read it: what is out, what came out lately, which classes went.

It says what the files say themselves and nothing of what still waits. When a class went is told
between two files of the same evaluator alone: she could compare them. By days of her choice it
would tell when a woman took back what she told, which no file tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import trail, versions
from core.people import SignedIn
from core.periods import Period
from exports.anonymise.table import build
from exports.release import free_texts, offices, open_words, orders, period_releases, releases
from exports.release.batches import PART, RECORDS, WAVES
from exports.release.releases import Batch
from exports.release.standing import Standing, standing

FILES = (orders.WORKBOOK, orders.FILES)  # they hold everything released


@dataclass(frozen=True)
class Since:
    """What counts as new: what came out on a day or later; of a file, all that is not in it.

    `after` names what was released after the file was made; it is None for a day that was chosen.
    """

    day: date
    after: frozenset[str] | None = None

    def is_new(self, thing: str, released: date) -> bool:
        """Say whether something that was released on a day is new."""
        return released >= self.day if self.after is None else thing in self.after

    def went(self, days: Iterable[date]) -> int:
        """Return how many of these days are not before the file, 0 without a file."""
        return 0 if self.after is None else sum(day >= self.day for day in days)


@dataclass(frozen=True)
class Delivery:
    """A batch of records: how many rows and classes stand, and how it was made."""

    number: int
    day: date
    title: str
    version: int
    rows: int
    classes: int
    smallest: int  # rows; 0 where no class stands any more
    k: int
    share: float  # 0 to 1: the most that one sensitive value makes up of a class
    held_back: int
    loss: float  # 0 to 1
    withheld: tuple[str, ...]  # what these columns ask
    retired: int
    is_new: bool
    lately_retired: int


@dataclass(frozen=True)
class Round:
    """A closed round of interviews with the municipalities; `heard` is 0 where it may not tell."""

    day: date
    name: str
    version: int
    heard: int  # offices
    is_new: bool


@dataclass(frozen=True)
class Words:
    """A batch of retold words: to which question, and how many."""

    day: date
    questionnaire: str
    label: str
    size: int
    is_new: bool


@dataclass(frozen=True)
class Exact:
    """A period whose tables went out exactly."""

    period: Period
    day: date
    who: str
    is_new: bool


@dataclass(frozen=True)
class Ledger:
    """Everything that is out, the newest first."""

    deliveries: tuple[Delivery, ...]
    rounds: tuple[Round, ...]
    words: tuple[Words, ...]
    periods: tuple[Exact, ...]

    @property
    def lately_retired(self) -> int:
        """How many classes went since the file."""
        return sum(one.lately_retired for one in self.deliveries)

    @property
    def has_news(self) -> bool:
        """Whether anything came out, or went, since."""
        lines: tuple[Delivery | Round | Words | Exact, ...]
        lines = (*self.deliveries, *self.rounds, *self.words, *self.periods)
        return bool(self.lately_retired) or any(one.is_new for one in lines)


def last_file(session: Session, who: SignedIn, zone: ZoneInfo) -> Since | None:
    """Return what is new to somebody who has her last file, None when she has none.

    A file takes a while: what somebody else lets out meanwhile counts as new.
    """
    entry = trail.last(session, who.person.id, "exported", FILES)
    if entry is None:
        return None
    made = (one for one in orders.latest(session, who.person) if one.step == orders.READY)
    order = next(made, None)
    begun = datetime.fromtimestamp(order.asked, UTC) if order else entry.at.replace(tzinfo=UTC)
    after = trail.things_after(session, entry, "released", begun)
    return Since(begun.astimezone(zone).date(), after)


def read(session: Session, who: SignedIn, language: str, since: Since | None) -> Ledger:
    """Return everything that is out; raise `NotGranted` or `Tampered`."""
    told = since or Since(date.max)
    batches = [batch for name in RECORDS for batch in releases.batches(session, name)]
    batches.sort(key=lambda batch: batch.id, reverse=True)
    return Ledger(
        tuple(_delivery(session, standing(session, who, one), language, told) for one in batches),
        tuple(_rounds(session, who, told)),
        tuple(_words(session, who, language, told)),
        tuple(_periods(session, told)),
    )


def labels(session: Session, version_id: int, language: str) -> dict[str, str]:
    """Return what each column of a version asks, by its name."""
    form = versions.form_of(session, version_id)
    return {one.name: one.label for one in build(form, [], language, [(PART, [])]).columns}


def _delivery(session: Session, one: Standing, language: str, since: Since) -> Delivery:
    batch: Batch = one.batch
    content: dict[str, Any] = dict(one.content)
    asked = labels(session, batch.version_id, language)
    return Delivery(
        number=batch.id,
        day=batch.released,
        title=versions.form_of(session, batch.version_id).title,
        version=versions.version_of(session, batch.version_id).number,
        rows=len(one.rows),
        classes=len(one.sizes),
        smallest=min(one.sizes, default=0),
        k=content["k"],
        share=content["share"],
        held_back=content["held_back"],
        loss=content["loss"],
        withheld=tuple(asked.get(name, name) for name in content["withheld"]),
        retired=one.retired,
        is_new=since.is_new(f"batch:{batch.id}", batch.released),
        lately_retired=since.went(one.gone.values()),
    )


def _rounds(session: Session, who: SignedIn, since: Since) -> Iterator[Round]:
    for batch in reversed(releases.batches(session, WAVES)):
        opened = releases.content(who, batch)
        yield Round(
            batch.released,
            str(opened["wave"]),
            versions.version_of(session, batch.version_id).number,
            offices.heard(opened),
            since.is_new(f"batch:{batch.id}", batch.released),
        )


def _words(session: Session, who: SignedIn, language: str, since: Since) -> Iterator[Words]:
    asked = {name: free_texts.labels(session, name, language) for name in free_texts.QUESTIONNAIRES}
    for batch in reversed(open_words.batches(session)):
        held = open_words.content(who, batch)
        yield Words(
            batch.released,
            batch.questionnaire,
            asked.get(batch.questionnaire, {}).get(held["question"], held["label"]),
            batch.size,
            since.is_new(f"paraphrase-batch:{batch.id}", batch.released),
        )


def _periods(session: Session, since: Since) -> Iterator[Exact]:
    names = trail.names(session)
    entries = period_releases.every(session)
    for entry in sorted(entries, key=lambda one: (one.released, one.id), reverse=True):
        is_new = since.is_new(f"period:{entry.period}", entry.released)
        yield Exact(entry.of, entry.released, names.get(entry.person_id, ""), is_new)
