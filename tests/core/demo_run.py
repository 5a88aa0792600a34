"""`zugang demo`, run once for all tests that look at what it left."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import app
from core import database, passphrases, records
from core.people import SignedIn
from core.records import Response
from tests.support import house
from tests.support.service import free_port

Answers = Mapping[str, str]


@dataclass
class Demo:
    """What the command left, opened with the keys that its accounts hold."""

    data: Path
    port: int
    result: Result
    accounts: list[dict[str, str]]
    staff: dict[str, SignedIn] = field(default_factory=dict)
    responses: dict[str, list[Response]] = field(default_factory=dict)
    answers: dict[str, list[Answers]] = field(default_factory=dict)

    def values(self, questionnaire: str, name: str) -> list[str]:
        """The answers to one question, blank where it was not answered."""
        return [answer(one, name) for one in self.answers[questionnaire]]

    def counted(self, questionnaire: str, name: str) -> Counter[str]:
        return Counter(self.values(questionnaire, name))


def answer(answers: Answers, name: str) -> str:
    return next((text for path, text in answers.items() if path.endswith(f"/{name}")), "")


def run(data: Path, url: str = "", port: int = 8000) -> Result:
    environment = {
        "ZUGANG_DATA": str(data),
        "ZUGANG_DATABASE_URL": url,
        "ZUGANG_BIND": f"127.0.0.1:{port}",
    }
    before = os.umask(0o022)  # as most machines have it: it would let everybody read
    try:
        return CliRunner().invoke(app.main, ["demo"], env=environment)
    finally:
        os.umask(before)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """What `zugang demo` left in an empty folder."""
    data = tmp_path_factory.mktemp("demo") / "data"
    port = free_port()
    result = run(data, port=port)
    assert result.exit_code == 0, result.output
    made = Demo(data, port, result, json.loads((data / "demo-accounts.json").read_text()))
    url = house.settings_for(data).database_url
    with closing(database.connect(url)) as found, found.transaction() as session:
        for account in made.accounts:
            who = passphrases.sign_in(session, account["name"], account["passphrase"])
            assert who is not None, account["name"]
            made.staff[account["name"]] = who
        for name in ("referral", "case", "client", "municipality"):
            made.responses[name] = records.responses(session, name)
            made.answers[name] = [
                records.open_answers(session, response, made.staff["Nora Demo"].keys)
                for response in made.responses[name]
            ]
        yield made
