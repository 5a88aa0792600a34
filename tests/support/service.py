"""The real service: `zugang serve` in its own process, as people get it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from tests.support.tools import clean_environment

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("zugang")
START_SECONDS = 40
STOP_SECONDS = 30  # gunicorn gives requests under way ten


_handed_out: set[int] = set()


def free_port() -> int:
    """Return a loopback port that nothing listens on now, another one each time."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _handed_out:
            _handed_out.add(port)
            return port


class Service:
    """A served instance with its own data folder; everything it prints goes to `log_file`."""

    def __init__(
        self,
        data: Path,
        database_url: str = "",
        settings: Mapping[str, str] = MappingProxyType({}),
        program: Sequence[str] = (str(COMMAND), "serve"),
    ) -> None:
        self.data = data
        self.program = program
        self.log_file = data.with_name(f"{data.name}.log")
        self.address = f"http://127.0.0.1:{free_port()}"
        self.environment = clean_environment(
            ZUGANG_DATA=str(data),
            ZUGANG_DATABASE_URL=database_url,
            ZUGANG_BIND=self.address.removeprefix("http://"),
            **{"ZUGANG_SECOND_FACTOR": "deferred", **settings},
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the running process, whose children are the web processes."""
        if self._process is None:
            raise LookupError("the service does not run")
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything printed so far."""
        return self.log_file.read_text(encoding="utf-8")

    def command(self, *arguments: str, text: str = "") -> str:
        """Run `zugang ARGUMENTS` on the same data and return what it printed; fail if it failed."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"zugang {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start serving and return once the first page answers."""
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.program,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError(f"zugang serve stopped at once:\n{self.log}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"zugang serve did not answer:\n{self.log}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            with error:
                return True  # the test will see the error page itself
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def printed(self, pattern: str) -> str:
        """Return the first match of `pattern` in the log (group 1 if it has one)."""
        match = re.search(pattern, self.log)
        if match is None:
            raise LookupError(f"{pattern!r} was not printed:\n{self.log}")
        return match[match.lastindex or 0]

    def stop(self) -> int:
        """Stop as Ctrl-C does and return the exit status; 0 where it does not run."""
        return self._end(signal.SIGINT)

    def kill(self) -> int:
        """Stop as a power cut does, all processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # it leads a session of its own
        return self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(sign)
        try:
            return process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
