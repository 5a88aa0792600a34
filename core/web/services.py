"""What a request reaches for: the settings, the database, one durable session, the time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, Response, current_app, g
from sqlalchemy.orm import Session

from core import audit
from core.database import Database
from core.settings import Settings

_KEY = "zugang"


@dataclass(frozen=True)
class Services:
    """The parts that every request shares."""

    settings: Settings
    database: Database


def init_app(app: Flask, chosen: Settings) -> None:
    """Give the app its services, and every request one commit."""
    app.extensions[_KEY] = Services(chosen, audit.connect(chosen))
    app.after_request(_commit)
    app.teardown_request(_close)


def services() -> Services:
    """Return the services of the app that serves this request."""
    return services_of(current_app)


def services_of(app: Flask) -> Services:
    """Return the services of an app."""
    return cast("Services", app.extensions[_KEY])


def settings() -> Settings:
    """Return the settings of the app that serves this request."""
    return services().settings


def db() -> Session:
    """Return this request's durable session, opened on first use."""
    if "db" not in g:
        g.db = Session(services().database.durable, expire_on_commit=False)
    return cast("Session", g.db)


def note_for_good(person_id: int, deed: str, thing: str) -> None:
    """Add a line to the audit that stays, whatever becomes of what this request changed."""
    with services().database.transaction() as own:
        audit.note(own, person_id, deed, thing)


def now() -> datetime:
    """Return the time in the zone of the service."""
    return datetime.now(settings().zone)


def today() -> date:
    """Return the day in the zone of the service."""
    return now().date()


def forget_changes() -> None:
    """Roll back what this request has changed so far."""
    if "db" in g:
        g.db.rollback()


def _commit(response: Response) -> Response:
    # The only commit of a request, before the answer leaves: what we say is saved, is saved.
    if "db" in g:
        g.db.commit()
    return response


def _close(_error: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is not None:
        session.close()
