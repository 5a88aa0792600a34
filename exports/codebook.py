"""The codebook sheet: what each column of the records means, after the elements of DDI Codebook."""

from collections.abc import Iterable, Sequence

from exports.table import Column, Value
from exports.taxonomy import Taxonomy

HEADER = (
    "name",
    "label",
    "question",
    "asked",
    "role",
    "type",
    "categories",
    "missing",
    "treatment",
    "valid n",
    "questionnaire version",
    "BAG-W code",
)
TREATMENT = {
    "quasi": "range of the class",
    "sensitive": "as answered, share limited in every class",
    "open": "as answered",
}
EVERYONE = "everyone"


def rows(
    columns: Sequence[Column],
    cells: Sequence[Sequence[Value]],
    version: str,
    taxonomies: Iterable[Taxonomy] = (),
) -> tuple[tuple[str | int, ...], ...]:
    """One row a column, in the order of HEADER; `cells` are the released rows."""
    by_name = {entry.name: entry for entry in taxonomies}
    return tuple(
        (
            column.name,
            column.label,
            column.path,
            column.asked_if or EVERYONE,
            column.role,
            column.kind,
            _listed(column, by_name.get(column.name), missing=False),
            _listed(column, by_name.get(column.name), missing=True),
            TREATMENT[column.role],
            _valid(column, [row[place] for row in cells], by_name.get(column.name)),
            version,
            column.bagw,
        )
        for place, column in enumerate(columns)
    )


def _listed(column: Column, entry: Taxonomy | None, *, missing: bool) -> str:
    """The categories as `code = label`, or the leaves of a number in its ranges."""
    items = [f"{item.code} = {item.label}" for item in column.categories if item.missing == missing]
    if missing and entry is not None and entry.missing:
        items = [entry.labels[-1]]
    return "; ".join(items)


def _valid(column: Column, cells: Iterable[Value], entry: Taxonomy | None) -> int:
    """How many released rows hold an answer; a range that takes in missing answers is none."""
    absent = {item.label for item in column.categories if item.missing} | column.missing
    last = entry.labels[-1] if entry is not None and entry.missing else None
    return sum(
        cell is not None and cell not in absent and not (last and cell.endswith(last))
        for cell in cells
    )
