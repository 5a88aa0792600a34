"""`zugang keys`: new keys for the service, and what is sealed to older ones brought over."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from core import audit, keyring, resealing, rotation
from core.console import passphrase_options, signed_in
from core.people import SignedIn
from core.resealing import Run
from core.settings import Settings


@click.group()
def keys() -> None:
    """Make new keys, and seal to them what older ones sealed."""


@keys.command()
@passphrase_options
def rotate(name: str, passphrase_file: Path | None) -> None:
    """Make a new key for every purpose, then go on as `reseal`."""
    with signed_in(name, passphrase_file, "keys") as (session, who, settings):
        day = datetime.now(settings.zone).date()
        rotation.rotate(session, who.person.id, keyring.PURPOSES, day)
    click.echo("New keys seal what comes in from now on.")
    _reseal(settings, who)


@keys.command()
@passphrase_options
def reseal(name: str, passphrase_file: Path | None) -> None:
    """Seal to the newest keys what is still sealed to older ones; it may be interrupted."""
    with signed_in(name, passphrase_file, "keys") as (_session, who, settings):
        pass
    _reseal(settings, who)


def _reseal(settings: Settings, who: SignedIn) -> None:
    run, more = Run(), True
    with closing(audit.connect(settings)) as opened:
        with opened.transaction() as session:
            waiting = resealing.waiting(session, who.keys)
        with click.progressbar(length=waiting.mine, label="Sealing anew") as bar:
            while more:
                before = run.done + run.refused
                with opened.transaction() as session:
                    more = resealing.batch(session, who.keys, who.person.id, run)
                bar.update(run.done + run.refused - before)
    click.echo(f"{run.done} records are sealed to the newest keys.")
    if run.refused:
        click.echo(f"{run.refused} did not open: somebody changed them. The audit names them.")
    if waiting.others:
        click.echo(f"{waiting.others} wait for somebody who holds their keys.")
