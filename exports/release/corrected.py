"""What was corrected since its row went out: tables count what went out, and not what is new.

Exact tables less the rows beside them would else be what one woman said before and says now, in all
columns together. What a response said is kept nowhere: a batch has the rows of a class, in which
nothing tells whose is whose. So whoever says what no row of her class does counts as one of those
rows that are left: where she alone was corrected, as her own. What stands in no row (how she came,
her age within the range of her class) is in the tables of the batch. Those of the same women now
are taken from the exact ones, and those that went out put in their place: rounded ones told of the
same women, and a count that is rounded to 10 and then is 13 would show a correction too.

Where a class is gone nobody can tell what the others said. Then a group of lines stays out as soon
as one of them has grown, and a question to which somebody's answer lies outside the range of her
class now. A class stays out of which somebody may not be counted any more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from exports.anonymise.leaves import Declaration, TaxonomyError, names, taxonomy_of
from exports.anonymise.table import Column, Value
from exports.release.hidden import Class, Frozen
from exports.tables.figures import Figure, Group, shares
from exports.tables.told import Told

_OF_ALL = ":all"  # ends the key of what is told of all where the report tells it of women
_Key = tuple[str, str]
_Groups = dict[_Key, Group | None]  # None: it stays out


@dataclass(frozen=True)
class Said:
    """What their rows say of those who were corrected since, and whose class is not whole."""

    cells: Mapping[str, Mapping[str, Value]]
    gone: frozenset[str]
    outside: Mapping[str, frozenset[str]]  # the columns in which an answer would show it

    def outside_of(self, numbers: Iterable[str]) -> list[str]:
        """Return the columns in which an answer of some responses shows a correction."""
        return sorted({name for number in numbers for name in self.outside.get(number, ())})

    def instead(self, told: Mapping[str, Told]) -> dict[str, Told]:
        """Return what responses say, by id, as it stands in the rows that are out."""
        return {
            number: replace(one, rows=[{**row, **self.cells.get(number, {})} for row in one.rows])
            for number, one in told.items()
        }


@dataclass(frozen=True)
class Since:
    """The tables of a batch as they went out, and of those of its women who count now.

    It is `whole` where these are all of them.
    """

    was: Sequence[Figure]
    now: Sequence[Figure]
    whole: bool


def said(told: Mapping[str, Told], batches: Iterable[Frozen]) -> Said:
    """Return what the rows say, by response, of those who now say what is in no row."""
    cells: dict[str, Mapping[str, Value]] = {}
    gone = set[str]()
    outside: dict[str, frozenset[str]] = {}
    for batch in batches:
        classes = [one for one in batch.classes if told.keys() >= set(one.members)]
        counted = {number: told[number] for one in classes for number in one.members}
        # less the others, their rows would show her who may not be counted
        gone.update(n for one in batch.classes for n in one.members if n not in counted)
        for one in classes:
            mine = {number: counted[number] for number in one.members}
            cells |= _corrected(mine, one.rows)
            if len(counted) < batch.size or not batch.tables:
                outside |= _outside(mine, one, batch)
    return Said(cells, frozenset(gone), outside)


def _outside(
    told: Mapping[str, Told], one: Class, batch: Frozen
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the columns, by response, in which an answer lies outside the range of her class."""
    for number, hers in told.items():
        columns = [hers.columns[name] for name in one.ranges if name in hers.columns]
        made_with = batch.batch.declared(columns)
        (row,) = hers.rows
        pairs = ((column, made_with.get(column.name)) for column in columns)
        found = {
            column.name
            for column, how in pairs
            if not _covers(one.ranges[column.name], column, how, row[column.name])
        }
        yield number, frozenset(found)


def _covers(ends: Sequence[str], column: Column, how: Declaration | None, value: Value) -> bool:
    """Say whether a range goes from leaf to leaf around the one of a value."""
    try:
        (leaf,) = names(column, how, [value])
    except (TaxonomyError, KeyError):  # it has none
        return False
    occurring = [leaf or "", *ends]
    at, low, high = taxonomy_of(column, how, occurring).encode(occurring).tolist()
    return bool(low <= at <= high)


def _corrected(
    told: Mapping[str, Told], rows: Iterable[Mapping[str, Value]]
) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield who says what no row of her class does, each with one of those that are left."""
    left, changed = list(rows), []
    for number, one in told.items():
        (now,) = one.rows
        mine = (at for at, row in enumerate(left) if now.items() >= _known(row, one).items())
        if (at := next(mine, None)) is None:
            changed.append(number)
        else:
            del left[at]
    for number, row in zip(changed, left, strict=True):
        yield number, _known(row, told[number])


def _known(row: Mapping[str, Value], told: Told) -> Mapping[str, Value]:
    return {name: cell for name, cell in row.items() if name in told.columns}


def put_back(
    found: Sequence[Figure], batches: Iterable[Since]
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """Return tables with what went out in place of what is new, and what had to stay out."""
    titles = {
        (table.key, group.key): group.title or table.title
        for table in found
        for group in table.groups
    }
    groups: _Groups = {(table.key, group.key): group for table in found for group in table.groups}
    for batch in batches:
        now = _counted(batch.now)
        for key, was in _counted(batch.was).items():
            if _differs(was, now.get(key), whole=batch.whole):
                groups |= _mended(groups, key, was, now.get(key) if batch.whole else None)
    without = dict.fromkeys(titles[key] for key, group in groups.items() if group is None)
    return tuple(_kept(found, groups)), tuple(without)


def _kept(found: Iterable[Figure], groups: _Groups) -> Iterator[Figure]:
    for table in found:
        kept = [groups[table.key, group.key] for group in table.groups]
        if some := tuple(group for group in kept if group is not None):
            yield replace(table, groups=some)


def _mended(groups: _Groups, key: _Key, was: Group, now: Group | None) -> _Groups:
    """A group with what went out in it; without it where that cannot be told, or told of others."""
    group = groups.get(key)
    if group is not None and now is not None:
        return {key: _exchanged(group, was, now)}
    return dict.fromkeys(one for one in groups if _of_all(one) == _of_all(key))


def _counted(tables: Iterable[Figure]) -> dict[_Key, Group]:
    """The groups of tables whose lines are counts."""
    return {
        (table.key, group.key): group
        for table in tables
        for group in table.groups
        if group.kind != "values"
    }


def _of_all(key: _Key) -> _Key:
    return key[0], key[1].removesuffix(_OF_ALL)


def _counts(group: Group) -> dict[str, float]:
    return {line.key: line.count for line in group.lines}


def _differs(was: Group, now: Group | None, *, whole: bool) -> bool:
    """Say whether somebody was corrected; if not all of a batch are left, whether that shows."""
    if now is None:
        return True
    before, after = _counts(was), _counts(now)
    if whole:
        return before != after
    return any(count > before.get(key, 0) for key, count in after.items())


def _exchanged(group: Group, was: Group, now: Group) -> Group:
    """The group with the counts that went out in place of those of the same women now."""
    before, after = _counts(was), _counts(now)
    lines = tuple(
        replace(line, count=line.count + before.get(line.key, 0) - after.get(line.key, 0))
        for line in group.lines
    )
    missing = group.missing + was.missing - now.missing
    if group.kind == "shares":
        return shares(group.key, group.title, lines, missing)
    return replace(group, lines=lines, base=group.base + was.base - now.base, missing=missing)
