"""Parses an expression into closures, and notes which paths it reads."""

from collections.abc import Mapping

from xlsform.xpath.axes import AXES, NODE_TYPES, Test, name_test, type_test
from xlsform.xpath.context import ExpressionError, Piece, constant
from xlsform.xpath.functions import FUNCTIONS
from xlsform.xpath.lexer import Token, tokens
from xlsform.xpath.operators import NEGATION, POWERS, chain, negative
from xlsform.xpath.paths import Step, filtered, from_current, from_node, from_root, path, path_from

DEEPEST = 120  # each level takes up to six of Python's 1,000 frames
_ANY_NODE = type_test("node", None)
_PATH_STARTS = frozenset({"name", "@", ".", "..", "*", "/", "//"})
_STEP_STARTS = _PATH_STARTS - {"/", "//"}


class Parser:
    """A Pratt parser: each operator has a binding power, operands come from `_operand`.

    `references` fills up with the paths that were read, in order, `conditions` with those that a
    condition in brackets stood behind, `called` with the names of functions.
    """

    def __init__(self, text: str, namespaces: Mapping[str, str]) -> None:
        self.tokens = tokens(text)
        self.namespaces = namespaces
        self.place = 0
        self.depth = 0
        self.base: str | None = ""  # what relative paths are relative to; None: not this form
        self.references: dict[str, None] = {}
        self.conditions: dict[str, None] = {}
        self.called: set[str] = set()

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self, kind: str = "") -> Token:
        token = self.token
        if kind and token.kind != kind:
            found = f"'{token.text}'" if token.text else "the end"
            raise ExpressionError(f"Here '{kind}' is missing before {found}.", token.position)
        self.place += 1
        return token

    def follows(self, kind: str, ahead: int = 0) -> bool:
        place = self.place + ahead
        return place < len(self.tokens) and self.tokens[place].kind == kind

    def whole(self) -> Piece:
        """Return the piece for the whole text; raises ExpressionError."""
        piece = self.expression()
        if not self.follows("end"):
            token = self.token
            raise ExpressionError(f"'{token.text}' does not belong here.", token.position)
        return piece

    def expression(self, power: int = 0) -> Piece:
        left = self._operand()
        while (level := self._level()) > power:
            links = []
            while self._level() == level:
                sign = self.take().text
                links.append((sign, self.expression(level)))
            left = chain(left, links)
        return left

    def _level(self) -> int:
        token = self.token
        return POWERS[token.text] if token.kind == "operator" else 0

    def _nested(self, closing: str) -> Piece:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("The expression nests too deeply.", self.token.position)
        piece = self.expression()
        self.take(closing)
        self.depth -= 1
        return piece

    def _operand(self) -> Piece:
        minus = 0
        while self.follows("operator") and self.token.text == "-":
            self.take()
            minus += 1
        if minus:
            piece = negative(self.expression(NEGATION))
            return piece if minus % 2 else negative(piece)
        if self.token.kind in _PATH_STARTS and not self._is_call():
            return self._path()
        return self._filter()

    def _is_call(self) -> bool:
        return self.follows("name") and self.follows("(", 1) and self.token.text not in NODE_TYPES

    def _filter(self) -> Piece:
        """Parse a value that may be followed by conditions in brackets and further steps."""
        is_current = self._is_call() and self.token.text == "current" and self.follows(")", 2)
        piece = self._primary()
        outer, self.base = self.base, None
        predicates = self._predicates()
        if is_current and not predicates:
            self.base = ""
            steps, text = self._steps_after("", bare=True)
            self.base = outer
            self._refer(text or ".", "")
            return path(from_current, steps)
        steps, _ = self._steps_after("()")  # no path of this form
        self.base = outer
        return path_from(filtered(piece, predicates), steps)

    def _primary(self) -> Piece:
        token = self.take()
        if token.kind == "number":
            return constant(float(token.text), "number")
        if token.kind == "literal":
            return constant(token.text[1:-1], "string")
        if token.kind == "(":
            return self._nested(")")
        if token.kind == "name":
            return self._call(token)
        found = f"'{token.text}'" if token.text else "the end"
        raise ExpressionError(f"A value is missing before {found}.", token.position)

    def _call(self, name: Token) -> Piece:
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise ExpressionError(f"There is no function {name.text}().", name.position)
        self.called.add(name.text)
        arguments = self._arguments()
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionError(
                f"{name.text}() does not take {len(arguments)} arguments.", name.position
            )
        try:
            return function.build(arguments)
        except ExpressionError as error:
            raise ExpressionError(f"{name.text}(): {error}", name.position) from error

    def _arguments(self) -> list[Piece]:
        self.take("(")
        if self.follows(")"):
            self.take()
            return []
        arguments = []
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("The expression nests too deeply.", self.token.position)
        arguments.append(self.expression())
        while self.follows(","):
            self.take()
            arguments.append(self.expression())
        self.take(")")
        self.depth -= 1
        return arguments

    def _predicates(self) -> list[Piece]:
        found = []
        while self.follows("["):
            self.take()
            found.append(self._nested("]"))
        return found

    def _path(self) -> Piece:
        start, text = from_node, ""
        steps: list[Step] = []
        if self.token.kind in {"/", "//"}:
            start = from_root
            if self.follows("/") and self.tokens[self.place + 1].kind not in _STEP_STARTS:
                self.take()
                self._refer("/", "")
                return path(start, ())
            steps, text = self._steps_after("")
        else:
            first, text = self._step("")
            more, text = self._steps_after(text)
            steps = [*first, *more]
        self._refer(text, self.base)
        return path(start, steps)

    def _steps_after(self, text: str, *, bare: bool = False) -> tuple[list[Step], str]:
        """Parse `/step` and `//step` as often as they come; `text` is the path so far.

        `bare` leaves out the first slash of it, for a path behind current() is a relative one.
        """
        steps: list[Step] = []
        while self.token.kind in {"/", "//"}:
            slash = self.take()
            if slash.kind == "//":
                steps.append(Step("descendant-or-self", _ANY_NODE))
            added, text = self._step("" if bare and not text else text + slash.text)
            steps.extend(added)
        return steps, text

    def _step(self, before: str) -> tuple[list[Step], str]:
        """Return the next step (none for a bare ".") and the path as text up to its end."""
        token = self.take()
        text = before + token.text
        if token.kind == ".":
            predicates = self._conditions(text)
            return ([Step("self", _ANY_NODE, "", predicates)] if predicates else []), text
        if token.kind == "..":
            predicates = self._conditions(text)
            return [Step("parent", _ANY_NODE, "" if predicates else "..", predicates)], text
        axis = "child"
        if token.kind == "@":
            axis = "attribute"
            token = self.take()
            text += token.text
        elif self.follows("::"):
            axis = self._axis(token)
            token = self._after_axis()
            text += "::" + token.text
        return self._tested(axis, token, text)

    def _axis(self, token: Token) -> str:
        if token.text not in AXES:
            raise ExpressionError(f"There is no axis {token.text}::.", token.position)
        return token.text

    def _after_axis(self) -> Token:
        self.take("::")
        return self.take()

    def _tested(self, axis: str, token: Token, text: str) -> tuple[list[Step], str]:
        if token.kind not in {"name", "*"}:
            raise ExpressionError("A name is missing here.", token.position)
        if token.kind == "name" and self.follows("("):
            test, simple = self._type_test(token), ""
        else:
            test = name_test(token.text, axis, self.namespaces)
            known = token.text.rpartition(":")[0] in self.namespaces
            simple = "" if axis != "child" or "*" in token.text or known else token.text
        return [Step(axis, test, simple, self._conditions(text))], text

    def _type_test(self, token: Token) -> Test:
        if token.text not in NODE_TYPES:
            raise ExpressionError(f"There is no kind of node {token.text}().", token.position)
        self.take("(")
        target = None
        if token.text == "processing-instruction" and self.follows("literal"):
            target = self.take().text[1:-1]
        self.take(")")
        return type_test(token.text, target)

    def _conditions(self, text: str) -> tuple[Piece, ...]:
        """Parse conditions whose relative paths start at the end of the path `text`."""
        if not self.follows("["):
            return ()
        outer = self.base
        self.base = None if outer is None and text[:1] != "/" else _joined(outer or "", text)
        if self.base is not None:
            self.conditions.setdefault(self.base)
        predicates = tuple(self._predicates())
        self.base = outer
        return predicates

    def _refer(self, text: str, base: str | None) -> None:
        if text.startswith("/"):
            self.references.setdefault(text)
        elif base is not None:
            self.references.setdefault(_joined(base, text))


def _joined(base: str, text: str) -> str:
    """Return the path `text` as seen from where `base` starts."""
    if not base or text.startswith("/"):
        return text
    steps = [] if base == "." else base.split("/")
    for step in text.split("/"):
        if step == ".." and steps and steps[-1] not in {"..", ""}:
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps) or "."
