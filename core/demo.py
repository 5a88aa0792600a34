"""Invented staff for trying zugang out, made by the operations that real people go through."""

import json
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core import invitations, passphrases, people
from core.database import Database, connect, is_there
from core.people import Person, SignedIn
from core.settings import Settings

STAFF = (
    ("Karin Demo", people.COORDINATOR, ""),
    ("Nora Demo", people.COUNSELLOR, "north"),
    ("Sonja Demo", people.COUNSELLOR, "south"),
    ("Ines Demo", people.INTERVIEWER, ""),
    ("Ina Demo", people.INTERVIEWER, ""),
    ("Eva Demo", people.EVALUATOR, ""),
)
# fmt: off
_WORDS = (
    "anker", "birke", "dachs", "eiche", "fjord", "garten", "hafen", "insel", "jolle", "kiesel",
    "lampe", "muschel", "nebel", "orgel", "pinsel", "quelle", "regen", "segel", "taube", "ufer",
    "vogel", "wolke", "zeder", "apfel", "brot", "dorf", "esel", "feder", "gras", "hummel",
)
# fmt: on

Filler = Callable[[Session, Settings, dict[str, SignedIn]], None]


class InUse(click.ClickException):
    """The data folder holds somebody's data; the demo never touches it."""

    def __init__(self) -> None:
        super().__init__("This data folder is in use. Choose an empty one with ZUGANG_DATA.")


def refuse_used(settings: Settings) -> None:
    """Raise `InUse` when there is a person or a case in this place already."""
    if _accounts(settings).exists():  # of a demo in some other database
        raise InUse
    if not is_there(settings.database_url):
        return
    with closing(connect(settings.database_url)) as database:
        if not inspect(database.durable).has_table(Person.__tablename__):
            return
        with Session(database.durable) as session:
            if session.scalar(select(Person.id).limit(1)) is not None:
                raise InUse


def fill(database: Database, settings: Settings, fillers: Iterable[Filler]) -> None:
    """Make the demo staff, write and print their passphrases, then let `fillers` add cases."""
    with closing(database), database.transaction() as session:
        accounts, staff = _staff(session)
        for filler in fillers:
            filler(session, settings, staff)
    _write(_accounts(settings), accounts)
    for account in accounts:
        click.echo(f"{account['name']} ({account['role']}): {account['passphrase']}")


def _staff(session: Session) -> tuple[list[dict[str, str]], dict[str, SignedIn]]:
    now = datetime.now(UTC)
    accounts: list[dict[str, str]] = []
    staff: dict[str, SignedIn] = {}
    for name, role, part in STAFF:
        if role == people.COORDINATOR:
            token = invitations.invite_coordinator(session, now) or ""
        else:
            token = invitations.invite(session, staff[people.COORDINATOR], name, role, part, now)
        passphrase = _passphrase()
        invitations.accept(session, token, name, passphrase, now)
        who = passphrases.sign_in(session, name, passphrase)
        if who is None:
            raise RuntimeError("a passphrase just set does not open")
        second = f"{role}-{part or 'too'}"
        staff[role if role not in staff else second] = who
        accounts.append({"name": name, "role": role, "passphrase": passphrase})
    return accounts, staff


def _passphrase() -> str:
    return "-".join(secrets.choice(_WORDS) for _ in range(5))


def _write(file: Path, accounts: list[dict[str, str]]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(accounts, stream, ensure_ascii=False, indent=2)


def _accounts(settings: Settings) -> Path:
    return settings.data / "demo-accounts.json"
