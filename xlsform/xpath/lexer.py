"""Cuts an expression into tokens."""

import re
from dataclasses import dataclass

from xlsform.xpath.context import ExpressionError

LONGEST = 10_000
_NAME = r"[^\W\d][\w.\-\u00b7]*"
_SKIP = re.compile(r"[ \t\r\n]*")
_OPERATOR_NAME = re.compile(r"and|or|mod|div")
_TOKEN = re.compile(
    rf"""(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    |(?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*])""",
    re.VERBOSE,
)
_BEFORE_OPERAND = frozenset({"", "operator", "(", "[", ",", "@", "::", "/", "//"})
_OPERATORS = frozenset({"|", "+", "-", "=", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; `kind`: number, literal, name, operator, end, or the symbol itself."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> list[Token]:
    """Return the tokens of `source`, closed by an "end" token; raises ExpressionError."""
    if len(source) > LONGEST:
        raise ExpressionError(f"The expression is longer than {LONGEST} characters.", LONGEST)
    found: list[Token] = []
    position = _skip(source, 0)
    before = ""
    while position < len(source):
        token = _next(source, position, before)
        found.append(token)
        before = token.kind
        position = _skip(source, position + len(token.text))
    found.append(Token("end", "", len(source)))
    return found


def _skip(source: str, position: int) -> int:
    found = _SKIP.match(source, position)
    return found.end() if found else position


def _next(source: str, position: int, before: str) -> Token:
    after_operand = before not in _BEFORE_OPERAND
    # After an operand a name can only be an operator, even glued to what follows: "1 or1".
    if after_operand and (operator := _OPERATOR_NAME.match(source, position)):
        return Token("operator", operator.group(), position)
    found = _TOKEN.match(source, position)
    if found is None:
        return _unreadable(source, position)
    kind, text = found.lastgroup or "", found.group()
    if kind == "symbol":
        is_operator = text in _OPERATORS or (text == "*" and after_operand)
        kind = "operator" if is_operator else text
    return Token(kind, text, position)


def _unreadable(source: str, position: int) -> Token:
    character = source[position]
    if character in "\"'":
        raise ExpressionError("A text in quotation marks is not closed.", position)
    raise ExpressionError(f"The character {character!r} does not belong here.", position)
