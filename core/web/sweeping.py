"""Deleting sessions, files and tries that have run out, whether or not anybody visits."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import sleep

from flask import Flask
from sqlalchemy.exc import DBAPIError

from core import presence, retention, throttle, uploads
from core.database import Database
from core.retention import Rule
from core.web import sessions
from core.web.services import services_of

PAUSE_SECONDS = 300

log = logging.getLogger("zugang")


def start(app: Flask, rules: Sequence[Rule] = ()) -> Flask:
    """Sweep in the background for as long as this process serves `app`; by the `rules` daily."""
    services = services_of(app)

    def keep() -> None:
        day = datetime.now(services.settings.zone).date()
        retention.once_a_day(services.database, services.settings, day, rules)

    arguments = (services.database, keep)
    threading.Thread(target=_sweep, args=arguments, daemon=True).start()
    return app


def _sweep(database: Database, keep: Callable[[], None] = lambda: None) -> None:
    while True:
        try:
            sessions.sweep(database.relaxed)
            presence.sweep(database.relaxed, datetime.now(UTC))
            uploads.sweep(database.relaxed)
            throttle.sweep(database.relaxed, datetime.now(UTC))
            keep()
        except DBAPIError as error:  # it may be away for a while; the next round comes
            log.warning("sweep: %s", type(error).__name__)
        sleep(PAUSE_SECONDS)
