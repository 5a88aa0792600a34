"""`zugang forms`: questionnaires from the command line."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

import click
from flask import Flask

from core import console
from core.settings import Settings
from core.web import glue, serving, sessions
from core.web.services import services_of
from surveys import preview_views
from xlsform import checking, conformance, workbooks
from xlsform.findings import Finding

TEMPLATES = Path(__file__).parents[1] / "templates"


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


@forms.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE...",
)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON document instead of lines.")
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say of each FILE whether it can run here, and where it cannot: sheet, row, column, remedy.

    Warnings are told as well. The exit status is 1 if a file has an error.
    """
    found = {file: checking.check(file) for file in files}
    if as_json:
        click.echo(
            json.dumps([_report(file, found[file]) for file in files], indent=2, ensure_ascii=False)
        )
    else:
        click.echo("\n".join(line for file in files for line in _lines(file, found[file])))
    if not all(map(_is_ok, found.values())):
        raise click.exceptions.Exit(1)


def _is_ok(findings: Sequence[Finding]) -> bool:
    return not any(finding.is_error for finding in findings)


def _lines(file: Path, findings: Sequence[Finding]) -> list[str]:
    fine = [f"{file}: ok"] if _is_ok(findings) else []
    return fine + [f"{file}: {finding}" for finding in findings]


def _report(file: Path, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "file": str(file),
        "ok": _is_ok(findings),
        "findings": [asdict(finding) for finding in findings],
    }


@forms.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--bind", default="127.0.0.1:8001", show_default=True, help="host:port to serve on")
def preview(file: Path, bind: str) -> None:
    """Serve FILE in the browser for trying out; nothing is stored.

    Save the file and load the page anew to see what you changed.
    """
    folder, maker = mkdtemp(prefix="zugang-preview-"), os.getpid()
    try:
        chosen = console.settings(
            {"ZUGANG_DATA": folder, "ZUGANG_BIND": bind, "ZUGANG_WORKERS": "1"}
        )
        click.echo(f"{file.name} on {chosen.address}/preview/ - stop it with Ctrl-C.")
        serving.Service(lambda: _previewing(chosen, file), chosen).run()
    finally:
        if os.getpid() == maker:  # a web process that ends leaves the folder to the others
            shutil.rmtree(folder, ignore_errors=True)


def _previewing(chosen: Settings, file: Path) -> Flask:
    """Return an app that shows nothing but the questionnaire in `file`."""
    app = Flask("zugang", template_folder=str(TEMPLATES), static_folder=None)
    glue.init_app(app, chosen)
    sessions.table.create(services_of(app).database.durable, checkfirst=True)
    preview_views.init_app(app, file)
    return app
