"""An attacker on rows and tables taken together: what their differences prove, and of whom.

He knows who came when, whose case was documented, closed or taken back when, and – more than
anybody will – which women stand behind each class. So each class, and each table, says how many of
certain women have a value: exactly, or within the interval that a rounded count stands for. From
these he takes away one from the other, wherever one holds the other, and narrows all of them down
until nothing gives any more.

A woman is singled out if a value of hers is proven for more than 75 % of certain women, or for one
of fewer than k: then fewer than k are left who may have it. It counts only if she has that value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from exports.anonymise.mondrian import Flags, Ints
from exports.anonymise.rules import K
from tests.exports.attacks import SHARE
from tests.exports.simulation import BLANK, History, World

VALUES = 5  # codes that a sensitive column may hold, from 0 on
_ROUNDS = 50


@dataclass(frozen=True)
class Said:
    """How many of certain women have each value of a column: at least, and at most."""

    women: Flags  # of all n
    low: Ints  # of each value
    high: Ints

    def less(self, other: "Said") -> "Said":
        """What is said of the women whom the other, which lies in it, does not speak of."""
        women = self.women & ~other.women
        size = int(women.sum())
        low = np.clip(self.low - other.high, 0, size)
        return Said(women, low, np.clip(self.high - other.low, 0, size))

    def covers(self, other: "Said") -> bool:
        """Whether it speaks of all women that the other speaks of, and of more."""
        return bool((other.women <= self.women).all() and (other.women != self.women).any())


@dataclass(frozen=True)
class Look:
    """A table of one column, as it was fetched: whom it counted, and what it showed."""

    half: int
    column: int
    said: Said


def counted(made: World, women: Flags, column: int, slack: int = 0, base: int = 1) -> Said:
    """What a table says that counts these women, rounded to a base; it may be off by the slack."""
    count = np.bincount(made.sensitive[women, column], minlength=VALUES)
    shown = base * ((count + base // 2) // base)
    size = int(women.sum())
    return Said(women, np.clip(shown - slack, 0, size), np.clip(shown + slack, 0, size))


def classes(made: World, history: History, column: int) -> list[Said]:
    """What each class of each release says, of those of its women whose value it shows."""
    found: dict[bytes, Said] = {}
    for release in history.releases:
        for number in np.unique(release.group):
            rows = release.group == number
            shown = rows & (release.sensitive[:, column] != BLANK)
            women = np.zeros(len(made.quasi), dtype=np.bool_)
            women[release.who[shown]] = True
            if women.any():
                found[women.tobytes()] = counted(made, women, column)
    return list(found.values())


def singled_out(made: World, history: History, looks: Sequence[Look], columns: int = 3) -> set[int]:
    """The women singled out by the classes of all releases and all tables together."""
    found = set[int]()
    for column in range(columns):
        tables = [look for look in looks if look.column == column]
        found |= proven(made, column, list(_derived(classes(made, history, column), tables)))
    return found


def _derived(rows: Sequence[Said], tables: Sequence[Look]) -> Iterator[Said]:
    """Everything said, and what is left where one is taken away from the other."""
    yield from rows
    every = [look.said for look in tables]
    for half in {look.half for look in tables}:
        every += _between([look.said for look in tables if look.half == half])
    for said in every:
        yield said
        left = said
        for one in rows:
            if left.covers(one):
                left = left.less(one)
        if left is not said:
            yield left


def _between(tables: Sequence[Said]) -> Iterator[Said]:
    """What changed from one look to the next, and between the looks at which a count jumped."""
    jumps = [after for before, after in pairwise(tables) if (before.low != after.low).any()] + list(
        tables[-1:]
    )
    for one, other in (*pairwise(tables), *combinations(jumps, 2)):
        for longer, shorter in ((one, other), (other, one)):
            if longer.covers(shorter):
                yield longer.less(shorter)


def proven(made: World, column: int, said: Sequence[Said]) -> set[int]:
    """The women singled out by what is said of one column."""
    found = set[int]()
    if said:
        for women, least in _least(said):
            size = int(women.sum())
            for value in np.flatnonzero((least > SHARE * size) | ((size < K) & (least > 0))):
                hers = women & (made.sensitive[:, column] == value)
                found.update(np.flatnonzero(hers).tolist())
    return found


def _least(said: Sequence[Said]) -> Iterator[tuple[Flags, Ints]]:
    """How many women at least have each value, of all that is said and of all parts of it.

    A part are the women of whom the same things are said. What is left for it is what a thing says
    less what its other parts can have at most, and so on, until nothing gives any more.
    """
    women = np.array([one.women for one in said])
    parts, where = np.unique(women, axis=1, return_inverse=True)
    where = where.ravel()
    inside = parts.astype(np.int64)  # things said × parts
    sizes = np.bincount(where)[:, None]
    total = inside @ sizes
    low, high = np.array([one.low for one in said]), np.array([one.high for one in said])
    least, most = np.zeros((len(sizes), VALUES), dtype=np.int64), np.repeat(sizes, VALUES, axis=1)
    for _ in range(_ROUNDS):
        before = (most - least).sum()
        low, high = np.maximum(low, inside @ least), np.minimum(high, inside @ most)
        low, high = _whole(low, high, total)
        lacks, room = low - inside @ most, high - inside @ least
        least = np.maximum(least, most + _highest(parts, lacks))
        most = np.minimum(most, least - _highest(parts, -room))
        least, most = _whole(least, most, sizes)
        if (most - least).sum() == before:
            break
    yield from zip(women, low, strict=True)
    yield from ((where == part, least[part]) for part in range(len(sizes)))


def _whole(low: Ints, high: Ints, total: Ints) -> tuple[Ints, Ints]:
    """Narrowed down by this: every woman has one of the values."""
    low = np.maximum(low, total - (high.sum(axis=1, keepdims=True) - high))
    return low, np.minimum(high, total - (low.sum(axis=1, keepdims=True) - low))


def _highest(parts: Flags, of: Ints) -> Ints:
    """For each part and value, the highest number of all things said that hold the part."""
    return np.where(parts[:, :, None], of[:, None, :], -(10**9)).max(axis=0)
