"""A real PostgreSQL of our own: one cluster a test session, one fresh database a test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.support.tools import need

VERSIONS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
START_SECONDS = 30
INITDB = ("--no-sync", "--auth=trust", "--username=zugang", "--encoding=UTF8", "--locale=C")


class Cluster:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self) -> None:
        self.programs = need("initdb", "postgresql", *VERSIONS).parent
        self.folder = Path(tempfile.mkdtemp(prefix="zugang-postgres-"))
        self._numbers = count(1)
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._log = (self.folder / "log").open("wb")
        self._start()

    def _start(self) -> None:
        data = self.folder / "data"
        options: dict[str, Any] = {"cwd": self.folder, "stdout": self._log, "stderr": self._log}
        options |= self._owner
        initdb = [str(self.programs / "initdb"), *INITDB, "-D", str(data)]
        subprocess.run(initdb, check=True, **options)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",  # a test survives no power cut
            "max_connections": "60",
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self.programs / "postgres"), "-D", str(data), *chosen]
        self._server = subprocess.Popen(server, **options)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self._run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, statement: str) -> None:
        connection = psycopg.connect(
            host=str(self.folder), user="zugang", dbname="postgres", autocommit=True
        )
        with connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """Return the SQLAlchemy URL of a fresh database, a copy of `template`."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of the database `name`."""
        return f"postgresql+psycopg://zugang@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Drop the database of `url`, also when somebody is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove every byte of it."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(timeout=START_SECONDS)
        self._log.close()
        shutil.rmtree(self.folder)
