"""The empty instance: what every filling starts as."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from xlsform.xform import JAVAROSA, XForm, local


@dataclass(frozen=True, slots=True)
class Spot:
    """One element of the empty instance: `parent` is the index of the spot it stands in, or -1.

    `path` is without the numbers of instances; `rank` is the place among all spots of the form.
    """

    path: str
    name: str
    parent: int
    rank: int
    type: str
    default: str


@dataclass(frozen=True)
class Block:
    """Spots that come into being together, parents first, and the repeats that begin among them."""

    spots: tuple[Spot, ...]
    repeats: tuple["Repeat", ...]


@dataclass(frozen=True)
class Repeat:
    """A group that occurs any number of times: `block` is a new instance, its own spot first.

    `parent` is the index of the spot it stands in, `initial` are the instances there are at first.
    """

    path: str
    parent: int
    initial: tuple[Block, ...]
    block: Block


@dataclass(frozen=True)
class Template:
    """The empty instance of a form: its block begins with the root."""

    block: Block
    attributes: tuple[tuple[str, str], ...]
    namespace: str

    @property
    def root(self) -> str:
        """The path of the root."""
        return self.block.spots[0].path

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """All spots by path, those inside repeats too, in document order."""
        found: dict[str, Spot] = {}
        for spot in sorted(_all(self.block), key=lambda spot: spot.rank):
            found.setdefault(spot.path, spot)
        return found

    @cached_property
    def repeats(self) -> dict[str, Repeat]:
        """All repeats by path, outer ones first."""
        return {repeat.path: repeat for repeat in _repeats(self.block)}

    def is_repeated(self, path: str) -> bool:
        """Return whether the spot at `path` can occur several times."""
        return any(f"{path}/".startswith(f"{repeat}/") for repeat in self.repeats)

    @cached_property
    def begins(self) -> dict[str, tuple[str, ...]]:
        """The paths of the repeats that begin in a group, by the path of the group."""
        found: dict[str, tuple[str, ...]] = {}
        for path in self.repeats:
            around = path.rpartition("/")[0]
            found[around] = (*found.get(around, ()), path)
        return found

    @cached_property
    def groups(self) -> frozenset[str]:
        """The paths of the spots that hold others."""
        return frozenset(path.rpartition("/")[0] for path in self.spots) - {""}

    @cached_property
    def defaulted(self) -> frozenset[str]:
        """The paths of the spots that start with a text."""
        return frozenset(path for path, spot in self.spots.items() if spot.default)


def template_of(xform: XForm) -> Template:
    """Return the empty instance of a form."""
    root = xform.instance
    return Template(
        block=_Planner(xform).block(root, ""),
        attributes=tuple(
            (name, root.get(name, "")) for name in ("id", "version") if root.get(name)
        ),
        namespace=_own_namespace(root),
    )


def _own_namespace(root: etree._Element) -> str:
    """Return the namespace that the form's author gave the instance, "" for the XForms default."""
    space = etree.QName(root).namespace or ""
    return "" if space == "http://www.w3.org/2002/xforms" else space


class _Planner:
    """Turns the elements of an instance into blocks."""

    def __init__(self, xform: XForm) -> None:
        self._xform = xform
        self._ranks: dict[str, int] = {}

    def block(self, top: etree._Element, around: str) -> Block:
        """Return the block that begins with the element `top` inside the path `around`."""
        spots: list[Spot] = []
        repeats: list[Repeat] = []
        waiting = [(top, -1, around)]
        while waiting:
            element, parent, outer = waiting.pop()
            path = f"{outer}/{local(element)}"
            if element is not top and path in self._xform.repeats:
                self._add_repeat(repeats, element, parent, outer)
                continue
            index = len(spots)
            spots.append(self._spot(element, parent, path))
            waiting.extend((child, index, path) for child in reversed(self._once(element, path)))
        return Block(tuple(spots), tuple(repeats))

    def _once(self, element: etree._Element, path: str) -> list[etree._Element]:
        """Return the children of a group, of those with one name the first, unless they repeat."""
        found: dict[object, etree._Element] = {}
        for child in element:
            name = local(child)
            is_repeat = f"{path}/{name}" in self._xform.repeats
            found.setdefault(child if is_repeat else name, child)
        return list(found.values())

    def _add_repeat(
        self, repeats: list[Repeat], element: etree._Element, parent: int, outer: str
    ) -> None:
        """Add a repeat, or one more instance of the one that was met before."""
        path = f"{outer}/{local(element)}"
        block = self.block(element, outer)
        found = (place for place, repeat in enumerate(repeats) if repeat.path == path)
        place = next(found, len(repeats))
        if place == len(repeats):
            repeats.append(Repeat(path, parent, (), block))  # a template comes first
        if element.get(f"{JAVAROSA}template") is None:
            known = repeats[place]
            repeats[place] = replace(known, initial=(*known.initial, block))

    def _spot(self, element: etree._Element, parent: int, path: str) -> Spot:
        bind = self._xform.binds.get(path)
        default = (element.text or "").strip() if len(element) == 0 else ""
        rank = self._ranks.setdefault(path, len(self._ranks))  # the same in every instance
        kind = bind.type if bind else ""
        return Spot(path, local(element), parent, rank, kind, default)


def _all(block: Block) -> Iterator[Spot]:
    yield from block.spots
    for repeat in block.repeats:
        for instance in (repeat.block, *repeat.initial):
            yield from _all(instance)


def _repeats(block: Block) -> Iterator[Repeat]:
    for repeat in block.repeats:
        yield repeat
        for instance in (repeat.block, *repeat.initial):
            yield from _repeats(instance)
