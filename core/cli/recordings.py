"""`zugang recordings`: what is read aloud, by a person or, until there is one, by a computer."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from core import audit, console, shipped, voices
from core import recordings as core_recordings
from core.console import Above
from core.database import Database
from core.languages import LANGUAGES
from core.recordings import NotMP3, Spoken
from core.voices import NoVoice

LANGUAGE = click.Choice(sorted(LANGUAGES))
READ_BY_WOMEN = ("referral", "client")  # who works in an office reads for herself


@click.group()
def recordings() -> None:
    """Let questionnaires be read aloud."""


@recordings.command("list")
@click.option("--texts", "language", type=LANGUAGE, help="Print what a speaker has to read.")
@click.pass_obj
def list_them(above: Above, language: str | None) -> None:
    """Count what is recorded, by language."""
    with _database() as (found, _day), found.transaction() as session:
        recorded = core_recordings.names(session)
    if language is not None:
        for name, one in _spoken(above, language):
            click.echo(f"[{name} {one.question}]\n{one.text}\n")
        return
    counts = Counter((one.language.tag, _by(recorded.get(one.says))) for _n, one in _spoken(above))
    for tag in LANGUAGES:
        said = ", ".join(f"{counts[tag, by]} {by}" for by in ("by people", "drafts", "missing"))
        click.echo(f"{tag:10} {said}")


@recordings.command()
@click.argument("languages", nargs=-1, type=LANGUAGE)
@click.pass_obj
def draft(above: Above, languages: tuple[str, ...]) -> None:
    """Let a computer voice read what nobody has recorded, in these LANGUAGES or in all."""
    if missing := voices.missing():
        raise click.ClickException(f"Install {' and '.join(missing)} first.")
    with _database() as (found, day):
        with found.transaction() as session:
            recorded = core_recordings.names(session)
        wanted = [
            one
            for _name, one in _spoken(above, *languages)
            if one.says not in recorded and one.language.tag in voices.VOICES
        ]
        with click.progressbar(wanted, label="Reading") as bar:
            for one in bar:
                _draft(found, one, day)
        _publish(found, above)
    click.echo(
        f"{len(wanted)} drafts are new. Let somebody who speaks the language listen to them."
    )


@recordings.command()
@click.argument("questionnaire")
@click.argument("question")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def add(above: Above, questionnaire: str, question: str, language: str, file: Path) -> None:
    """Take FILE, an MP3 in which a person reads a QUESTION; `list --texts` says what to read."""
    asked = [
        one
        for name, one in _spoken(above, language)
        if (name, one.question) == (questionnaire, question)
    ]
    if not asked:
        raise click.ClickException("There is no such question in this language.")
    with _database() as (found, day):
        try:
            with found.transaction() as session:
                core_recordings.keep(session, asked[0], file.read_bytes(), day, draft=False)
        except NotMP3 as error:
            most = core_recordings.LARGEST // 1024**2
            raise click.ClickException(f"This is no MP3 of at most {most} MB.") from error
        _publish(found, above)
    click.echo("This question is read aloud by a person now.")


@contextmanager
def _database() -> Iterator[tuple[Database, date]]:
    chosen = console.settings()
    with closing(audit.connect(chosen)) as found:
        yield found, datetime.now(chosen.zone).date()


def _spoken(above: Above, *languages: str) -> Iterator[tuple[str, Spoken]]:
    """Yield every text once, with the questionnaire where it comes first."""
    known = set()
    for name, workbook in shipped.workbooks(above.questionnaires):
        if name not in READ_BY_WOMEN:
            continue
        for one in core_recordings.spoken(workbook):
            if one.says not in known and (not languages or one.language.tag in languages):
                known.add(one.says)
                yield name, one


def _draft(found: Database, one: Spoken, day: date) -> None:
    try:
        content = voices.speak(one.text, one.language.tag)
    except NoVoice as error:
        raise click.ClickException(f"No voice speaks {one.language.tag}.") from error
    with found.transaction() as session:  # one by one: what is read stays if it is interrupted
        core_recordings.keep(session, one, content, day, draft=True)


def _publish(found: Database, above: Above) -> None:
    with found.transaction() as session:
        shipped.publish(session, above.questionnaires)


def _by(name: str | None) -> str:
    if name is None:
        return "missing"
    return "drafts" if core_recordings.is_draft(name) else "by people"
