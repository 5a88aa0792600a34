"""Functions about nodes: where they are, what they are called, other instances."""

import hashlib
import math
from collections.abc import Mapping, Sequence

from xlsform.tree import XML_NAMESPACE, Node
from xlsform.values import NodeSet, Value, to_number, to_string
from xlsform.xpath.axes import in_order
from xlsform.xpath.calls import Function, function, in_context
from xlsform.xpath.context import Context, ExpressionError, Piece, as_nodes, as_string
from xlsform.xpath.lookups import rows_where

_MODULUS = 2_147_483_647
_FACTOR = 16_807


def _instance(context: Context, name: str) -> NodeSet:
    found = context.environment.instances.get(name)
    if found is None:
        raise ExpressionError(f"There is no list {name!r} in this form.")
    return NodeSet((found,))


def _listed(pieces: Sequence[Piece]) -> Piece:
    name, known = as_string(pieces[0]), pieces[0].constant
    return Piece(
        lambda context: _instance(context, name(context)),
        "nodes",
        instance=known if isinstance(known, str) else "",
    )


def _first(context: Context, given: tuple[NodeSet, ...]) -> Node | None:
    if not given:
        return context.node
    return given[0][0] if given[0] else None


def _named(node: Node | None) -> bool:
    return node is not None and node.kind in {"element", "attribute", "pi", "namespace"}


def _name(context: Context, *given: NodeSet) -> str:
    node = _first(context, given)
    return node.qualified_name if node is not None and _named(node) else ""


def _local_name(context: Context, *given: NodeSet) -> str:
    node = _first(context, given)
    return node.name if node is not None and _named(node) else ""


def _namespace(context: Context, *given: NodeSet) -> str:
    node = _first(context, given)
    return node.namespace if node is not None else ""


def _lang(context: Context, wanted: str) -> bool:
    node: Node | None = context.node
    while node is not None:
        language = node.attribute("lang", XML_NAMESPACE)
        if language is not None:
            language, wanted = language.lower(), wanted.lower()
            return language == wanted or language.startswith(wanted + "-")
        node = node.parent
    return False


def _by_id(pieces: Sequence[Piece]) -> Piece:
    run = pieces[0].run

    def nodes(context: Context) -> NodeSet:
        value = run(context)
        given = [n.string_value() for n in value] if isinstance(value, NodeSet) else [value]
        wanted = {word for text in given for word in to_string(text).split()}
        found: dict[str, Node] = {}
        for node in context.node.document().descendants():
            name = node.attribute("id")
            if name is not None and name in wanted:
                found.setdefault(name, node)
        return in_order(found.values())

    return Piece(nodes, "nodes")


def _non_empty(nodes: NodeSet) -> float:
    return float(sum(1 for node in nodes if node.string_value()))


def _randomize(pieces: Sequence[Piece]) -> Piece:
    nodes, seed = as_nodes(pieces[0]), pieces[1].run if len(pieces) > 1 else None

    def shuffled(context: Context) -> NodeSet:
        number = context.environment.seed if seed is None else _seed(seed(context))
        return _shuffled(nodes(context), number)

    return Piece(shuffled, "nodes", plain=pieces[0].plain)


def _shuffled(nodes: NodeSet, seed: int) -> NodeSet:
    """Shuffle as ODK lays down: Fisher-Yates, inside out, with Park and Miller's generator."""
    state = int(math.fmod(seed, _MODULUS))
    if state <= 0:
        state += _MODULUS - 1
    found: list[Node] = []
    for place, node in enumerate(nodes):
        state = state * _FACTOR % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (place + 1))
        found.append(node)
        found[place] = found[other]
        found[other] = node
    return NodeSet(found)


def _seed(value: Value) -> int:
    number, text = to_number(value), to_string(value)
    if math.isfinite(number) or not text:
        return int(number) if text else 0
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _pulldata(context: Context, name: str, column: str, key: str, wanted: str) -> str:
    """Return what `column` says in the first row of a list whose `key` says what is wanted."""
    _instance(context, name)
    for item in rows_where(context.environment.instances, name, key, wanted):
        cells = item.named(column)
        if cells:
            return cells[0].string_value()
    return ""


def _version(context: Context) -> str:
    top = context.environment.root.children
    return (top[0].attribute("version") or "") if top else ""


def _property(context: Context, name: str) -> str:
    return context.environment.fact(name)


FUNCTIONS: Mapping[str, Function] = {
    "count": function("number", lambda nodes: float(len(nodes)), as_nodes),
    "count-non-empty": function("number", _non_empty, as_nodes),
    "current": in_context("nodes", lambda context: NodeSet((context.origin(),))),
    "id": Function(1, 1, _by_id),
    "instance": Function(1, 1, _listed),
    "lang": in_context("boolean", _lang, as_string),
    "last": in_context("number", lambda context: float(context.size)),
    "local-name": in_context("string", _local_name, as_nodes, least=0),
    "name": in_context("string", _name, as_nodes, least=0),
    "namespace-uri": in_context("string", _namespace, as_nodes, least=0),
    "property": in_context("string", _property, as_string),
    "pulldata": in_context("string", _pulldata, as_string, as_string, as_string, as_string),
    "randomize": Function(1, 2, _randomize),
    "version": in_context("string", _version),
}
