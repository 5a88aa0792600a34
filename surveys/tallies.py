"""How many there are of what, as evaluators are told: kept sealed, growing by whole groups alone.

Counted anew at every look, two looks would tell what the woman between them said. So who is not
counted yet waits until there are enough for a group; who was counted stays counted, whatever
becomes of her answers.

Who is in a group never depends on what they say. A group of which nearly all say the same is left
out for good: if it waited for others, the moment at which it waits no longer would tell what the
last one said.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import database, keyring, vault
from core.database import Base
from core.keyring import ServiceKey
from core.people import SignedIn
from core.resealing import Change, Sealed

Group = Sequence[Collection[str]]  # what each one of a group says


class Tally(Sealed, Base):
    """What was told of one questionnaire, and who is counted in it, sealed to the answers key."""

    __tablename__ = "tally"
    questionnaire: Mapped[str] = mapped_column(String(60), primary_key=True)
    service_key_id: Mapped[int] = mapped_column(ForeignKey(ServiceKey.id))
    content: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def place(self) -> str:
        """What the sealed bytes are bound to."""
        return _place(self.questionnaire)

    def reseal(self, session: Session, change: Change) -> None:  # noqa: ARG002
        """Seal it to the newest key; what was told stays as it is."""
        self.content = change.moved(self.service_key_id, self.content, self.place)
        self.service_key_id = change.newest[self.service_key_id].id


@dataclass(frozen=True)
class Rules:
    """How many a group has at least, and how much of it may say the same, in percent."""

    least: int
    percent: int

    def too_alike(self, group: Group) -> bool:
        """Say whether one thing is said by so many of a group that it tells of each of them."""
        most = max(_said(group).values(), default=0)
        return most * 100 > self.percent * len(group)


@dataclass
class Table:
    """What was told in one table: of how many, and how many of them say what.

    `counted` are the ids of those who are counted, which say nothing once what they named is
    deleted; `left_out` is how many were too alike.
    """

    counted: set[str] = field(default_factory=set)
    size: int = 0
    left_out: int = 0
    said: Counter[str] = field(default_factory=Counter)

    def group(self, ids: Iterable[str], least: int) -> list[str]:
        """Return those who are not counted yet and are from now on; none while too few wait."""
        waiting = sorted({*ids} - self.counted)
        if len(waiting) < least:
            return []
        self.counted |= {*waiting}
        return waiting

    def add(self, group: Group) -> None:
        """Tell what a group says."""
        self.size += len(group)
        self.said += _said(group)

    def add_unless(self, *, alike: bool, group: Group) -> None:
        """Tell what a group says, or that it was left out because it is too much alike."""
        if alike:
            self.left_out += len(group)
        else:
            self.add(group)


Tables = defaultdict[str, Table]


@contextmanager
def counting(session: Session, who: SignedIn, questionnaire: str) -> Iterator[Tables]:
    """Yield what was told of a questionnaire, by the name of each table; keep what is added.

    Nobody else counts meanwhile. Raises `NotGranted` or `Tampered`.
    """
    tally = _held(session, questionnaire)
    before = vault.open_sealed(who.keys.pair(tally.service_key_id), tally.content, tally.place)
    tables = _read(before)
    yield tables
    now = _dumped(tables)
    if now != before:
        key = keyring.newest(session, keyring.ANSWERS)
        tally.service_key_id = key.id
        tally.content = vault.seal(key.public, now, tally.place)
        session.flush()


def _held(session: Session, questionnaire: str) -> Tally:
    key = keyring.newest(session, keyring.ANSWERS)
    nothing = vault.seal(key.public, _dumped({}), _place(questionnaire))
    row = {"questionnaire": questionnaire, "service_key_id": key.id, "content": nothing}
    database.insert_once(session, Tally, row)  # SQLite knows no FOR UPDATE: this takes its lock
    return session.get_one(Tally, questionnaire, populate_existing=True, with_for_update=True)


def _place(questionnaire: str) -> str:
    return f"tally:{questionnaire}"


def _said(group: Group) -> Counter[str]:
    return Counter(value for values in group for value in {*values})


def _read(content: bytes) -> Tables:
    tables = Tables(Table)
    for name, kept in json.loads(content).items():
        counted, said = {*kept["counted"]}, Counter(kept["said"])
        tables[name] = Table(counted, kept["size"], kept["left_out"], said)
    return tables


def _dumped(tables: Mapping[str, Table]) -> bytes:
    kept = {
        name: vars(table) | {"counted": sorted(table.counted)} for name, table in tables.items()
    }
    return json.dumps(kept, sort_keys=True).encode()
