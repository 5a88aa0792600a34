"""Functions about nodes: where they are, what they are called, other instances."""

import hashlib
import math
from collections.abc import Mapping, Sequence

from xlsform.tree import XML_NAMESPACE, Node
from xlsform.values import NodeSet, Value, to_number, to_string
from xlsform.xpath.axes import in_order
from xlsform.xpath.calls import Function, as_value, function, in_context
from xlsform.xpath.context import Context, ExpressionError, Piece, as_nodes, as_number, as_string

_MODULUS = 2_147_483_647
_FACTOR = 16_807


def _instance(context: Context, name: str) -> NodeSet:
    found = context.environment.instances.get(name)
    if found is None:
        raise ExpressionError(f"There is no list {name!r} in this form.")
    return NodeSet((found,))


def _position(context: Context, *given: NodeSet) -> float:
    if not given:
        return float(context.position)
    if not given[0]:
        raise ExpressionError("position() of a path needs a question that is there.")
    node = given[0][0]
    if node.parent is None or node.kind != "element":
        return 1.0
    alike = node.parent.named(node.qualified_name)
    return float(next(place for place, other in enumerate(alike, 1) if other is node))


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


def _indexed_repeat(pieces: Sequence[Piece]) -> Piece:
    """Build indexed-repeat(target, repeat, index, …): the target inside those very repeats."""
    if len(pieces) % 2 == 0:
        raise ExpressionError("after the question come pairs of repeat and number.")
    target = as_nodes(pieces[0])
    repeats = [as_nodes(piece) for piece in pieces[1::2]]
    indexes = [as_number(piece) for piece in pieces[2::2]]

    def nodes(context: Context) -> NodeSet:
        inside: Node | None = None
        for repeat, index in zip(repeats, indexes, strict=True):
            wanted = index(context)
            found = [node for node in repeat(context) if inside is None or _within(node, inside)]
            if math.isnan(wanted) or not 1 <= wanted <= len(found):
                return NodeSet()
            inside = found[int(wanted) - 1]
        if inside is None:
            return NodeSet()
        return NodeSet(node for node in target(context) if _within(node, inside))

    return Piece(nodes, "nodes")


def _within(node: Node, outer: Node) -> bool:
    above: Node | None = node
    while above is not None:
        if above is outer:
            return True
        above = above.parent
    return False


def _randomize(context: Context, nodes: NodeSet, *seed: Value) -> NodeSet:
    """Shuffle as ODK lays down: Fisher-Yates with Park and Miller's generator."""
    state = _seed(seed[0]) if seed else context.environment.seed
    state %= _MODULUS
    if state <= 0:
        state += _MODULUS - 1
    shuffled = list(nodes)
    for place in range(len(shuffled) - 1, 0, -1):
        state = state * _FACTOR % _MODULUS
        other = int((state - 1) / (_MODULUS - 1) * (place + 1))
        shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    return NodeSet(shuffled)


def _seed(value: Value) -> int:
    number = to_number(value)
    if math.isfinite(number):
        return int(number)
    digest = hashlib.sha256(to_string(value).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _pulldata(context: Context, name: str, column: str, key: str, wanted: str) -> str:
    for root in _instance(context, name)[0].children:
        for item in root.named("item"):
            keys, cells = item.named(key), item.named(column)
            if keys and cells and keys[0].string_value() == wanted:
                return cells[0].string_value()
    return ""


FUNCTIONS: Mapping[str, Function] = {
    "count": function("number", lambda nodes: float(len(nodes)), as_nodes),
    "count-non-empty": function("number", _non_empty, as_nodes),
    "current": in_context("nodes", lambda context: NodeSet((context.origin(),))),
    "id": Function(1, 1, _by_id),
    "indexed-repeat": Function(3, 11, _indexed_repeat),
    "instance": in_context("nodes", _instance, as_string),
    "lang": in_context("boolean", _lang, as_string),
    "last": in_context("number", lambda context: float(context.size)),
    "local-name": in_context("string", _local_name, as_nodes, least=0),
    "name": in_context("string", _name, as_nodes, least=0),
    "namespace-uri": in_context("string", _namespace, as_nodes, least=0),
    "position": in_context("number", _position, as_nodes, least=0),
    "pulldata": in_context("string", _pulldata, as_string, as_string, as_string, as_string),
    "randomize": in_context("nodes", _randomize, as_nodes, as_value, least=1),
}
