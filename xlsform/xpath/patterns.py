"""Regular expressions written by authors, kept from running away.

Python's engine backtracks, so three rules bound its work: a group that repeats must not hold
another repetition, nor alternatives that can begin alike; and the more ways a pattern has to divide
a text among its repetitions, the shorter the text it is tried on. Longer text does not match.
"""

import math
import re

from xlsform.xpath.context import ExpressionError

_LONGEST, _SHORTEST = 10_000, 40  # characters of text
_WAYS = 10_000_000  # ways to divide a text that are tried in a few tenths of a second
_QUANTIFIER = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_LITERAL = re.compile(r"[^\\.\[(*+?{|)^$]")
_CLASS_OF_CLASSES = re.compile(r"(?<!\\)\[|--|&&|~~|\|\|")  # Java's, which Python reads otherwise
_TOO_MANY = "The pattern repeats too many parts (*, +, ?)."


class Pattern:
    """A regular expression that is matched against whole texts; raises ExpressionError."""

    __slots__ = ("_longest", "_pattern")

    def __init__(self, source: str) -> None:
        self._longest = _Reader(source).longest()
        try:
            self._pattern = re.compile(source)
        except (re.error, RecursionError, OverflowError) as error:
            raise ExpressionError(f"The pattern is not a regular expression: {error}.") from error

    def matches(self, text: str) -> bool:
        """Return whether the whole of `text` fits the pattern."""
        return len(text) <= self._longest and self._pattern.fullmatch(text) is not None


class _Reader:
    """Reads a pattern once, weighs its repetitions and refuses nested ones."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.open_ended = 0
        self.ways = 1.0  # of the repetitions that have an upper bound
        # For each open group: whether it repeats inside, and how its alternatives begin.
        self.groups: list[tuple[bool, list[str]]] = [(False, [""])]

    def longest(self) -> int:
        """Return how long a text the pattern may be tried on; raises ExpressionError."""
        self._read()
        spare = _WAYS * math.factorial(self.open_ended) / self.ways
        if spare < 1 or self.open_ended > 20:
            raise ExpressionError(_TOO_MANY)
        length = min(spare ** (1 / self.open_ended), _LONGEST) if self.open_ended else _LONGEST
        if length < _SHORTEST:
            raise ExpressionError(_TOO_MANY)
        return int(length)

    def _read(self) -> None:
        while self.place < len(self.source):
            start = self.place
            if self.source[start] == "(":
                self._open()
                continue
            if self.source[start] == "|":
                self.groups[-1][1].append("")
                self.place += 1
                continue
            inner = self._close() if self.source[start] == ")" else self._atom()
            self._quantified(inner)

    def _open(self) -> None:
        self._begin("(")
        found = re.compile(r"\((?:\?:|\?=|\?!)?").match(self.source, self.place)
        self.place = found.end() if found else self.place + 1
        if self.source[self.place : self.place + 1] == "?":
            raise ExpressionError("The pattern uses a kind of group that is not supported.")
        self.groups.append((False, [""]))

    def _close(self) -> tuple[bool, list[str]]:
        self.place += 1
        if len(self.groups) == 1:
            raise ExpressionError("The pattern closes a bracket that was never opened.")
        inner = self.groups.pop()
        if inner[0]:
            self._mark()
        if not _begin_apart(inner[1]):
            self.ways *= len(inner[1])
        return inner

    def _atom(self) -> tuple[bool, list[str]]:
        text = self.source[self.place]
        if text == "[":
            # A bracket that comes first in a class stands for itself.
            found = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL).match(
                self.source, self.place
            )
            text = found.group() if found else text
            if _CLASS_OF_CLASSES.search(text[1:]):
                raise ExpressionError(r"Inside [ ] of the pattern, write [ as \[ and - as \-.")
        elif text == "\\":
            text = self.source[self.place : self.place + 2]
            if text[1:].isdigit():
                raise ExpressionError("The pattern refers back to a group, which is refused.")
        self._begin(text)
        self.place += len(text)
        return False, [text]

    def _begin(self, text: str) -> None:
        starts = self.groups[-1][1]
        if not starts[-1] and text not in {"^", "$"}:
            starts[-1] = text

    def _mark(self) -> None:
        self.groups[-1] = (True, self.groups[-1][1])

    def _quantified(self, inner: tuple[bool, list[str]]) -> None:
        found = _QUANTIFIER.match(self.source, self.place)
        if found is None:
            return
        self.place = found.end()
        if self.source[self.place : self.place + 1] in {"?", "+"}:
            self.place += 1
        least, most = _bounds(found)
        if most > 1 and (inner[0] or not _begin_apart(inner[1])):
            raise ExpressionError(
                "The pattern repeats a group that repeats or branches inside; "
                "this can run for hours. Write it without the inner repetition."
            )
        if least != most:
            self._mark()
            if math.isinf(most):
                self.open_ended += 1
            else:
                self.ways *= most - least + 1


def _bounds(found: re.Match[str]) -> tuple[float, float]:
    if found.group() in {"*", "+", "?"}:
        return (1.0 if found.group() == "+" else 0.0), (
            1.0 if found.group() == "?" else float("inf")
        )
    low, comma, high = found.groups()
    least = float(low or 0)
    return least, (float(high) if high else float("inf")) if comma else least


def _begin_apart(starts: list[str]) -> bool:
    """Return whether alternatives begin with different plain characters."""
    if len(starts) == 1:
        return True
    return len(set(starts)) == len(starts) and all(_LITERAL.fullmatch(s) for s in starts)
