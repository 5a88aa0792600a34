"""Classes of at least k rows that share one range in every quasi-identifier.

Codes are contiguous leaves of a `taxonomy`; a missing answer is a leaf of its own, so that no row
drops out. No value of a sensitive column exceeds its share of any class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exports.anonymise.halving import halve
from exports.anonymise.kmember import WAITING, classes_of, cluster
from exports.anonymise.mondrian import EXEMPT, Indices, Ints, Problem, partition

__all__ = ["EXEMPT", "Classes", "Grouping", "Infeasible", "anonymise", "broken", "gcp"]

SMALL = 300  # rows that k-member clustering takes as a whole
_PIECE = 150  # rows of a piece of a larger batch, cut by Mondrian before clustering
_PIECED = 2000  # rows above which clustering the pieces would take too long
_HALVED = 50_000  # rows above which weighing every cut would take too long

Classes = tuple[tuple[int, ...], ...]
Codes = NDArray[np.integer[Any]]


class Infeasible(ValueError):
    """The rows cannot keep the rules, even as one class; `column` is the sensitive one at fault."""

    def __init__(self, reason: str, column: int | None = None):
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True)
class Grouping:
    """Classes of row numbers, and the rows that found no place in one and wait."""

    classes: Classes
    held_back: tuple[int, ...]


def anonymise(
    codes: Codes,
    sizes: Sequence[int],
    k: int = 5,
    sensitive: Codes | None = None,
    share: float = 0.75,
    weights: Sequence[float] | None = None,
    seed: int = 0,
) -> Grouping:
    """Group n rows of q codes (0 … size - 1) into classes of k or more with little loss.

    `sensitive` holds s codes a row (EXEMPT is not counted), `weights` what each of the q columns is
    worth. The same input gives the same classes. Raises Infeasible if the rows as a whole break k
    or the share: then nothing may be published.
    """
    numbers = np.asarray(codes, dtype=np.int32)
    _check_codes(numbers, sizes)
    secrets = np.zeros((len(numbers), 0)) if sensitive is None else np.asarray(sensitive)
    problem = Problem(numbers, _per_step(sizes, weights), k, secrets.astype(np.int32), share)
    _check_feasible(problem)
    member = _member(problem, seed)
    waiting = np.flatnonzero(member == WAITING)
    return Grouping(classes_of(member.tolist()), tuple(waiting.tolist()))


def gcp(
    codes: Codes,
    sizes: Sequence[int],
    classes: Classes,
    weights: Sequence[float] | None = None,
) -> float:
    """The global certainty penalty of classes, 0 (nothing lost) to 1; a row in no class counts 1.

    Mean over rows and columns of (leaves covered - 1) / (leaves - 1).
    """
    if not len(codes):
        return 0.0
    if not classes:
        return 1.0
    inside = np.asarray(codes)[[row for rows in classes for row in rows]]
    many = np.array([len(rows) for rows in classes])
    first = np.cumsum(many) - many
    width = np.maximum.reduceat(inside, first) - np.minimum.reduceat(inside, first)
    lost = len(codes) - len(inside) + float(many @ (width @ _per_step(sizes, weights)))
    return lost / len(codes)


def broken(classes: Classes, values: Codes, share: float = 0.75) -> tuple[int, ...]:
    """The numbers of the classes in which one value of a sensitive column exceeds the share."""
    return tuple(
        number
        for number, rows in enumerate(classes)
        if _largest(np.asarray(values)[list(rows)]) > share * len(rows) + 1e-9
    )


def _member(problem: Problem, seed: int) -> Indices:
    if len(problem.codes) <= SMALL:
        return cluster(problem, seed)
    if len(problem.codes) > _HALVED:
        return halve(problem)
    if len(problem.codes) > _PIECED:
        return partition(problem)
    pieces = partition(problem, enough=_PIECE)
    member = np.empty_like(pieces)
    free = 0
    for number in range(int(pieces.max()) + 1):
        rows = np.flatnonzero(pieces == number)
        inside = _member_of_piece(problem.part(rows), seed)
        member[rows] = inside + free
        free += int(inside.max()) + 1
    return member


def _member_of_piece(piece: Problem, seed: int) -> Indices:
    """The class of each row of a piece; one that Mondrian could hardly cut stays as it cut it."""
    cut = partition(piece)
    if len(cut) > SMALL:
        return cut
    found = cluster(piece, seed, rounds=len(cut) // 4)
    return cut if WAITING in found else found


def _per_step(sizes: Sequence[int], weights: Sequence[float] | None) -> NDArray[np.float64]:
    """What one step of range costs a row in each column; all columns at full range cost 1."""
    worth = np.ones(len(sizes)) if weights is None else np.asarray(weights, dtype=np.float64)
    return np.asarray(worth / worth.sum() / np.maximum(np.asarray(sizes) - 1, 1))


def _largest(values: Codes) -> int:
    """How often the most frequent counted value occurs."""
    counted = values[values != EXEMPT]
    return int(np.bincount(counted).max(initial=0)) if len(counted) else 0


def _check_codes(codes: Ints, sizes: Sequence[int]) -> None:
    if codes.ndim != 2 or codes.shape[1] != len(sizes):
        raise ValueError("codes must be rows by quasi-identifiers, with one size each")
    if len(codes) and ((codes < 0) | (codes >= np.asarray(sizes))).any():
        raise ValueError("a code lies outside its leaves")


def _check_feasible(problem: Problem) -> None:
    n = len(problem.codes)
    if problem.k < 2:
        raise ValueError("k must be 2 or more")
    if n < problem.k:
        raise Infeasible(f"{n} rows cannot make a class of {problem.k}")
    for column, values in enumerate(problem.sensitive.T):
        largest = _largest(values)
        if largest > problem.limit(n):
            raise Infeasible(
                f"one value makes up {largest} of {n} rows, more than {problem.share:.0%}", column
            )
