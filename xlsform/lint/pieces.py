"""An expression as its author wrote it, in pieces: tokens, references to questions, comparisons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsform.xpath.lexer import Token, tokens

__all__ = [
    "REFERENCE",
    "Comparison",
    "Operand",
    "Token",
    "comparisons",
    "pieces",
    "readable",
    "straight",
]

# pyxform puts a path in the place of ${name}; a name of the same length keeps all positions true.
REFERENCE = re.compile(r"\$\{(?:last-saved#)?(?P<name>[^${}]*)\}")

_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
_COMPARE = frozenset({"=", "!=", "<", "<=", ">", ">="})
_EDGES = frozenset({"(", ")", "[", "]", ",", "end"})
_LOGIC = frozenset({"and", "or"})


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison.

    `kind` is "reference" (to the question `text`), "text", "number", "call" (of the function
    `text`), "self" for a dot, and "other" for all that has more than one part.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and the sign between them, which stands at `position`."""

    left: Operand
    sign: str
    right: Operand
    position: int

    def sides(self) -> Iterator[tuple[Operand, Operand]]:
        """Yield each side with the other one."""
        yield self.left, self.right
        yield self.right, self.left


def straight(text: str) -> str:
    """Return `text` with the quotation marks that Excel curls put straight, as pyxform does."""
    return text.translate(_STRAIGHT)


def readable(text: str) -> str:
    """Return the expression with names in the place of references, every position as it was."""
    return REFERENCE.sub(lambda found: f" {'_' * (len(found[0]) - 2)} ", text)


def pieces(text: str) -> Iterator[Token]:
    """Yield the tokens, a reference as one that is a question's name; raises ExpressionError."""
    references = {found.start() + 1: found["name"].strip() for found in REFERENCE.finditer(text)}
    for token in tokens(readable(text)):
        name = references.get(token.position)
        yield token if name is None else Token("reference", name, token.position)


def comparisons(found: Sequence[Token]) -> Iterator[Comparison]:
    """Yield the comparisons in an expression."""
    for place, token in enumerate(found):
        if token.kind == "operator" and token.text in _COMPARE:
            left = _operand(found, _start(found, place - 1), place - 1)
            right = _operand(found, place + 1, _end(found, place + 1))
            yield Comparison(left, token.text, right, token.position)


def _operand(found: Sequence[Token], start: int, end: int) -> Operand:
    """Return what stands from `start` to `end`, "other" when more belongs to it."""
    before = found[start - 1] if start > 0 else None
    after = found[end + 1] if end + 1 < len(found) else None
    if not (_is_edge(before) and _is_edge(after)):
        return Operand("other")
    first = found[start]
    if start < end:
        return Operand("call", first.text) if first.kind == "name" else Operand("other")
    if first.kind == "literal":
        return Operand("text", first.text[1:-1])
    kinds = {"reference": "reference", "number": "number", ".": "self"}
    return Operand(kinds.get(first.kind, "other"), first.text)


def _is_edge(token: Token | None) -> bool:
    if token is None or token.kind in _EDGES:
        return True
    return token.kind == "operator" and token.text in _COMPARE | _LOGIC


def _start(found: Sequence[Token], end: int) -> int:
    """Return where the operand that ends at `end` starts: at a function's name for its bracket."""
    if found[end].kind != ")":
        return end
    depth = 0
    for place in range(end, -1, -1):
        depth += {")": 1, "(": -1}.get(found[place].kind, 0)
        if depth == 0:
            return place - 1 if place and found[place - 1].kind == "name" else place
    return end


def _end(found: Sequence[Token], start: int) -> int:
    """Return where the operand that starts at `start` ends: at the bracket that a call closes."""
    opening = start + 1 if found[start].kind == "name" else start
    if opening >= len(found) or found[opening].kind != "(":
        return start
    depth = 0
    for place in range(opening, len(found)):
        depth += {"(": 1, ")": -1}.get(found[place].kind, 0)
        if depth == 0:
            return place
    return start
