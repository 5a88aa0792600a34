"""Letting time pass for staff sessions: what is written down moves into the past."""

from flask import Flask
from sqlalchemy import update

from core.database import Database
from core.presence import Presence
from core.web.sessions import table

MINUTE, HOUR = 60, 60 * 60


def let_pass(app: Flask, seconds: int) -> None:
    """Let every session be as many seconds older."""
    let_pass_in(app.extensions["zugang"].database, seconds)


def let_pass_in(database: Database, seconds: int) -> None:
    """The same for the database of a service that is running."""
    with database.relaxed.connect() as connection:
        times = {"begun": Presence.begun - seconds, "seen": Presence.seen - seconds}
        connection.execute(update(Presence).values(times))
        connection.execute(update(table).values(expires=table.c.expires - seconds))
