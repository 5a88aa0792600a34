"""`zugang forms`: questionnaires from the command line."""

from pathlib import Path

import click

from xlsform import conformance


@click.group()
def forms() -> None:
    """Check and try questionnaires."""


@forms.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def evaluate(file: Path) -> None:
    """Evaluate recorded expression cases (JSON lines) and name the ones that differ."""
    with file.open(encoding="utf-8") as lines:
        report = conformance.evaluate_cases(lines)
    click.echo(f"passed {report.passed} of {report.total}")
    if report.failing:
        click.echo("failing: " + " ".join(str(case) for case in report.failing))
