"""Quasi-identifiers as contiguous codes, and the labels of their ranges.

The leaves of a taxonomy stand in the order of the choices (or of the numbers and days that occur);
a missing answer, for whatever reason, is one leaf more, the last.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np

from exports.anonymise.mondrian import Ints
from exports.anonymise.table import Column, Value

MISSING_LABEL = "keine Angabe"

_COUNT = re.compile(r"[0-9]+")
_NUMBERS = re.compile(r"([0-9]+)(?:–([0-9]+))?")
_SPAN = re.compile(r"([0-9]+)(\s?[-–]\s?<?|\s\w+\s)([0-9]+)(.*)")
_UP_TO = re.compile(r"≤ -?[0-9]+")
_ENDS = re.compile(r"(?:-?[0-9]+(?:–| … ))?(-?[0-9]+)")
_OPEN = re.compile(r"[0-9]+(\s?\+.*)")


@dataclass(frozen=True)
class Taxonomy:
    """The leaves of one quasi-identifier, as codes and as labels, in order."""

    name: str
    leaves: tuple[str, ...]
    labels: tuple[str, ...]
    missing: bool = True  # whether the last leaf stands for all that is no code
    growing: bool = False  # whether the leaves are values that occurred, and later ones may join

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self.leaves)

    @cached_property
    def _code(self) -> dict[str, int]:
        return {leaf: code for code, leaf in enumerate(self.leaves)}

    def encode(self, values: Iterable[Value]) -> Ints:
        """The code of each value; ValueError for one that has no leaf."""
        codes = [
            self._code.get(value or "", self.size - 1 if self.missing else -1) for value in values
        ]
        if -1 in codes:
            raise ValueError(f"{self.name!r} has a value that is no leaf")
        return np.array(codes, dtype=np.int32)

    def label(self, low: int, high: int) -> str:
        """The label of the range from one code to another."""
        if low == high:
            return self.labels[low]
        if self.missing and high == self.size - 1:
            # the highest value so far is not named: the label must not change when it does
            known = f"≥ {self.labels[low]}" if self.growing else self.label(low, high - 1)
            return f"{known} / {self.labels[high]}"
        return joined(self.labels[low], self.labels[high])

    def range_labels(self) -> frozenset[str]:
        """The labels of all ranges there are."""
        return frozenset(
            self.label(low, high)
            for low, high in combinations_with_replacement(range(self.size), 2)
        )


def taxonomy(column: Column, values: Iterable[Value], missing: str = MISSING_LABEL) -> Taxonomy:
    """The taxonomy of a column; for a number or a date, its leaves are the values that occur."""
    if column.categories:
        known = [category for category in column.categories if not category.missing]
        leaves = tuple(category.code for category in known)
        labels = tuple(category.label for category in known)
    else:
        occurring = {value for value in values if value}
        # "7" and "007" are the same number: without their texts, chance would order them
        by_size = sorted(occurring) if column.kind == "date" else sorted(occurring, key=_size)
        leaves = tuple(by_size)
        labels = leaves
    # no answer is the empty text, so a choice can never be mistaken for it
    return Taxonomy(column.name, (*leaves, ""), (*labels, missing), growing=not column.categories)


def read(text: str) -> tuple[Taxonomy, ...]:
    """The taxonomies of a JSON list of objects with `name` and `leaves`, without a missing leaf."""
    return tuple(
        Taxonomy(entry["name"], tuple(entry["leaves"]), tuple(entry["leaves"]), missing=False)
        for entry in json.loads(text)
    )


def encode(taxonomies: Sequence[Taxonomy], rows: Sequence[Sequence[Value]]) -> Ints:
    """The codes (n × q) of rows that hold one value per taxonomy."""
    if not taxonomies:
        return np.zeros((len(rows), 0), dtype=np.int32)
    columns = [entry.encode(row[j] for row in rows) for j, entry in enumerate(taxonomies)]
    return np.column_stack(columns)


def _size(number: str) -> tuple[float, str]:
    return float(number), number


def joined(first: str, last: str) -> str:
    """The label of a range: numbers join ("18–29", "50+", "≤ 29"), others stand around dots."""
    from_number, to_number = _NUMBERS.fullmatch(first), _NUMBERS.fullmatch(last)
    if from_number and to_number:
        return f"{from_number[1]}–{to_number[2] or to_number[1]}"
    start, to = _COUNT.match(first), _OPEN.fullmatch(last)
    if start and to:
        return f"{start[0]}{to[1]}"
    if _UP_TO.fullmatch(first) and (end := _ENDS.fullmatch(last)):
        return f"≤ {end[1]}"
    span, until = _SPAN.fullmatch(first), _SPAN.fullmatch(last)
    if span and until and (span[2], span[4]) == (until[2], until[4]):
        return f"{span[1]}{span[2]}{until[3]}{until[4]}"
    return f"{first} … {last}"
