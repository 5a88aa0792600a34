"""From a table to what leaves: codes for the anonymiser, released rows, what cells may hold.

Quasi-identifiers leave as the range of their class; every other cell as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from exports.anonymise.grouping import EXEMPT, Classes
from exports.anonymise.leaves import Declaration, names, taxonomy_of
from exports.anonymise.mondrian import Ints
from exports.anonymise.table import CHOSEN, Column, Table, Value
from exports.anonymise.taxonomy import MISSING_LABEL, Taxonomy, encode
from exports.formats.gate import Allowed

NOTHING: Mapping[str, Declaration] = MappingProxyType({})
_COMMON_BLANK = 0.5


@dataclass(frozen=True)
class Coded:
    """A table as the anonymiser takes it: codes of the quasi-identifiers and sensitive codes."""

    taxonomies: tuple[Taxonomy, ...]
    codes: Ints  # n × q
    sensitive: Ints  # n × s
    sensitive_names: tuple[str, ...]
    declared: Mapping[str, Declaration] = field(default_factory=dict)  # by quasi-identifier

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of leaves of each quasi-identifier."""
        return tuple(entry.size for entry in self.taxonomies)


def coded(
    table: Table,
    declared: Mapping[str, Declaration] = NOTHING,
    missing: str = MISSING_LABEL,
) -> Coded:
    """The codes of a table, with the taxonomies as declared, or those of its own values.

    Raises TaxonomyError for a value that a declared taxonomy has no leaf for.
    """
    quasi = [(column, declared.get(column.name)) for column in table.of_role("quasi")]
    leaves = [names(column, how, table.values(column.name)) for column, how in quasi]
    taxonomies = tuple(
        taxonomy_of(column, how, found, missing)
        for (column, how), found in zip(quasi, leaves, strict=True)
    )
    rows = tuple(zip(*leaves, strict=True)) if leaves else ((),) * len(table.rows)
    sensitive = table.of_role("sensitive")
    columns = [sensitive_codes(column, table.values(column.name)) for column in sensitive]
    return Coded(
        taxonomies,
        encode(taxonomies, rows),
        np.column_stack(columns) if columns else np.zeros((len(table.rows), 0), dtype=np.int32),
        tuple(column.name for column in sensitive),
        {column.name: how for column, how in quasi if how is not None},
    )


def released(
    table: Table, taxonomies: Iterable[Taxonomy], classes: Classes, *, labels: bool = True
) -> tuple[tuple[Value, ...], ...]:
    """The rows of the classes, class by class, each quasi-identifier as the range of its class.

    With `labels` a cell shows what the choice says, else its code. Rows still stand in the order
    they came in: whoever writes them shuffles them first.
    """
    by_name = {entry.name: entry for entry in taxonomies}
    shown = [_shown(column) if labels else {} for column in table.columns]
    rows: list[tuple[Value, ...]] = []
    for numbers in classes:
        members = [table.rows[number] for number in numbers]
        columns = [
            _range(by_name[column.name], cells)
            if column.role == "quasi"
            else [cell if cell is None else shown[place].get(cell, cell) for cell in cells]
            for place, (column, cells) in enumerate(
                zip(table.columns, zip(*members, strict=True), strict=True)
            )
        ]
        rows.extend(zip(*columns, strict=True))
    return tuple(rows)


def allowed(
    columns: Iterable[Column], taxonomies: Iterable[Taxonomy], *, labels: bool = True
) -> tuple[Allowed, ...]:
    """What each column of released rows may hold."""
    ranges = {entry.name: entry.range_labels() for entry in taxonomies}
    return tuple(
        Allowed(column.name, ranges[column.name])
        if column.role == "quasi"
        else Allowed(
            column.name,
            frozenset(_shown(column).values()) if labels else column.codes,
            number=not column.categories,
        )
        for column in columns
    )


def _shown(column: Column) -> Mapping[str, str]:
    """What a code reads as; a chosen or not chosen one stays 1 or 0."""
    if column.kind == "select_multiple":
        return {item.code: item.label if item.missing else item.code for item in column.categories}
    return {item.code: item.label for item in column.categories}


def _range(entry: Taxonomy, cells: Sequence[Value]) -> list[str]:
    """The range that covers all cells, once for each."""
    codes = entry.encode(cells)
    return [entry.label(int(codes.min()), int(codes.max()))] * len(cells)


def sensitive_codes(column: Column, cells: Sequence[Value]) -> Ints:
    """The codes the share rule counts.

    Not choosing one of several answers says little and is exempt. So is a reason for having no
    answer, or a blank, that more than half of the rows share: else one question that few women were
    asked would hold back everyone.
    """
    numbers = {cell: code for code, cell in enumerate(dict.fromkeys(cells))}
    codes = np.array([numbers[cell] for cell in cells], dtype=np.int32)
    for cell, code in numbers.items():
        blank = cell is None or cell in column.missing
        left_out = column.kind == "select_multiple" and not blank and cell != CHOSEN
        if left_out or (blank and np.mean(codes == code) > _COMMON_BLANK):
            codes[codes == code] = EXEMPT
    return codes
