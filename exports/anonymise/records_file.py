"""A table of one's own as CSV: its quasi-identifiers as codes, and what is released of it.

What is neither a quasi-identifier nor named as sensitive stays behind: nobody said what it could
give away.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np

from exports.anonymise import taxonomy
from exports.anonymise.grouping import Classes
from exports.anonymise.mondrian import Ints
from exports.anonymise.taxonomy import Taxonomy

_SHAPE = "The taxonomy must be a JSON list of objects with a name and its leaves in order."
ROW_SEED = 0  # rows leave in an order that is drawn, not in that of their entry


class RecordsError(ValueError):
    """A table or taxonomy that cannot be used; the message says where, and repeats no value."""


@dataclass(frozen=True)
class Records:
    """A table as codes: q quasi-identifiers and s sensitive columns of n rows."""

    taxonomies: tuple[Taxonomy, ...]
    codes: Ints  # n × q
    sensitive: Ints  # n × s
    values: tuple[tuple[str, ...], ...]  # of each sensitive column, by code
    names: tuple[str, ...]  # of the sensitive columns
    dropped: tuple[str, ...]  # columns that stay behind

    @property
    def sizes(self) -> list[int]:
        """The number of leaves of each quasi-identifier."""
        return [entry.size for entry in self.taxonomies]


def taxonomies(text: str) -> tuple[Taxonomy, ...]:
    """The taxonomies of a JSON list; raises RecordsError."""
    try:
        found = taxonomy.read(text)
    except (ValueError, KeyError, TypeError) as error:
        raise RecordsError(_SHAPE) from error
    if not found:
        raise RecordsError(_SHAPE)
    for entry in found:
        if len(set(entry.leaves)) < len(entry.leaves):
            raise RecordsError(f"The taxonomy of {entry.name!r} has a leaf twice.")
    return found


def read(lines: Iterable[str], entries: Sequence[Taxonomy], sensitive: Sequence[str]) -> Records:
    """The table that lines of CSV hold; raises RecordsError, which names column and row."""
    rows = _rows(lines)
    header = next(rows, [])
    quasi = [entry.name for entry in entries]
    missing = [name for name in (*quasi, *sensitive) if name not in header]
    if missing:
        raise RecordsError(f"The table has no column {', '.join(map(repr, missing))}.")
    known = [{leaf: code for code, leaf in enumerate(entry.leaves)} for entry in entries]
    seen: list[dict[str, int]] = [{} for _ in sensitive]
    at, hidden = [header.index(name) for name in quasi], [header.index(name) for name in sensitive]
    codes, secrets, count = array("i"), array("i"), 0
    for count, row in enumerate(rows, 1):
        found = [leaves.get(row[place], -1) for leaves, place in zip(known, at, strict=True)]
        if -1 in found:
            name = quasi[found.index(-1)]
            raise RecordsError(f"Row {count}: {name!r} has a value that its taxonomy misses.")
        codes.extend(found)
        pairs = zip(seen, hidden, strict=True)
        secrets.extend([values.setdefault(row[place], len(values)) for values, place in pairs])
    return Records(
        tuple(entries),
        np.array(codes, dtype=np.int32).reshape(count, len(quasi)),
        np.array(secrets, dtype=np.int32).reshape(count, len(hidden)),
        tuple(map(tuple, seen)),
        tuple(sensitive),
        tuple(name for place, name in enumerate(header) if place not in {*at, *hidden}),
    )


def write(target: IO[str], records: Records, classes: Classes) -> None:
    """Write the rows of the classes as CSV, each quasi-identifier as the range of its class."""
    writer = csv.writer(target)
    writer.writerow([*(entry.name for entry in records.taxonomies), *records.names])
    rows = np.fromiter((row for members in classes for row in members), dtype=np.int32)
    number = np.repeat(np.arange(len(classes), dtype=np.int32), [len(one) for one in classes])
    ranges = [_ranges(records, members) for members in classes]
    for place in np.random.default_rng(ROW_SEED).permutation(len(rows)):
        secrets = zip(records.values, records.sensitive[rows[place]], strict=True)
        writer.writerow([*ranges[number[place]], *(values[code] for values, code in secrets)])
    target.flush()


def _ranges(records: Records, members: Sequence[int]) -> list[str]:
    inside = records.codes[list(members)]
    bounds = zip(records.taxonomies, inside.min(axis=0), inside.max(axis=0), strict=True)
    return [entry.label(int(low), int(high)) for entry, low, high in bounds]


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of CSV, the header first; RecordsError for one that is longer or shorter."""
    reader = csv.reader(lines, strict=True)
    try:
        width = 0
        for number, row in enumerate(reader):
            width = width or len(row)
            if len(row) != width:
                raise RecordsError(f"Row {number} has {len(row)} cells, the header {width}.")
            yield row
    except csv.Error as error:
        raise RecordsError(f"Row {reader.line_num} cannot be read as CSV.") from error
