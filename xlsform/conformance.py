"""Checks the expression engine against recorded answers of other engines."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from xlsform.tree import Node, TreeError, parse
from xlsform.values import NodeSet, Value, to_boolean, to_number, to_string
from xlsform.xpath import Context, Environment, ExpressionError, compile_expression

_TOLERANCE = 1e-9
_RELATIVE = 5e-6  # recorded distances are rounded to centimetres
_UNKNOWN_THERE = "error: XPathUnhandledException"


@dataclass(frozen=True, slots=True)
class Report:
    """How many of the cases hold, and the ids of those that do not, in the order of the file."""

    passed: int
    total: int
    failing: tuple[int, ...]


def evaluate_cases(lines: Iterable[str]) -> Report:
    """Return how the cases (one JSON object a line) turn out.

    JavaRosa's answer is the one to meet where it is recorded. Where JavaRosa refuses a value, so
    must this engine; where it lacks the function, the other engine's answer stands.

    The recordings look at a DOM: the document type before the root is a node there, which XPath 1.0
    does not know and which is left out here; jr:itext() gives the nodes that hold the text; and in
    the cases of plain XPath a name without prefix has no namespace.
    """
    cases = [json.loads(line) for line in lines if line.strip()]
    failing = tuple(case["id"] for case in cases if not holds(case))
    return Report(len(cases) - len(failing), len(cases), failing)


def holds(case: Mapping[str, Any]) -> bool:
    """Return whether one case turns out as recorded."""
    kind, wanted = case["type"], case["expected"]
    answer = case.get("javarosa")
    if answer is not None and not answer.startswith(_UNKNOWN_THERE):
        if answer.startswith("error"):
            kind = "throw"
        else:
            wanted = answer
    try:
        document = parse(case["xml"]) if case["xml"].strip() else Node("document")
        value = evaluate(case, document)
    except (ExpressionError, TreeError):
        return bool(kind == "throw")
    return _met(kind, wanted, value, document, case["xml"])


def evaluate(case: Mapping[str, Any], document: Node) -> Value:
    """Return the value of the case's expression; raises ExpressionError."""
    node = _find(document, case["ctx"], case["xml"])
    # The cases of plain XPath look at XHTML, where a name without prefix has no namespace.
    namespaces = {"": ""} if case.get("group") == "native" else {}
    expression = compile_expression(case["expr"], namespaces | case["ns"])
    return expression.evaluate(Context(node, _environment(case, document)))


def _met(kind: str, wanted: Any, value: Value, document: Node, xml: str) -> bool:
    """Return whether `value` is what is wanted, compared as the kind of the case says."""
    if kind == "boolean":
        return to_boolean(value) is (wanted is True or wanted == "true")
    if kind in {"number", "rounded"}:
        return _close(to_number(value), float(wanted), kind, exact=not isinstance(wanted, str))
    if kind == "string":
        return _same_text(to_string(value), str(wanted))
    if kind == "match":
        return re.search(wanted, to_string(value)) is not None
    if kind == "length":
        return len(to_string(value)) == int(wanted)
    if kind == "nodes":
        found = value if isinstance(value, NodeSet) else []
        known = [trail for trail in wanted if not _is_doctype(trail, document, xml)]
        return [_trail(node, document, xml) for node in found] == known
    return False


def _close(found: float, wanted: float, kind: str, *, exact: bool) -> bool:
    if math.isnan(wanted) or math.isinf(wanted):
        return found == wanted or (math.isnan(found) and math.isnan(wanted))
    if kind == "rounded" and exact:
        decimals = len(repr(wanted).partition(".")[2])
        return abs(found - wanted) <= max(_TOLERANCE, 0.5 * 10.0**-decimals)
    return abs(found - wanted) <= max(_TOLERANCE, abs(wanted) * _RELATIVE)


def _same_text(found: str, wanted: str) -> bool:
    if found == wanted:
        return True
    try:  # JavaRosa writes 1.0E-5 where others write 0.00001
        return "E" in wanted and math.isclose(float(found), float(wanted))
    except ValueError:
        return False


def _environment(case: Mapping[str, Any], document: Node) -> Environment:
    forms = [node for node in document.descendants() if node.name == "model"]
    instances = [child for model in forms for child in model.children if child.name == "instance"]
    # In a whole XForm, absolute paths start in its first instance; in a bare model they do not.
    is_form = bool(instances) and document.children[0].name == "html"
    return Environment(
        root=instances[0] if is_form else document,
        instances={node.attribute("id") or "": node for node in instances},
        now=lambda: datetime.fromtimestamp(case["now"] / 1000, UTC),
        zone=ZoneInfo(case["tz"]),
        itext=lambda key: _itext(forms, key, case["test"]),
    )


def _itext(forms: list[Node], key: str, title: str) -> NodeSet:
    """Return the nodes that hold a text in the language of the recording."""
    nodes = [node for model in forms for node in model.descendants()]
    languages = [node for node in nodes if node.name == "translation"]
    # The language the form was shown in is recorded in the title of the test alone.
    shown = re.search(r"in language '([^']+)'", title)
    chosen = [node for node in languages if shown and node.attribute("lang") == shown.group(1)]
    for text in chosen[0].named("text") if chosen else []:
        if text.attribute("id") == key:
            return NodeSet(text.named("value"))
    return NodeSet()


def _doctype(document: Node, xml: str) -> int:
    """Return 1 when the recorded places count a document type before the root element."""
    return int("<!DOCTYPE" in xml and bool(document.children))


def _is_doctype(trail: list[int | str], document: Node, xml: str) -> bool:
    """Return whether a recorded place is the document type, a node that XPath 1.0 does not know."""
    return trail == [0] and bool(_doctype(document, xml))


def _find(document: Node, trail: list[int | str], xml: str) -> Node:
    node = document
    for place in trail:
        if isinstance(place, str):
            node = next(a for a in node.attributes if a.qualified_name == place[1:])
        else:
            shift = _doctype(document, xml) if node is document else 0
            node = node.child_nodes()[place - shift]
    return node


def _trail(node: Node, document: Node, xml: str) -> list[int | str]:
    found: list[int | str] = []
    while node.parent is not None:
        parent = node.parent
        if node.kind in {"attribute", "namespace"}:
            found.append(f"@{node.qualified_name}")
        else:
            places = (place for place, n in enumerate(parent.child_nodes()) if n is node)
            found.append(next(places) + (_doctype(document, xml) if parent is document else 0))
        node = parent
    return found[::-1]
