"""What an expression can be worth, and how one kind of value becomes another.

Conversions follow JavaRosa, the engine inside ODK Collect: numbers within 1e-12 are equal, a date
counts as whole days since 1970, text that is no plain decimal number (with a point or a comma) is
NaN, an answer to a question for a number is a number also against text. Where it differs:
- the text of an untyped node, and text ordered against a number or a date, is read as a date when
  it looks like one;
- a dateTime or time keeps its text, where JavaRosa makes it the day alone, or even today's date;
- no number is written with an exponent (3000000000, not 3.0E9);
- of several nodes where one is meant the first counts, in a comparison any, as in XPath 1.0;
  JavaRosa refuses.
"""

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xlsform.tree import Node

EPOCH = date(1970, 1, 1).toordinal()
NAN = math.nan
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T[0-9]{2}:[0-9]{2}[0-9:.+Z-]*)?")
SPACE = "".join(map(chr, range(33)))  # what Java trims
_GUESSED = frozenset({"", "date", "dateTime"})
COUNTED = frozenset({"int", "integer", "long", "decimal", "double", "float"})
_SAME = 1e-12


class NodeSet(list[Node]):
    """Nodes in document order, each once."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, as days since 1970-01-01."""

    days: int

    @property
    def date(self) -> date:
        """The calendar day."""
        return date.fromordinal(self.days + EPOCH)

    @property
    def text(self) -> str:
        """The day as ISO 8601."""
        return self.date.isoformat()


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, with the zone it is shown in; only `now()` shows its time as text."""

    at: datetime
    stamped: bool = False

    @property
    def days(self) -> int:
        """Whole days since 1970-01-01 in the moment's own zone."""
        return self.at.toordinal() - EPOCH

    @property
    def stamp(self) -> str:
        """Date, time and offset as ISO 8601: what a dateTime answer keeps."""
        return self.at.isoformat(timespec="milliseconds")

    @property
    def text(self) -> str:
        """What the moment is as text: the day alone, unless it came from `now()`."""
        return self.stamp if self.stamped else self.at.date().isoformat()


Value = float | str | bool | NodeSet | Day | Moment


def parse_number(text: str) -> float:
    """Return the plain decimal number that `text` is, else NaN; "1,5" counts as 1.5."""
    if text.isdecimal() and text.isascii():
        return float(text)
    text = text.strip(SPACE).replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else NAN


def parse_days(text: str) -> float:
    """Return the days since 1970-01-01 of an ISO date or date-time, else NaN."""
    found = _DATE.fullmatch(text)
    if found is None:
        return NAN
    try:
        return float(date(*(int(part) for part in found.groups())).toordinal() - EPOCH)
    except ValueError:
        return NAN


def format_number(number: float) -> str:
    """Return a number as text, without exponent: "3", "0.5", "NaN", "-Infinity"."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def node_number(node: Node) -> float:
    """Return a node as a number; a date counts as its days since 1970-01-01."""
    text = node.string_value() if node.children else node.text
    number = parse_number(text)
    if text and math.isnan(number) and node.type in _GUESSED:
        return parse_days(text)
    return number


def node_truth(node: Node) -> bool:
    """Return whether a node says yes: an answer is there, and is not the number 0."""
    text = node.string_value() if node.children else node.text
    if not text or node.type not in COUNTED:
        return bool(text)
    return abs(parse_number(text)) > _SAME  # NaN is not


def to_number(value: Value) -> float:
    """Return `value` as a number; a node-set is its first node."""
    kind = type(value)
    if kind is float:
        return value  # type: ignore[return-value]
    if isinstance(value, NodeSet):
        return node_number(value[0]) if value else NAN
    if isinstance(value, str):
        return parse_number(value)
    if isinstance(value, (Day, Moment)):
        return float(value.days)
    return float(value)


def to_string(value: Value) -> str:
    """Return `value` as text; a node-set is its first node, an empty one is ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, NodeSet):
        return value[0].string_value() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Day, Moment)):
        return value.text
    return format_number(value)


def to_boolean(value: Value) -> bool:
    """Return whether `value` says yes: not 0, not NaN, not "", not an empty node-set."""
    if value is True or value is False:
        return value
    if isinstance(value, float):
        return abs(value) > _SAME  # NaN is not
    if isinstance(value, (str, list)):
        return bool(value)
    return True


def equal(left: Value, right: Value) -> bool:
    """Return whether `left = right` holds; of a node-set, whether it holds for some node."""
    return _equality(left, right, negate=False)


def unequal(left: Value, right: Value) -> bool:
    """Return whether `left != right` holds; of a node-set, whether it holds for some node."""
    return _equality(left, right, negate=True)


def _equality(left: Value, right: Value, *, negate: bool) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return (_says_yes(left) == _says_yes(right)) is not negate
    if isinstance(right, NodeSet):
        if isinstance(left, NodeSet):
            return _share(left, right, negate=negate)
        left, right = right, left
    if isinstance(left, NodeSet):
        return any(_same_node(node, right) is not negate for node in left)
    return _same(left, right) is not negate


def _says_yes(value: Value) -> bool:
    """Return `value` as a truth value, of a node whether its answer says yes, as JavaRosa."""
    if isinstance(value, NodeSet) and value and not value[0].children:
        return node_truth(value[0])
    return to_boolean(value)


def _share(left: NodeSet, right: NodeSet, *, negate: bool) -> bool:
    if any(node.type in COUNTED for nodes in (left, right) for node in nodes):
        return any(_alike(one, other) is not negate for one in left for other in right)
    ours = {node.string_value() for node in left}
    theirs = {node.string_value() for node in right}
    if negate:
        return bool(ours and theirs) and len(ours | theirs) > 1
    return not ours.isdisjoint(theirs)


def _alike(one: Node, other: Node) -> bool:
    if one.type in COUNTED and one.text:
        return _near(parse_number(one.text), node_number(other))
    return _same_node(other, one.string_value())


def _same_node(node: Node, value: Value) -> bool:
    if isinstance(value, float):
        return _near(node_number(node), value)
    text = node.string_value() if node.children else node.text
    if isinstance(value, str):
        counted = bool(text) and node.type in COUNTED
        return _near(parse_number(text), parse_number(value)) if counted else text == value
    return isinstance(value, (Day, Moment)) and parse_days(text) == value.days


def _same(left: Value, right: Value) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return _near(to_number(left), to_number(right))
    if isinstance(left, (Day, Moment)) and isinstance(right, (Day, Moment)):
        return left.days == right.days
    return to_string(left) == to_string(right)


def _near(left: float, right: float) -> bool:
    return left == right or abs(left - right) < _SAME


Ordering = Callable[[float, float], bool]
ORDERINGS: dict[str, Ordering] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED: dict[Ordering, Ordering] = {
    operator.lt: operator.gt,
    operator.le: operator.ge,
    operator.gt: operator.lt,
    operator.ge: operator.le,
}


def ordered(left: Value, right: Value, ordering: Ordering) -> bool:
    """Return whether `left` stands in `ordering` to `right`; of node-sets, whether some do."""
    if isinstance(left, NodeSet):
        if isinstance(right, NodeSet):
            numbers = [node_number(node) for node in right]
            return any(ordering(node_number(node), n) for node in left for n in numbers)
        number = _order_number(right, left)
        return any(ordering(node_number(node), number) for node in left)
    if isinstance(right, NodeSet):
        return ordered(right, left, _MIRRORED[ordering])
    return ordering(_order_number(left, right), _order_number(right, left))


def _order_number(value: Value, other: Value) -> float:
    number = to_number(value)
    if math.isnan(number) and isinstance(value, str) and not isinstance(other, str):
        return parse_days(value)
    return number
