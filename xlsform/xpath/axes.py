"""The axes of XPath 1.0, the tests on a step, and document order."""

from collections.abc import Callable, Iterable, Mapping

from xlsform.tree import Node
from xlsform.values import NodeSet

Axis = Callable[[Node], list[Node]]
Test = Callable[[Node], bool]


def _child(node: Node) -> list[Node]:
    return node.child_nodes()


def _parent(node: Node) -> list[Node]:
    return [] if node.parent is None else [node.parent]


def _self(node: Node) -> list[Node]:
    return [node]


def _attribute(node: Node) -> list[Node]:
    return list(node.attributes)


def _descendant(node: Node) -> list[Node]:
    return list(node.descendants())


def _descendant_or_self(node: Node) -> list[Node]:
    return [node, *node.descendants()]


def _ancestor(node: Node) -> list[Node]:
    found = []
    above = node.parent
    while above is not None:
        found.append(above)
        above = above.parent
    return found


def _ancestor_or_self(node: Node) -> list[Node]:
    return [node, *_ancestor(node)]


def _siblings(node: Node) -> tuple[list[Node], int]:
    """Return the siblings of `node` and its place among them; ([], 0) for an attribute."""
    if node.parent is None or node.kind in {"attribute", "namespace"}:
        return [], 0
    beside = node.parent.child_nodes()
    places = (place for place, other in enumerate(beside) if other is node)
    return beside, next(places, len(beside))  # an instance that is not there yet comes last


def _following_sibling(node: Node) -> list[Node]:
    beside, place = _siblings(node)
    return beside[place + 1 :]


def _preceding_sibling(node: Node) -> list[Node]:
    beside, place = _siblings(node)
    return beside[:place][::-1]


def _following(node: Node) -> list[Node]:
    found: list[Node] = []
    if node.kind in {"attribute", "namespace"} and node.parent is not None:
        found.extend(node.parent.descendants())
    for place in _ancestor_or_self(node):
        for sibling in _following_sibling(place):
            found.extend(_descendant_or_self(sibling))
    return found


def _preceding(node: Node) -> list[Node]:
    found: list[Node] = []
    for place in _ancestor_or_self(node):
        for sibling in _preceding_sibling(place):
            found.extend(reversed(_descendant_or_self(sibling)))
    return found


def _namespace(node: Node) -> list[Node]:
    if node.kind != "element":
        return []
    found = []
    for prefix, address in node.namespaces().items():
        made = Node("namespace", prefix, address)
        made.parent = node
        found.append(made)
    return found


AXES: Mapping[str, Axis] = {
    "ancestor": _ancestor,
    "ancestor-or-self": _ancestor_or_self,
    "attribute": _attribute,
    "child": _child,
    "descendant": _descendant,
    "descendant-or-self": _descendant_or_self,
    "following": _following,
    "following-sibling": _following_sibling,
    "namespace": _namespace,
    "parent": _parent,
    "preceding": _preceding,
    "preceding-sibling": _preceding_sibling,
    "self": _self,
}
REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
_NODE_TYPES = {"text": "text", "comment": "comment", "processing-instruction": "pi"}
NODE_TYPES = frozenset({"node", *_NODE_TYPES})


def type_test(kind: str, target: str | None) -> Test:
    """Return the test for `node()`, `text()`, `comment()` or `processing-instruction(target)`."""
    if kind == "node":
        return lambda node: node.relevant
    wanted = _NODE_TYPES[kind]
    if target is None:
        return lambda node: node.kind == wanted
    return lambda node: node.kind == wanted and node.name == target


def name_test(name: str, axis: str, namespaces: Mapping[str, str]) -> Test:
    """Return the test for a name as written.

    A prefix that `namespaces` knows stands for its address, any other for itself. A name without a
    prefix means elements written without one, as in JavaRosa, unless `namespaces` says by the
    prefix "" which address it stands for (plain XPath 1.0: "").
    """
    kind = axis if axis in {"attribute", "namespace"} else "element"
    prefix, _, local = name.rpartition(":")
    if name == "*":
        return lambda node: node.kind == kind and node.relevant
    address = None if axis == "attribute" and not prefix else namespaces.get(prefix)
    if address is not None:
        return lambda node: (
            node.kind == kind
            and node.namespace == address
            and (local in {"*", node.name})
            and node.relevant
        )
    return lambda node: (
        node.kind == kind
        and node.prefix == prefix
        and (local in {"*", node.name})
        and node.relevant
    )


def in_order(nodes: Iterable[Node]) -> NodeSet:
    """Return `nodes` in document order, each once."""
    unique = {_identity(node): node for node in nodes}
    if len(unique) < 2:
        return NodeSet(unique.values())
    places: dict[int, dict[int, int]] = {}
    return NodeSet(sorted(unique.values(), key=lambda node: _place(node, places)))


def _identity(node: Node) -> tuple[int, str]:
    # A namespace node is made anew each time it is asked for; its element and prefix name it.
    return (id(node.parent), node.name) if node.kind == "namespace" else (id(node), "")


def _place(node: Node, places: dict[int, dict[int, int]]) -> tuple[int, ...]:
    found: list[int] = []
    while node.parent is not None:
        parent = node.parent
        if node.kind == "namespace":
            found.append(-1_000_000)  # before attributes, which stand before children
        else:
            index = places.get(id(parent))
            if index is None:
                index = places[id(parent)] = _index(parent)
            found.append(index[id(node)])
        node = parent
    found.append(id(node))
    return tuple(reversed(found))


def _index(parent: Node) -> dict[int, int]:
    """Return the place of each attribute (before all children) and child by identity."""
    index = {id(child): place for place, child in enumerate(parent.child_nodes())}
    count = len(parent.attributes)
    index.update((id(node), place - count) for place, node in enumerate(parent.attributes))
    return index
