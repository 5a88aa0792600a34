"""`zugang responses`: what was kept in workbooks until now."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from core import audit, console, database, importing, versions
from core.console import Above
from core.database import Database
from core.keyring import NoKeys
from core.settings import Settings
from core.versions import NoQuestionnaire, Version
from xlsform import rows, workbooks
from xlsform.findings import Finding
from xlsform.form import Form
from xlsform.rows import Reading


@click.group()
def responses() -> None:
    """Take in what was written down elsewhere."""


@responses.command("import")
@click.argument("questionnaire")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--store", is_flag=True, help="Store them, all or none. Without it, only look.")
@click.pass_obj
def import_rows(above: Above, questionnaire: str, file: Path, *, store: bool) -> None:
    """Read responses to QUESTIONNAIRE from the rows of FILE (.xlsx), and say what is wrong.

    The first row names the questions, each further row is a response. What is wrong is told with
    sheet, row and column, never with what stands there; the exit status is 1 then, and nothing is
    stored.
    """
    if questionnaire not in above.taken:
        raise click.UsageError(f"Choose one of: {', '.join(sorted(above.taken))}.")
    chosen = console.settings()
    if not database.is_there(chosen.database_url):
        raise click.ClickException("There is no service here: is ZUGANG_DATA right?")
    with closing(audit.connect(chosen)) as opened:
        version, form = _current(opened, questionnaire)
        reading = _read(form, questionnaire, file, chosen)
        _tell(reading, store=store)
        if store:
            _store(opened, above, chosen, version, reading)


def _current(opened: Database, questionnaire: str) -> tuple[Version, Form]:
    try:
        with opened.transaction() as session:
            version = versions.current(session, questionnaire)
            return version, versions.form_of(session, version.id, version.digest)
    except NoQuestionnaire as error:
        raise click.ClickException("No version of this questionnaire can be begun.") from error


def _read(form: Form, questionnaire: str, file: Path, chosen: Settings) -> Reading:
    try:
        sheet, grid = workbooks.read_answers(file, questionnaire)
    except workbooks.SourceError as error:
        where = (error.sheet, error.row, error.column)
        return Reading((), (Finding(*where, error.message, error.mend, is_error=True),))
    return rows.read(form, sheet, grid, datetime.now(chosen.zone).date(), chosen.zone)


def _tell(reading: Reading, *, store: bool) -> None:
    """Say what is wrong, and that nothing is stored; stop if anything is."""
    for finding in reading.findings:
        click.echo(finding)
    if reading.rows and not reading.is_numbered:
        click.echo("Without a column 'id', what is imported twice is stored twice.")
    if reading.findings or not store:
        good, bad = _count(len(reading.rows), "row"), _count(len(reading.findings), "problem")
        click.echo(f"{good} could be stored, {bad}; nothing is stored")
    if reading.findings:
        raise click.exceptions.Exit(1)


def _store(
    opened: Database, above: Above, chosen: Settings, version: Version, reading: Reading
) -> None:
    take = above.taken[version.questionnaire]
    try:
        with opened.transaction() as session:
            done = importing.store(session, chosen, version, reading.rows, take)
    except NoKeys as error:
        said = "Nobody could open what would be stored: the service is not set up."
        raise click.ClickException(f"{said} Nothing is stored.") from error
    except DBAPIError as error:  # its text could hold a row
        said = f"The database failed ({type(error.orig).__name__})."
        raise click.ClickException(f"{said} Nothing is stored.") from error
    click.echo(f"{_count(done.new, 'response')} stored, {done.known:,} there already")


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
