"""What is deleted when its time is over, and accounts that are closed: once a day."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core import audit, errands, staffing
from core.database import Database
from core.drafts import Draft
from core.people import Person
from core.settings import Settings
from core.staffing import LastCoordinator
from core.uploads import Upload

ERRAND = "retention"


@dataclass(frozen=True)
class Rule:
    """One kind of thing that has its time.

    `apply` ends what is due on a day and returns since when the time of each was running. Rows of
    `tables` are gone afterwards.
    """

    what: str
    apply: Callable[[Session, Settings, date], Sequence[date]]
    tables: tuple[str, ...] = ()


Ended = Mapping[str, Sequence[date]]


def apply(session: Session, settings: Settings, day: date, rules: Iterable[Rule]) -> Ended:
    """End everything that is due; return by kind since when the time of each was running."""
    return {rule.what: rule.apply(session, settings, day) for rule in rules}


def once_a_day(
    database: Database, settings: Settings, day: date, rules: Sequence[Rule], *, now: bool = False
) -> Ended:
    """End everything that is due, unless that was done today and is not wanted `now`."""
    with database.transaction() as session:
        if not errands.take(session, ERRAND, day) and not now:
            return {}
        ended = apply(session, settings, day, rules)
    tables = [table for rule in rules if ended[rule.what] for table in rule.tables]
    if tables:
        database.scrub(dict.fromkeys(tables))
    return ended


def accounts(session: Session, settings: Settings, day: date) -> Sequence[date]:
    """Close the accounts that nobody signs in with any more, but for the last coordinator's."""
    long_ago = before(day, settings.keep_accounts_months)
    unused = select(Person).where(Person.left.is_(None), Person.box.is_not(None))
    unused = unused.where(Person.seen <= long_ago).order_by(Person.seen, Person.id)
    return [
        person.seen or day
        for person in session.scalars(unused).all()
        if _closed(session, person, day)
    ]


ACCOUNTS = Rule("accounts that nobody uses", accounts)


def drafts(session: Session, settings: Settings, day: date) -> Sequence[date]:
    """Delete the drafts that nobody has changed for long; their files run out by themselves.

    What was sent is no draft any more but a copy, and goes when it can be corrected no longer.
    """
    long_ago = before(day, settings.keep_drafts_months)
    sent = day - timedelta(days=settings.correction_days)
    over = or_(Draft.changed <= long_ago, Draft.submitted <= sent)
    gone = session.execute(delete(Draft).where(over).returning(Draft.id, Draft.changed)).all()
    for number, _ in gone:
        audit.note(session, audit.SERVICE, "deleted", f"draft:{number}")
    return sorted(changed for _, changed in gone)


DRAFTS = Rule(
    "drafts that nobody went on with", drafts, (Draft.__tablename__, Upload.__tablename__)
)


def _closed(session: Session, person: Person, day: date) -> bool:
    try:
        staffing.revoke(session, audit.SERVICE, person, day)
    except LastCoordinator:
        return False
    return True


def before(day: date, months: int) -> date:
    """Return the day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(since: date, months: int) -> date:
    """Return the first day on which `since` is so many months ago."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if since.day > days:
        return date(year, month + 1, days) + timedelta(days=1)
    return date(year, month + 1, since.day)
