"""Simulated tables of half-years: whom each look at them counts, and what it shows.

The programme begins in the last month of a half-year, as it does by default: the first half-year
has one month, and the smallest tables there can be. A tenth of the documentations come late.

`live` is naive: it counts all anew whenever somebody asks. `Year` is ours, with rows and tables.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from exports.anonymise.differences import common, gives_away
from exports.anonymise.mondrian import Flags, Indices
from exports.anonymise.rules import SHARE, K
from exports.release.hidden import Hidden, Rows, added, leaves_few, left
from exports.release.releases import BATCH
from exports.tables.figures import BASE
from tests.exports.simulation import (
    MONTHS,
    OUTCOME,
    SENSITIVE,
    Class,
    History,
    Release,
    World,
    batch,
    members_of,
    release_of,
)
from tests.exports.together import Look, counted

HALVES = (range(1), range(1, 7), range(7, 13))  # the last one is not over within the year
SLACK = 2  # what a count rounded to base 5 may be off
_LATE, _LATEST = 0.1, 3  # share, months


def documented(made: World) -> Indices:
    """The month in which the case of each woman was documented, at the latest as it was closed."""
    random = np.random.default_rng(len(made.quasi))
    n = len(made.quasi)
    delay = np.where(random.random(n) < _LATE, random.integers(1, _LATEST + 1, n), 0)
    return np.minimum(made.entered + delay, made.closed)


def live(made: World, *, rounded: bool) -> list[Look]:
    """Naive: each half-year counted anew after whatever happened, exactly or rounded to base 5."""
    written = documented(made)
    found = []
    for half, months in enumerate(HALVES):
        hers = np.isin(made.entered, months)
        events = np.column_stack([written, made.closed, made.withdrawn])[hers]
        for month, place in _moments(events, made.places[hers], months[-1] + 1):

            def is_past(event: Indices, month: int = month, place: int = place) -> Flags:
                return np.asarray((event < month) | ((event == month) & (made.places <= place)))

            women = hers & is_past(written) & ~is_past(made.withdrawn)
            for column in range(len(SENSITIVE)):
                told = women & is_past(made.closed) if column == OUTCOME else women
                found.append(_look(made, half, column, told, rounded=rounded))
    return found


def _moments(events: Indices, places: Indices, first: int) -> Iterator[tuple[int, int]]:
    """When to look: once the half-year is over, and after each that happened; one at a time."""
    if first < MONTHS:
        yield first, -1
    late = (events >= first) & (events < MONTHS)
    whose, _ = late.nonzero()
    pairs = zip(events[late], places[whose], strict=True)
    yield from sorted({(int(month), int(place)) for month, place in pairs})


def _look(made: World, half: int, column: int, women: Flags, *, rounded: bool) -> Look:
    base, slack = (BASE, SLACK) if rounded else (1, 0)
    return Look(half, column, counted(made, women, column, slack, base))


@dataclass
class Year:
    """Ours: documentations as rows once their case is closed, and the tables of half-years.

    Each batch is of one half-year. Rounded tables are those of its batches; exact ones go out so
    many months `after` it is over, or as soon as the preview does not say that in one of them most
    say the same.
    """

    made: World
    after: int | None = None
    classes: list[Class] = field(default_factory=list)
    halves: list[int] = field(default_factory=list)  # of each class; -1 if it was counted exactly
    releases: list[Release] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    counted: dict[int, Hidden] = field(default_factory=dict)  # by half-year
    left_out: int = 0

    def __post_init__(self) -> None:
        """Live through it month by month."""
        for month in range(MONTHS):
            for half, months in enumerate(HALVES):
                if month > months[-1] and half not in self.counted:
                    self._look_at(half, month)
            self._publish(month)

    @property
    def history(self) -> History:
        """The rows of each month."""
        return History(tuple(self.releases), frozen=True)

    def _look_at(self, half: int, month: int) -> None:
        """Exact tables once they are due, rounded ones until then."""
        if self.after is not None and month >= HALVES[half][-1] + 1 + self.after:
            self._count(half, month)
        if half not in self.counted:
            for column in range(len(SENSITIVE)):
                women = self._flags(self._out(column, half))
                self.looks.append(_look(self.made, half, column, women, rounded=True))

    def _count(self, half: int, month: int) -> None:
        """Let exact tables out, of all or of those whose rows are out, or not at all."""
        rows, made = self._rows(month), self.made
        written = (documented(made) <= month) & made.agreed(month)
        every = written & np.isin(made.entered, HALVES[half])
        every[[int(number) for number in rows.gone]] = False
        out = every & self._flags(map(int, rows.without))
        women = every
        if out.any() and self._gives_away(women, rows, month):
            women = out
            self.left_out += int((every & ~out).sum())
            if self._gives_away(women, rows, month):
                return
        told = self._told(women, month)
        final = told[SENSITIVE[OUTCOME]].keys()
        told = asked_of_enough(told)
        if any(map(_common, told.values())):
            return  # the preview says in which tables most say the same
        waiting = sorted(set(map(str, np.flatnonzero(women))) - rows.without.keys())
        self.counted[half] = Hidden(
            added(_hidden(told, rows)),
            {},
            [who for who in waiting if who in final],
            [who for who in waiting if who not in final],
            SENSITIVE[:OUTCOME],
        )
        for name, said in told.items():
            who = self._flags(map(int, said))
            self.looks.append(_look(made, half, SENSITIVE.index(name), who, rounded=False))

    def _told(self, women: Flags, month: int) -> dict[str, dict[str, str]]:
        """What a table of each column counts, by woman: outcomes of closed cases alone."""
        closed = self.made.closed <= month
        return {
            name: self._values(
                np.flatnonzero(women & closed if column == OUTCOME else women), column
            )
            for column, name in enumerate(SENSITIVE)
        }

    def _values(self, women: Indices, column: int) -> dict[str, str]:
        return {str(woman): str(self.made.sensitive[woman, column]) for woman in women}

    def _gives_away(self, women: Flags, rows: Rows, month: int) -> bool:
        hidden = added(_hidden(self._told(women, month), rows))
        return any(gives_away(some, K, SHARE) for some in hidden.values())

    def _publish(self, month: int) -> None:
        """Let out what waits, unit by unit, and show all classes that are whole."""
        agreed = self.made.agreed(month)
        waits = agreed & (self.made.closed <= month)
        waits[members_of(self.classes)] = False
        for half, unit, told, asked in self._units():
            women = np.flatnonzero(waits & unit)
            if len(women) >= BATCH:
                new = batch(self.made, women, SENSITIVE, len(self.classes))
                if new and (told is None or self._may_go(new, told, asked)):
                    self.classes += new
                    self.halves += [half if told is None else -1] * len(new)
        whole = [one for one in self.classes if agreed[one.members].all()]
        self.releases.append(release_of(self.made, whole, agreed, agreed))

    def _units(self) -> Iterator[tuple[int, Flags, int | None, Collection[str]]]:
        """Who may go out together: of which half-year, counted exactly or not, and of what."""
        rest = np.ones(len(self.made.quasi), dtype=np.bool_)
        for half, one in self.counted.items():
            for numbers, asked in ((one.final, SENSITIVE), (one.others, one.asked)):
                unit = self._flags(map(int, numbers))
                rest &= ~unit
                yield half, unit, half, asked
        for half, months in enumerate(HALVES):
            yield half, rest & np.isin(self.made.entered, months), None, ()

    def _may_go(self, new: list[Class], half: int, asked: Collection[str]) -> bool:
        going = {
            name: Counter(self._values(members_of(new), column).values())
            for column, name in enumerate(SENSITIVE)
            if name in asked and column not in new[0].withheld
        }
        hidden = self.counted[half]
        if leaves_few(hidden, going, K, SHARE):
            return False
        self.counted[half] = left(hidden, going)
        return True

    def _rows(self, month: int) -> Rows:
        """Whose rows are or were out, as the service keeps it."""
        agreed = self.made.agreed(month)
        without, gone = {}, set[str]()
        for one in self.classes:
            unseen = frozenset(SENSITIVE[column] for column in one.withheld)
            without |= dict.fromkeys(map(str, one.members), unseen)
            if not agreed[one.members].all():
                gone.update(map(str, one.members))
        return Rows(without, frozenset(gone))

    def _out(self, column: int, half: int) -> Indices:
        """Whom the batches of a half-year count in a column."""
        classes = zip(self.classes, self.halves, strict=True)
        return members_of(one for one, of in classes if of == half and column not in one.withheld)

    def _flags(self, women: Iterable[int]) -> Flags:
        found = np.zeros(len(self.made.quasi), dtype=np.bool_)
        found[list(women)] = True
        return found


def _hidden(told: Mapping[str, Mapping[str, str]], rows: Rows) -> Iterator[dict[str, str]]:
    """What is told and in no row, value by value."""
    for name, some in told.items():
        yield from ({name: value} for who, value in some.items() if not rows.shows(who, name))


def asked_of_enough(told: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The columns that no fewer than a class has said anything in."""
    return {name: some for name, some in told.items() if len(some) >= K}


def _common(told: Mapping[str, str]) -> frozenset[str]:
    return common(Counter(told.values()), SHARE)
