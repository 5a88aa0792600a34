"""What keys cost: a passphrase, sealing a form, opening a record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy.orm import Session

import app as program
from bench.timing import Row, median
from core import invitations, passphrases, records, settings, vault, versions
from core.people import SignedIn
from core.records import Response, Submission
from xlsform.filling import Filling

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSPHRASE = "anker birke dachs eiche fjord"
ANSWERS = {"/data/contact/name": "Amsel", "/data/person/age": "22_29"}
PAYLOAD = b"<data>" + b"x" * 4000 + b"</data>"  # as large as a long referral


def rows() -> Iterator[Row]:
    """Yield every measurement of keys and sealed records."""
    secret = vault.new_pair().private
    wrapped = vault.wrap(secret, PASSPHRASE)
    stretch = median(lambda: vault.unwrap(wrapped, PASSPHRASE), rounds=5)
    yield Row("a passphrase (Argon2id), s", f"{stretch:.2f}", met=0.3 <= stretch <= 1)
    pair = vault.new_pair()
    seal = median(lambda: vault.seal(pair.public, PAYLOAD, "here"), 200)
    yield Row("sealing one part, ms", f"{seal * 1e3:.3f}", met=seal <= 0.3e-3)
    with TemporaryDirectory(prefix="zugang-bench-") as folder:
        yield _opening(settings.read({"ZUGANG_DATA": folder}))


def _opening(chosen: settings.Settings) -> Row:
    database = program.prepare(chosen)
    with database.transaction() as session:
        who = _coordinator(session)
        response = _referral(session)
        opened = median(lambda: _open(session, response, who), 100)
    database.close()
    return Row("opening a record, ms", f"{opened * 1e3:.2f}", met=opened <= 1e-3)


def _coordinator(session: Session) -> SignedIn:
    token = invitations.invite_coordinator(session, NOW)
    invitations.accept(session, token or "", "Karin", PASSPHRASE, NOW)
    who = passphrases.sign_in(session, "Karin", PASSPHRASE)
    if who is None:
        raise RuntimeError("a passphrase just set does not open")
    return who


def _referral(session: Session) -> Response:
    version = versions.current(session, "referral")
    form = versions.form_of(session, version.id)
    submission = Submission(str(uuid4()), version.id, "north", date(2026, 3, 1))
    records.submit(session, submission, Filling(form, ANSWERS, now=NOW, zone=UTC))
    response = session.get(Response, submission.id)
    if response is None:
        raise RuntimeError("a referral just sent is not there")
    return response


def _open(session: Session, response: Response, who: SignedIn) -> None:
    records.open_identity(session, response, who.keys)
    records.open_answers(session, response, who.keys)
