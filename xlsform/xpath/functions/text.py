"""Functions that make or look at text."""

import math
import re
from collections.abc import Mapping, Sequence

from xlsform.tree import Node, resolve
from xlsform.values import SPACE, NodeSet, Value, to_string
from xlsform.xpath.calls import Function, as_value, function, gathering, in_context
from xlsform.xpath.context import Context, Piece, as_number, as_string
from xlsform.xpath.patterns import Pattern

_SPACE = re.compile(r"[ \t\n\x0b\f\r]+")


def texts(values: Sequence[Value]) -> list[str]:
    """Return all values as text, node-sets spread out."""
    found: list[str] = []
    for value in values:
        if isinstance(value, NodeSet):
            found.extend(node.string_value() for node in value)
        else:
            found.append(to_string(value))
    return found


def _own_text(context: Context, *given: Value) -> str:
    return to_string(given[0]) if given else context.node.string_value()


def _normalized(context: Context, *given: Value) -> str:
    trimmed = _own_text(context, *given).strip(SPACE)
    return _SPACE.sub(" ", trimmed)


def _length(context: Context, *given: Value) -> float:
    return float(len(_own_text(context, *given)))


def _join(values: list[Value]) -> str:
    separator, *parts = values
    if len(parts) > 1:  # as JavaRosa: among others an answer that is not there counts as a blank
        parts = [part or "" if isinstance(part, NodeSet) else part for part in parts]
    return to_string(separator).join(texts(parts))


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place : place + 1])
    return text.translate(table)


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark else text


def _rounded(number: float) -> float:
    return math.floor(number + 0.5) if math.isfinite(number) else number


def _substring(text: str, start: float, *length: float) -> str:
    """XPath's substring: counted from 1, both ends rounded."""
    first = _rounded(start)
    end = first + _rounded(length[0]) if length else math.inf
    if math.isnan(first) or math.isnan(end):
        return ""
    low = 0 if first < 1 else min(first - 1, len(text))
    high = len(text) if end > len(text) else max(end - 1, 0)
    return text[int(low) : int(high)]


def _substr(text: str, start: float, end: float = math.inf) -> str:
    """ODK's substr: counted from 0, up to but without `end`, negative from the right."""
    size = len(text)
    return text[_place(start, size) : _place(end, size)]


def _place(number: float, size: int) -> int:
    if math.isnan(number):
        return 0
    if math.isinf(number):
        return size if number > 0 else 0
    return max(0, size + int(number)) if number < 0 else int(number)


def _regex(pieces: Sequence[Piece]) -> Piece:
    text, expression = as_string(pieces[0]), pieces[1]
    if isinstance(expression.constant, str):
        pattern = Pattern(expression.constant)
        return Piece(lambda context: pattern.matches(text(context)), "boolean")
    written = as_string(expression)
    return Piece(lambda context: Pattern(written(context)).matches(text(context)), "boolean")


def _itext(context: Context, key: str) -> Value:
    return context.environment.itext(key)


def _choice_name(context: Context, value: str, question: str) -> str:
    return context.environment.choice_name(value, _absolute(context.origin(), question.strip()))


def _absolute(node: Node, reference: str) -> str:
    """Return the path of names that a reference means at `node`."""
    path = ""
    above: Node | None = node
    while above is not None and above.kind == "element":
        path = f"/{above.qualified_name}{path}"
        above = above.parent
    return reference if reference.startswith("/") else resolve(reference, path)


FUNCTIONS: Mapping[str, Function] = {
    "concat": gathering("string", lambda values: "".join(texts(values))),
    "contains": function("boolean", lambda text, part: part in text, as_string, as_string),
    "ends-with": function("boolean", str.endswith, as_string, as_string),
    "join": gathering("string", _join, 1),
    "jr:choice-name": in_context("string", _choice_name, as_string, as_string),
    "jr:itext": in_context("any", _itext, as_string),
    "normalize-space": in_context("string", _normalized, as_value, least=0),
    "regex": Function(2, 2, _regex),
    "starts-with": function("boolean", str.startswith, as_string, as_string),
    "string": in_context("string", _own_text, as_value, least=0),
    "string-length": in_context("number", _length, as_value, least=0),
    "substr": function("string", _substr, as_string, as_number, as_number, least=2),
    "substring": function("string", _substring, as_string, as_number, as_number, least=2),
    "substring-after": function("string", _after, as_string, as_string),
    "substring-before": function("string", _before, as_string, as_string),
    "translate": function("string", _translate, as_string, as_string, as_string),
}
