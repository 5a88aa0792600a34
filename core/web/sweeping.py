"""Deleting sessions, files and tries that have run out, whether or not anybody visits."""

import logging
import threading
from datetime import UTC, datetime
from time import sleep

from flask import Flask
from sqlalchemy.exc import DBAPIError

from core import presence, throttle, uploads
from core.database import Database
from core.web import sessions
from core.web.services import services_of

PAUSE_SECONDS = 300

log = logging.getLogger("zugang")


def start(app: Flask) -> Flask:
    """Sweep in the background for as long as this process serves `app`."""
    database = services_of(app).database
    threading.Thread(target=_sweep, args=(database,), daemon=True).start()
    return app


def _sweep(database: Database) -> None:
    while True:
        try:
            sessions.sweep(database.relaxed)
            presence.sweep(database.relaxed, datetime.now(UTC))
            uploads.sweep(database.relaxed)
            throttle.sweep(database.relaxed, datetime.now(UTC))
        except DBAPIError as error:  # it may be away for a while; the next round comes
            log.warning("sweep: %s", type(error).__name__)
        sleep(PAUSE_SECONDS)
