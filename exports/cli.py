"""`zugang export`: the evaluators' workbook without a browser."""

from datetime import datetime
from pathlib import Path

import click

from core import audit
from core.console import passphrase_options, signed_in
from exports import assembly, batches


@click.group()
def export() -> None:
    """Hand out what is anonymised."""


@export.command()
@passphrase_options
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def workbook(name: str, passphrase_file: Path | None, out: Path) -> None:
    """Release what is ready and write the workbook of everything released."""
    with signed_in(name, passphrase_file, "results") as (session, who, settings):
        day = datetime.now(settings.zone).date()
        for questionnaire in batches.RECORDS:
            batches.release(session, who, questionnaire, day)
        file = assembly.workbook(session, who)
        audit.note(session, who.person.id, "exported", "workbook")
    # Only now is the release in the ledger: rows that left without it could leave once more,
    # in other classes.
    with click.open_file(str(out), "wb", lazy=True) as stream:
        stream.write(file)
    click.echo(f"written: {out}")
