"""Groups of a table: the answers to one question, of all cases or of a part of them."""

from collections.abc import Callable, Iterator

from exports.anonymise.table import CHOSEN
from exports.tables.figures import Group, Line, shares
from exports.tables.told import Material, Told

Part = Callable[[Told], Told]


def within(
    material: Material,
    part: Part,
    name: str,
    title: str | None = None,
    besides: Part | None = None,
) -> Iterator[Group]:
    """The answers to a question within a part of the cases; nothing where that tells of few.

    It also tells of who is in the table of `besides` and not in the part.
    """
    for told in (material.cases, material.unseen):
        some = part(told)
        rest = (besides or part)(told).less(some)
        if some.gives_away(name, material.rules) or rest.gives_away(name, material.rules):
            return
    yield from shares_of(part(material.cases), name, title)


def shares_of(told: Told, name: str, title: str | None = None) -> Iterator[Group]:
    """How many gave each answer to a question, as parts of all who gave one."""
    column = told.columns.get(name)
    if column is None:
        return
    counts = told.counts(name)
    lines = [
        Line(item.code, item.label, counts[item.code])
        for item in column.categories
        if not item.missing
    ]
    missing = len(told.rows) - sum(int(line.count) for line in lines)
    yield shares(name, column.label if title is None else title, lines, missing)


def several_of(told: Told, name: str, title: str) -> Iterator[Group]:
    """How many gave each of several answers, of all who gave one."""
    columns = told.several(name)
    if not columns:
        return
    base = sum(any(row.get(one.name) == CHOSEN for one in columns) for row in told.rows)
    lines = tuple(
        Line(one.name, one.categories[0].label, told.counts(one.name)[CHOSEN]) for one in columns
    )
    yield Group(name, title, "several", lines, base, len(told.rows) - base)
