"""`zugang retention`: what is deleted because its time is over."""

from contextlib import closing
from datetime import datetime

import click
from sqlalchemy.orm import Session

from core import audit, console
from core import retention as core_retention
from core.console import Above
from core.retention import Ended


@click.command()
@click.option("--dry-run", "only_look", is_flag=True, help="List what is due, change nothing.")
@click.option("--now", is_flag=True, help="Do what a running service does every night.")
@click.pass_obj
def retention(above: Above, *, only_look: bool, now: bool) -> None:
    """Delete what its time is over for, and close accounts that nobody uses."""
    if only_look == now:
        raise click.UsageError("Choose --dry-run or --now.")
    chosen = console.settings()
    day = datetime.now(chosen.zone).date()
    with closing(audit.connect(chosen)) as opened:
        if now:
            ended = core_retention.once_a_day(opened, chosen, day, above.rules, now=True)
        else:
            with Session(opened.durable) as session:  # never committed
                ended = core_retention.apply(session, chosen, day, above.rules)
    for line in _lines(ended, "due" if only_look else "done"):
        click.echo(line)


def _lines(ended: Ended, word: str) -> list[str]:
    return [
        f"{what}: {len(since)} {word}" + (f", from {min(since)} to {max(since)}" if since else "")
        for what, since in ended.items()
    ]
