"""Which taxonomy counts for a quasi-identifier: the one declared last, or that of zugang, if any.

None is no gap: the leaves are the choices in the order of the questionnaire, or the values that
occur. So a file `<questionnaire>.taxonomies.json` beside a questionnaire declares only where that
order is not the right one: housing goes by ETHOS, from the street to a home of one's own.
Municipalities by the parts of the county and languages by kinship stand there, too; they count once
a version marks them `quasi`. Ages, children and parts of the county are in order as they are; that
days count by month, quarter or half-year, somebody has to say.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import Date, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

import intake
import surveys
from core import audit, versions
from core.database import Base
from core.people import Person, SignedIn
from exports.anonymise import declared
from exports.anonymise.leaves import Declaration, TaxonomyError, default
from exports.anonymise.table import Column, build

FOLDERS = tuple(Path(str(one.__file__)).parent / "questionnaires" for one in (intake, surveys))
_LANGUAGE = "de"
_LONGEST_THING = 100  # letters of a line of the audit


class Declared(Base):
    """Who declared which taxonomy when; rows stay, the newest of a question counts.

    `content` is the JSON of a declaration, "" for what comes with zugang.
    """

    __tablename__ = "taxonomy"
    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(60), index=True)
    question: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    declared: Mapped[date] = mapped_column(Date)


@cache
def shipped(questionnaire: str) -> Mapping[str, Declaration]:
    """Return the taxonomies that come with zugang, by question."""
    files = (folder / f"{questionnaire}.taxonomies.json" for folder in FOLDERS)
    found: dict[str, Declaration] = {}
    for file in files:
        if file.exists():
            found |= declared.file_of(file.read_text(encoding="utf-8"))
    return found


def newest(session: Session, questionnaire: str) -> dict[str, Declared]:
    """Return the last row of each question that somebody declared something for."""
    rows = select(Declared).where(Declared.questionnaire == questionnaire).order_by(Declared.id)
    return {row.question: row for row in session.scalars(rows)}


def in_force(session: Session, questionnaire: str) -> dict[str, Declaration]:
    """Return what counts from now on, by question; for others the order of the questionnaire."""
    found = dict(shipped(questionnaire))
    for question, row in newest(session, questionnaire).items():
        if row.content:
            found[question] = declared.read(question, json.loads(row.content))
    return found


def counting(
    session: Session, questionnaire: str, columns: Iterable[Column]
) -> dict[str, Declaration]:
    """Return what the quasi-identifiers of one version are anonymised with.

    Raises TaxonomyError if a declaration has no leaf for a choice that the version offers.
    """
    said = in_force(session, questionnaire)
    found = {}
    for column in columns:
        how = said[column.name].fitted(column) if column.name in said else default(column)
        if how is not None:
            found[column.name] = how
    return found


def questions(session: Session, questionnaire: str) -> list[Column]:
    """Return the quasi-identifiers of all versions, each with every choice it ever had.

    Answers to an older version may still wait: so its choices need a leaf, too. What a question is
    called and asks for is taken from the newest version that has it.
    """
    found: dict[str, Column] = {}
    for version in versions.all_of(session, questionnaire):
        form = versions.form_of(session, version.id, version.digest)
        for column in build(form, [], _LANGUAGE).of_role("quasi"):
            if column.kind == "select_multiple":
                continue  # a choice of several is chosen or not: there is nothing to order
            newer = found.setdefault(column.name, column)
            more = [item for item in column.categories if item.code not in newer.codes]
            if newer.categories:
                found[column.name] = replace(newer, categories=(*newer.categories, *more))
    return list(found.values())


def find(session: Session, questionnaire: str, question: str) -> Column | None:
    """Return a quasi-identifier, None when there is no such question."""
    known = questions(session, questionnaire)
    return next((column for column in known if column.name == question), None)


def fault(how: Declaration | None, column: Column) -> TaxonomyError | None:
    """Return what keeps a declaration from counting, None when nothing does."""
    if how is None:
        return None
    try:
        how.fitted(column)
    except TaxonomyError as error:
        return error
    return None


def declare(
    session: Session,
    who: SignedIn,
    questionnaire: str,
    column: Column,
    how: Declaration,
    day: date,
) -> Declared:
    """Let a taxonomy count for batches from now on; raise TaxonomyError if it does not fit."""
    declared.check(how, column)
    return _add(session, who, questionnaire, column, json.dumps(how.stored()), day)


def reset(
    session: Session, who: SignedIn, questionnaire: str, column: Column, day: date
) -> Declared:
    """Let what comes with zugang count again."""
    return _add(session, who, questionnaire, column, "", day)


def _add(
    session: Session, who: SignedIn, questionnaire: str, column: Column, content: str, day: date
) -> Declared:
    row = Declared(
        questionnaire=questionnaire,
        question=column.name,
        content=content,
        person_id=who.person.id,
        declared=day,
    )
    session.add(row)
    session.flush()
    thing = f"taxonomy:{questionnaire}.{column.name}"
    audit.note(session, who.person.id, "changed", thing[:_LONGEST_THING])
    return row
