"""Recomputing, from what was released, every promise that was made with it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import versions
from core.ledger import Member
from core.people import SignedIn
from exports.anonymise.declared import check_members
from exports.anonymise.grouping import Classes, broken
from exports.anonymise.leaves import Declaration, Periods, TaxonomyError, taxonomy_of
from exports.anonymise.rules import SHARE, K
from exports.anonymise.table import READERS, Column, build
from exports.release import releases
from exports.release.batches import PART, RECORDS
from exports.release.published import sensitive_codes
from exports.release.releases import Batch
from exports.release.standing import Standing, standing

_LANGUAGE = "de"


def verify(session: Session, who: SignedIn) -> Iterator[str]:
    """Yield every promise that a stored batch breaks, none if all is well; raises `Tampered`."""
    out: Counter[str] = Counter()
    for questionnaire in RECORDS:
        for batch in releases.batches(session, questionnaire):
            one = standing(session, who, batch)
            out.update(number for members in one.content["members"] for number in members)
            for fault in (*_ledger(session, batch, one), *_rows(session, one)):
                yield f"batch {batch.id}: {fault}"
    if any(times > 1 for times in out.values()):
        yield "a response is in two batches"


def _ledger(session: Session, batch: Batch, one: Standing) -> Iterator[str]:
    """Who is in it is who the ledger says, and each class has a row for each."""
    said = sorted(session.scalars(select(Member.response_id).where(Member.batch_id == batch.id)))
    members = one.content["members"]
    if said != sorted(number for some in members for number in some):
        yield "the ledger names other responses"
    if Counter(one.content["classes"]) != {at: len(some) for at, some in enumerate(members)}:
        yield "a class has more or fewer rows than responses"


def _rows(session: Session, one: Standing) -> Iterator[str]:
    form = versions.form_of(session, one.batch.version_id)
    columns = {column.name: column for column in build(form, [], _LANGUAGE, [(PART, [])]).columns}
    unknown = [name for name in one.columns if name not in columns]
    if unknown:
        yield f"columns that no question has: {', '.join(unknown)}"
        return
    known = [columns[name] for name in one.columns]
    yield from _classes(known, one.content)
    yield from _cells(known, one.content["rows"])
    yield from _ranges(known, one)


def _classes(columns: Sequence[Column], content: Mapping[str, Any]) -> Iterator[str]:
    k, share, rows = content["k"], content["share"], content["rows"]
    if k < K or share > SHARE:
        yield f"made with k = {k} and a share of {share}"
    classes: dict[int, list[int]] = {}
    for place, number in enumerate(content["classes"]):
        classes.setdefault(number, []).append(place)
    for number, places in sorted(classes.items()):
        if len(places) < k:
            yield f"class {number} has fewer than {k} rows"
        if len({_quasi(columns, rows[place]) for place in places}) > 1:
            yield f"class {number} has rows with different ranges"
    yield from _shares(columns, rows, tuple(map(tuple, classes.values())), share)


def _shares(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], classes: Classes, share: float
) -> Iterator[str]:
    for at, column in enumerate(columns):
        if column.role == "sensitive":
            codes = sensitive_codes(column, [row[at] for row in rows])
            if broken(classes, codes, share):
                yield f"a value of {column.name} exceeds its share in a class"


def _quasi(columns: Sequence[Column], row: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    pairs = zip(columns, row, strict=True)
    return tuple(tuple(cell) for column, cell in pairs if column.role == "quasi")


def _cells(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Every cell is a code of its column."""
    for at, column in enumerate(columns):
        if not column.categories or column.role == "quasi":
            continue
        cells = {row[at] for row in rows if row[at] is not None}
        if not column.codes.issuperset(cells):
            yield f"{column.name} holds what is no code"


def _ranges(columns: Sequence[Column], one: Standing) -> Iterator[str]:
    """Every range goes from leaf to leaf of the taxonomy that the batch was made with."""
    try:
        made_with = one.declared(columns)
        for column in columns:
            how = made_with.get(column.name)
            if how is not None:
                check_members(how, column)
    except TaxonomyError as error:
        yield str(error)
        return
    for at, column in enumerate(columns):
        if column.role == "quasi":
            ends = [end for row in one.content["rows"] for end in row[at] or ()]
            if not _all_leaves(column, made_with[column.name], ends):
                yield f"{column.name} holds what is no leaf"


def _all_leaves(column: Column, how: Declaration | None, ends: Sequence[str]) -> bool:
    if isinstance(how, Periods):
        return all(map(how.has, filter(None, ends)))
    # where the leaves are what occurs, any number or day may be one
    shape = READERS[column.kind] if how is None else None
    if shape is not None:
        return all(shape(end) is not None for end in filter(None, ends))
    return set(taxonomy_of(column, how, ()).leaves).issuperset(ends)
