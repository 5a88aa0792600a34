"""`zugang keys`: new keys without a browser. How it goes on when killed: see test_resealing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update
from sqlalchemy.orm import Session

import app
from core.keyring import PURPOSES, ServiceKey
from core.records import Response
from tests.support.house import PASSPHRASE, House, submit


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", house.settings.database_url)


def run(tmp_path: Path, deed: str, name: str) -> Result:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    arguments = ["keys", deed, "--as", name, "--passphrase-file", str(file)]
    return CliRunner().invoke(app.main, arguments)


def keys(house: House) -> int:
    with Session(house.database.durable) as session:
        return session.query(ServiceKey).count()


def test_rotate__says_what_was_done_and_what_somebody_changed(house: House, tmp_path: Path) -> None:
    with house.database.transaction() as session:
        for n in range(3):
            submit(session, "referral", f"00000000-0000-4000-8000-{n:012}", {})
        broken = update(Response).where(Response.id.endswith("2")).values(answers=b"x" * 300)
        session.execute(broken)
    done = run(tmp_path, "rotate", "Karin")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "New keys seal what comes in from now on."
    assert "2 records are sealed to the newest keys." in done.output
    assert "1 did not open: somebody changed them. The audit names them." in done.output
    assert keys(house) == 2 * len(PURPOSES)


def test_reseal__with_nothing_to_do_does_nothing(house: House, tmp_path: Path) -> None:
    done = run(tmp_path, "reseal", "Karin")
    assert (done.exit_code, keys(house)) == (0, len(PURPOSES))
    assert done.output.splitlines()[-1] == "0 records are sealed to the newest keys."


@pytest.mark.parametrize("name", ["Nora", "Ines", "Eva"])
def test_rotate__is_for_the_coordinator_alone(house: House, tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "rotate", name)
    assert (done.exit_code, keys(house)) == (1, len(PURPOSES))
    assert done.output.splitlines()[-1] == "Error: This account may not do that."
