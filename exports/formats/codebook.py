"""The codebook sheet: what each column of the records means, after the elements of DDI Codebook."""

from collections.abc import Iterable, Mapping, Sequence

from exports.anonymise.table import Column, Value
from exports.anonymise.taxonomy import Taxonomy

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
    counts: Iterable[Mapping[Value, int]],
    version: str,
    taxonomies: Iterable[Taxonomy] = (),
) -> tuple[tuple[str | int, ...], ...]:
    """One row a column, in the order of HEADER; `counts` say how often each shows what."""
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
            _valid(column, counted, by_name.get(column.name)),
            version,
            column.bagw,
        )
        for column, counted in zip(columns, counts, strict=True)
    )


def _listed(column: Column, entry: Taxonomy | None, *, missing: bool) -> str:
    """The categories as `code = label`; of a quasi-identifier its leaves, in their order.

    A leaf of several choices has all their codes. Where the leaves are values that occur, none are
    listed.
    """
    if entry is None or not entry.missing:
        return "; ".join(
            f"{item.code} = {item.label}" for item in column.categories if item.missing == missing
        )
    if missing:
        return entry.labels[-1]
    leaves = [] if entry.growing else zip(entry.leaves[:-1], entry.labels, strict=False)
    return "; ".join(f"{leaf} = {label}" if column.categories else label for leaf, label in leaves)


def _valid(column: Column, counted: Mapping[Value, int], entry: Taxonomy | None) -> int:
    """How many released rows hold an answer; a range that takes in missing answers is none."""
    absent = {item.label for item in column.categories if item.missing} | column.missing
    if entry is not None and entry.missing:
        last = entry.size - 1
        absent = {entry.label(low, last) for low in range(entry.size)}
    return sum(often for cell, often in counted.items() if cell is not None and cell not in absent)
