"""`python -m bench.corpus FOLDER`: how many of other people's forms load, render, fill and return.

FOLDER is a checkout of pyxform, or any folder of forms: workbooks, XForms, Markdown tables, also
those inside Python tests, which are read and never run.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import click

from bench.corpus.desk import Desk, desk
from bench.corpus.finding import forms
from bench.corpus.judging import invalid
from bench.corpus.loading import Loaded, Refused, load
from bench.corpus.verdicts import INVALID, REFUSED, Verdict, table
from bench.corpus.walking import (
    NotAccepted,
    NotRendered,
    NotRestored,
    hold_round_trip,
    told,
    walk,
)
from xlsform.form import compile_form

PATIENCE = 60  # seconds for one form


class TooSlow(Exception):
    """A form that takes longer than PATIENCE."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise TooSlow inside when it takes too long."""

    def stop(*_: object) -> None:
        raise TooSlow(f"It takes longer than {PATIENCE} s.")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def judge(origin: str, loaded: Loaded, at: Desk) -> Verdict:
    """Return how far a form came, and why not further."""
    stage = "loaded"
    try:
        with patience():
            form = compile_form(loaded.xml, loaded.files)
            stage = "rendered"
            walk(at, form)
            stage = "round trip"
            hold_round_trip(at)
    except NotRendered as error:
        return Verdict(origin, "rendered", str(error))
    except NotAccepted as error:
        return Verdict(origin, "accepted", str(error))
    except NotRestored as error:
        return Verdict(origin, "round trip", str(error))
    except Exception as error:
        return Verdict(origin, stage, told(error))
    return Verdict(origin, "", "")


def verdicts_on(folder: Path) -> Iterator[Verdict]:
    """Yield a verdict on every form under a folder."""
    converted: dict[int, tuple[str, Loaded]] = {}
    for number, found in enumerate(forms(folder)):
        try:
            converted[number] = found.origin, load(found)
        except Refused as error:
            yield Verdict(found.origin, REFUSED, str(error))
        except Exception as error:
            yield Verdict(found.origin, "loaded", told(error))
    wrong = invalid({number: one.xml for number, (_, one) in converted.items()})
    with desk() as at:
        for number, (origin, loaded) in converted.items():
            verdict = replace(judge(origin, loaded, at), made_up=loaded.made_up)
            yield replace(verdict, failed=INVALID) if number in wrong else verdict


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--failures", default=3, help="How many forms to name for each reason.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write every verdict here.")
def main(folder: Path, failures: int, file: Path | None) -> None:
    """Print how many forms under FOLDER come how far, and why not further."""
    verdicts = list(verdicts_on(folder))
    click.echo(table(verdicts, failures))
    if file is not None:
        file.write_text(json.dumps([asdict(one) for one in verdicts], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
