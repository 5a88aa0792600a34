"""The coded table of a questionnaire: one row a record, one column a variable.

Only what a form marks as quasi-identifying, sensitive or open enters; identifying answers and free
text never do. A question with several answers becomes one column per choice.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from xlsform.form import MISSING, Form, Question

Kind = Literal["select_one", "select_multiple", "integer", "decimal", "date"]
Role = Literal["quasi", "sensitive", "open", "table"]
Value = str | None

ROLES: Mapping[str, Role] = {"quasi": "quasi", "sensitive": "sensitive", "open": "open"}
# What is only counted, in tables of one variable, and never stands in a row.
COUNTED: Mapping[str, Role] = {**ROLES, "table": "table"}
KINDS: Mapping[str, Kind] = {
    "select_one": "select_one",
    "select_multiple": "select_multiple",
    "integer": "integer",
    "decimal": "decimal",
    "calculate": "decimal",  # its text could carry what someone typed
    "date": "date",
}
CHOSEN, NOT_CHOSEN = "1", "0"
_LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Category:
    """One code a column may hold; `missing` marks a reason for having no answer."""

    code: str
    label: str
    missing: bool = False


@dataclass(frozen=True)
class Column:
    """One variable of the table; of a select_multiple, one choice with the codes "1" and "0"."""

    name: str
    label: str
    kind: Kind
    role: Role
    categories: tuple[Category, ...] = ()
    bagw: str = ""
    asked_if: str = ""  # "" = everyone was asked
    path: str = ""  # of the question; "" for what was not asked, such as the part of the county

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the categories; empty for a number or a date."""
        return frozenset(category.code for category in self.categories)

    @property
    def missing(self) -> frozenset[str]:
        """The codes that say why there is no answer."""
        return frozenset(category.code for category in self.categories if category.missing)


@dataclass(frozen=True)
class Table:
    """Columns and rows of codes; None is a blank."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def values(self, name: str) -> tuple[Value, ...]:
        """The values of one column from top to bottom."""
        at = [column.name for column in self.columns].index(name)
        return tuple(row[at] for row in self.rows)

    def of_role(self, role: Role) -> tuple[Column, ...]:
        """The columns of one role."""
        return tuple(column for column in self.columns if column.role == role)


Extra = tuple[Column, Sequence[Value]]
_Read = Callable[[str], Value]


def build(
    form: Form,
    records: Sequence[Mapping[str, str]],
    language: str,
    extra: Iterable[Extra] = (),
    roles: Mapping[str, Role] = ROLES,
) -> Table:
    """The table of records (answers by path), with `extra` columns before those of the form.

    It has the questions of these `roles`, by what the form says may become of their answers.
    A text that is no code of its column, or no number or date, becomes a blank: what a client sent
    in place of an answer must not leave. Raises ValueError if an extra column has another length.
    """
    sources = [
        source
        for question in _published(form, roles)
        for source in _columns(form, question, language)
    ]
    given = tuple(extra)
    for column, values in given:
        if len(values) != len(records):
            raise ValueError(f"column {column.name!r} has {len(values)} values for {len(records)}")
    columns = tuple(column for column, _ in given) + tuple(column for column, _ in sources)
    rows = tuple(
        tuple(values[number] for _, values in given)
        + tuple(read(record.get(column.path, "")) for column, read in sources)
        for number, record in enumerate(records)
    )
    return Table(_distinct(columns), rows)


def _published(form: Form, roles: Mapping[str, Role]) -> Iterable[Question]:
    """The questions whose answers may enter a table.

    What a group that repeats asks has several answers a record, and no column holds those.
    """
    for question in form.questions.values():
        if form.template.is_repeated(question.path):
            continue
        role, kind = roles.get(question.disclosure), KINDS.get(question.type)
        # an exact date beside other answers points to one woman: only its range is published
        if role and kind and (kind != "date" or role == "quasi"):
            yield question


def _columns(form: Form, question: Question, language: str) -> Iterable[tuple[Column, _Read]]:
    """The columns of one question, each with how to read its value from the answer."""
    kind = KINDS[question.type]
    whole = Column(
        name=question.path.rpartition("/")[2],
        label=question.label(language) or question.name,
        kind=kind,
        role=COUNTED[question.disclosure],
        categories=_categories(question, language),
        bagw=question.bagw,
        asked_if=_asked_if(form, question),
        path=question.path,
    )
    if kind == "select_multiple":
        return [_choice(whole, category) for category in whole.categories if not category.missing]
    if kind == "select_one":
        codes = whole.codes
        return [(whole, lambda text: text if text in codes else None)]
    return [(whole, READERS[kind])]


def _choice(whole: Column, choice: Category) -> tuple[Column, _Read]:
    """The column of one choice of a question with several answers."""
    codes, missing = whole.codes, whole.missing

    def read(text: str) -> Value:
        chosen = set(text.split()) & codes
        if chosen & missing and not chosen - missing:
            return min(chosen)
        return (CHOSEN if choice.code in chosen else NOT_CHOSEN) if chosen else None

    marks = (Category(CHOSEN, choice.label), Category(NOT_CHOSEN, "–"))
    column = Column(
        name=f"{whole.name}.{choice.code}",
        label=f"{whole.label} – {choice.label}",
        kind=whole.kind,
        role=whole.role,
        categories=marks + tuple(category for category in whole.categories if category.missing),
        bagw=whole.bagw,
        asked_if=whole.asked_if,
        path=whole.path,
    )
    return column, read


def _categories(question: Question, language: str) -> tuple[Category, ...]:
    """The choices of a question; two that read the same are told apart by their codes."""
    choices = {choice.value: choice.label for choice in question.choices(None, language)}
    often = Counter(choices.values())
    return tuple(
        Category(
            code,
            label if often[label] == 1 and label else f"{label} ({code})".strip(),
            code in MISSING,
        )
        for code, label in choices.items()
    )


def _asked_if(form: Form, question: Question) -> str:
    """The conditions on a question and the groups around it, with questions by their names."""
    conditions = dict.fromkeys(
        step.expression.source.strip()
        for step in form.steps
        if step.kind == "relevant" and f"{question.path}/".startswith(f"{step.path}/")
    )
    return " and ".join(
        re.sub(r" ?/[\w./-]*?([\w.-]+)(?![\w./-]) ?", r"\1", text) for text in conditions
    )


def _integer(text: str) -> Value:
    return text if re.fullmatch(r"-?[0-9]{1,12}", text) else None


def _decimal(text: str) -> Value:
    if len(text) > _LONGEST_NUMBER or not re.fullmatch(r"-?[0-9]+([.][0-9]+)?", text):
        return None
    return text if math.isfinite(float(text)) else None


def _date(text: str) -> Value:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None


READERS: Mapping[Kind, _Read] = {"integer": _integer, "decimal": _decimal, "date": _date}


def _distinct(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns under names of their own: a repeated name gets its group's before it."""
    often = Counter(column.name for column in columns)
    return tuple(
        column
        if often[column.name] == 1
        else replace(column, name=column.path.strip("/").replace("/", ".") or column.name)
        for column in columns
    )
