"""Serving with gunicorn: the same server in `make serve`, in the tests and on the bench."""

import gc
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from core import invitations
from core.database import Database
from core.settings import Settings


class Service(BaseApplication):  # type: ignore[misc] # gunicorn is untyped
    """The web processes; every one builds its own app after the fork."""

    def __init__(self, make_app: Callable[[], Flask], settings: Settings) -> None:
        self.make_app = make_app
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set what a deployment chooses, and what is good for all."""
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the app of this worker."""
        app = self.make_app()
        gc.collect()
        gc.freeze()  # what lives as long as the process need not be looked at again and again
        return app


def options(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's settings. No access log: it would keep addresses and times of women."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.workers,
        # One request at a time in each process: threads that share one interpreter spent half
        # their time handing it to each other. A slow visitor holds a process, so a proxy that
        # takes whole requests stands in front (README).
        "worker_class": "sync",
        "threads": 1,
        "timeout": 30,
        "graceful_timeout": 10,
        "accesslog": None,
        "loglevel": "warning",
        "forwarded_allow_ips": "127.0.0.1" if settings.behind_proxy else "",
        "proc_name": "zugang",
        "preload_app": False,
    }


def announce(database: Database, settings: Settings) -> None:
    """Say where the service is and, until it is set up, give the coordinator her one-time link."""
    with database.transaction() as session:
        token = invitations.invite_coordinator(session, datetime.now(settings.zone))
    if token is not None:
        click.echo(
            f"Set up the service (one-time link): {settings.address}/staff/invitation/{token}"
        )
    click.echo(f"zugang serves on {settings.address} - stop it with Ctrl-C.")
