"""`zugang export`, `zugang report`, `zugang release`: what evaluators get, without a browser."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import click

from core import audit
from core.console import passphrase_options, signed_in
from core.periods import check, read
from core.settings import Settings
from core.vault import Tampered
from exports.anonymise import records_file
from exports.anonymise.grouping import anonymise, gcp
from exports.files import assembly
from exports.files.assembly import Wish
from exports.formats import report_workbook, slides
from exports.release import orders, outgoing, planning, releases, reporting, verifying
from exports.release.batches import rules_of
from exports.release.orders import Wanted
from exports.release.planning import Planned
from exports.speaking import LANGUAGES, say

LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default="de")
MISFIT = "a taxonomy does not fit; `zugang release plan` tells a coordinator which"
FORMATS = {".xlsx": report_workbook.render, ".pptx": slides.render}


@contextmanager
def kept(out: Path) -> Iterator[IO[bytes]]:
    """Give a file to write, which takes its place whole or not at all; say where it is."""
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"written: {out}")


@contextmanager
def told() -> Iterator[None]:
    """Turn what cannot be done into a plain message."""
    try:
        yield
    except Tampered:
        raise  # the console says which record it is, and notes it
    except ValueError as error:  # all of ours say in plain words what is wrong
        raise click.ClickException(str(error)) from error


def _today(settings: Settings) -> date:
    return datetime.now(settings.zone).date()


@click.group()
def export() -> None:
    """Hand out what is anonymised."""


@export.command()
@passphrase_options
@LANGUAGE
@click.option("--codes", is_flag=True, help="codes in place of labels")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def workbook(
    name: str, passphrase_file: Path | None, language: str, out: Path, *, codes: bool
) -> None:
    """Release what is ready and write everything released: a workbook (.xlsx) or all (.zip).

    The .zip also has each table for SPSS, and as CSV with a codebook.
    """
    make = assembly.files if out.suffix == ".zip" else assembly.workbook
    with signed_in(name, passphrase_file, "results") as (session, who, settings), told():
        day = _today(settings)
        misfits = outgoing.publish(session, who, day, rules_of(settings)).misfits
        file = make(session, who, Wish(language, labels=not codes))
        what = orders.FILES if out.suffix == ".zip" else orders.WORKBOOK
        orders.record(session, who.person, Wanted(what, language, not codes), file)
        audit.note(session, who.person.id, "exported", what)
    # Only now is the release in the ledger: rows that left without it could leave once more,
    # in other classes.
    with kept(out) as stream:
        stream.write(file)
    for questionnaire in misfits:
        click.echo(f"{questionnaire}: nothing new, {MISFIT}", err=True)


PERIOD = click.option("--period", "written", required=True, help="as in 2019-06..2019-12")


@click.command()
@PERIOD
@passphrase_options
@LANGUAGE
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def report(written: str, name: str, passphrase_file: Path | None, language: str, out: Path) -> None:
    """Write the tables of a period: a workbook (.xlsx) or slides (.pptx)."""
    if out.suffix not in FORMATS:
        raise click.ClickException(f"{out.name} must end in {' or '.join(FORMATS)}.")
    with signed_in(name, passphrase_file, "results") as (session, who, settings), told():
        today = _today(settings)
        found = reporting.make(session, who, read(written), settings, today, language)
        file = FORMATS[out.suffix](found, say(language))
        audit.note(session, who.person.id, "exported", f"report:{found.period}")
    with kept(out) as stream:
        stream.write(file)
    if not found.exact:
        click.echo(
            "Counts are rounded to base 5. A coordinator lets the exact ones of a closed period "
            f"out: zugang release period {found.period} --reason … --as …"
        )


@click.command("anonymise")
@click.argument("table", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--taxonomy", "leaves", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--k", default=5, show_default=True, help="how many rows share a range at least")
@click.option("--sensitive", default="", help="columns in commas")
@click.option("--share", default=0.75, show_default=True, help="of one sensitive value in a class")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
def anonymise_table(
    table: Path, leaves: Path, k: int, sensitive: str, share: float, out: Path
) -> None:
    """Anonymise a TABLE of your own (CSV) with the taxonomies of its quasi-identifiers (JSON)."""
    names = [name for name in sensitive.split(",") if name]
    with told():
        entries = records_file.taxonomies(leaves.read_text(encoding="utf-8"))
        with table.open(encoding="utf-8-sig", newline="") as lines:
            records = records_file.read(lines, entries, names)
        begun = time.perf_counter()
        found = anonymise(records.codes, records.sizes, k, records.sensitive, share)
        spent = time.perf_counter() - begun
    with kept(out) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="")
        records_file.write(text, records, found.classes)
        text.detach()
    loss = gcp(records.codes, records.sizes, found.classes)
    click.echo(
        f"{spent:.2f} s, {len(found.classes)} classes, smallest {min(map(len, found.classes))}, "
        f"GCP {loss:.3f}, held back {len(found.held_back)} of {len(records.codes)}"
    )
    if records.dropped:
        click.echo(f"left behind: {', '.join(records.dropped)}")


@click.group()
def release() -> None:
    """Let anonymised data and exact tables out."""


@release.command()
@click.argument("written", metavar="PERIOD")
@passphrase_options
@click.option("--reason", default="", help="why the exact tables go out; it stays in the ledger")
@click.option("--preview", is_flag=True, help="only show the tables, with every count below 5")
def period(
    written: str, name: str, passphrase_file: Path | None, reason: str, *, preview: bool
) -> None:
    """Let the exact tables of a closed PERIOD out, once and for all."""
    with signed_in(name, passphrase_file, "releases") as (session, who, settings), told():
        asked, today = read(written), _today(settings)
        check(asked, settings.programme, today)
        if preview:
            for line in reporting.lines(reporting.preview(session, who, asked, settings, "de")):
                click.echo(line)
            return
        reporting.release(session, who, asked, reason, settings, today)
    click.echo(f"released: {asked}")


@release.command()
@passphrase_options
def plan(name: str, passphrase_file: Path | None) -> None:
    """Say what would go out now; to a coordinator, with its loss and what would have to wait."""
    with signed_in(name, passphrase_file, "plans") as (session, who, settings), told():
        day = _today(settings)
        for one in planning.plans(session, who, day, rules_of(settings)):
            for line in _planned(one):
                click.echo(f"{one.questionnaire}: {line}")


def _planned(one: Planned) -> list[str]:
    waiting = f"about {one.about_waiting} wait"
    if not one.fits:
        return [f"{waiting}, and stay in: {one.misfit or MISFIT}"]
    if not one.is_ready:
        return [f"{waiting}, fewer than {releases.BATCH} that may go together or too alike"]
    if not one.batches:
        return [f"{waiting}, a batch of them is ready; its numbers are told once it is out"]
    return [
        f"{found.rows} rows in {found.classes} classes, smallest {found.smallest}, "
        f"loss {found.loss:.3f}, held back {found.held_back}, "
        f"columns that stay out: {', '.join(found.withheld) or 'none'}"
        for found in one.batches
    ]


@release.command()
@passphrase_options
def publish(name: str, passphrase_file: Path | None) -> None:
    """Freeze what is ready: it enters the ledger, and is in every workbook from now on."""
    with signed_in(name, passphrase_file, "results") as (session, who, settings), told():
        day = _today(settings)
        made = outgoing.publish(session, who, day, rules_of(settings))
        out = [f"batch {batch.id}: {batch.questionnaire}" for batch in made.batches]
    click.echo("\n".join(out) or "nothing is ready")
    if made.misfits:
        raise click.ClickException(f"{', '.join(made.misfits)}: nothing new, {MISFIT}")


@release.command()
@passphrase_options
def verify(name: str, passphrase_file: Path | None) -> None:
    """Work out again, from the stored releases, every promise that was made with them."""
    with signed_in(name, passphrase_file, "results") as (session, who, _):
        faults = list(verifying.verify(session, who))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("every promise holds")
