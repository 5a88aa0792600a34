"""Functions that make numbers."""

import math
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Context, Decimal

from xlsform.values import NAN, NodeSet, Value, node_number, to_number
from xlsform.xpath.calls import Function, function, gathering
from xlsform.xpath.context import as_nodes, as_number
from xlsform.xpath.operators import divide

_LEAST, _MOST = -(2**31), 2**31 - 1
_MOST_PLACES = 30  # beyond, JavaRosa gives NaN
_EXACT = Context(prec=800)


def whole(number: float) -> int:
    """Return `number` without its fraction, held within 32 bits; 0 for NaN, as Java has it."""
    return 0 if math.isnan(number) else int(max(_LEAST, min(number, _MOST)))


def numbers(values: Sequence[Value]) -> list[float]:
    """Return all values as numbers, node-sets spread out."""
    found: list[float] = []
    for value in values:
        if isinstance(value, NodeSet):
            found.extend(node_number(node) for node in value)
        else:
            found.append(to_number(value))
    return found


def _smallest(values: list[Value]) -> float:
    return _extreme(min, values)


def _largest(values: list[Value]) -> float:
    return _extreme(max, values)


def _extreme(pick: Callable[[list[float]], float], values: list[Value]) -> float:
    """Pass over blank answers and, as JavaRosa does, single values that are no number."""
    found: list[float] = []
    for value in values:
        if isinstance(value, NodeSet):
            found.extend(_answers(value))
        elif not math.isnan(number := to_number(value)):
            found.append(number)
    return NAN if not found or any(math.isnan(number) for number in found) else pick(found)


def _sum(nodes: NodeSet) -> float:
    return sum(_answers(nodes), 0.0)


def _answers(nodes: NodeSet) -> Iterator[float]:
    """Yield the answers as numbers, blank ones passed over.

    What is no number, or a blank where no question is, makes the result NaN as in XPath 1.0.
    JavaRosa passes over these too, and the author does not see that something is wrong.
    """
    return (node_number(node) for node in nodes if not node.type or node.string_value())


def _round(number: float, places: float = 0.0) -> float:
    """Round half up (towards positive infinity) to `places` decimals, before the point if < 0.

    The number is taken as written, not as stored: 1.005 becomes 1.01.
    """
    digits = whole(places)
    if not math.isfinite(number):
        return number
    if abs(digits) > _MOST_PLACES:
        return NAN
    written = Decimal(repr(number))
    if -written.as_tuple().exponent <= digits:  # type: ignore[operator]  # it is finite
        return number
    scaled = written.scaleb(digits, _EXACT)
    rounded = (scaled + Decimal("0.5")).to_integral_value(ROUND_FLOOR, _EXACT)
    return float(rounded.scaleb(-digits, _EXACT))


def _floor(number: float) -> float:
    return float(math.floor(number)) if math.isfinite(number) else number


def _ceiling(number: float) -> float:
    return float(math.ceil(number)) if math.isfinite(number) else number


def _truncated(number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) else number


def _power(base: float, exponent: float) -> float:
    if math.isnan(exponent) or (math.isinf(exponent) and abs(base) == 1):
        return NAN  # in Java; in C it is 1 for base 1
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return divide(1.0, 0.0) if base == 0 else NAN


def _safe(body: Callable[[float], float]) -> Callable[[float], float]:
    """Return `body` with NaN where it is not defined and infinity where it is too large."""

    def safe(number: float) -> float:
        try:
            return body(number)
        except ValueError:
            return NAN
        except OverflowError:
            return math.inf

    return safe


def _logarithm(body: Callable[[float], float]) -> Callable[[float], float]:
    safe = _safe(body)
    return lambda number: -math.inf if number == 0 else safe(number)


def _one(body: Callable[[float], float]) -> Function:
    return function("number", _safe(body), as_number)


FUNCTIONS: Mapping[str, Function] = {
    "abs": function("number", abs, as_number),
    "acos": _one(math.acos),
    "asin": _one(math.asin),
    "atan": _one(math.atan),
    "atan2": function("number", math.atan2, as_number, as_number),
    "ceiling": function("number", _ceiling, as_number),
    "cos": _one(math.cos),
    "exp": _one(math.exp),
    "exp10": function("number", lambda number: _power(10.0, number), as_number),
    "floor": function("number", _floor, as_number),
    "int": function("number", _truncated, as_number),
    "log": function("number", _logarithm(math.log), as_number),
    "log10": function("number", _logarithm(math.log10), as_number),
    "max": gathering("number", _largest),
    "min": gathering("number", _smallest),
    "pi": function("number", lambda: math.pi),
    "pow": function("number", _power, as_number, as_number),
    "random": function("number", lambda: secrets.SystemRandom().random()),
    "round": function("number", _round, as_number, as_number, least=1),
    "sin": _one(math.sin),
    "sqrt": _one(math.sqrt),
    "sum": function("number", _sum, as_nodes),
    "tan": _one(math.tan),
}
