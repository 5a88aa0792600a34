"""Greedy k-member clustering with local improvement, for batches of a few hundred rows.

After Byun, Kamra, Bertino and Li, "Efficient k-Anonymization Using Clustering Techniques" (DASFAA
2007); rows then move and change places between classes as long as that lowers the information loss,
and neighbouring classes are dissolved and built anew.
"""

from collections.abc import Iterable

import numpy as np

from exports.anonymise.mondrian import Flags, Floats, Indices, Ints, Problem, partition

STARTS = 4
ROUNDS = 160
WAITING = -1  # the class of a row that found no place
_WAIT = 10.0  # a waiting woman costs as much as ten rows that lost everything: places come first
_NEVER = 1e9
_LEAST = 1e-9  # gains below this are rounding


def cluster(problem: Problem, seed: int, rounds: int = ROUNDS) -> Indices:
    """The class of each row, numbered from 0, or WAITING; the same seed gives the same classes."""
    random = np.random.default_rng(seed)
    everyone = np.arange(len(problem.codes))
    starts = [_greedy(problem, everyone, random) for _ in range(STARTS)]
    best = min(
        (_Clusters(problem, start).improve() for start in [*starts, partition(problem)]),
        key=lambda clusters: clusters.loss(),
    )
    for _ in range(rounds):
        trial = _Clusters(problem, _rebuilt(best, random)).improve()
        if trial.loss() <= best.loss():
            best = trial
    return best.member


def _rebuilt(clusters: "_Clusters", random: np.random.Generator) -> Indices:
    """The classes after the two to four around a random row, and who waits, were built anew."""
    problem, member = clusters.problem, clusters.member
    middle = (clusters.low + clusters.high) / 2
    row = problem.codes[random.integers(len(member))]
    near = np.argsort(np.abs(middle - row) @ problem.weights, kind="stable")
    near = near[: random.integers(2, 5)]
    pool = np.flatnonzero(np.isin(member, near) | (member == WAITING))
    rebuilt = _renumbered(np.where(np.isin(member, near), WAITING, member))
    new = _greedy(problem, pool, random)[pool]
    rebuilt[pool] = np.where(new == WAITING, WAITING, new + rebuilt.max(initial=-1) + 1)
    return rebuilt


def _renumbered(member: Indices) -> Indices:
    """The same classes, numbered without gaps."""
    _, number = np.unique(np.append(member, WAITING), return_inverse=True)
    return np.asarray(number[:-1] - 1)


def _greedy(problem: Problem, pool: Indices, random: np.random.Generator) -> Indices:
    """Classes of k rows of `pool`, each begun with the row farthest from the class before."""
    member = np.full(len(problem.codes), WAITING, dtype=np.intp)
    left, number = pool, 0
    last = problem.codes[random.choice(pool)]
    while len(left) >= problem.k:
        distance = np.abs(problem.codes[left] - last) @ problem.weights
        chosen = _grown(problem, left, int(left[distance.argmax()]))
        if len(chosen) < problem.k:
            break
        member[chosen] = number
        number += 1
        last = problem.codes[chosen[-1]]
        left = left[member[left] == WAITING]
    return member


def _grown(problem: Problem, left: Indices, first: int) -> list[int]:
    """Up to k rows of `left` around `first`: each time the row that widens the class least."""
    chosen = [first]
    low = high = problem.codes[first]
    while len(chosen) < problem.k:
        rows = left[~np.isin(left, chosen)]
        codes = problem.codes[rows]
        width = (np.maximum(high, codes) - np.minimum(low, codes)) @ problem.weights
        width[~_room(problem, chosen, rows)] = np.inf
        if not np.isfinite(width).any():
            break
        best = int(rows[width.argmin()])
        chosen.append(best)
        low, high = np.minimum(low, problem.codes[best]), np.maximum(high, problem.codes[best])
    return chosen


def _room(problem: Problem, chosen: list[int], rows: Indices) -> Flags:
    """Which rows a class of k that begins with `chosen` can still take under the share rule."""
    full = problem.marks[chosen].sum(axis=0) + 1 > problem.limit(problem.k)
    return np.asarray(~problem.marks[np.ix_(rows, full)].any(axis=1))


class _Clusters:
    """Classes, with the loss after every possible move and exchange of rows kept up to date.

    `swapped[i, j]` is the loss of the class of i with row j in place of i, `joined[i, c]` what
    class c loses more with i in it. A waiting row counts as a class of its own.
    """

    def __init__(self, problem: Problem, member: Indices):
        n, q = problem.codes.shape
        count = int(member.max(initial=WAITING)) + 1
        places = max(count, 1)  # where everyone waits, one class that nobody can join
        self.problem, self.member = problem, member
        self.size = np.zeros(places, dtype=np.intp)
        self.low = np.zeros((places, q), dtype=np.int32)
        self.high = np.zeros((places, q), dtype=np.int32)
        self.own = np.full(n, _WAIT)  # loss of the class of each row
        self.left = np.zeros(n)  # … and without that row
        self.swapped = np.full((n, n), _WAIT)
        self.joined = np.full((n, places), _NEVER)
        for number in range(count):
            self._measure(number)
        self._measure(WAITING)

    def loss(self) -> float:
        """The loss of all rows; 1 is a row that lost everything."""
        share = self.own / np.where(self.member == WAITING, 1, self.size[self.member])
        return round(float(share.sum()), 9)

    def improve(self) -> "_Clusters":
        """These clusters, after every move and exchange that lowers the loss."""
        while self._step():
            pass
        return self

    def _step(self) -> bool:
        """Make the best move or exchange; False when none helps."""
        exchange = self.swapped + self.swapped.T - self.own[:, None] - self.own
        first, second = divmod(int(exchange.argmin()), len(self.own))
        move = (self.left - self.own)[:, None] + self.joined
        row, target = divmod(int(move.argmin()), len(self.size))
        if min(exchange[first, second], move[row, target]) > -_LEAST:
            return False
        if move[row, target] <= exchange[first, second]:
            touched = {int(self.member[row]), target}
            self.member[row] = target
        else:
            touched = {int(self.member[first]), int(self.member[second])}
            self.member[[first, second]] = self.member[[second, first]]
        for number in touched:
            self._measure(number)
        return True

    def _measure(self, number: int) -> None:
        """Work out anew what touches one class."""
        rows = np.flatnonzero(self.member == number)
        if number == WAITING:
            self.own[rows], self.left[rows], self.swapped[rows] = _WAIT, 0.0, _WAIT
            self.swapped[np.ix_(rows, rows)] = _NEVER
            return
        problem, codes, size = self.problem, self.problem.codes, len(rows)
        ordered = np.sort(codes[rows], axis=0)
        low, high = ordered[0], ordered[-1]
        # without one row, its bound falls back to the next value of the class
        low_left = np.where(codes[rows] == low, ordered[1], low)
        high_left = np.where(codes[rows] == high, ordered[-2], high)
        loss = size * float((high - low) @ problem.weights)
        self.size[number], self.low[number], self.high[number] = size, low, high
        self.own[rows] = loss
        leave, swap, join = self._permitted(rows)
        left = (size - 1) * ((high_left - low_left) @ problem.weights)
        self.left[rows] = np.where(leave, left, _NEVER)
        swapped = size * self._width(low_left[:, None], high_left[:, None])
        self.swapped[rows] = np.where(swap, swapped, _NEVER)
        joined = (size + 1) * self._width(low, high) - loss
        self.joined[:, number] = np.where(join, joined, _NEVER)

    def _width(self, low: Ints, high: Ints) -> Floats:
        """The weighted width of ranges stretched to take in each row."""
        codes = self.problem.codes
        stretched = np.maximum(high, codes) - np.minimum(low, codes)
        return np.asarray(stretched @ self.problem.weights)

    def _permitted(self, rows: Indices) -> tuple[Flags, Flags, Flags]:
        """Who of a class may leave it, who may take whose place, and who may join it."""
        problem, size = self.problem, len(rows)
        marks = problem.marks
        inside = marks[rows]
        counts = inside.sum(axis=0)
        left = (counts - inside).max(axis=1, initial=0)
        leave = (left <= problem.limit(size - 1)) & (size > problem.k)
        barred = counts + 1 > problem.limit(size + 1)
        join: Flags = np.asarray(marks[:, barred].max(axis=1, initial=0) == 0)
        # who takes a place may bring a value that is full only if who goes takes it away
        full = counts + 1 > problem.limit(size)
        swap: Flags = np.asarray((1 - inside[:, full]) @ marks[:, full].T == 0)
        swap[:, rows] = join[rows] = False
        return leave, swap, join


def classes_of(member: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """The rows of each class, in order of rows; who waits is left out."""
    classes: dict[int, list[int]] = {}
    for row, number in enumerate(member):
        if number != WAITING:
            classes.setdefault(int(number), []).append(row)
    return tuple(tuple(rows) for rows in classes.values())
