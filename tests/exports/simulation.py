"""A simulated year of women in housing need, and publishers of their records.

Two publishers are naive: `anew` anonymises all records again every month, `in_place` publishes what
came in a month and then keeps changing those rows. `ours` shows outcomes later, class by class; how
documentations go out, beside tables, is in `half_years`. What groups the rows is always `exports`,
never a copy of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from exports.anonymise.grouping import Classes, Infeasible, anonymise, broken
from exports.anonymise.mondrian import Flags, Indices, Ints
from exports.anonymise.rules import K
from exports.anonymise.table import Category, Column, Role, Table
from exports.release.batches import PART, group
from exports.release.published import coded
from exports.release.releases import BATCH

MONTHS = 12
PER_MONTH = 15.4  # about 185 women a year
LONGEST = 6  # months until a case is closed, at most
BLANK = -1  # an outcome not known or not shown, a column that stayed out
NEVER = 99  # the month in which consent that stays is withdrawn
QUASI = (PART.name, "age", "children", "housing")
SENSITIVE = ("target_group", "violence", "outcome")
TARGET, VIOLENCE, OUTCOME = range(3)

# Shares of the leaves in taxonomy order; the last leaf is the missing answer.
_QUASI = (
    (0.55, 0.42, 0.03),
    (0.02, 0.12, 0.22, 0.36, 0.17, 0.06, 0.05),
    (0.46, 0.21, 0.17, 0.09, 0.04, 0.03),
    (0.38, 0.22, 0.07, 0.08, 0.11, 0.04, 0.06, 0.04),
)
_TARGET_HOUSED = (0.08, 0.64, 0.18, 0.08, 0.02)  # who has a home is rather threatened to lose it
_TARGET_UNHOUSED = (0.60, 0.20, 0.12, 0.05, 0.03)
MANY = (0.55, 0.30, 0.15)  # yes, no, and neither, of violence and of outcomes
SIZES = tuple(map(len, _QUASI))


@dataclass(frozen=True)
class World:
    """n women: what identifies them, what is sensitive, and the months in which things happen."""

    quasi: Ints  # n × 4
    sensitive: Ints  # n × 3, the outcome as it will be in the end
    entered: Indices
    closed: Indices  # from then on the outcome is known
    withdrawn: Indices
    places: Indices  # where a row stands that never moves: an order that says nothing

    def agreed(self, month: int) -> Flags:
        """Whose record may be out in a month."""
        return np.asarray((self.entered <= month) & (self.withdrawn > month))


@dataclass(frozen=True)
class Release:
    """The m rows of one release; `who` is the truth, for the score alone."""

    who: Indices
    place: Indices
    group: Indices  # rows of one class: same ranges, and published in the same batch
    low: Ints  # m × 4
    high: Ints  # m × 4
    sensitive: Ints  # m × 3

    def covers(self, quasi: Ints) -> Flags:
        """Which rows may be those of a woman."""
        return np.asarray(((self.low <= quasi) & (quasi <= self.high)).all(axis=1))


@dataclass(frozen=True)
class Class:
    """A class as it first went out: whose ranges it shows, and the columns it does not show."""

    number: int
    members: Indices
    withheld: tuple[int, ...] = ()


@dataclass(frozen=True)
class History:
    """The releases of one publisher; the rules are public, also whether rows stay as they are."""

    releases: tuple[Release, ...]
    frozen: bool

    def steps(self) -> Iterator[tuple[int, Release, Release]]:
        """Each month with the release before and its own; before the first nothing was out."""
        first = self.releases[0]
        nothing = Release(*(getattr(first, name)[:0] for name in Release.__dataclass_fields__))
        before = (nothing, *self.releases[:-1])
        return zip(range(MONTHS), before, self.releases, strict=True)


def world(seed: int, violence: Sequence[float] = MANY, outcome: Sequence[float] = MANY) -> World:
    """The women of one year; `violence` and `outcome` are the shares of their values."""
    random = np.random.default_rng(seed)
    entered = np.repeat(np.arange(MONTHS), random.poisson(PER_MONTH, MONTHS))
    n = len(entered)

    def drawn(shares: Sequence[float]) -> Ints:
        return random.choice(len(shares), n, p=shares).astype(np.int32)

    quasi = np.column_stack([drawn(shares) for shares in _QUASI])
    target = np.where(quasi[:, 3] < 2, drawn(_TARGET_HOUSED), drawn(_TARGET_UNHOUSED))
    withdraws = random.random(n) < 0.04
    return World(
        quasi,
        np.column_stack([target, drawn(violence), drawn(outcome)]),
        entered,
        entered + random.integers(1, LONGEST + 1, n),
        np.where(withdraws, entered + random.integers(1, 7, n), NEVER),
        random.permutation(n),
    )


def anew(made: World) -> History:
    """Naive: every month all records so far are anonymised again, with the outcomes known then."""
    releases = []
    for month in range(MONTHS):
        classes = _naive(made, np.flatnonzero(made.agreed(month)), 0)
        moved = np.random.default_rng(month).permutation(made.places)
        releases.append(release_of(made, classes, made.agreed(month), made.closed <= month, moved))
    return History(tuple(releases), frozen=False)


def in_place(made: World) -> History:
    """Naive: a batch every month; outcomes are filled in one by one, who withdraws is dropped."""
    releases, classes = [], list[Class]()
    waiting = np.array([], dtype=np.intp)
    for month in range(MONTHS):
        ready = np.append(waiting, np.flatnonzero(made.entered == month))
        new = _naive(made, ready, len(classes))
        waiting = np.setdiff1d(ready, members_of(new))
        classes += new
        releases.append(release_of(made, classes, made.agreed(month), made.closed <= month))
    return History(tuple(releases), frozen=True)


def ours(made: World) -> History:
    """Ours: frozen batches; outcomes of a class at once; who withdraws takes her class along."""
    releases, classes = [], list[Class]()
    for month in range(MONTHS):
        agreed = made.agreed(month)
        waits = agreed & (made.entered <= month)
        waits[members_of(classes)] = False
        if waits.sum() >= BATCH:
            classes += batch(made, np.flatnonzero(waits), SENSITIVE[:OUTCOME], len(classes))
        whole = [one for one in classes if agreed[one.members].all()]
        releases.append(release_of(made, whole, agreed, _told(made, whole, month)))
    return History(tuple(releases), frozen=True)


def table(made: World, rows: Indices, columns: Iterable[str]) -> Table:
    """The records of some women, as the table of a questionnaire."""
    sensitive = list(columns)
    codes = np.column_stack([made.quasi[rows], made.sensitive[rows][:, : len(sensitive)]])
    known = [_column(name, "quasi", size) for name, size in zip(QUASI, SIZES, strict=True)]
    known += [_column(name, "sensitive", 5) for name in sensitive]
    return Table(tuple(known), tuple(tuple(map(str, row)) for row in codes.tolist()))


def _column(name: str, role: Role, size: int) -> Column:
    last = role == "quasi"  # as in the codes of the world, the last leaf is the missing answer
    categories = tuple(
        Category(str(code), f"{name} {code}", missing=last and code == size - 1)
        for code in range(size)
    )
    return Column(name, name, "select_one", role, categories)


def _naive(made: World, rows: Indices, first: int) -> list[Class]:
    """The classes of some women: k always, the share rule where the rows as a whole allow it."""
    prepared = coded(table(made, rows, SENSITIVE[:OUTCOME]))
    try:
        found = anonymise(prepared.codes, prepared.sizes, K, prepared.sensitive).classes
    except Infeasible as error:
        if error.column is None:
            return []
        found = anonymise(prepared.codes, prepared.sizes, K).classes
    return _numbered(rows, found, first)


def batch(made: World, rows: Indices, columns: Sequence[str], first: int) -> list[Class]:
    """The classes of a batch, grouped as the service does it."""
    grouped = group(table(made, rows, columns))
    if grouped is None:
        return []
    withheld = tuple(SENSITIVE.index(name) for name in grouped.withheld)
    return _numbered(rows, grouped.classes, first, withheld)


def _numbered(
    rows: Indices, classes: Classes, first: int, withheld: tuple[int, ...] = ()
) -> list[Class]:
    return [
        Class(number, rows[list(inside)], withheld) for number, inside in enumerate(classes, first)
    ]


def members_of(classes: Iterable[Class]) -> Indices:
    """The women of all these classes."""
    return np.concatenate([*(one.members for one in classes), np.array([], dtype=np.intp)])


def _told(made: World, classes: Iterable[Class], month: int) -> Flags:
    """Whose outcome is shown: all of a class are closed, and no outcome exceeds its share."""
    told = np.zeros(len(made.quasi), dtype=np.bool_)
    for one in classes:
        every = tuple(one.members.tolist())
        alike = broken((every,), made.sensitive[:, OUTCOME])
        told[one.members] = (made.closed[one.members] <= month).all() and not alike
    return told


def release_of(
    made: World,
    classes: Sequence[Class],
    present: Flags,
    told: Flags,
    places: Indices | None = None,
) -> Release:
    """The rows of classes in the order of their places, without those who are not present."""
    bounds = [made.quasi[one.members] for one in classes]
    sizes = [len(one.members) for one in classes]
    who = members_of(classes)
    sensitive = made.sensitive[who].copy()
    sensitive[~told[who], OUTCOME] = BLANK
    withheld = np.array([[s in one.withheld for s in range(3)] for one in classes], dtype=np.bool_)
    sensitive[np.repeat(withheld.reshape(-1, 3), sizes, axis=0)] = BLANK
    place = (made.places if places is None else places)[who]
    rows = Release(
        who,
        place,
        np.repeat(np.array([one.number for one in classes], dtype=np.intp), sizes),
        _stretched([inside.min(axis=0) for inside in bounds], sizes),
        _stretched([inside.max(axis=0) for inside in bounds], sizes),
        sensitive,
    )
    order = np.argsort(place)
    order = order[present[who[order]]]
    return Release(*(getattr(rows, name)[order] for name in Release.__dataclass_fields__))


def _stretched(ranges: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    return np.repeat(np.array(ranges, dtype=np.int32).reshape(-1, len(SIZES)), sizes, axis=0)
