"""`zugang backup` and `zugang restore`: everything there is, in one file."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from core import audit, console, database, restoring, secret
from core import backup as core_backup
from core.backup import BackupError, Contents
from core.console import Above


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything to FILE, also while the service runs. What is sealed stays sealed.

    FILE appears once it is whole; who has it can read names of staff, but no answer.
    """
    chosen = console.settings()
    url, key = chosen.database_url, chosen.data / secret.NAME
    if not (database.is_there(url) and key.exists()):
        raise click.ClickException("There is nothing to back up: is ZUGANG_DATA right?")
    try:
        with closing(audit.connect(chosen)) as opened:
            done = core_backup.write(opened.durable, key.read_bytes(), file, datetime.now(UTC))
            with opened.transaction() as session:
                audit.note(session, audit.SERVICE, "exported", "backup")
    except (BackupError, DBAPIError, OSError) as error:
        raise click.ClickException(_said(error)) from error
    click.echo(f"written: {file} ({_size(done)}, {file.stat().st_size:,} bytes)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def restore(above: Above, file: Path) -> None:
    """Put the backup FILE into the empty place that the settings name, all of it or nothing."""
    try:
        done = restoring.restore(console.settings(), file, above.migrations)
    except (BackupError, DBAPIError, OSError) as error:
        raise click.ClickException(_said(error)) from error
    click.echo(f"restored: {_size(done)}, as of {done.made:%Y-%m-%d %H:%M} UTC")


def _size(contents: Contents) -> str:
    return f"{sum(contents.rows.values()):,} rows of {len(contents.rows)} tables"


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'The file'}: {error.strerror}."
    if isinstance(error, DBAPIError):  # its text could hold a row
        return f"The database failed ({type(error.orig).__name__}). Is it there, is there room?"
    return str(error)
