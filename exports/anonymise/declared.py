"""A declared taxonomy of one question, from JSON, and held to the question that it is for.

It is an object of one of three shapes:

    {"leaves": [{"codes": ["street"]}, {"codes": ["placed", "shelter"], "label": "Untergebracht"}]}
    {"from": [18, 22, 30, 50, 65], "below": true, "to": null}
    {"period": "quarter"}
"""

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from exports.anonymise.leaves import (
    LONGEST_LABEL,
    MOST_BANDS,
    PERIODS,
    Bands,
    Choices,
    Declaration,
    Leaf,
    Number,
    Periods,
    TaxonomyError,
    taxonomy_of,
)
from exports.anonymise.table import Column


def read(question: str, stored: Any) -> Declaration:
    """The declaration that parsed JSON holds; raises TaxonomyError."""
    try:
        found = _read(stored)
    except (KeyError, TypeError, AttributeError) as error:
        raise TaxonomyError("shape", question) from error
    if found is None:
        raise TaxonomyError("shape", question)
    return found


def file_of(text: str) -> dict[str, Declaration]:
    """The declarations of a file, by question; raises TaxonomyError or ValueError."""
    return {question: read(question, stored) for question, stored in json.loads(text).items()}


def check(declared: Declaration, column: Column) -> None:
    """Raise TaxonomyError unless the declaration fits the question, and each range is told apart.

    What goes out needs more: at least two leaves, and labels by which no cell can mean two ranges.
    """
    check_members(declared, column)
    _check_labels(declared, column)


def check_members(declared: Declaration, column: Column) -> None:
    """Raise TaxonomyError unless every choice is in one leaf, bands rise, and nothing is left."""
    if isinstance(declared, Choices):
        _check_choices(declared, column)
    elif isinstance(declared, Bands):
        _check_bands(declared, column)
    elif declared.length not in PERIODS:
        raise TaxonomyError("period", column.name, declared.length)
    declared.fitted(column)


def _read(stored: Mapping[str, Any]) -> Declaration | None:
    if "leaves" in stored:
        return Choices(
            tuple(
                Leaf(tuple(map(str, leaf["codes"])), " ".join(str(leaf.get("label", "")).split()))
                for leaf in stored["leaves"]
            )
        )
    if "from" in stored:
        top = stored.get("to")
        return Bands(
            tuple(map(_number, stored["from"])),
            bool(stored.get("below", False)),
            None if top is None else _number(top),
        )
    return Periods(str(stored["period"]))


def _number(given: Any) -> Number:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise TypeError
    return given


def _check_choices(declared: Choices, column: Column) -> None:
    question = column.name
    if not column.categories:
        raise TaxonomyError("kind", question, "choices")
    often = Counter(code for leaf in declared.leaves for code in leaf.codes)
    for code, times in often.items():
        if times > 1:
            raise TaxonomyError("twice", question, code)
        if code not in column.codes - column.missing:
            raise TaxonomyError("unknown", question, code)
    for leaf in declared.leaves:
        _check_leaf(leaf, question)


def _check_leaf(leaf: Leaf, question: str) -> None:
    if not leaf.codes:
        raise TaxonomyError("shape", question)
    if not leaf.label and len(leaf.codes) > 1:
        raise TaxonomyError("nameless", question, leaf.name)
    if len(leaf.label) > LONGEST_LABEL or any(map(_is_no_letter, leaf.label)):
        raise TaxonomyError("label", question, leaf.label)


def _check_bands(declared: Bands, column: Column) -> None:
    question, ends = column.name, [*declared.bounds]
    if len(ends) > MOST_BANDS:
        raise TaxonomyError("many", question, str(MOST_BANDS))
    for bound in [*ends, *([] if declared.top is None else [declared.top])]:
        if column.kind == "integer" and not isinstance(bound, int):
            raise TaxonomyError("number", question, str(bound))
    for before, after in pairwise(ends):
        if after <= before:
            raise TaxonomyError("order", question, str(after))
    if ends and declared.top is not None and declared.top < ends[-1]:
        raise TaxonomyError("order", question, str(declared.top))
    if len(ends) + declared.below < 2:
        raise TaxonomyError("few", question)


def _check_labels(declared: Declaration, column: Column) -> None:
    """Every range must read as itself alone: else a cell could mean two."""
    if isinstance(declared, Periods):
        return
    entry = taxonomy_of(column, declared, ())
    if entry.size < 3:  # the last is for no answer
        raise TaxonomyError("few", column.name)
    ends = range(entry.size)
    often = Counter(entry.label(low, high) for low in ends for high in ends[low:])
    for label, times in often.items():
        if times > 1:
            raise TaxonomyError("alike", column.name, label)


def _is_no_letter(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"}
