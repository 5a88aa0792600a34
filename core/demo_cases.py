"""63 invented clients whose marginals are those of the programme's first interim report."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xlsform.filling import Filling
from xlsform.form import MISSING, Form

OUTCOME = ("closed", "continued", "tied_in", "secured_housing", "renewed_contact")
_SEED = 2019
_FIRST, _DAYS = date(2019, 6, 3), 200  # receipts spread over the report's seven months


@dataclass(frozen=True)
class Case:
    """One invented client, as the counsellor would document her."""

    day: date
    gender: str
    age: str
    housing: str
    municipality: str
    children: int
    known_earlier: str
    access: str
    contacts: str
    measures: int
    closed: str
    continued: str
    tied_in: str
    secured_housing: str
    renewed_contact: str


def cases() -> tuple[Case, ...]:
    """Return the 63 cases, the same ones every time."""
    draw = random.Random(_SEED)  # noqa: S311 - invented people
    gender_and_age = _column(
        draw,
        {
            ("female", "18_21"): 8,
            ("female", "22_29"): 11,
            ("female", "30_49"): 22,
            ("female", "50_64"): 11,
            ("female", "65_plus"): 5,
            ("female", ""): 2,  # 19 of the 57 women who told their age are under 30: 33 %
            ("male", "22_29"): 2,
            ("male", "30_49"): 2,
        },
    )
    outcome = _column(
        draw,
        {
            ("yes", "no", "yes", "yes", "no"): 14,
            ("yes", "no", "yes", "yes", "yes"): 1,
            ("yes", "no", "yes", "no", "no"): 6,
            ("yes", "no", "yes", "no", "yes"): 1,
            ("yes", "no", "no", "yes", "no"): 2,
            ("yes", "no", "no", "yes", "yes"): 1,
            ("yes", "no", "no", "no", "no"): 9,
            ("yes", "no", "no", "no", "yes"): 2,
            ("no", "yes", "", "", ""): 19,
            ("no", "no", "", "", ""): 8,
        },
    )
    housing = {
        "own_flat": 29,
        "with_others": 16,
        "with_parents": 4,
        "street": 4,
        "placed": 6,
        "clinic": 3,
        "other": 1,
    }
    municipality = {  # all but Fröndenberg
        "luenen": 14,
        "unna": 11,
        "bergkamen": 9,
        "kamen": 8,
        "schwerte": 7,
        "werne": 5,
        "selm": 4,
        "holzwickede": 3,
        "boenen": 2,
    }
    access = {"housing_office": 22, "jobcenter": 15, "homeless_help": 9, "other_service": 17}
    columns: dict[str, Iterable[Any]] = {
        "housing": _column(draw, housing),
        "municipality": _column(draw, municipality),
        "children": _column(draw, {0: 40, 1: 12, 2: 7, 3: 3, 4: 1}),  # 39 children
        "known_earlier": _column(draw, {"yes": 21, "no": 42}),
        "access": _column(draw, access),
        "contacts": _column(draw, {"1_3": 25, "4_7": 12, "8_plus": 26}),
        "measures": _column(draw, {1: 26, 2: 20, 3: 12, 4: 5}),  # 122 measures
    }
    columns |= dict(zip(("gender", "age"), zip(*gender_and_age, strict=True), strict=True))
    columns |= dict(zip(OUTCOME, zip(*outcome, strict=True), strict=True))
    rows = zip(*columns.values(), strict=True)
    return tuple(Case(day=_day(draw), **dict(zip(columns, row, strict=True))) for row in rows)


def invent(form: Form, given: Mapping[str, str], draw: random.Random, now: datetime) -> Filling:
    """Return a filling with the answers `given` by question name; what else is asked is drawn."""
    filling = Filling(form, now=now, zone=now.tzinfo or UTC, language="de")
    for question in form.visible_questions:
        if not filling.is_relevant(question.path):
            continue
        answer = given.get(question.name)
        if answer is None and question.choice_list is not None:
            values = [value for value in question.offered(filling) if value not in MISSING]
            answer = draw.choice(values)
        filling.set(question.path, answer or "")
        filling.recalculate()
    return filling


def _column(draw: random.Random, counts: Mapping[Any, int]) -> tuple[Any, ...]:
    """Return every value as often as `counts` says, shuffled."""
    values = [value for value, count in counts.items() for _ in range(count)]
    draw.shuffle(values)
    return tuple(values)


def _day(draw: random.Random) -> date:
    return _FIRST + timedelta(days=draw.randrange(_DAYS))
