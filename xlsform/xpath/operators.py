"""Operators as closures. Chains are loops, so a long sum costs no depth."""

import math
import operator
from collections.abc import Callable, Sequence

from xlsform.tree import Node
from xlsform.values import (
    COUNTED,
    ORDERINGS,
    NodeSet,
    Ordering,
    Value,
    equal,
    node_number,
    ordered,
    unequal,
)
from xlsform.xpath.axes import in_order
from xlsform.xpath.context import (
    Context,
    ExpressionError,
    Match,
    Piece,
    Run,
    as_boolean,
    as_nodes,
    as_number,
    constant,
)

POWERS = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
NEGATION = 7
_LONGEST_COMPARISON = 20  # "1 < 2 < 3" nests, as no other chain does
Links = Sequence[tuple[str, Piece]]


def chain(first: Piece, links: Links) -> Piece:
    """Return `first` joined with its links (operator, piece), all of one binding power."""
    return _CHAINS[POWERS[links[0][0]]](first, links)


def negative(piece: Piece) -> Piece:
    """Return minus `piece`."""
    number = as_number(piece)
    if piece.constant is not None:
        return constant(-number(None), "number")  # type: ignore[arg-type]  # it needs no context
    return Piece(lambda context: -number(context), "number")


def divide(left: float, right: float) -> float:
    """Return left / right as IEEE 754 has it: x/0 is infinite, 0/0 is NaN."""
    if right:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder(left: float, right: float) -> float:
    """Return the remainder with the sign of `left`, NaN where there is none."""
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": remainder,
}


def _either(first: Piece, links: Links) -> Piece:
    pieces = [first, *(piece for _, piece in links)]
    runs = [as_boolean(piece) for piece in pieces]
    quiet = all(piece.quiet for piece in pieces)
    if len(runs) == 2:
        left, right = runs
        return Piece(lambda context: left(context) or right(context), "boolean", quiet=quiet)
    return Piece(lambda context: any(run(context) for run in runs), "boolean", quiet=quiet)


def _both(first: Piece, links: Links) -> Piece:
    pieces = [first, *(piece for _, piece in links)]
    runs = [as_boolean(piece) for piece in pieces]
    quiet, match = all(piece.quiet for piece in pieces), _match_in(pieces)
    if len(runs) == 2:
        left, right = runs
        both = lambda context: left(context) and right(context)  # noqa: E731
        return Piece(both, "boolean", quiet=quiet, match=match)
    every = lambda context: all(run(context) for run in runs)  # noqa: E731
    return Piece(every, "boolean", quiet=quiet, match=match)


def _match_in(pieces: Sequence[Piece]) -> Match | None:
    """Return the first match among conditions that all must hold, the others as its rest."""
    for piece in pieces:
        if piece.match is not None:
            others = [other for other in pieces if other is not piece]
            rest = (*piece.match.rest, *(as_boolean(other) for other in others))
            return Match(piece.match.column, piece.match.wanted, rest)
        if not piece.quiet:
            return None
    return None


def _arithmetic(first: Piece, links: Links) -> Piece:
    left = as_number(first)
    steps = [(_ARITHMETIC[sign], as_number(piece)) for sign, piece in links]
    if len(steps) == 1:
        ((only, right),) = steps
        return Piece(lambda context: only(left(context), right(context)), "number")

    def run(context: Context) -> float:
        total = left(context)
        for step, number in steps:
            total = step(total, number(context))
        return total

    return Piece(run, "number")


def _operand(piece: Piece) -> Run:
    """Return how a comparison reads `piece`: JavaRosa takes an answer that is not there as ""."""
    run = piece.run
    if not piece.plain:
        return run

    def answer(context: Context) -> Value:
        value = run(context)
        return value if value or type(value) is not NodeSet else ""

    return answer


def _comparison(first: Piece, links: Links) -> Piece:
    if len(links) > _LONGEST_COMPARISON:
        raise ExpressionError("Too many comparisons stand in a row.")
    run = _operand(first)
    value = first.constant
    for sign, piece in links:
        run = _compared(run, value, sign, piece)
        value = None
    quiet = first.quiet and all(piece.quiet for _, piece in links)
    return Piece(run, "boolean", quiet=quiet, match=_match(first, links))


def _match(first: Piece, links: Links) -> Match | None:
    """Return what `column = wanted` looks for, either way round."""
    sign, second = links[0]
    if len(links) > 1 or sign != "=":
        return None
    for column, wanted in ((first, second), (second, first)):
        if column.column and wanted.fixed:
            return Match(column.column, _operand(wanted))
    return None


def _compared(left: Run, value: Value | None, sign: str, piece: Piece) -> Run:
    right = _operand(piece)
    if sign in ORDERINGS:
        ordering = ORDERINGS[sign]
        if value is None and isinstance(piece.constant, float):
            return _ordered_to(left, piece.constant, ordering)
        return lambda context: ordered(left(context), right(context), ordering)
    compare = equal if sign == "=" else unequal
    if value is None and isinstance(piece.constant, str):
        return _same_as(left, piece.constant, negate=sign == "!=")
    return lambda context: compare(left(context), right(context))


def _ordered_to(left: Run, number: float, ordering: Ordering) -> Run:
    def run(context: Context) -> bool:
        value = left(context)
        if type(value) is NodeSet and len(value) == 1:
            return ordering(node_number(value[0]), number)
        return ordered(value, number, ordering)

    return run


def _same_as(left: Run, text: str, *, negate: bool) -> Run:
    def run(context: Context) -> bool:
        value = left(context)
        if type(value) is NodeSet and len(value) == 1 and value[0].type not in COUNTED:
            return (value[0].string_value() == text) is not negate
        return unequal(value, text) if negate else equal(value, text)

    return run


def _union(first: Piece, links: Links) -> Piece:
    runs = [as_nodes(piece) for piece in (first, *(piece for _, piece in links))]

    def run(context: Context) -> NodeSet:
        found: list[Node] = []
        for nodes in runs:
            found.extend(nodes(context))
        return in_order(found)

    return Piece(run, "nodes")


_CHAINS: dict[int, Callable[[Piece, Links], Piece]] = {
    1: _either,
    2: _both,
    3: _comparison,
    4: _comparison,
    5: _arithmetic,
    6: _arithmetic,
    8: _union,
}
