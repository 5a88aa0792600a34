"""The appearance search(): choices looked up in a table that comes with the form.

It is the older way of ODK and Kobo to do what a choice filter does, and becomes one here. The list
on the sheet `choices` then holds names of columns instead of values and labels, beside options
with a number, which are always offered.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from xlsform.questions import FormError
from xlsform.xpath import ExpressionError
from xlsform.xpath.lexer import tokens

_CALL = re.compile(r"search\s*\((.*)\)", re.DOTALL)
_TESTS = {
    "contains": "contains({column}, {text})",
    "startswith": "starts-with({column}, {text})",
    "endswith": "ends-with({column}, {text})",
    "matches": "{column} = {text}",
}
_CLOSING = {"(": 1, ")": -1}


@dataclass(frozen=True, slots=True)
class Search:
    """Which table to look in, and the set of its rows as an expression."""

    table: str
    nodeset: str


def words_of(appearance: str) -> tuple[str, ...]:
    """Return the words of an appearance, without a search()."""
    found = _call(appearance)
    return tuple((appearance.replace(found[0], " ", 1) if found else appearance).split())


def search_of(appearance: str, path: str) -> Search | None:
    """Return what an appearance looks up, None if nothing; raise FormError if it cannot be read."""
    found = _call(appearance)
    if found is None:
        return None
    try:
        return _search(_arguments(found[1]))
    except (ExpressionError, ValueError, KeyError):
        name = path.rpartition("/")[2]
        raise FormError(
            f"Question '{name}': search() cannot be read. Write it like "
            "search('table', 'matches', 'column', ${question}).",
            path,
            "appearance",
        ) from None


def _call(appearance: str) -> re.Match[str] | None:
    # Without a bracket at the end, every "search(" would be read on to the end.
    return _CALL.search(appearance) if ")" in appearance else None


def _search(arguments: list[str]) -> Search:
    """Return the search with these arguments; raise ValueError or KeyError if they do not fit."""
    table, rest = _literal(arguments[0]), arguments[1:]
    nodeset = f"instance('{table}')/root/item"
    if rest:
        kind, columns, text, *more = rest
        test = _TESTS[_literal(kind)]
        nodeset += f"[{_any(test, _literal(columns), text)}]"
        if more:
            column, wanted = more
            nodeset += f"[{_any(_TESTS['matches'], _literal(column), wanted)}]"
    return Search(table, nodeset)


def _any(test: str, columns: str, text: str) -> str:
    """Return the condition that one of the columns passes the test."""
    names = [name.strip() for name in columns.split(",")]
    return " or ".join(test.format(column=name, text=text) for name in names)


def _literal(argument: str) -> str:
    """Return the text of an argument in quotation marks; raise ValueError for any other."""
    if len(argument) < 2 or argument[0] != argument[-1] or argument[0] not in "'\"":
        raise ValueError(argument)
    return argument[1:-1]


def _arguments(source: str) -> list[str]:
    """Return the arguments of a call as written; raise ExpressionError if they are unreadable."""
    ends, depth = [0], 0
    for token in tokens(source):
        depth += _CLOSING.get(token.kind, 0)
        if (token.kind == "," and depth == 0) or token.kind == "end":
            ends.append(token.position + 1)
    return [source[begin : end - 1].strip() for begin, end in pairwise(ends)]
