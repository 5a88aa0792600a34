"""Patterns of authors: what they match, and which are refused."""

import pytest

from xlsform.tree import Node
from xlsform.xpath import Context, Environment, ExpressionError, compile_expression
from xlsform.xpath.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\d{5}$", "12345", True),
        (r"\d{5}", "123456", False),
        (r"(\d{2}[- ]?)?\d{4}", "12-3456", True),
        (r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", "a.b@c.de", True),
        ("(aa|b)+", "aab", True),
        ("[^]a]+", "xyz", True),
        (".*.*", "x" * 5_000, False),
        ("a++b", "aab", True),
    ],
)
def test_regex__matches_the_whole_text(pattern: str, text: str, *, expected: bool) -> None:
    assert Pattern(pattern).matches(text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*b",
        "(a|ab)*",
        "(a{1,2}){3}",
        "a?" * 30,
        "(a|aa)" * 30,
        ".*" * 7,
        r"(a)\1",
        "(?i)a",
        "[[:alpha:]]",
        "(",
        "a)",
        "a{99999999999}",
    ],
)
def test_regex__refuses_what_could_run_away_when_compiled(pattern: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(f"regex(/data/a, '{pattern}')")


def test_regex__refuses_a_computed_pattern_when_evaluated() -> None:
    empty = Node("document")
    context = Context(empty, Environment(empty))

    assert compile_expression("regex('ab', concat('a', 'b'))").evaluate(context) is True
    with pytest.raises(ExpressionError):
        compile_expression("regex('ab', concat('(a+)', '+'))").evaluate(context)
