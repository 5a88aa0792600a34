"""`zugang forms`: questionnaires from the command line."""

from pathlib import Path

import click

from xlsform import conformance, workbooks


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


@forms.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def convert(source: Path, target: Path) -> None:
    """Write the sheets of SOURCE (.md, .csv, .xlsx, .xls) to TARGET (.md, .xlsx).

    All texts survive the way there and back; formats, colours and remarks beside tables do not. A
    TARGET that is there already is replaced.
    """
    try:
        content = workbooks.render(workbooks.read(source), target.suffix.lower())
        target.write_bytes(content)
    except workbooks.SourceError as error:
        raise click.ClickException(f"{source}: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None
