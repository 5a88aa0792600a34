"""JavaRosa, the engine inside ODK Collect, as an oracle: one process that answers questions.

pyxform's wheel bundles it in ODK_Validate.jar; the program around it is tests/xlsform/javarosa,
whose Oracle.java describes what may be asked. Compiled once a session into a temporary folder.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import pyxform

from tests.support.tools import need

PACKAGE = "default-jdk-headless"
JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
SOURCES = Path(__file__).parents[1] / "xlsform" / "javarosa"
STOP_SECONDS = 10


class JavaRosaError(Exception):
    """A request that JavaRosa could not carry out; the process answers the next one."""


class JavaRosa:
    """A running JavaRosa; close it in the end."""

    def __init__(self, folder: Path) -> None:
        javac, java = need("javac", PACKAGE), need("java", PACKAGE)
        sources = [str(path) for path in sorted(SOURCES.glob("*.java"))]
        options = ["-Xlint:all,-path", "-Werror", "-cp", str(JAR), "-d", str(folder)]
        subprocess.run([str(javac), *options, *sources], check=True)
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [str(java), "-cp", f"{folder}:{JAR}", "Oracle"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
        )

    def ask(self, do: str, **details: object) -> dict[str, Any]:
        """Return the answer to one request as Oracle.java describes it; raises JavaRosaError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise JavaRosaError(answer["error"])
        return answer

    def set_clock(self, zone: str, now: float) -> None:
        """Set the time zone, and what now() gives (seconds since 1970); today() stays real."""
        self.ask("clock", zone=zone, now=int(now * 1000))

    def load(self, xform: str, files: Mapping[str, str] | None = None) -> None:
        """Start a new record of a form, given as XForm with the files it comes with, by name.

        Raises JavaRosaError.
        """
        self.ask("load", form=xform, files=dict(files or {}))

    def evaluate(self, context: str, expressions: Sequence[str]) -> list[dict[str, Any]]:
        """Return what each expression is worth at the node `context` ("/data/kid[2]/age")."""
        answers: list[dict[str, Any]] = self.ask(
            "evaluate", context=context, expressions=list(expressions)
        )["answers"]
        return answers

    def fill(self, steps: Sequence[Sequence[str]]) -> dict[str, Any]:
        """Take `steps` and return what became of them, and the record as it would be sent."""
        return self.ask("fill", steps=[list(step) for step in steps])

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=STOP_SECONDS)
        self._log.close()


@pytest.fixture(scope="session")
def javarosa() -> Iterator[JavaRosa]:
    """A JavaRosa in the time zone of the county; tests load the form they ask about."""
    with tempfile.TemporaryDirectory(prefix="zugang-javarosa-") as folder:
        running = JavaRosa(Path(folder))
        running.set_clock("Europe/Berlin", 1_772_362_800)
        yield running
        running.close()
