"""What commands that open records share: `--as NAME`, the passphrase, one transaction."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from core import audit, passphrases
from core import settings as core_settings
from core.database import Database
from core.importing import Taking
from core.people import SignedIn
from core.restoring import Migrations
from core.retention import Rule
from core.settings import Settings, SettingsError
from core.vault import Tampered


@dataclass(frozen=True)
class Above:
    """What commands of core need of the parts above it."""

    migrations: Migrations
    rules: tuple[Rule, ...]
    questionnaires: tuple[Path, ...]
    taken: Mapping[str, Taking]  # by questionnaire: where responses from workbooks go


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this deployment; stop with a plain message when one cannot be used."""
    try:
        return core_settings.read(environment)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def passphrase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--as NAME` and `--passphrase-file FILE` to a command."""
    named = click.option("--as", "name", required=True, help="your sign-in name")
    file = click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="file with the passphrase; without it you are asked",
    )
    return named(file(command))


@contextmanager
def signed_in(
    name: str, passphrase_file: Path | None, permission: str
) -> Iterator[tuple[Session, SignedIn, Settings]]:
    """Yield a transaction with the person signed in; stop with a plain message otherwise."""
    chosen = settings()
    if passphrase_file is not None:
        passphrase = passphrase_file.read_text(encoding="utf-8").rstrip("\r\n")
    else:
        passphrase = click.prompt("Passphrase", hide_input=True)
    with (
        closing(audit.connect(chosen)) as found,
        _naming_what_was_changed(found),
        found.transaction() as session,
    ):
        who = passphrases.sign_in(session, name, passphrase)
        if who is None:
            raise click.ClickException("The name or the passphrase is wrong.")
        if not who.person.may(permission):
            raise click.ClickException("This account may not do that.")
        yield session, who, chosen
        # Last: from the first change on, others who write have to wait.
        who.person.seen = datetime.now(chosen.zone).date()


@contextmanager
def _naming_what_was_changed(found: Database) -> Iterator[None]:
    try:
        yield
    except Tampered as error:
        with found.transaction() as own:
            audit.note(own, audit.SERVICE, "refused", error.thing)
        raise click.ClickException(
            f"{error.thing} was changed or does not belong there, so nothing was done."
        ) from error
