"""Functions about repeats: which one this is, and answers of a certain one."""

from collections.abc import Callable, Mapping, Sequence

from xlsform.values import NodeSet
from xlsform.xpath.calls import Function, in_context
from xlsform.xpath.context import Context, ExpressionError, Piece, as_nodes, as_number
from xlsform.xpath.paths import own_of

Names = tuple[str, ...]
_NOWHERE = 1_000_000_000


def _position(context: Context, *given: NodeSet) -> float:
    """Return the place in the set being looked at, or of a node among those of its name."""
    if not given and context.position:
        return float(context.position)
    if given and not given[0]:
        return 0.0  # as JavaRosa
    node = given[0][0] if given else context.node
    if node.parent is None or node.kind != "element":
        return 1.0
    alike = node.parent.named(node.qualified_name)
    places = (place for place, other in enumerate(alike, 1) if other is node)
    return float(next(places, len(alike) + 1))  # an instance that is not there yet comes last


def _indexed_repeat(pieces: Sequence[Piece]) -> Piece:
    """Build indexed-repeat(target, repeat, number, …): the target inside those very repeats.

    Repeats that are not named are the ones the expression stands in, where it stands in them.
    """
    if len(pieces) % 2 == 0:
        raise ExpressionError("after the question come pairs of repeat and number.")
    target, *repeats = [_names(piece) for piece in (pieces[0], *pieces[1::2])]
    numbers = [as_number(piece) for piece in pieces[2::2]]

    def nodes(context: Context) -> NodeSet:
        names, places = target(context), {}
        for repeat, number in zip(repeats, numbers, strict=True):
            above = repeat(context)
            if names[: len(above)] != above:
                raise ExpressionError("The question does not lie in this repeat.")
            places[len(above)] = _place(number(context))
        return _walked(context, names, places)

    return Piece(nodes, "nodes", plain=True)


def _names(piece: Piece) -> Callable[[Context], Names]:
    if piece.names is None:
        raise ExpressionError("a path without conditions is needed.")
    return piece.names


def _place(number: float) -> int:
    """Return the place a number means, from 0, or one where no repeat is.

    JavaRosa takes the first repeat where a number names none; that may be another person's answer.
    """
    return int(number) - 1 if 1 <= number < _NOWHERE else _NOWHERE


def _walked(context: Context, names: Names, places: Mapping[int, int]) -> NodeSet:
    nodes = [context.environment.root]
    for depth, name in enumerate(names, 1):
        found = [child for node in nodes for child in node.named(name)]
        if depth in places:
            found = found[places[depth] : places[depth] + 1]
        elif (own := own_of(found, context.node)) is not None:
            found = [own]
        nodes = [node for node in found if node.relevant]
    return NodeSet(nodes)


FUNCTIONS: Mapping[str, Function] = {
    "indexed-repeat": Function(3, 11, _indexed_repeat),
    "position": in_context("number", _position, as_nodes, least=0),
}
