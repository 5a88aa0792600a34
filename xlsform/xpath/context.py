"""What an expression is evaluated in, and the pieces it is compiled to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from xlsform.tree import Node
from xlsform.values import NodeSet, Value, node_truth, to_boolean, to_number, to_string


class ExpressionError(ValueError):
    """An expression that cannot be compiled or evaluated; `position` counts characters from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


def _now() -> datetime:
    return datetime.now(UTC)


def _no_text(_key: str) -> str:
    return ""


def _no_label(value: str, _question: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Environment:
    """What stays the same for all expressions of a form that is being filled.

    `root` is where absolute paths start: the document node of the primary instance. `choice_name`
    gives the label of (value, path of the question) for jr:choice-name(), `fact` what property()
    tells by name about who fills the form. `failed` hears which part of a form, in words, cannot be
    worked out.
    """

    root: Node
    instances: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    now: Callable[[], datetime] = _now
    zone: tzinfo = UTC
    itext: Callable[[str], Value] = _no_text
    choice_name: Callable[[str, str], str] = _no_label
    fact: Callable[[str], str] = _no_text
    seed: int = 0
    failed: Callable[[str], object] = _no_text


@dataclass(slots=True)
class Context:
    """Where an expression is evaluated: a node, its place in the set looked at (0: in none)."""

    node: Node
    environment: Environment
    position: int = 0
    size: int = 1
    current: Node | None = None

    def origin(self) -> Node:
        """Return the node that current() means."""
        return self.node if self.current is None else self.current


Run = Callable[[Context], Value]


@dataclass(frozen=True, slots=True)
class Match:
    """The condition that a column of an item says what `wanted` is, and `rest` holds as well.

    `wanted` does not depend on the item. Nothing in `rest` that stands before it can fail.
    """

    column: tuple[str, ...]
    wanted: Run
    rest: tuple[Callable[[Context], bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A compiled part of an expression.

    `kind` is what it evaluates to as far as known: "number", "string", "boolean", "nodes", "any".
    `constant` is its value when it has one without a context. `plain` marks a path of names (and
    conditions) only: it asks for an answer, and one that is not there counts as "" in a comparison.
    `names` gives, for a path without conditions, its absolute names as seen from a context, and
    `column` its names when it goes down from the node. `fixed` is the same for all nodes that a
    condition looks at, `quiet` cannot fail. `instance` names the list that the piece is, `match`
    says what a condition looks for.
    """

    run: Run
    kind: str = "any"
    constant: Value | None = None
    plain: bool = False
    names: Callable[[Context], tuple[str, ...]] | None = None
    column: tuple[str, ...] = ()
    fixed: bool = False
    quiet: bool = False
    instance: str = ""
    match: Match | None = None


def constant(value: float | str | bool, kind: str) -> Piece:  # noqa: FBT001 -- its value is all
    """Return the piece that is always `value`."""
    return Piece(lambda _context: value, kind, value, fixed=True, quiet=True)


def as_number(piece: Piece) -> Callable[[Context], float]:
    """Return `piece` as a closure that gives a number."""
    if piece.kind == "number":
        return piece.run  # type: ignore[return-value]
    run = piece.run
    return lambda context: to_number(run(context))


def as_string(piece: Piece) -> Callable[[Context], str]:
    """Return `piece` as a closure that gives text."""
    run = piece.run
    if piece.kind == "string":
        return run  # type: ignore[return-value]
    if piece.constant is not None:
        text = to_string(piece.constant)
        return lambda _context: text
    return lambda context: to_string(run(context))


def as_boolean(piece: Piece) -> Callable[[Context], bool]:
    """Return `piece` as a closure that gives a truth value."""
    if piece.kind == "boolean":
        return piece.run  # type: ignore[return-value]
    run = piece.run
    if piece.plain:  # JavaRosa asks for an answer, not for a place to put it
        return lambda context: _answered(run(context))
    return lambda context: to_boolean(run(context))


def _answered(value: Value) -> bool:
    return bool(value) and node_truth(value[0]) if type(value) is NodeSet else to_boolean(value)


def as_nodes(piece: Piece) -> Callable[[Context], NodeSet]:
    """Return `piece` as a closure that gives a node-set; raises ExpressionError if it cannot."""
    if piece.kind == "nodes":
        return piece.run  # type: ignore[return-value]
    if piece.kind != "any":
        raise ExpressionError(f"A path to questions is needed here, not a {piece.kind}.")
    run = piece.run

    def nodes(context: Context) -> NodeSet:
        value = run(context)
        if not isinstance(value, NodeSet):
            raise ExpressionError("A path to questions is needed here.")
        return value

    return nodes
