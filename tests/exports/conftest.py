"""The houses that these tests live in, one of them with everything of the demo."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import exports.demo
import intake.demo
import surveys.demo
from core import audit, people
from exports.files import making
from tests.support.house import PASSPHRASE, House, join, settings_for


@pytest.fixture(scope="session")
def full_house(sqlite_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service with the 63 cases and the interviews of the demo: tests only download."""
    data = tmp_path_factory.mktemp("full") / "data"
    shutil.copytree(sqlite_pattern.settings.data, data)
    chosen = settings_for(data)
    made = House(chosen, audit.connect(chosen), staff=dict(sqlite_pattern.staff))
    staff = {
        people.COORDINATOR: made.staff["Karin"],
        people.COUNSELLOR: made.staff["Nora"],
        f"{people.COUNSELLOR}-south": made.staff["Sonja"],
        people.INTERVIEWER: made.staff["Ines"],
        f"{people.INTERVIEWER}-too": join(made, "Ina", people.INTERVIEWER),
        people.EVALUATOR: made.staff["Eva"],
    }
    with made.database.transaction() as session:
        for part in (intake.demo, surveys.demo, exports.demo):
            part.fill(session, chosen, staff)
    yield made
    made.database.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make files before the page that asks for them answers, in this process."""
    monkeypatch.setattr(making, "start", making.run)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the passphrase of all tests."""
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n")
    return file
