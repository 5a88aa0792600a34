"""Sending notices in the background, whether or not anybody visits."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from time import sleep

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import notices
from core.web.services import Services, services_of

PAUSE_SECONDS = 20

log = logging.getLogger("zugang")

Look = Callable[[Session, datetime], None]


def start(app: Flask, look: Look) -> Flask:
    """Send what is due for as long as this process serves `app`; `look` for what waits too long."""
    threading.Thread(target=_run, args=(services_of(app), look), daemon=True).start()
    return app


def _run(services: Services, look: Look) -> None:
    while True:
        try:
            go_round(services, look, datetime.now(services.settings.zone))
        except DBAPIError as error:  # it may be away for a while; the next round comes
            log.warning("mail: %s", type(error).__name__)
        sleep(PAUSE_SECONDS)


def go_round(services: Services, look: Look, now: datetime) -> int:
    """Look once, and send what is due; return how many notices went out."""
    with services.database.transaction() as session:
        look(session, now)
    return notices.deliver(services.database, services.settings, now)
