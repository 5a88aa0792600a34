"""Attackers on releases: each gets all releases and says which women it singles out.

An attacker knows the quasi-identifiers and the month of entry of a woman, and the rules by which
releases are made. He is given more than that wherever it costs nothing to assume the worst: in
which release her row came out first, and who else came out with it.

A woman is singled out if the rows that may be hers are fewer than k, or the women who may be behind
her row, or if one value of a sensitive column (no blank) makes up more than 75 % of these rows. It
counts only if her own row is among them: a wrong conclusion gives nobody away.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from exports.anonymise.mondrian import Flags, Indices, Ints
from exports.anonymise.rules import K
from tests.exports.simulation import BLANK, LONGEST, OUTCOME, History, Release, World

SHARE = 0.75


@dataclass
class Found:
    """The women singled out; of these, those left alone; and those of whom a value is known."""

    women: set[int] = field(default_factory=set)
    alone: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)

    def judge(self, woman: int, release: Release, rows: Flags) -> None:
        """Note a woman if the rows that may be hers, and are, are too few or too alike."""
        left = int(rows.sum())
        if not rows[release.who == woman].any():
            return
        if left < K:
            self._left(woman, left)
        if is_alike(release.sensitive[rows]):
            self.women.add(woman)
            self.known.add(woman)

    def judge_row(self, woman: int, behind: int) -> None:
        """Note a woman if fewer than k women may be behind her row."""
        if behind < K:
            self._left(woman, behind)

    def _left(self, woman: int, left: int) -> None:
        self.women.add(woman)
        if left == 1:
            self.alone.add(woman)


def is_alike(sensitive: Ints) -> bool:
    """Say whether one value makes up more than 75 % of the rows in any column."""
    return any(
        np.bincount(values[values != BLANK], minlength=1).max() > SHARE * len(values) + 1e-9
        for values in sensitive.T
    )


def differencing(made: World, history: History) -> Found:
    """Attack 1: rows that only the women can have brought who came between two releases.

    Of her he is left with the rows that cover her and may be new; of a row that must be new, with
    the women who came and whom it covers.
    """
    found, seen = Found(), set[int]()
    for _, old, new in history.steps():
        links = Links.between(old, new, frozen=history.frozen)
        came = np.array([woman for woman in new.who if woman not in seen], dtype=np.intp)
        for woman in came:
            found.judge(woman, new, links.may_be_new & new.covers(made.quasi[woman]))
        for row in np.flatnonzero(links.must_be_new & np.isin(new.who, came)):
            behind = _inside(made.quasi[came], new.low[row], new.high[row])
            found.judge_row(new.who[row], behind)
        seen.update(came.tolist())
    return found


def recognising(made: World, history: History) -> Found:
    """Attack 2: rows recognised from release to release by their sensitive values.

    Of a row that is recognised he narrows the ranges to those that all its releases share, and is
    left with the women who were in all of them and fit. Of her he is left with the values that the
    rows which cover her have had in every release so far.
    """
    found = Found()
    narrowed: dict[int, tuple[Ints, Ints, Indices]] = {}
    for _, old, new in history.steps():
        links = Links.between(old, new, frozen=history.frozen)
        before, narrowed = narrowed, {}
        for row, woman in enumerate(new.who.tolist()):
            low, high, there = new.low[row], new.high[row], new.who
            was = links.recognised(row)
            if was is not None and old.who[was] in before:
                first = before[old.who[was]]
                low, high = np.maximum(low, first[0]), np.minimum(high, first[1])
                there = np.intersect1d(there, first[2])
            narrowed[woman] = low, high, there
            if was is not None and old.who[was] == woman:
                found.judge_row(woman, _inside(made.quasi[there], low, high))
    _compose(made, history, found)
    return found


def _compose(made: World, history: History, found: Found) -> None:
    """Note whose row must have one of few values, as it had one of them in every release."""
    shared: dict[int, Counter[tuple[int, ...]]] = {}
    places: dict[int, Indices] = {}
    for _, old, new in history.steps():
        came = ~np.isin(new.place, old.place)
        for woman in new.who.tolist():
            rows = new.covers(made.quasi[woman])
            if history.frozen:  # her row is one of those that came out with it
                rows &= np.isin(new.place, places.setdefault(woman, new.place[rows & came]))
            values = Counter(map(tuple, new.sensitive[rows][:, :OUTCOME].tolist()))
            shared[woman] = shared.get(woman, values) & values
    for woman, values in shared.items():
        rows = np.array(list(values.elements()), dtype=np.int32)
        found.judge_row(woman, len(rows))
        if is_alike(rows):
            found.women.add(woman)
            found.known.add(woman)


def outcomes(made: World, history: History) -> Found:
    """Attack 3: rows whose outcome appeared between two releases.

    He also knows the month in which her case was closed, as whoever sees her move out does. He is
    left with the rows that cover her and may have changed.
    """
    found = Found()
    for _, old, new in history.steps():
        links = Links.between(old, new, frozen=history.frozen)
        was_open = old.sensitive[:, OUTCOME] == BLANK
        changed = links.possible[was_open].any(axis=0) & (new.sensitive[:, OUTCOME] != BLANK)
        open_ = set(old.who[was_open].tolist())
        for woman in new.who[changed].tolist():
            if woman in open_:
                found.judge(woman, new, changed & new.covers(made.quasi[woman]))
    return found


def erasure(made: World, history: History) -> Found:
    """Attack 4: rows that vanished between two releases, and what is left of their classes.

    He also knows the month in which she withdrew. He is left with the rows that cover her and may
    have vanished; of those who stayed, with the rows of a class that has fewer than k now.
    """
    found = Found()
    for month, old, new in history.steps():
        links = Links.between(old, new, frozen=history.frozen)
        for woman in old.who[made.withdrawn[old.who] == month].tolist():
            found.judge(woman, old, links.may_be_gone & old.covers(made.quasi[woman]))
        for rows in _classes(new):
            if rows.sum() < K:
                for woman in new.who[rows].tolist():
                    found.judge(woman, new, rows)
    return found


def too_alike(made: World, history: History, *, at_once: bool = False) -> Found:
    """Attack 5: classes in which one sensitive value exceeds 75 %.

    With `at_once` he looks at a class only when it comes out, and not at outcomes: what he finds
    then is due to a batch that was too small for the rule, not to what became of it later.
    """
    found = Found()
    columns = slice(OUTCOME if at_once else None)
    for _, old, new in history.steps():
        for rows in _classes(new):
            is_old = at_once and np.isin(new.place[rows], old.place).any()
            if not is_old and is_alike(new.sensitive[rows, columns]):
                found.women.update(new.who[rows].tolist())
    found.known |= found.women
    return found


def silent(made: World, history: History, column: int) -> Indices:
    """Attack on what is not shown: the women whose value would be out if it were not too common.

    A batch whose column stays out says that one value exceeds 75 % of it, and so does a class
    without outcomes when all its cases must be closed. How sure this makes him depends on how
    common the value is: whoever calls counts that.
    """
    since: dict[int, int] = {}
    for month, _, new in history.steps():
        for number in new.group.tolist():
            since.setdefault(number, month)
    last = history.releases[-1]
    age = len(history.releases) - 1 - np.array([since[number] for number in last.group.tolist()])
    hidden = last.sensitive[:, column] == BLANK
    return last.who[hidden & (age >= (LONGEST if column == OUTCOME else 0))]


def _classes(release: Release) -> Iterator[Flags]:
    """The rows of each class."""
    return (release.group == number for number in np.unique(release.group))


def _inside(quasi: Ints, low: Ints, high: Ints) -> int:
    """How many women fit into ranges."""
    return int(((low <= quasi) & (quasi <= high)).all(axis=1).sum())


@dataclass(frozen=True)
class Links:
    """Which rows of two releases may be the same woman's, given that as few as can be vanished."""

    possible: Flags  # old × new
    may_be_new: Flags
    may_be_gone: Flags

    @property
    def must_be_new(self) -> Flags:
        """Which new rows are nobody's who was out before."""
        return np.asarray(~self.possible.any(axis=0))

    def recognised(self, row: int) -> int | None:
        """The old row that a new one must be, None if there are several or it may be new."""
        was = np.flatnonzero(self.possible[:, row])
        return int(was[0]) if len(was) == 1 and not self.may_be_new[row] else None

    @classmethod
    def between(cls, old: Release, new: Release, *, frozen: bool) -> "Links":
        """All links that a largest matching can hold; rows that are frozen keep their place."""
        if frozen:
            same = old.place[:, None] == new.place
            return cls(same, ~same.any(axis=0), ~same.any(axis=1))
        fits = (old.low[:, None] <= new.high) & (new.low <= old.high[:, None])
        told = old.sensitive[:, None]
        same = (told == new.sensitive) | ((told == BLANK) & (np.arange(3) == OUTCOME))
        return _matched(np.asarray(fits.all(axis=2) & same.all(axis=2)))


def _matched(fits: Flags) -> Links:
    """The links of all largest matchings, found from one of them by its alternating paths.

    After Dulmage and Mendelsohn, "Coverings of Bipartite Graphs" (1958).
    """
    owner = _matching(fits)
    taken = owner >= 0
    mate = np.full(len(fits), -1)
    mate[owner[taken]] = np.flatnonzero(taken)
    # takes[i, j]: old row i could have the place of old row j, which would need another
    takes = np.zeros((len(fits), len(fits)), dtype=np.bool_)
    takes[:, owner[taken]] = fits[:, taken]
    reaches = _closed(takes | np.eye(len(fits), dtype=np.bool_))
    to_free = (reaches & fits[:, ~taken].any(axis=1)).any(axis=1)
    from_free = reaches[mate < 0].any(axis=0)
    possible = fits.copy()
    loses = owner[taken]
    possible[:, taken] &= reaches[loses].T | to_free[loses] | from_free[:, None]
    new = ~taken
    new[taken] = to_free[loses]
    return Links(possible, new, np.asarray(from_free | (mate < 0)))


def _closed(graph: Flags) -> Flags:
    """The transitive closure of a graph in which all reach themselves."""
    while True:
        longer = (graph.astype(np.float32) @ graph.astype(np.float32)) > 0
        if (longer == graph).all():
            return graph
        graph = longer


def _matching(fits: Flags) -> Indices:
    """The old row of each new one in a largest matching, -1 for none."""
    owner = np.full(fits.shape[1], -1)
    around = [np.flatnonzero(row).tolist() for row in fits]

    def place(row: int, tried: set[int]) -> bool:
        for at in around[row]:
            if at not in tried:
                tried.add(at)
                if owner[at] < 0 or place(int(owner[at]), tried):
                    owner[at] = row
                    return True
        return False

    for row in range(len(fits)):
        place(row, set())
    return owner
