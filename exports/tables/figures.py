"""What a table of a report is made of: groups of lines with counts, and the shares they give.

A figure only counts. Shares come from its counts when it is shown, so that rounded counts have the
shares of rounded counts: an exact share beside them would give the exact count away.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from exports.tables.indicators import largest_remainder

BASE = 5  # what counts are rounded to before a period is released
SMALL = 5  # counts below this are marked before they go out

Kind = Literal["shares", "several", "counts", "values"]


@dataclass(frozen=True)
class Line:
    """One line: what, and how many; `inner` is part of the line above it."""

    key: str
    label: str
    count: float
    inner: bool = False


@dataclass(frozen=True)
class Group:
    """Lines that belong together.

    Those of "shares" add up to all who answered; of "several" each is a part of `base`; "counts"
    have no share, and "values" are no counts. `missing` gave no answer.
    """

    key: str
    title: str
    kind: Kind
    lines: tuple[Line, ...]
    base: int = 0
    missing: int = 0

    @property
    def percents(self) -> tuple[int | None, ...]:
        """The whole percentage of each line; those of shares add up to 100."""
        if self.kind in {"counts", "values"} or not self.base:
            return (None,) * len(self.lines)
        outer = [int(line.count) for line in self.lines if not line.inner]
        whole = iter(largest_remainder(outer))
        return tuple(
            _half_up(line.count, self.base) if line.inner or self.kind == "several" else next(whole)
            for line in self.lines
        )


@dataclass(frozen=True)
class Figure:
    """One table of the report."""

    key: str
    title: str
    groups: tuple[Group, ...]
    note: str = ""


def shares(key: str, title: str, lines: Iterable[Line], missing: int = 0) -> Group:
    """The lines as parts of all that answered."""
    known = tuple(lines)
    base = sum(int(line.count) for line in known if not line.inner)
    return Group(key, title, "shares", known, base, missing)


def rounded(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """The figures with every count rounded to base 5, without what is no count."""
    return tuple(_each(figure, _rounded) for figure in figures)


def added(parts: Sequence[Sequence[Figure]]) -> tuple[Figure, ...]:
    """The sum of the same figures of several half-years, line by line."""
    if len(parts) == 1:
        return tuple(parts[0])
    found: dict[str, Figure] = {}
    for figure in (figure for part in parts for figure in part):
        known = found.get(figure.key)
        found[figure.key] = figure if known is None else _sum_of_two(known, figure)
    return tuple(_each(figure, lambda group: group) for figure in found.values())


def small(figures: Iterable[Figure]) -> int:
    """How many counts are there that few people stand behind: 1 to 4."""
    return sum(is_small(line) for _, line in _counts(figures))


def is_small(line: Line) -> bool:
    """Whether only few people stand behind a count."""
    return is_few(line.count)


def is_few(count: float) -> bool:
    """Whether a number is small, and not nobody."""
    return 0 < count < SMALL


def dump(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The figures as plain data, to keep."""
    return [asdict(figure) for figure in figures]


def load(kept: Iterable[Mapping[str, Any]]) -> tuple[Figure, ...]:
    """The figures that were kept."""
    return tuple(
        Figure(**{**figure, "groups": tuple(map(_group, figure["groups"]))}) for figure in kept
    )


def count_of(figures: Iterable[Figure]) -> dict[tuple[str, str, str], float]:
    """Every count by the keys of its figure, group and line."""
    return {
        (figure.key, group.key, line.key): line.count
        for figure in figures
        for group in figure.groups
        for line in group.lines
    }


def _group(kept: Mapping[str, Any]) -> Group:
    return Group(**{**kept, "lines": tuple(Line(**line) for line in kept["lines"])})


def _counts(figures: Iterable[Figure]) -> Iterable[tuple[Group, Line]]:
    for figure in figures:
        for group in figure.groups:
            if group.kind != "values":
                yield from ((group, line) for line in group.lines)


def _each(figure: Figure, change: Callable[[Group], Group]) -> Figure:
    """The figure with its groups changed; values are left out, they cannot be rounded or added."""
    kept = (group for group in figure.groups if group.kind != "values")
    return replace(figure, groups=tuple(change(group) for group in kept))


def _rounded(group: Group) -> Group:
    lines = tuple(replace(line, count=_to_base(line.count)) for line in group.lines)
    if group.kind == "shares":
        return shares(group.key, group.title, lines, _to_base(group.missing))
    base, missing = _to_base(group.base), _to_base(group.missing)
    return replace(group, lines=lines, base=base, missing=missing)


def _to_base(count: float) -> int:
    return BASE * int((count + BASE / 2) // BASE)


def _sum_of_two(one: Figure, other: Figure) -> Figure:
    groups = {group.key: group for group in one.groups}
    for group in other.groups:
        known = groups.get(group.key)
        groups[group.key] = group if known is None else _group_sum(known, group)
    return replace(one, groups=tuple(groups.values()))


def _group_sum(one: Group, other: Group) -> Group:
    lines = {line.key: line for line in one.lines}
    for line in other.lines:
        known = lines.get(line.key)
        lines[line.key] = line if known is None else replace(known, count=known.count + line.count)
    base, missing = one.base + other.base, one.missing + other.missing
    return replace(one, lines=tuple(lines.values()), base=base, missing=missing)


def _half_up(count: float, base: int) -> int:
    """The whole percentage; the half goes up, as people do it."""
    return int((200 * count + base) // (2 * base))
