"""`zugang audit`: checking the audit, and taking it along."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

import app
from core import audit
from core.chain import End
from tests.support.house import PASSPHRASE, House


@pytest.fixture(autouse=True)
def environment(either_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(either_house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", either_house.settings.database_url)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app.main, ["audit", *arguments], input=typed)


def end_of(house: House) -> End:
    with Session(house.database.durable) as session:
        return audit.end(session)


def tamper(house: House, *statements: str) -> None:
    with house.database.durable.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_no_update"))
            connection.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_stays ON audit"))
        for statement in statements:
            connection.execute(text(statement))


def test_verify__a_whole_chain_is_said_to_be_whole(either_house: House) -> None:
    done = run("verify")
    assert (done.exit_code, done.output) == (
        0,
        f"nothing changed, nothing missing\n{end_of(either_house)}\n",
    )
    assert run("verify", "--expect", str(end_of(either_house))).exit_code == 0


def test_verify__writes_one_line_a_finding(either_house: House) -> None:
    tamper(
        either_house,
        "UPDATE audit SET person_id = 9 WHERE id = 2",
        "DELETE FROM audit WHERE id IN (4, 5)",
        "UPDATE audit_head SET digest = (SELECT digest FROM audit WHERE id = 2)",
    )
    done = run("verify")
    count = end_of(either_house).count
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "line 2 changed or put in between",
        "lines 4 to 5 missing",
        f"line {count}: the end of the chain was changed",
    ]


def test_verify__what_was_noted_down_is_compared(either_house: House) -> None:
    noted = end_of(either_house)
    other = f"{noted.count}:{'0' * 20}"
    done = run("verify", "--expect", other)
    assert (done.exit_code, done.output) == (1, f"line {noted.count} not as noted down\n")
    later = f"{noted.count + 2}:{noted.digest}"
    done = run("verify", "--expect", later)
    assert done.output == f"lines {noted.count + 1} to {noted.count + 2} not as noted down\n"


def test_verify__what_is_no_end_is_explained() -> None:
    done = run("verify", "--expect", "57")
    assert done.exit_code == 2
    assert "An end looks like 57:0123456789abcdef0123." in done.output


def test_export__is_for_the_coordinator_and_is_noted(either_house: House, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    before = end_of(either_house).count
    done = run("export", "--as", "Karin", str(file), typed=f"{PASSPHRASE}\n")
    assert done.output.splitlines()[-1] == f"written: {file}"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["number"]) for row in rows] == list(range(before, 0, -1))
    assert end_of(either_house).count == before + 1


@pytest.mark.parametrize("name", ["Nora", "Ines", "Eva"])
def test_export__is_for_nobody_else(either_house: House, tmp_path: Path, name: str) -> None:
    file = tmp_path / "audit.csv"
    done = run("export", "--as", name, str(file), typed=f"{PASSPHRASE}\n")
    assert (done.exit_code, file.exists()) == (1, False)
    assert "may not do that" in done.output
