"""Builders: a set-up service in a real database, with people who hold their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

import app
import migrations
from core import invitations, passphrases, records, settings, versions
from core.database import Database
from core.people import SignedIn
from core.records import Submission
from core.settings import Settings
from core.vault import Cost
from core.versions import Version
from core.web.journey import Journey
from xlsform.filling import Filling

CHEAP = Cost(passes=1, memory=8192 * 8)  # Argon2id as weak as libsodium lets it be: tests only
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSPHRASE = "birke garten hafen segel wolke"


def settings_for(data: Path, database_url: str = "", **more: str) -> Settings:
    """Return settings as the environment of a deployment would give them."""
    environment = {
        "ZUGANG_DATA": str(data),
        "ZUGANG_DATABASE_URL": database_url,
        "ZUGANG_SECOND_FACTOR": "deferred",
    }
    return settings.read(environment | more)


@dataclass
class House:
    """A service with its questionnaires published and its keys made."""

    settings: Settings
    database: Database
    recovery_code: str = ""
    staff: dict[str, SignedIn] = field(default_factory=dict)


def build(chosen: Settings) -> House:
    """Return a service that a coordinator has set up."""
    house = House(chosen, app.prepare(chosen))
    with house.database.transaction() as session:
        token = invitations.invite_coordinator(session, NOW)
        assert token is not None
        code = invitations.accept(session, token, "Karin", PASSPHRASE, NOW, CHEAP)
        assert code is not None
        house.recovery_code = code
        house.staff["Karin"] = signed_in(session, "Karin")
    return house


def join(
    house: House, name: str, role: str, part: str = "", passphrase: str = PASSPHRASE
) -> SignedIn:
    """Return a new member of staff, invited by the coordinator."""
    with house.database.transaction() as session:
        token = invitations.invite(session, house.staff["Karin"], name, role, part, NOW)
        invitations.accept(session, token, name, passphrase, NOW, CHEAP)
        house.staff[name] = signed_in(session, name, passphrase)
    return house.staff[name]


def signed_in(session: Session, name: str, passphrase: str = PASSPHRASE) -> SignedIn:
    """Return a person signed in, with the passphrase of all tests unless another is given."""
    who = passphrases.sign_in(session, name, passphrase)
    assert who is not None
    return who


def filled(session: Session, version: Version, answers: Mapping[str, str]) -> Filling:
    """Return a filling of a published questionnaire."""
    form = versions.form_of(session, version.id)
    return Filling(form, answers, now=NOW, zone=UTC, language="de")


def submit(
    session: Session,
    questionnaire: str,
    submission_id: str,
    answers: Mapping[str, str],
    part: str = "north",
) -> None:
    """Store a response as the web form would."""
    version = versions.current(session, questionnaire)
    submission = Submission(submission_id, version.id, part, date(2026, 11, 23))
    records.submit(session, submission, filled(session, version, answers))


def first_page(version: Version) -> bytes:
    """Return the content of a draft that has just been begun."""
    return Journey(version.id, version.digest).dump_bytes()


def upgraded(url: str) -> str:
    """Return the URL after bringing its database up to date."""
    migrations.upgrade(url)
    return url
