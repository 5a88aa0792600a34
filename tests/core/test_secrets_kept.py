"""What a deployment keeps secret stands in no message, log or page."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

import app as program
from core import settings
from tests.support.house import settings_for
from tests.support.service import COMMAND, ROOT, free_port
from tests.support.tools import clean_environment

SECRET = "geheimeswort"


def away() -> str:
    """The URL of a database that nothing answers for."""
    return f"postgresql://u:{SECRET}@127.0.0.1:{free_port()}/d"


def test_settings__the_command_prints_the_table_and_no_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ZUGANG_DATABASE_URL", away())
    done = CliRunner().invoke(program.main, ["settings"])
    assert done.output == settings.markdown()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_commands__a_database_that_is_away_is_told_without_its_password(
    tmp_path: Path, command: str
) -> None:
    done = subprocess.run(
        [COMMAND, command],
        cwd=ROOT,
        env=clean_environment(ZUGANG_DATA=str(tmp_path / "data"), ZUGANG_DATABASE_URL=away()),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "127.0.0.1" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_page__of_a_database_that_is_away_holds_no_password(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app: Flask = program.create_app(settings_for(tmp_path / "data", away()))
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert SECRET not in answer.get_data(as_text=True) + str(answer.headers) + caplog.text
    assert "OperationalError" in caplog.text
    app.extensions["zugang"].database.close()
