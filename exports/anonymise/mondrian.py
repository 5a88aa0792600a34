"""Multi-dimensional Mondrian over contiguous codes, all nodes of one depth cut at once.

After LeFevre, DeWitt and Ramakrishnan, "Mondrian Multidimensional K-Anonymity" (ICDE 2006), but
each node takes the cut that leaves the least information loss, not the median of its widest range.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Marks = NDArray[np.float32]
EXEMPT = -1  # a sensitive code that no share is counted for


@dataclass(frozen=True)
class Problem:
    """What a grouping must respect: n rows of q codes, class size k, and the share rule."""

    codes: Ints  # n × q, each column 0 … leaves - 1
    weights: Floats  # q, loss of one row per step of range; a row that lost everything costs 1
    k: int
    sensitive: Ints  # n × s; EXEMPT marks a value that is not counted
    share: float

    @cached_property
    def marks(self) -> Marks:
        """1 where a row holds a counted value: n × all values of all sensitive columns."""
        columns = [
            values == value
            for values in self.sensitive.T
            for value in np.unique(values[values != EXEMPT])
        ]
        return np.array(columns, dtype=np.float32).reshape(-1, len(self.codes)).T

    def limit(self, size: Any) -> Any:
        """The most rows of a class of `size` rows (a number or an array) that may share a value."""
        return np.floor(self.share * size + 1e-9)

    def part(self, rows: Indices) -> Self:
        """The same problem over some of the rows."""
        return type(self)(self.codes[rows], self.weights, self.k, self.sensitive[rows], self.share)


def partition(problem: Problem, enough: int = 0) -> Indices:
    """The class of each row, numbered from 0; nodes of at most `enough` rows are not cut further.

    Every class keeps k and the share rule, provided that all rows taken together keep them.
    """
    classes = np.zeros(len(problem.codes), dtype=np.intp)
    rows = np.arange(len(problem.codes))
    node = np.zeros(len(rows), dtype=np.intp)
    done = 0
    while len(rows):
        column, leaf = _best_cuts(problem, rows, node, max(enough, 2 * problem.k - 1))
        final = column < 0
        number = np.cumsum(final) - 1 + done
        settled = final[node]
        classes[rows[settled]] = number[node[settled]]
        done += int(final.sum())
        rows, node = rows[~settled], node[~settled]
        right = problem.codes[rows, column[node]] > leaf[node]
        node = np.unique(2 * node + right, return_inverse=True)[1]
    return classes


def _best_cuts(
    problem: Problem, rows: Indices, node: Indices, enough: int
) -> tuple[Indices, Indices]:
    """Per node the column to cut and the last leaf of its left side; column -1 where none may."""
    sizes = np.bincount(node)
    cost = np.full(len(sizes), np.inf)
    column = np.full(len(sizes), -1, dtype=np.intp)
    leaf = np.zeros(len(sizes), dtype=np.intp)
    open_ = sizes > enough
    for j in range(problem.codes.shape[1]):
        cells = _Cells(problem, rows, node, j, sizes)
        cuts = np.where(cells.allowed() & open_[cells.node], cells.cost(), np.inf)
        least = np.minimum.reduceat(cuts, cells.first)
        at = np.full(len(sizes), len(cuts))
        hit = np.flatnonzero((cuts == least[cells.node]) & np.isfinite(cuts))
        np.minimum.at(at, cells.node[hit], hit)
        better = np.isfinite(least) & (least < cost - 1e-12)
        cost[better], column[better] = least[better], j
        leaf[better] = cells.leaf[at[better]]
    return column, leaf


class _Cells:
    """Rows counted by node and leaf of one column, in that order: each cell's end is a cut."""

    def __init__(self, problem: Problem, rows: Indices, node: Indices, j: int, sizes: Indices):
        codes = problem.codes[rows]
        key = node * (int(codes[:, j].max()) + 1) + codes[:, j]
        order = np.argsort(key, kind="stable")
        new = np.diff(key[order], prepend=-1) != 0
        starts = np.flatnonzero(new)
        self.problem, self.sizes = problem, sizes
        self.node, self.leaf = node[order][starts], codes[order, j][starts]
        self.first = np.flatnonzero(np.diff(self.node, prepend=-1))
        self.low = np.minimum.reduceat(codes[order], starts)
        self.high = np.maximum.reduceat(codes[order], starts)
        self.left = self._running(np.diff(starts, append=len(order)))
        self.right = sizes[self.node] - self.left
        self.counts = np.add.reduceat(problem.marks[rows[order]], starts)

    def _running(self, counts: Any) -> Any:
        """Sums of the counts from the first cell of each node."""
        total = np.cumsum(counts, axis=0)
        before = (total - counts)[self.first]
        return total - before[self.node]

    def cost(self) -> Floats:
        """The loss of both sides of each cut."""
        step = int(self.high.max(initial=0)) + 1
        node = self.node[:, None]
        back = node[-1:] - node

        def growing(values: Ints, group: Indices) -> Ints:
            # an offset that rises with the group keeps one group's maximum out of the next
            return np.asarray(np.maximum.accumulate(values + group * step) - group * step)

        left = growing(self.high, node) + growing(-self.low, node)
        high = growing(self.high[::-1], back[::-1])[::-1]
        low = growing(-self.low[::-1], back[::-1])[::-1]
        width = (high + low) @ self.problem.weights
        right = np.append(width[1:], 0.0)
        return np.asarray(self.left * (left @ self.problem.weights) + self.right * right)

    def allowed(self) -> Flags:
        """Whether both sides of each cut keep k and the share rule."""
        problem = self.problem
        fine = (self.left >= problem.k) & (self.right >= problem.k)
        left = self._running(self.counts)
        last = np.append(self.first[1:], len(fine)) - 1
        right = left[last][self.node] - left
        fine &= left.max(axis=1, initial=0) <= problem.limit(self.left)
        fine &= right.max(axis=1, initial=0) <= problem.limit(self.right)
        return np.asarray(fine)
