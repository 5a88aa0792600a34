"""Invented referrals for trying zugang out, sent through the women's own operation."""

import random
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from core import records
from core.demo_cases import Case, cases, invent
from core.people import SignedIn
from core.settings import Settings
from intake import referrals

_CHILDREN = ("0", "1", "2", "3plus")


def fill(session: Session, settings: Settings, _staff: dict[str, SignedIn]) -> None:
    """Send one referral a case."""
    draw = random.Random(63)  # noqa: S311 - invented people
    version = records.current(session, referrals.QUESTIONNAIRE)
    form = records.form_of(session, version.id)
    for number, case in enumerate(cases()):
        now = datetime.combine(case.day, datetime.min.time(), settings.zone)
        filling = invent(form, _answers(number, case, draw), draw, now)
        referrals.submit(session, str(uuid.uuid4()), version.id, filling, settings.parts, case.day)


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
