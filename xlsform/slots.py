"""The grown instance of one filling: every node by where it stands, and the repeats in it."""

import re

from xlsform.template import Block, Repeat, Spot, Template
from xlsform.tree import Node

MOST_INSTANCES = 200  # of one repeat inside one parent
MOST_SLOTS = 20_000  # of one filling: what stays quick to work out and small to keep

_NUMBER = re.compile(r"\[[0-9]+\]")


class TooMany(ValueError):
    """One more instance of a repeat than a filling may hold; `path` is that of the series."""

    def __init__(self, path: str) -> None:
        super().__init__(f"'{generic(path)}' repeats more often than is allowed.")
        self.path = path


def generic(path: str) -> str:
    """Return a concrete path without the numbers of instances: /data/child[2] → /data/child."""
    return _NUMBER.sub("", path) if "[" in path else path


class Slot(Node):
    """A node of a filling, with the default of its spot; it knows its parent, not the reverse.

    `path` is its concrete path, `spot` what the form says about it; `repeats` are the series that
    begin in it, and `series` is the one it is an instance of.
    """

    __slots__ = ("path", "repeats", "series", "spot")

    def __init__(self, spot: Spot, path: str, parent: Node) -> None:
        super().__init__("element", spot.name, spot.default)
        self.type = spot.type
        self.relevant = parent.relevant
        self.parent = parent
        self.spot = spot
        self.path = path
        self.repeats: tuple[Series, ...] = ()
        self.series: Series | None = None

    def slots(self) -> list["Slot"]:
        """Return the slots in this one, in document order."""
        return self.children  # type: ignore[return-value] # nothing but slots grows in a slot


class Series:
    """The instances of one repeat inside one parent; `path` is what their paths have in common.

    `stub` stands for the instance that could come next: it knows its parent, which does not know
    it. With `wanted` the form counts the instances; those beyond are kept, but not relevant.
    """

    __slots__ = ("parent", "repeat", "slots", "stub", "wanted")

    def __init__(self, repeat: Repeat, parent: Slot) -> None:
        self.repeat = repeat
        self.parent = parent
        self.slots: list[Slot] = []
        self.wanted: int | None = None
        self.stub = Slot(repeat.block.spots[0], "", parent)

    @property
    def path(self) -> str:
        """The concrete path of the series."""
        return f"{self.parent.path}/{self.stub.name}"

    def counts(self, slot: Slot) -> bool:
        """Return whether an instance is not beyond what the form counts."""
        return self.wanted is None or slot in self.counted

    @property
    def counted(self) -> list[Slot]:
        """The instances that are not beyond what the form counts."""
        return self.slots[: self.wanted]  # all of them for None

    def number(self) -> None:
        """Give every instance its path."""
        path = self.path
        self.stub.path = f"{path}[0]"
        for place, slot in enumerate(self.slots, 1):
            slot.path = f"{path}[{place}]"


class Slots:
    """All slots of one filling, by concrete path (`by_path`) and by that of their spot (`at`)."""

    __slots__ = ("at", "by_path", "document", "root", "series")

    def __init__(self, template: Template) -> None:
        """Grow the empty instance, with the instances of repeats that the form begins with."""
        self.by_path: dict[str, Slot] = {}
        self.at: dict[str, list[Slot]] = {path: [] for path in template.spots}
        self.series: dict[str, Series] = {}
        self.document = Node("document")
        self.root = self._grow(template.block, template.root, self.document)
        self.document.append(self.root)
        for name, value in template.attributes:
            self.root.set_attribute(name, value)
        if self.series:
            self.survey()

    def resize(self, series: Series, count: int) -> list[Slot]:
        """Bring a series to `count` instances at its end; return what is new.

        Raises TooMany. When all changes are made, `survey` has to be called.
        """
        while len(series.slots) > count:
            series.parent.remove(series.slots.pop())
        return [self.add(series) for _ in range(count - len(series.slots))]

    def add(self, series: Series) -> Slot:
        """Return a new last instance of a series; raise TooMany. Then call `survey`."""
        return self._add(series, series.repeat.block)

    def _add(self, series: Series, block: Block) -> Slot:
        number = len(series.slots) + 1
        if number > MOST_INSTANCES or len(self.by_path) > MOST_SLOTS:
            raise TooMany(series.path)
        slot = self._grow(block, f"{series.path}[{number}]", series.parent)
        slot.series = series
        _put_in_order(series.parent, slot)
        series.slots.append(slot)
        return slot

    def remove(self, slot: Slot) -> None:
        """Take one instance out of its series. Then call `survey`."""
        assert slot.series is not None  # noqa: S101 -- only instances are taken out
        slot.series.slots = [other for other in slot.series.slots if other is not slot]
        slot.series.parent.remove(slot)

    def survey(self) -> None:
        """Number the instances of all repeats, and find every slot anew in document order."""
        self.by_path, self.at, self.series = {}, {path: [] for path in self.at}, {}
        waiting = [self.root]
        while waiting:
            slot = waiting.pop()
            self._enter(slot)
            for series in slot.repeats:
                series.number()
                self.series[series.path] = series
            inside = slot.slots()
            for child in inside:
                if child.series is None:
                    child.path = f"{slot.path}/{child.name}"
            waiting.extend(reversed(inside))

    def _enter(self, slot: Slot) -> None:
        self.by_path[slot.path] = slot
        self.at[slot.spot.path].append(slot)

    def _grow(self, block: Block, path: str, parent: Node) -> Slot:
        """Return the first of fresh slots for `block`; its parent does not know it yet."""
        first = Slot(block.spots[0], path, parent)
        self._enter(first)
        slots = [first]
        by_path, at, concrete = self.by_path, self.at, path != first.spot.path
        for spot in block.spots[1:]:  # every request of a journey comes by here: no calls
            above = slots[spot.parent]
            path = f"{above.path}/{spot.name}" if concrete else spot.path
            slot = Slot(spot, path, above)
            above.children.append(slot)  # never indexed yet, so no need for Node.append
            slots.append(slot)
            by_path[path] = slot
            at[spot.path].append(slot)
        for repeat in block.repeats:
            self._begin(Series(repeat, slots[repeat.parent]))
        return first

    def _begin(self, series: Series) -> None:
        series.parent.repeats = (*series.parent.repeats, series)
        self.series[series.path] = series
        for block in series.repeat.initial:
            self._add(series, block)


def _put_in_order(parent: Slot, slot: Slot) -> None:
    """Insert `slot` behind all that the form puts before it, and behind its own kind."""
    rank = slot.spot.rank
    later = (place for place, one in enumerate(parent.slots()) if one.spot.rank > rank)
    parent.insert(next(later, len(parent.children)), slot)
