"""`zugang audit`: checking that nobody changed the audit, and taking it along."""

from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.orm import Session

from core import audit, chain, console, trail
from core.chain import End, Finding
from core.trail import Search

_WORDS = {
    chain.CHANGED: "{} changed or put in between",
    chain.MISSING: "{} missing",
    chain.ADDED: "{} added",
    chain.END: "{}: the end of the chain was changed",
    chain.OTHER: "{} not as noted down",
}


class _Ending(click.ParamType[End]):
    """COUNT:DIGEST, as `zugang audit verify` writes it."""

    name = "COUNT:DIGEST"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> End:
        """Return the end of a chain; stop with a plain message when it is none."""
        try:
            return End.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group("audit")
def audit_commands() -> None:
    """Check the audit, or take it along."""


@audit_commands.command()
@click.option("--expect", type=_Ending(), help="an end of the chain that was noted down before")
def verify(expect: End | None) -> None:
    """Say of every line of the audit that was changed, added or is missing; none needs a key.

    The exit status is 1 if there is one. Note the last line down outside of this machine: with
    --expect it shows whether the whole chain was replaced.
    """
    with closing(audit.connect(console.settings())) as found, Session(found.durable) as session:
        findings = audit.verify(session, expect)
        end = audit.end(session)
    for finding in findings:
        click.echo(_said(finding))
    if findings:
        raise click.exceptions.Exit(1)
    click.echo(f"nothing changed, nothing missing\n{end}")


@audit_commands.command()
@console.passphrase_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(name: str, passphrase_file: Path | None, file: Path) -> None:
    """Write every line of the audit to FILE as CSV, newest first."""
    with console.signed_in(name, passphrase_file, "audit") as (session, who, settings):
        table = trail.table(session, who.person.id, Search(settings.zone))
    file.write_bytes(table)
    click.echo(f"written: {file}")


def _said(finding: Finding) -> str:
    one = finding.first == finding.last
    lines = f"line {finding.first}" if one else f"lines {finding.first} to {finding.last}"
    return _WORDS[finding.kind].format(lines)
