"""The documentation of a case: one record of the questionnaire `case`, corrected as it goes on.

It is the record that evaluators count: one a case, however often it is corrected.
"""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, drafts, keyring, records
from core.people import NotHers, SignedIn
from core.records import Response, Submission
from core.versions import Version
from intake import cases, entries, known, referrals
from intake.cases import Case, CaseResponse
from intake.referrals import CLOSED, OPENED
from xlsform.filling import Filling
from xlsform.form import Form

QUESTIONNAIRE = "case"
_NUMBERS = uuid.UUID("7a756761-6e67-4000-8000-63617365646f")


def about(case_id: str) -> str:
    """Return what the draft of a documentation is about."""
    return f"documentation:{case_id}"


def of_case(session: Session, case: Case) -> Response | None:
    """Return the documentation of a case, None before there is one."""
    query = select(Response).join(CaseResponse).join(Version, Version.id == Response.version_id)
    query = query.where(CaseResponse.case_id == case.id, Version.questionnaire == QUESTIONNAIRE)
    return session.scalar(query.limit(1))


def read(session: Session, counsellor: SignedIn, response: Response) -> dict[str, str]:
    """Return what a documentation says; raise `NotGranted` or `Tampered`."""
    identity = records.open_identity(session, response, counsellor.keys)
    return {**identity, **records.open_answers(session, response, counsellor.keys)}


def opened(session: Session, counsellor: SignedIn, response: Response) -> dict[str, str]:
    """Return what a documentation says, and note who opened it; raises as `read`."""
    audit.note(session, counsellor.person.id, "opened", f"response:{response.id}")
    return read(session, counsellor, response)


def is_possible(session: Session, case: Case, documented: Response | None) -> bool:
    """Say whether a case can still be documented: until it is deleted who she is."""
    kept = [documented] if documented is not None else cases.responses_of(session, case)
    return any(one.identity for one in kept)


def is_complete(response: Response | None, answers: Mapping[str, str]) -> bool:
    """Say whether a documentation tells how its case ended, or never will."""
    if response is None or response.status == OPENED:
        return False
    return response.status != CLOSED or answers.get(known.CLOSED) == "yes" or not response.identity


def proposed(
    session: Session, counsellor: SignedIn, case: Case, form: Form, said: Mapping[str, str]
) -> dict[str, str]:
    """Return what the documentation of a case begins with, by path.

    That is what is `said` in it already, else what the referral says; contacts and measures as the
    entries have them; whether the case is closed. Raises `NotGranted` or `Tampered`.
    """
    written = entries.read(session, counsellor, case)
    first = {}
    for referral in cases.responses_of(session, case)[:1]:
        _, answers = referrals.open_for(session, counsellor, referral.id)
        first = known.from_referral(answers, entries.access_of(written, answers))
    taken = {**(said or first), **known.from_entries(written, said)}
    taken[known.CLOSED] = "yes" if case.status == CLOSED else "no"
    return {path: text for path, text in taken.items() if text and path in form.questions}


def store(
    session: Session,
    counsellor: SignedIn,
    case_id: str,
    filling: Filling,
    version_id: int,
    before: Mapping[str, str],
    day: date,
) -> None:
    """Store what was filled in as the documentation of a case, or correct the one it has.

    `before` is what the documentation said when she began: what somebody else corrected meanwhile
    and she left as it was, stays. Raises `NotHers`, also when it is deleted who the woman is.
    """
    case = cases.find(session, counsellor, case_id)
    session.refresh(case, with_for_update=True)  # nobody hands it over or closes it meanwhile
    cases.find(session, counsellor, case_id)
    response = of_case(session, case)
    if not is_possible(session, case, response):
        raise NotHers
    if response is None:
        _add(session, case, filling, version_id, day)
        deed = "submitted"
    else:
        _take_over(filling, before, read(session, counsellor, response))
        records.correct(session, response, filling)
        response.status, response.closed = case.status, case.closed
        deed = "changed"
    audit.note(session, counsellor.person.id, deed, f"case:{case.id}")
    entries.write(session, counsellor, case.id, entries.DOCUMENTED, {}, day)


def take_in(
    session: Session,
    submission_id: str,
    version_id: int,
    filling: Filling,
    parts: Mapping[str, str],
    day: date,
) -> bool:
    """Store a documentation that was kept elsewhere; return whether it was not there before.

    Its case stands at no desk. If it is closed there, the time begins after which it goes what is
    noted.
    """
    answers = filling.answers
    part = parts.get(answers.get(known.MUNICIPALITY, ""), keyring.COUNTY)
    if not records.submit(session, Submission(submission_id, version_id, part, day), filling):
        return False
    if answers.get(known.CLOSED) == "yes":
        response = session.get_one(Response, submission_id)
        response.status, response.closed = CLOSED, day
    return True


def agreed(session: Session, who: SignedIn, response: Response) -> bool:
    """Say whether a documentation may be evaluated: what a woman told us only if she agreed.

    A case without a referral of hers has nobody who was asked.
    """
    case_id = cases.case_of(session, response.id)
    case = session.get(Case, case_id) if case_id is not None else None
    told = cases.responses_of(session, case) if case is not None else []
    kept = (records.open_answers(session, one, who.keys) for one in told if one.answers)
    return all(answers.get(referrals.EVALUATION) == "yes" for answers in kept)


def forget_drafts(session: Session, case_id: str) -> None:
    """Delete what anybody has begun of the documentation of a case."""
    drafts.forget(session, about(case_id))


def _add(session: Session, case: Case, filling: Filling, version_id: int, day: date) -> None:
    number = str(uuid.uuid5(_NUMBERS, case.id))  # two who begin at once make one record
    records.submit(session, Submission(number, version_id, case.part, day), filling)
    response = session.get_one(Response, number)
    response.status, response.closed = case.status, case.closed
    session.add(CaseResponse(response_id=number, case_id=case.id))
    session.flush()


def _take_over(filling: Filling, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    mine = dict(filling.answers)
    for path in before.keys() | now.keys():
        was, text = before.get(path, ""), now.get(path, "")
        if text != was and mine.get(path, "") == was and path in filling.form.questions:
            filling.set(path, text)
    filling.recalculate()
