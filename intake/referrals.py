"""A woman's referral: which part of the county takes it up, storing it, opening it."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from core import audit, keyring, records, versions
from core.people import NotHers, SignedIn
from core.records import NoAttachment, Response, Submission
from xlsform.filling import Filling

QUESTIONNAIRE = "referral"
MUNICIPALITY = "/data/place/municipality"
FILLED_BY = "/data/safety/filled_by"
ACCESS = "/data/access"  # how she came to us: by the web form, unless somebody else says otherwise
EVALUATION = "/data/more/consent_evaluation"
PARTNER = "/data/partner"  # who wrote for her
NEW, OPENED, CLOSED = "new", "opened", "closed"
WITHDRAWN = "withdrawn"  # she took everything back
REACHING = ("/data/ways", "/data/contact")  # the pages that ask how to reach her
LANGUAGE = "/data/language/preferred_language"
WAYS, MAY_CALL = "/data/ways/contact_way", "/data/contact/may_call"
PHONE = "/data/contact/phone"
SAFETY = frozenset(
    {
        "/data/safety/safe_now",
        WAYS,
        MAY_CALL,
        "/data/contact/leave_word",
        "/data/contact/withheld_number",
        "/data/contact/say_who",
        "/data/contact/contact_times",
        "/data/contact/who_answers",
        "/data/contact/safety_note",
    }
)  # what a counsellor reads before she sees a number
CONTACT = frozenset(
    {
        PHONE,
        "/data/contact/messenger",
        "/data/contact/email",
        "/data/contact/other_person",
        "/data/contact/meeting_place",
        "/data/contact/address",
    }
)  # what she sees then


def part_of(parts: Mapping[str, str], answers: Mapping[str, str]) -> str:
    """Return the part of the county that a referral goes to; the whole county when unsaid."""
    return parts.get(answers.get(MUNICIPALITY, ""), keyring.COUNTY)


def submit(
    session: Session,
    submission_id: str,
    version_id: int,
    filling: Filling,
    parts: Mapping[str, str],
    day: date,
    files: Iterable[tuple[str, bytes]] = (),
) -> None:
    """Seal and store a referral with its files, once however often it is sent."""
    part = part_of(parts, filling.answers)
    records.submit(session, Submission(submission_id, version_id, part, day), filling, files)


def write_for_her(filling: Filling, access: str, partner: str) -> None:
    """Note in a filling that somebody else writes it, how she came to us, and from whom."""
    for path, text in ((FILLED_BY, "other"), (ACCESS, access), (PARTNER, partner)):
        if path in filling.form.questions:
            filling.set(path, text)
    filling.recalculate()


def note_author(session: Session, counsellor: SignedIn, submission_id: str) -> None:
    """Note which counsellor wrote a referral, for a woman who phoned or came."""
    audit.note(session, counsellor.person.id, "submitted", f"response:{submission_id}")


def inbox(session: Session, counsellor: SignedIn) -> list[Response]:
    """Return the referrals of her part of the county, newest first."""
    return records.responses(session, QUESTIONNAIRE, counsellor.person.parts)


def open_for(
    session: Session, counsellor: SignedIn, response_id: str
) -> tuple[Response, Mapping[str, str]]:
    """Return a referral with all its answers, and note who opened it; raise `NotHers`."""
    response = find(session, counsellor, response_id)
    answers = dict(records.open_identity(session, response, counsellor.keys))
    answers |= records.open_answers(session, response, counsellor.keys)
    audit.note(session, counsellor.person.id, "opened", f"response:{response.id}")
    if response.status == NEW:
        response.status = OPENED
    return response, answers


def may_be_called(answers: Mapping[str, str]) -> bool:
    """Say whether a call is safe for her; also when it is not known any more how to reach her."""
    ways = answers.get(WAYS, "")
    return not ways or "phone" in ways.split() or answers.get(MAY_CALL) == "yes"


def open_file(session: Session, counsellor: SignedIn, response_id: str, name: str) -> bytes:
    """Return a file of a referral, and note who opened it; raise `NotHers`."""
    response = find(session, counsellor, response_id)
    try:
        content = records.open_file(session, response, name, counsellor.keys)
    except NoAttachment:
        raise NotHers from None
    audit.note(session, counsellor.person.id, "opened", f"response:{response.id}:file")
    return content


def find(session: Session, counsellor: SignedIn, response_id: str) -> Response:
    """Return a referral of her part of the county, or raise `NotHers`."""
    response = session.get(Response, response_id)
    if response is None or response.part not in counsellor.person.parts:
        raise NotHers
    if response.status == WITHDRAWN:  # an empty row that the ledger of releases holds
        raise NotHers
    if versions.version_of(session, response.version_id).questionnaire != QUESTIONNAIRE:
        raise NotHers
    return response
