"""What somebody types to declare a taxonomy, and the declaration that it makes.

For each choice a place (`place-CODE`), the same for those that count as one, and a label where they
need one (`label-CODE`); for a number the lower ends of its bands (`bounds`), whether there is one
below (`below`) and where the last one ends (`top`); for a day a `period`.
"""

import re
from collections.abc import Mapping

from exports.anonymise.declared import check
from exports.anonymise.leaves import (
    Bands,
    Choices,
    Declaration,
    Leaf,
    Number,
    Periods,
    TaxonomyError,
    default,
)
from exports.anonymise.table import Category, Column

Typed = Mapping[str, str]

_PLACE = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"-?[0-9]{1,12}([.][0-9]{1,6})?")


def asked(column: Column) -> list[Category]:
    """The choices that need a place: all but reasons for having no answer."""
    return [item for item in column.categories if not item.missing]


def in_order(how: Declaration | None, column: Column) -> list[Category]:
    """The same, as they follow each other now; those that have no place yet come first."""
    if not isinstance(how, Choices):
        return asked(column)
    places = {code: place for place, leaf in enumerate(how.leaves) for code in leaf.codes}
    return sorted(asked(column), key=lambda item: places.get(item.code, -1))


def typed(how: Declaration | None, column: Column) -> dict[str, str]:
    """What would have to be typed for a declaration, or for the order that a question has."""
    how = how or default(column)
    if isinstance(how, Choices):
        found: dict[str, str] = {}
        order = [item.code for item in asked(column)]
        for place, leaf in enumerate(how.leaves, 1):
            codes = [code for code in order if code in leaf.codes]
            found |= {f"place-{code}": str(place) for code in codes}
            found |= {f"label-{code}": leaf.label for code in codes[:1]}
        return found
    if isinstance(how, Bands):
        top = "" if how.top is None else str(how.top)
        return {"bounds": ", ".join(map(str, how.bounds)), "top": top} | (
            {"below": "1"} if how.below else {}
        )
    return {"period": how.length} if how else {"below": "1"}


def tried(column: Column, given: Typed) -> tuple[Declaration | None, TaxonomyError | None]:
    """The declaration that was typed, or why it is none."""
    try:
        how = read(column, given)
        check(how, column)
    except TaxonomyError as error:
        return None, error
    return how, None


def read(column: Column, given: Typed) -> Declaration:
    """The declaration that was typed; raises TaxonomyError for what cannot be read."""
    if column.categories:
        return _choices(column, given)
    if column.kind == "date":
        return Periods(given.get("period", ""))
    return _bands(column, given)


def _choices(column: Column, given: Typed) -> Choices:
    leaves: dict[int, list[Category]] = {}
    for item in asked(column):
        place = given.get(f"place-{item.code}", "").strip()
        if not _PLACE.fullmatch(place):
            raise TaxonomyError("misses", column.name, item.code)
        leaves.setdefault(int(place), []).append(item)
    return Choices(tuple(_leaf(column, leaves[place], given) for place in sorted(leaves)))


def _leaf(column: Column, items: list[Category], given: Typed) -> Leaf:
    """Choices that have the same place; a label that says what its only choice says is none."""
    said = (" ".join(given.get(f"label-{item.code}", "").split()) for item in items)
    labels = list(dict.fromkeys(label for label in said if label))
    if len(labels) > 1:
        raise TaxonomyError("names", column.name, " / ".join(labels))
    label = labels[0] if labels else ""
    codes = tuple(item.code for item in items)
    return Leaf(codes, "" if len(items) == 1 and label == items[0].label else label)


def _bands(column: Column, given: Typed) -> Bands:
    bounds = re.split(r"[\s,;]+", given.get("bounds", "").strip(" \t\r\n,;"))
    top = given.get("top", "").strip()
    return Bands(
        tuple(_number(column, bound) for bound in bounds if bound),
        below=bool(given.get("below")),
        top=_number(column, top) if top else None,
    )


def _number(column: Column, text: str) -> Number:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise TaxonomyError("number", column.name, text)
    return float(text) if found[1] else int(text)
