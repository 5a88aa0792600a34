"""Location paths as closures: a fast way for names only, a general one for all of XPath 1.0.

An absolute path that runs through the repeat it is evaluated in stays in that one, as in JavaRosa
and Enketo: seen from the second kid, /data/kid/age is its own age. A condition lifts this.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from xlsform.tree import Node
from xlsform.values import NodeSet, Value, to_boolean
from xlsform.xpath.axes import AXES, REVERSE, Test, in_order
from xlsform.xpath.context import Context, Match, Piece, Run, as_nodes
from xlsform.xpath.lookups import Instances, texts_of

_LEVEL = frozenset({"child", "attribute", "self"})
Start = Callable[[Context], Node]
Walk = Callable[[Iterable[Node], Context], list[Node]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path; `name` is set when it is a child element named as written, or ".."."""

    axis: str
    test: Test
    name: str = ""
    predicates: tuple[Piece, ...] = ()


def from_root(context: Context) -> Node:
    """Return where an absolute path starts."""
    return context.environment.root


def from_node(context: Context) -> Node:
    """Return where a relative path starts."""
    return context.node


def from_current(context: Context) -> Node:
    """Return where a path behind current() starts."""
    return context.origin()


def path(start: Start, steps: Sequence[Step]) -> Piece:
    """Return the piece for a path that starts at one node."""
    names = [step.name for step in steps]
    ups = next((place for place, name in enumerate(names) if name != ".."), len(names))
    down = tuple(names[ups:])
    if all(name not in {"", ".."} for name in down) and not any(s.predicates for s in steps):
        return Piece(
            _by_names(start, ups, down),
            "nodes",
            plain=True,
            names=_named(start, ups, down),
            column=down if start is from_node and not ups else (),
            fixed=start is not from_node,
            quiet=True,
        )
    head = _head(steps) if start is from_root else ()
    begin = _absolute(head) if head else (lambda context: [start(context)])
    walks = _walks(steps[len(head) :])

    def run(context: Context) -> NodeSet:
        nodes: list[Node] = begin(context)
        for walk in walks:
            nodes = walk(nodes, context)
        return NodeSet(nodes)

    return Piece(run, "nodes", plain=all(names))


def _head(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the names of the first steps, up to one that is no mere name."""
    mere = takewhile(lambda step: step.name not in {"", ".."} and not step.predicates, steps)
    return tuple(step.name for step in mere)


def path_from(origin: Piece, steps: Sequence[Step]) -> Piece:
    """Return the piece for a path that goes on from a node-set."""
    if not steps:
        return origin
    nodes_of = as_nodes(origin)
    walks = _walks(steps, level=False)

    def scan(context: Context) -> NodeSet:
        nodes: list[Node] = nodes_of(context)
        for walk in walks:
            nodes = walk(nodes, context)
        return NodeSet(nodes)

    run = _by_column(origin.instance, steps, scan) if origin.instance else scan
    return Piece(run, "nodes", plain=all(step.name for step in steps))


def _by_column(name: str, steps: Sequence[Step], scan: Run) -> Run:
    """Return the way through a list that looks items up by a column, or `scan` where none is."""
    head = _head(steps)
    step = steps[len(head)] if len(head) < len(steps) else None
    if step is None or step.name in {"", ".."} or step.predicates[0].match is None:
        return scan
    match, path_to = step.predicates[0].match, (*head, step.name)
    keeps = [_keep(predicate) for predicate in step.predicates[1:]]
    walks = _walks(steps[len(path_to) :], level=False)

    def run(context: Context) -> Value:
        found = _looked_up(name, path_to, match, context)
        if found is None:
            return scan(context)
        for keep in keeps:
            found = keep(found, context)
        for walk in walks:
            found = walk(found, context)
        return NodeSet(found)

    return run


def _looked_up(
    name: str, path_to: tuple[str, ...], match: Match, context: Context
) -> list[Node] | None:
    """Return the items that meet `match`; None when each item must be looked at."""
    instances = context.environment.instances
    if not isinstance(instances, Instances):
        return None
    table = instances.table(name, path_to, match.column)
    if table is None or not table.size:
        return None
    inner = Context(instances[name], context.environment, 0, table.size, context.origin())
    texts = texts_of(match.wanted(inner))
    return None if texts is None else list(_met(table.holding(texts), match, inner))


def _met(placed: Iterable[tuple[int, Node]], match: Match, inner: Context) -> Iterator[Node]:
    for inner.position, inner.node in placed:
        if all(holds(inner) for holds in match.rest):
            yield inner.node


def filtered(origin: Piece, predicates: Sequence[Piece]) -> Piece:
    """Return the piece for `origin[predicate]…`, positions counted in document order."""
    if not predicates:
        return origin
    nodes_of = as_nodes(origin)
    keeps = [_keep(predicate) for predicate in predicates]

    def run(context: Context) -> NodeSet:
        kept: list[Node] = nodes_of(context)
        for keep in keeps:
            kept = keep(kept, context)
        return NodeSet(kept)

    return Piece(run, "nodes")


def _named(start: Start, ups: int, names: tuple[str, ...]) -> Callable[[Context], tuple[str, ...]]:
    """Return what gives the absolute names of a path, whichever repeats it runs through."""

    def run(context: Context) -> tuple[str, ...]:
        line: list[str] = []
        node: Node | None = start(context)
        while node is not None and node is not context.environment.root:
            line.insert(0, node.qualified_name)
            node = node.parent
        return (*line[: len(line) - ups], *names)

    return run


def _by_names(start: Start, ups: int, names: tuple[str, ...]) -> Run:
    def run(context: Context) -> NodeSet:
        node: Node | None = start(context)
        for _ in range(ups):
            node = node and node.parent
        if node is None:
            return NodeSet()
        for place, name in enumerate(names, 1):
            found = node.named(name)
            if len(found) != 1:
                return _fan_out(found, names[place:])
            node = found[0]
            if not node.relevant:
                return NodeSet()
        return NodeSet((node,))

    if not ups and start is from_root:
        return _absolute(names)
    return run


def _absolute(names: tuple[str, ...]) -> Callable[[Context], NodeSet]:
    def run(context: Context) -> NodeSet:
        node = context.environment.root
        for place, name in enumerate(names, 1):
            found = node.named(name)
            if len(found) == 1:
                node = found[0]
            elif (own := own_of(found, context.node)) is not None:
                node = own
            else:
                return _fan_out(found, names[place:])
            if not node.relevant:
                return NodeSet()
        return NodeSet((node,))

    return run


def own_of(found: list[Node], node: Node) -> Node | None:
    """Return which of the repeats `found` holds `node`, None when none does."""
    if not found:
        return None
    outside = found[0].parent
    inside: Node | None = node
    while inside is not None and inside.parent is not outside:
        inside = inside.parent
    return next((repeat for repeat in found if repeat is inside), None)


def _fan_out(nodes: list[Node], names: tuple[str, ...]) -> NodeSet:
    kept = [node for node in nodes if node.relevant]
    for name in names:
        kept = [child for node in kept for child in node.named(name) if child.relevant]
    return NodeSet(kept)


def _walks(steps: Sequence[Step], *, level: bool = True) -> list[Walk]:
    walks = []
    for step in steps:
        level = level and step.axis in _LEVEL
        walks.append(_walk(step, level=level))
    return walks


def _walk(step: Step, *, level: bool) -> Walk:
    """Return the closure of one step.

    `level` says that no node it starts from lies inside another, so that the order holds.
    """
    look = _look(step)
    keeps = [_keep(predicate) for predicate in step.predicates]
    reverse = step.axis in REVERSE

    def walk(nodes: Iterable[Node], context: Context) -> list[Node]:
        found: list[Node] = []
        count = 0
        for node in nodes:
            count += 1
            candidates = look(node)
            for keep in keeps:
                candidates = keep(candidates, context)
            found.extend(candidates)
        return in_order(found) if reverse or (count > 1 and not level) else found

    return walk


def _look(step: Step) -> Callable[[Node], list[Node]]:
    name, axis, test = step.name, AXES[step.axis], step.test
    if name and name != "..":
        return lambda node: [child for child in node.named(name) if child.relevant]
    return lambda node: [other for other in axis(node) if test(other)]


Keep = Callable[[list[Node], Context], list[Node]]


def _keep(predicate: Piece) -> Keep:
    if isinstance(predicate.constant, float):
        wanted = predicate.constant
        return lambda nodes, _context: [
            node for place, node in enumerate(nodes, 1) if place == wanted
        ]
    run = predicate.run

    def keep(nodes: list[Node], context: Context) -> list[Node]:
        inner = Context(context.node, context.environment, 0, len(nodes), context.origin())
        kept = []
        for node in nodes:
            inner.node = node
            inner.position += 1
            value = run(inner)
            # bool is tested by kind: an equality that holds must not count as position 1
            if value == inner.position if type(value) is float else to_boolean(value):
                kept.append(node)
        return kept

    return keep
