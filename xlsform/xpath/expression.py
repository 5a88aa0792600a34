"""Expressions of XForms: XPath 1.0 with the functions of ODK, compiled once to closures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xlsform.values import Value, to_number, to_string
from xlsform.xpath.context import Context, ExpressionError, Run, as_boolean
from xlsform.xpath.parser import Parser


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    `references` are the paths it reads as written, without conditions in brackets; paths inside
    brackets are put behind the path they belong to. Paths into instance() are left out.

    What tells whether an expression in a repeat asks about the others of its kind: a path that runs
    through its repeat is about its own, unless it goes up beyond ("../../kid/age") or lies at or
    below one of `conditions`, the paths as in `references` that conditions choose from; and the
    `functions` it calls, such as indexed-repeat().
    """

    source: str
    references: tuple[str, ...]
    conditions: tuple[str, ...]
    functions: frozenset[str]
    run: Run
    truth: Callable[[Context], bool]

    def evaluate(self, context: Context) -> Value:
        """Return the value in `context`; raises ExpressionError."""
        try:
            return self.run(context)
        except RecursionError as error:
            raise ExpressionError("The expression nests too deeply.") from error

    def number(self, context: Context) -> float:
        """Return the value as a number; raises ExpressionError."""
        return to_number(self.evaluate(context))

    def string(self, context: Context) -> str:
        """Return the value as text; raises ExpressionError."""
        return to_string(self.evaluate(context))

    def boolean(self, context: Context) -> bool:
        """Return the value as a truth value, as JavaRosa: a bare path asks for an answer there.

        Raises ExpressionError.
        """
        try:
            return self.truth(context)
        except RecursionError as error:
            raise ExpressionError("The expression nests too deeply.") from error


def compile_expression(text: str, namespaces: Mapping[str, str] | None = None) -> Expression:
    """Return the compiled `text`; `namespaces` maps the prefixes it may use to addresses.

    Raises ExpressionError with the place for a mistake in the syntax, an unknown function or a
    wrong number of arguments.
    """
    return _compiled(text, tuple(sorted((namespaces or {}).items())))


@lru_cache(maxsize=4096)
def _compiled(text: str, namespaces: tuple[tuple[str, str], ...]) -> Expression:
    parser = Parser(text, dict(namespaces))
    try:
        piece = parser.whole()
    except RecursionError as error:
        raise ExpressionError("The expression nests too deeply.") from error
    return Expression(
        text,
        tuple(parser.references),
        tuple(parser.conditions),
        frozenset(parser.called),
        piece.run,
        as_boolean(piece),
    )
