"""A client who answers alone, by a link: what she sends is tied to nobody unless she says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core import answer_links, audit, keyring, records, sampling
from core.answer_links import AnswerLink, NoLink
from core.records import Submission
from core.sampling import SampleUnit
from xlsform.filling import Filling

# What a questionnaire may know about who fills it in: that she does so alone; the code of her case,
# which nobody sees, and whether it may stay.
ALONE, CASE, MAY_LINK = "/data/alone", "/data/case_code", "/data/linking/may_link"


@dataclass(frozen=True)
class Answered:
    """What she sends: under which number, in which version, the answers, her files."""

    submission: str
    version_id: int
    filling: Filling
    day: date
    files: Iterable[tuple[str, bytes]] = ()


def known(session: Session, link: AnswerLink) -> dict[str, str]:
    """Return what her answers begin with, by path: also whose they are, if the link knows."""
    unit = session.get(SampleUnit, link.unit_id) if link.unit_id else None
    return {ALONE: "yes"} | ({CASE: unit.code} if unit is not None else {})


def submit(session: Session, token: str, sent: Answered) -> None:
    """Store what she sends and use up the link; the same once more is stored once.

    Raises `NoLink` when something else came by this link before, or it has run out.
    """
    if records.is_stored(session, sent.submission):
        return
    unit_id = answer_links.find(session, token, sent.day).unit_id
    try:
        answer_links.use(session, token, sent.day)
    except NoLink:
        if records.is_stored(session, sent.submission):  # she pressed twice
            return
        raise
    _untie(sent.filling)
    part = keyring.COUNTY
    submission = Submission(sent.submission, sent.version_id, part, sent.day)
    records.submit(session, submission, sent.filling, sent.files)
    audit.note(session, audit.SERVICE, "submitted", f"response:{sent.submission}")
    if unit_id:
        sampling.done(session, unit_id)


def _untie(filling: Filling) -> None:
    """Forget whose answers these are, unless she agreed."""
    if CASE in filling.form.questions and filling.answers.get(MAY_LINK) != "yes":
        filling.set(CASE, "")
        filling.recalculate()
        filling.set(MAY_LINK, "")
        filling.recalculate()
