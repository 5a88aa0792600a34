"""The database: its shape and settings, who can come in, keys, backups, the audit."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core import audit, backup, keyring, notices, people, resealing
from core.audit import Entry
from core.doctor.findings import ERROR, OK, WARNING, Finding
from core.factors import Factor
from core.keyring import Keys
from core.people import COORDINATOR, Person
from core.settings import Settings
from core.vault import Pair

_SQLITE = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
_SERVER = {"synchronous_commit": "on", "full_page_writes": "on", "fsync": "on"}
_OLDEST = 130000  # PostgreSQL 13
_BACKUP_DAYS = 7
_SECONDS = 5
_AN_HOUR = 60 * 60


def shape(session: Session, head: str) -> Finding:
    """Say whether the tables have the newest shape."""
    found = backup.revision_of(session.connection())
    if found != head:
        return Finding(ERROR, "database", "Its tables are not up to date: start the service once.")
    return Finding(OK, "database", f"It answers, its tables are up to date ({head}).")


def durable(session: Session, _settings: Settings, _now: datetime) -> Finding:
    """Say whether what was said to be saved survives a power cut."""
    if session.get_bind().dialect.name == "sqlite":
        wrong = [n for n, value in _SQLITE.items() if session.scalar(text(f"PRAGMA {n}")) != value]
    else:
        wrong = [one for one, due in _SERVER.items() if session.scalar(text(f"SHOW {one}")) != due]
        if int(session.scalar(text("SHOW server_version_num")) or 0) < _OLDEST:
            return Finding(ERROR, "durable", "PostgreSQL is older than 13: upgrade it.")
    if wrong:
        return Finding(ERROR, "durable", f"Answers could be lost: mend {', '.join(wrong)}.")
    return Finding(OK, "durable", "What was said to be saved survives a power cut.")


def clock(session: Session, _settings: Settings, now: datetime) -> Finding:
    """Say whether the clock of a database server goes with ours."""
    if session.get_bind().dialect.name == "sqlite":
        return Finding(OK, "time", "The database has the clock of this machine.")
    there: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    apart = abs((there - now).total_seconds())
    if apart > _SECONDS:
        mend = "Set both clocks by NTP."
        return Finding(ERROR, "time", f"The database's clock is {apart:.0f} s away. {mend}")
    return Finding(OK, "time", "The clock of the database goes with ours.")


def set_up(session: Session, _settings: Settings, _now: datetime) -> Finding:
    """Say whether anything can be taken in, and opened when all passphrases are lost."""
    if not keyring.established(session):
        return Finding(ERROR, "set-up", "The service is not set up: open the link it printed.")
    if not list(keyring.recovery_holders(session)):
        return Finding(ERROR, "set-up", "There is no recovery key: print one under Keys.")
    return Finding(OK, "set-up", "There are keys, and a recovery key was made.")


def coordinators(session: Session, _settings: Settings, _now: datetime) -> Finding:
    """Say whether somebody is left who can let others in when one coordinator is away."""
    count = sum(one.role == COORDINATOR and one.comes_in for one in people.everyone(session))
    if count < 2:
        text = "Only one can let others in again: let a second coordinator come in."
        return Finding(WARNING, "coordinators", text)
    return Finding(OK, "coordinators", f"{count} can let others in again.")


def second_factors(session: Session, settings: Settings, _now: datetime) -> Finding:
    """Say whether who can open contacts has a second factor."""
    if not settings.second_factor_required:
        text = "They are deferred: take ZUGANG_SECOND_FACTOR out before real referrals come."
        return Finding(ERROR, "second factors", text)
    having = set(session.scalars(select(Factor.person_id).distinct()))
    lacking = [one for one in people.everyone(session) if _opens_contacts(one)]
    lacking = [one for one in lacking if one.id not in having]
    if lacking:
        text = f"{len(lacking)} who can open contacts have none yet; they are asked for one."
        return Finding(WARNING, "second factors", text)
    return Finding(OK, "second factors", "Everybody who can open contacts has one.")


def old_keys(session: Session, _settings: Settings, _now: datetime) -> Finding:
    """Say whether records are still sealed to older keys."""
    nobody = Keys(Pair(b"", b""), dict)
    count = resealing.waiting(session, nobody).others
    if count:
        text = f"{count} records are sealed to older keys: zugang keys reseal --as NAME"
        return Finding(WARNING, "old keys", text)
    return Finding(OK, "old keys", "Everything is sealed to the newest keys.")


def backup_age(session: Session, _settings: Settings, now: datetime) -> Finding:
    """Say how long ago the last backup was."""
    line = select(func.max(Entry.at)).where(Entry.deed == "exported", Entry.thing == "backup")
    last = session.scalar(line)
    if last is None:
        return Finding(WARNING, "backup", "There was none yet: zugang backup FILE")
    age = now - last.replace(tzinfo=UTC)
    if age > timedelta(days=_BACKUP_DAYS):
        return Finding(WARNING, "backup", f"The last was {age.days} days ago: zugang backup FILE")
    return Finding(OK, "backup", f"The last was on {last:%Y-%m-%d}.")


def audit_whole(session: Session, _settings: Settings, _now: datetime) -> Finding:
    """Say whether every line of the audit is there and as it was."""
    if audit.verify(session):
        return Finding(ERROR, "audit", "Lines are changed or missing: zugang audit verify")
    return Finding(OK, "audit", "Every line is there and as it was.")


def _opens_contacts(person: Person) -> bool:
    return person.comes_in and bool(set(person.purposes) & set(keyring.CONTACTS))


def notices_sent(session: Session, settings: Settings, now: datetime) -> Finding:
    """Say whether what staff are to be told goes out."""
    if settings.smtp is None:
        return Finding(OK, "notices", "None go out without a mail server.")
    late = notices.unsent(session, now, _AN_HOUR)
    if late:
        text = f"{late} could not be sent for more than an hour: look at the mail server."
        return Finding(ERROR, "notices", text)
    return Finding(OK, "notices", "None waits.")
