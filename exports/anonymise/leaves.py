"""What belongs to each leaf of a quasi-identifier: choices, bands of numbers, or periods of days.

A declaration of choices names each of them in one leaf; a leaf is called by the codes that belong
to it, with blanks between. Bands begin where the one before ends, so none can gap or overlap. A
missing answer belongs to no leaf of these: it is one more, the last, in every taxonomy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from exports.anonymise.table import Column, Value
from exports.anonymise.taxonomy import MISSING_LABEL, Taxonomy, joined, taxonomy

Number = int | float

SENTENCES = {
    "misses": "The taxonomy of {question!r} misses the choice {value!r}.",
    "twice": "The taxonomy of {question!r} has the choice {value!r} twice.",
    "unknown": "The taxonomy of {question!r} names {value!r}, which is no choice.",
    "nameless": "The taxonomy of {question!r} has a leaf of several choices without a label: "
    "{value!r}.",
    "names": "The taxonomy of {question!r} has a leaf with two labels: {value!r}.",
    "label": "The taxonomy of {question!r} has a label that is too long or no line: {value!r}.",
    "alike": "The taxonomy of {question!r} has two ranges that read {value!r}.",
    "few": "The taxonomy of {question!r} needs at least two leaves.",
    "many": "The taxonomy of {question!r} may have at most {value} bands.",
    "number": "The taxonomy of {question!r} begins a band with {value!r}, which is no such number.",
    "order": "The bands of {question!r} must rise, but {value!r} does not.",
    "outside": "An answer to {question!r} lies outside the bands of its taxonomy.",
    "period": "The taxonomy of {question!r} knows no period {value!r}.",
    "kind": "The taxonomy of {question!r} is for {value}, which the question does not ask for.",
    "shape": "The taxonomy of {question!r} cannot be read.",
}
LONGEST_LABEL = 100
MOST_BANDS = 60
PERIODS = {"month": 1, "quarter": 3, "half-year": 6}  # months
_LETTERS = {3: "Q", 6: "H"}


class TaxonomyError(ValueError):
    """A declared taxonomy that cannot count; it names the question, and no answer of anybody."""

    def __init__(self, kind: str, question: str, value: str = "") -> None:
        super().__init__(SENTENCES[kind].format(question=question, value=value))
        self.kind, self.question, self.value = kind, question, value


@dataclass(frozen=True)
class Leaf:
    """Choices that count as one; without a label it reads as its only choice does."""

    codes: tuple[str, ...]
    label: str = ""

    @property
    def name(self) -> str:
        """What released rows call it."""
        return " ".join(self.codes)


@dataclass(frozen=True)
class Choices:
    """The choices of a question in the order that counts, some of them joined."""

    leaves: tuple[Leaf, ...]

    def fitted(self, column: Column) -> "Choices":
        """What counts for a question: choices that it does not have leave their leaves.

        Raises TaxonomyError if it has one that belongs to no leaf.
        """
        if not column.categories:
            raise TaxonomyError("kind", column.name, "choices")
        known = _asked(column)
        named = {code for leaf in self.leaves for code in leaf.codes}
        for code in known:
            if code not in named:
                raise TaxonomyError("misses", column.name, code)
        kept = [tuple(code for code in leaf.codes if code in known) for leaf in self.leaves]
        pairs = zip(self.leaves, kept, strict=True)
        return Choices(tuple(Leaf(codes, leaf.label) for leaf, codes in pairs if codes))

    def names(self, column: Column, values: Sequence[Value]) -> list[str]:
        """The leaf of each value, "" for no answer."""
        of = {code: leaf.name for leaf in self.leaves for code in leaf.codes}
        of |= dict.fromkeys(column.missing, "")
        return ["" if value is None else of[value] for value in values]

    def taxonomy(self, column: Column, _occurring: Sequence[str], missing: str) -> Taxonomy:
        """The leaves and what they are called in the language of the column."""
        reads = {item.code: item.label for item in column.categories}
        labels = [leaf.label or reads[leaf.codes[0]] for leaf in self.leaves]
        names = [leaf.name for leaf in self.leaves]
        return Taxonomy(column.name, (*names, ""), (*labels, missing))

    def stored(self) -> dict[str, Any]:
        """What `declared.read` makes this of."""
        return {
            "leaves": [
                {"codes": list(leaf.codes)} | ({"label": leaf.label} if leaf.label else {})
                for leaf in self.leaves
            ]
        }


@dataclass(frozen=True)
class Bands:
    """Numbers from each bound up to the next.

    `below` adds a band before the first, for all that is smaller; the last goes up to `top`, or
    has no end.
    """

    bounds: tuple[Number, ...]
    below: bool = False
    top: Number | None = None

    def fitted(self, column: Column) -> "Bands":
        """Itself; raises TaxonomyError if the question asks for no number."""
        if column.kind not in {"integer", "decimal"}:
            raise TaxonomyError("kind", column.name, "numbers")
        return self

    def names(self, column: Column, values: Sequence[Value]) -> list[str]:
        """The band of each value, "" for no answer; raises TaxonomyError for one in no band."""
        names = self._labels(column)
        return ["" if value is None else names[self._place(column, value)] for value in values]

    def taxonomy(self, column: Column, _occurring: Sequence[str], missing: str) -> Taxonomy:
        """The bands, which read the same in every language."""
        labels = self._labels(column)
        return Taxonomy(column.name, (*labels, ""), (*labels, missing))

    def stored(self) -> dict[str, Any]:
        """What `declared.read` makes this of."""
        return {"from": list(self.bounds), "below": self.below, "to": self.top}

    def _place(self, column: Column, value: str) -> int:
        number = float(value)
        place = sum(bound <= number for bound in self.bounds) - (not self.below)
        if place < 0 or (self.top is not None and number > self.top):
            raise TaxonomyError("outside", column.name)
        return place

    def _labels(self, column: Column) -> tuple[str, ...]:
        whole = column.kind == "integer"
        pairs = zip(self.bounds, self.bounds[1:], strict=False)
        inner = [_whole(low, high) if whole else f"{low}–<{high}" for low, high in pairs]
        first, last = self.bounds[0], self.bounds[-1]
        smaller = f"≤ {first - 1}" if whole else f"< {first}"
        if self.top is None:
            end = f"{last}+" if last >= 0 else f"≥ {last}"
        else:
            end = str(last) if last == self.top else joined(str(last), str(self.top))
        return (*([smaller] if self.below else []), *inner, end)


@dataclass(frozen=True)
class Periods:
    """Days by the month, quarter or half-year that they lie in."""

    length: str

    def fitted(self, column: Column) -> "Periods":
        """Itself; raises TaxonomyError if the question asks for no day."""
        if column.kind != "date":
            raise TaxonomyError("kind", column.name, "days")
        return self

    def names(self, _column: Column, values: Sequence[Value]) -> list[str]:
        """The period of each day, "" for no answer."""
        return ["" if value is None else self._name(value) for value in values]

    def taxonomy(self, column: Column, occurring: Sequence[str], missing: str) -> Taxonomy:
        """The periods that occur."""
        return taxonomy(column, occurring, missing)

    def stored(self) -> dict[str, Any]:
        """What `declared.read` makes this of."""
        return {"period": self.length}

    def has(self, name: str) -> bool:
        """Say whether there is such a period."""
        letter = _LETTERS.get(PERIODS[self.length], "")
        shape = f"[0-9]{{4}}-{letter}[0-9]" if letter else "[0-9]{4}-[0-9]{2}"
        return re.fullmatch(shape, name) is not None

    def _name(self, value: str) -> str:
        day, months = date.fromisoformat(value), PERIODS[self.length]
        if months == 1:
            return value[:7]
        return f"{day.year:04}-{_LETTERS[months]}{1 + (day.month - 1) // months}"


Declaration = Choices | Bands | Periods


def default(column: Column) -> Choices | None:
    """The choices in their own order; None where the leaves are the values that occur."""
    if not column.categories:
        return None
    return Choices(tuple(Leaf((code,)) for code in _asked(column)))


def names(column: Column, declared: Declaration | None, values: Sequence[Value]) -> Sequence[Value]:
    """The leaf of each value; raises TaxonomyError for one that has none."""
    return values if declared is None else declared.names(column, values)


def taxonomy_of(
    column: Column,
    declared: Declaration | None,
    occurring: Sequence[Value],
    missing: str = MISSING_LABEL,
) -> Taxonomy:
    """The taxonomy of a column as declared; `occurring` are leaves."""
    if declared is None:
        return taxonomy(column, occurring, missing)
    return declared.taxonomy(column, [name for name in occurring if name], missing)


def _asked(column: Column) -> tuple[str, ...]:
    """The choices that are no reason for having no answer."""
    return tuple(item.code for item in column.categories if not item.missing)


def _whole(low: Number, high: Number) -> str:
    return str(low) if high - low == 1 else joined(str(low), str(int(high) - 1))
