"""`zugang doctor`: looks a deployment over and says what to mend."""

from datetime import UTC, datetime

import click

from core import console
from core import doctor as core_doctor
from core.console import Above
from core.doctor import outside
from core.doctor.findings import ERROR


@click.command()
@click.option("--url", help="the address from outside, such as https://example.org")
@click.pass_obj
def doctor(above: Above, url: str | None) -> None:
    """Say of everything whether it is well, and what to mend; the status is 1 after an error."""
    chosen = console.settings()
    head = above.migrations.revisions()[-1]
    found = list(core_doctor.examine(chosen, head, datetime.now(UTC)))
    found += outside.look(url) if url else ()
    for finding in found:
        click.echo(finding)
    if any(finding.level == ERROR for finding in found):
        raise click.exceptions.Exit(1)
