"""Reading the audit: searching it, and giving it out as a table."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core import audit, people
from core.audit import Entry

HEADER = ("number", "time", "person", "person_id", "deed", "thing")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Search:
    """Which lines are asked for; what is left out does not matter.

    `since` and `until` are days in `zone`, both included; `thing` is any part of a thing's name.
    """

    zone: ZoneInfo
    person_id: int | None = None
    deed: str = ""
    since: date | None = None
    until: date | None = None
    thing: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what holds for every line that is asked for."""
        if self.person_id is not None:
            yield Entry.person_id == self.person_id
        if self.deed:
            yield Entry.deed == self.deed
        if self.since is not None:
            yield Entry.at >= self._begin_of(self.since)
        if self.until is not None:
            yield Entry.at < self._begin_of(self.until + timedelta(days=1))
        if self.thing:
            yield Entry.thing.icontains(self.thing, autoescape=True)

    def _begin_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC).replace(tzinfo=None)


def count(session: Session, search: Search) -> int:
    """Return how many lines a search finds."""
    return session.scalar(select(func.count(Entry.id)).where(*search.conditions())) or 0


def find(session: Session, search: Search, first: int = 0, most: int | None = None) -> list[Entry]:
    """Return the lines that a search finds, newest first; `most` of them, without the `first`."""
    query = select(Entry).where(*search.conditions()).order_by(Entry.id.desc())
    return list(session.scalars(query.offset(first).limit(most)))


def last(session: Session, person_id: int, deed: str, things: Collection[str]) -> Entry | None:
    """Return the newest line of a person who did this to one of these things, None without one."""
    query = select(Entry).where(Entry.person_id == person_id, Entry.deed == deed)
    return session.scalar(query.where(Entry.thing.in_(things)).order_by(Entry.id.desc()).limit(1))


def things_after(session: Session, line: Entry, deed: str, begun: datetime) -> frozenset[str]:
    """Return the things that this was done to after a line, or by others since `begun` (UTC).

    What others did while she did what the line says may have come too late for it.
    """
    meanwhile = and_(Entry.at >= begun.replace(tzinfo=None), Entry.person_id != line.person_id)
    query = select(Entry.thing).where(Entry.deed == deed, or_(Entry.id > line.id, meanwhile))
    return frozenset(session.scalars(query))


def names(session: Session) -> Mapping[int, str]:
    """Return the names of all who ever were staff, by id."""
    return {person.id: person.name for person in people.everyone(session)}


def local(entry: Entry, zone: ZoneInfo) -> datetime:
    """Return when a line was written, in a zone."""
    return entry.at.replace(tzinfo=UTC).astimezone(zone)


def table(session: Session, person_id: int, search: Search) -> bytes:
    """Return the lines that a search finds as CSV, and note that `person_id` took them along."""
    known = {audit.SERVICE: "zugang", **names(session)}
    lines = find(session, search)
    audit.note(session, person_id, "exported", "audit")
    return _csv(
        (
            str(entry.id) if entry.id > 0 else "",  # those from before the chain have none
            local(entry, search.zone).isoformat(),
            known.get(entry.person_id, ""),
            str(entry.person_id),
            entry.deed,
            entry.thing,
        )
        for entry in lines
    )


def _csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Return a table for spreadsheets, every cell plain text."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
