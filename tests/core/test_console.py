"""What commands that open records share."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, console
from core.audit import Entry
from tests.support.house import PASSPHRASE, House


@click.command()
@console.passphrase_options
@click.option("--fail", is_flag=True)
def look(name: str, passphrase_file: Path | None, *, fail: bool) -> None:
    """A command like those of the house."""
    with console.signed_in(name, passphrase_file, "results") as (session, who, settings):
        audit.note(session, who.person.id, "looked", f"at:{settings.port}")
        if fail:
            raise click.ClickException("Something else went wrong.")
    click.echo(f"{who.person.name} holds {len(who.keys.held)} key")


@pytest.fixture(autouse=True)
def environment(either_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(either_house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", either_house.settings.database_url)
    monkeypatch.setenv("ZUGANG_BIND", "127.0.0.1:8123")


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(look, arguments, input=typed)


def looks(house: House) -> list[str]:
    with Session(house.database.durable) as session:
        return list(session.scalars(select(Entry.thing).where(Entry.deed == "looked")))


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_signed_in__reads_the_passphrase_from_a_file(
    either_house: House, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(PASSPHRASE.encode() + ending.encode())
    done = run("--as", "Eva", "--passphrase-file", str(file))
    assert done.output == "Eva holds 1 key\n"
    assert looks(either_house) == ["at:8123"]


def test_signed_in__asks_for_the_passphrase_without_showing_it(either_house: House) -> None:
    done = run("--as", "Eva", typed=f"{PASSPHRASE}\n")
    assert done.exit_code == 0
    assert PASSPHRASE not in done.output
    assert looks(either_house) == ["at:8123"]


def test_signed_in__a_wrong_passphrase_stops_with_a_plain_message(either_house: House) -> None:
    done = run("--as", "Eva", typed="something else altogether\n")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "Error: The name or the passphrase is wrong."
    assert looks(either_house) == []


def test_signed_in__a_role_without_the_right_is_stopped(either_house: House) -> None:
    done = run("--as", "Nora", typed=f"{PASSPHRASE}\n")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "Error: This account may not do that."
    assert looks(either_house) == []


def test_signed_in__a_command_that_fails_leaves_nothing(either_house: House) -> None:
    done = run("--as", "Eva", "--fail", typed=f"{PASSPHRASE}\n")
    assert done.output.splitlines()[-1] == "Error: Something else went wrong."
    assert looks(either_house) == []
