"""Invented referrals and documented cases for trying zugang out, by the operations of real work."""

import random
import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core import keyring, people, records, sampling, versions
from core.demo_cases import Case, cases, invent
from core.people import SignedIn
from core.pseudonyms import pseudonym
from core.records import Submission
from core.settings import Settings
from intake import cases as desk
from intake import documenting, entries, referrals
from intake.cases import CaseResponse

_CHILDREN = ("0", "1", "2", "3plus")
_TAKEN_UP = 6  # so many cases of each counsellor stand at her desk
_LATEST, _AFTER = 10, 60  # days until one is taken up at the latest, and until it is closed
_AT_WORK = (
    ("attempt", {"way": "phone", "outcome": "not_reached", "note": "Mailbox, nichts gesagt"}),
    ("attempt", {"way": "phone", "outcome": "reached"}),
    (
        "contact",
        {
            "form": "office",
            "minutes": 50,
            "who": "mit ihr",
            "measures": ["arrears", "jobcenter"],
            "note": "Unterlagen zusammengestellt, Antrag ausgefüllt",
        },
    ),
    ("note", {"note": "Ihre Schwester kann auf die Kinder aufpassen."}),
    (
        "contact",
        {
            "form": "company",
            "minutes": 90,
            "who": "mit ihr und der Sachbearbeiterin im Jobcenter",
            "measures": ["jobcenter"],
        },
    ),
)


def fill(session: Session, settings: Settings, staff: dict[str, SignedIn]) -> None:
    """Send one referral a case, document every case, put some on each counsellor's desk.

    Of the others in her part those are taken up and closed whose documentation says so.
    """
    sent = _send(session, settings)
    documented = dict(
        zip((number for number, _ in sent), _document(session, settings), strict=True)
    )
    for who in (one for one in staff.values() if one.person.role == people.COUNSELLOR):
        hers = [one for one in sent if settings.parts.get(one[1].municipality) == who.person.part]
        over = [one for one in hers[_TAKEN_UP:] if one[1].closed == "yes"]
        for place, (number, case) in enumerate(hers[:_TAKEN_UP]):
            _at_the_desk(session, who, number, case.day, place)
        for place, (number, case) in enumerate(over):
            desk.take_up(session, who, number, case.day + timedelta(days=place % _LATEST))
            desk.close(session, who, number, case.day + timedelta(days=_AFTER))
        for number, _ in (*hers[:_TAKEN_UP], *over):
            session.add(CaseResponse(response_id=documented[number], case_id=number))
    session.flush()


def _send(session: Session, settings: Settings) -> list[tuple[str, Case]]:
    draw = random.Random(63)  # noqa: S311 - invented people
    version = versions.current(session, referrals.QUESTIONNAIRE)
    form = versions.form_of(session, version.id)
    sent = []
    for number, case in enumerate(cases()):
        now = datetime.combine(case.day, datetime.min.time(), settings.zone)
        filling = invent(form, _answers(number, case, draw), draw, now)
        if number % 2:  # every other woman is sent to us by somebody who writes for her
            referrals.write_for_her(filling, case.access, "")
        sent.append((str(uuid.uuid4()), case))
        referrals.submit(session, sent[-1][0], version.id, filling, settings.parts, case.day)
    return sent


def _document(session: Session, settings: Settings) -> list[str]:
    draw = random.Random(36)  # noqa: S311 - invented people
    version = versions.current(session, documenting.QUESTIONNAIRE)
    form = versions.form_of(session, version.id)
    documented = []
    for case in cases():
        day = case.day + timedelta(days=10)
        now = datetime.combine(day, datetime.min.time(), settings.zone)
        filling = invent(form, _documented(case), draw, now)
        documented.append(str(uuid.uuid4()))
        submission = Submission(documented[-1], version.id, keyring.COUNTY, day)
        records.submit(session, submission, filling)
    return documented


def _at_the_desk(session: Session, who: SignedIn, number: str, day: date, place: int) -> None:
    """Take a referral up; the further up it stands on her desk, the more was done."""
    desk.take_up(session, who, number, day + timedelta(days=1))
    for step, (kind, said) in enumerate(_AT_WORK[: place % (len(_AT_WORK) + 1)]):
        entries.write(session, who, number, kind, said, day + timedelta(days=2 + 3 * step))
    if place % 2:
        sampling.plan(session, who, sampling.CLIENT, pseudonym(number))
    if place:
        next_day = (day + timedelta(days=30)).isoformat()
        said = {"day": next_day, "note": "Nachfragen: Was sagt das Jobcenter?"}
        entries.write(session, who, number, entries.STEP, said, day + timedelta(days=20))


def _documented(case: Case) -> dict[str, str]:
    given = {
        name: str(value) for name, value in vars(case).items() if name != "day" and value != ""
    }
    return given | {"age": case.age or "no_answer"}


def _answers(number: int, case: Case, draw: random.Random) -> dict[str, str]:
    reasons = ("notice", "costs", "separation", "violence", "thrown_out", "tenancy", "defects")
    return {
        "housing": case.housing,
        "municipality": case.municipality,
        "age": case.age or "refused",
        "children": _CHILDREN[min(case.children, 3)],
        "safe_now": draw.choice(("yes", "yes", "no")),
        "reasons": " ".join(sorted(draw.sample(reasons, draw.choice((1, 1, 2))))),
        "contact_way": "phone",
        "name": f"Demo {number + 1}",
        "phone": f"0176 040690{number + 10}",  # a range kept free for invented numbers
        "consent_help": "yes",
        "consent_evaluation": "yes",
    }
