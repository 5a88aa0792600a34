"""`zugang demo`: staff and 63 cases in an empty place, and nothing at all in a used one."""

import json
import re
import socket
import stat
from collections import Counter
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

import app
from core import database, invitations, people
from exports.release import releases
from tests.core.demo_run import Demo, run
from tests.support import house
from tests.support.house import House


def test_accounts__are_a_list_of_name_role_and_passphrase(demo: Demo) -> None:
    assert [set(account) for account in demo.accounts] == [{"name", "role", "passphrase"}] * 6
    assert Counter(account["role"] for account in demo.accounts) == {
        people.COORDINATOR: 1,
        people.COUNSELLOR: 2,
        people.INTERVIEWER: 2,
        people.EVALUATOR: 1,
    }
    assert {name: who.person.role for name, who in demo.staff.items()} == {
        account["name"]: account["role"] for account in demo.accounts
    }


def test_accounts__and_all_else_are_for_the_eyes_of_one_user_of_the_machine(demo: Demo) -> None:
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in demo.data.iterdir()}

    assert {"demo-accounts.json", "zugang.sqlite3"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_passphrases__are_printed_as_they_are_written(demo: Demo) -> None:
    printed = re.findall(r"^(.+) \((\w+)\): (\S+)$", demo.result.output, re.MULTILINE)

    assert printed == [(one["name"], one["role"], one["passphrase"]) for one in demo.accounts]


def test_demo__does_not_serve(demo: Demo) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", demo.port)) != 0


def test_demo__refuses_a_place_with_a_demo_and_changes_nothing(demo: Demo) -> None:
    before = digests(demo.data)

    result = run(demo.data)

    assert result.exit_code == 1
    assert result.output == (
        "Error: This data folder is in use. Choose an empty one with ZUGANG_DATA.\n"
    )
    assert digests(demo.data) == before


def test_demo__refuses_a_service_that_only_waits_for_its_coordinator(
    tmp_path: Path, database_url: str
) -> None:
    chosen = house.settings_for(tmp_path / "data", database_url)
    with closing(app.prepare(chosen)) as prepared, prepared.transaction() as session:
        invitations.invite_coordinator(session, house.NOW)

    result = run(chosen.data, database_url)

    assert (result.exit_code, "in use" in result.output) == (1, True)
    assert not (chosen.data / "demo-accounts.json").exists()
    assert headcount(chosen.database_url) == 1


def test_demo__refuses_a_service_in_use_wherever_its_data_is(either_house: House) -> None:
    url = either_house.settings.database_url

    result = run(either_house.settings.data, url)

    assert (result.exit_code, "in use" in result.output) == (1, True)
    assert headcount(url) == 5


def test_demo__never_overwrites_the_accounts_of_another_demo(
    tmp_path: Path, database_url: str
) -> None:
    accounts = tmp_path / "demo-accounts.json"
    accounts.write_text("[]")

    result = run(tmp_path, database_url)

    assert (result.exit_code, "in use" in result.output) == (1, True)
    assert accounts.read_text() == "[]"


def test_demo__fills_an_empty_postgresql_database_too_with_new_passphrases(
    demo: Demo, tmp_path: Path, postgres_url: str
) -> None:
    result = run(tmp_path, postgres_url)

    assert result.exit_code == 0, result.output
    with closing(database.connect(postgres_url)) as found, found.transaction() as session:
        names = ("referral", "case", "client", "municipality")
        counts = [releases.count(session, name, date.max).received for name in names]
    assert counts == [42, 63, 36, 10]  # so many referrals are taken up
    others = json.loads((tmp_path / "demo-accounts.json").read_text())
    assert not {one["passphrase"] for one in others} & {one["passphrase"] for one in demo.accounts}


def digests(folder: Path) -> dict[str, str]:
    # SQLite's -shm is an index in shared memory, rebuilt by whoever opens the database
    return {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if not file.name.endswith("-shm") and file.stat().st_size
    }


def headcount(url: str) -> int:
    with closing(database.connect(url)) as found, found.transaction() as session:
        return len(people.everyone(session))
