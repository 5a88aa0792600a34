"""Looking a deployment over: what is well, what could be better, what must be mended, and how."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit, database, secret
from core.doctor import machine, stored
from core.doctor.findings import ERROR, Finding
from core.settings import Settings

MACHINE: tuple[Callable[[Settings], Finding], ...] = (
    machine.data_folder,
    machine.address,
    machine.disk,
    machine.memory,
    machine.clock,
    machine.languages,
    machine.mail,
)
STORED: tuple[Callable[[Session, Settings, datetime], Finding], ...] = (
    stored.durable,
    stored.clock,
    stored.set_up,
    stored.coordinators,
    stored.second_factors,
    stored.old_keys,
    stored.notices_sent,
    stored.backup_age,
    stored.audit_whole,
)


def examine(settings: Settings, head: str, now: datetime) -> Iterator[Finding]:
    """Yield what is found in a deployment whose tables should have the shape of `head`."""
    for look in MACHINE:
        yield look(settings)
    is_there = database.is_there(settings.database_url) and (settings.data / secret.NAME).exists()
    if not is_there:
        yield Finding(ERROR, "database", "There is none yet: start the service once.")
        return
    try:
        yield from _stored(settings, head, now)
    except DBAPIError as error:  # its text could name more than it should
        kind = type(error.orig).__name__
        yield Finding(
            ERROR, "database", f"It does not answer ({kind}): is it running, is its URL right?"
        )


def _stored(settings: Settings, head: str, now: datetime) -> Iterable[Finding]:
    with closing(audit.connect(settings)) as opened, Session(opened.durable) as session:
        shape = stored.shape(session, head)
        yield shape
        if shape.level != ERROR:
            yield from (look(session, settings, now) for look in STORED)
