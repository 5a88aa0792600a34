"""Functions that decide, choose and convert."""

import math
from collections.abc import Callable, Mapping, Sequence

from xlsform.values import NodeSet, Value, node_truth, to_boolean, to_number, to_string
from xlsform.xpath.calls import Function, as_value, function, gathering, in_context
from xlsform.xpath.context import (
    Context,
    ExpressionError,
    Piece,
    as_boolean,
    as_number,
    as_string,
    constant,
)
from xlsform.xpath.functions.numbers import numbers, whole


def _constant(value: bool) -> Function:  # noqa: FBT001 -- the value is all there is to it
    return Function(0, 0, lambda _pieces: constant(value, "boolean"))


def _if(pieces: Sequence[Piece]) -> Piece:
    condition = as_boolean(pieces[0])
    then, otherwise = pieces[1].run, pieces[2].run
    kind = pieces[1].kind if pieces[1].kind == pieces[2].kind else "any"
    plain = pieces[1].plain or pieces[2].plain
    return Piece(
        lambda context: then(context) if condition(context) else otherwise(context),
        kind,
        plain=plain,
    )


def _once(pieces: Sequence[Piece]) -> Piece:
    run = pieces[0].run

    def once(context: Context) -> Value:
        return NodeSet((context.node,)) if context.node.string_value() else run(context)

    return Piece(once, plain=True)


def _coalesce(pieces: Sequence[Piece]) -> Piece:
    first, second = [piece.run for piece in pieces]

    def run(context: Context) -> Value:
        value = first(context)
        nothing = to_string(value) == "" or (isinstance(value, float) and math.isnan(value))
        return second(context) if nothing else value

    return Piece(run, plain=pieces[0].plain or pieces[1].plain)


def _selected(chosen: str, value: str) -> bool:
    return f" {value.strip()} " in f" {chosen} "


def _selected_at(chosen: str, place: float) -> str:
    words = [word for word in chosen.split(" ") if word]
    index = whole(place)
    return words[index] if 0 <= index < len(words) else ""


def _flags(values: Sequence[Value]) -> list[bool]:
    """Return all values as truth values; of a node-set, whether each node holds an answer."""
    found: list[bool] = []
    for value in values:
        if isinstance(value, NodeSet):
            found.extend(node_truth(node) for node in value)
        else:
            found.append(to_boolean(value))
    return found


def _checklist(values: list[Value]) -> bool:
    least, most = whole(to_number(values[0])), whole(to_number(values[1]))
    count = sum(_flags(values[2:]))
    return (least < 0 or count >= least) and (most < 0 or count <= most)


def _weighted(values: list[Value]) -> bool:
    least, most = to_number(values[0]), to_number(values[1])
    flags, weights = _flags(values[2::2]), numbers(values[3::2])
    total = sum(weight for flag, weight in zip(flags, weights, strict=False) if flag)
    return least <= total <= most


def _in_pairs(pieces: Sequence[Piece]) -> Piece:
    if len(pieces) % 2:
        raise ExpressionError("after the bounds come pairs of value and weight.")
    return gathering("boolean", _weighted).build(pieces)


def _number(context: Context, *given: Value) -> float:
    return to_number(given[0] if given else NodeSet((context.node,)))


def _from_string(text: str) -> bool:
    return text == "1" or text.lower() == "true"


def _not(pieces: Sequence[Piece]) -> Piece:
    run: Callable[[Context], bool] = as_boolean(pieces[0])
    return Piece(lambda context: not run(context), "boolean")


FUNCTIONS: Mapping[str, Function] = {
    "boolean": function("boolean", bool, as_boolean),
    "boolean-from-string": function("boolean", _from_string, as_string),
    "checklist": gathering("boolean", _checklist, 2),
    "coalesce": Function(2, 2, _coalesce),
    "count-selected": function("number", lambda chosen: float(len(chosen.split())), as_string),
    "depend": gathering("any", lambda values: values[0], 1),
    "false": _constant(False),  # noqa: FBT003
    "if": Function(3, 3, _if),
    "is-selected": function("boolean", _selected, as_string, as_string),
    "not": Function(1, 1, _not),
    "number": in_context("number", _number, as_value, least=0),
    "once": Function(1, 1, _once),
    "selected": function("boolean", _selected, as_string, as_string),
    "selected-at": function("string", _selected_at, as_string, as_number),
    "true": _constant(True),  # noqa: FBT003
    "weighted-checklist": Function(2, math.inf, _in_pairs),
}
