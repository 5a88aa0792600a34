"""Worlds for comparing engines: one form with every type of answer, filled at random.

Each world is the same document twice: as an XForm that JavaRosa loads, and as our own tree.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from xlsform.tree import Node, parse
from xlsform.xpath import Context, Environment

ZONE = ZoneInfo("Europe/Berlin")
TYPES = {
    "text": "string",
    "note": "string",
    "age": "int",
    "rooms": "int",
    "rent": "decimal",
    "day": "date",
    "moment": "dateTime",
    "clock": "time",
    "spot": "geopoint",
    "shape": "geoshape",
    "one": "select1",
    "many": "select",
    "plain": "",
    "hidden": "string",
    "home/town": "string",
    "kid/name": "string",
    "kid/years": "int",
    "kid/toy/what": "string",
}
# A word of each type, "" among them; the answers our pages and Collect would store.
TEXTS = ("", "a", "b", "x y", "10", "2", "2.50", "-1", "Ada", "2026-03-01", "true", "x-y", "ä")
PLAIN = tuple(text for text in TEXTS if text != "2026-03-01")  # read as a date where not typed
WORDS: Mapping[str, Sequence[str]] = {
    "string": TEXTS,
    "": PLAIN,
    "int": ("", "0", "1", "2", "18", "30"),
    "decimal": ("", "0.5", "2.25", "0", "18.75"),
    "date": ("", "2026-03-01", "2025-12-31", "1969-07-20"),
    "dateTime": ("", "2026-03-01T10:20:30.400+01:00", "2025-12-31T23:30:00.000+01:00"),
    "time": ("", "10:20:30.400+01:00"),
    "geopoint": ("51.5 7.5 0.0 0.0", "51.6 7.7 0.0 0.0"),
    "geoshape": ("", "51 7 0 0;51 8 0 0;52 8 0 0;51 7 0 0"),
    "select1": ("", "a", "b", "c"),
    "select": ("", "a", "a b", "b c"),
}
TOWNS = (("selm", "a", "3"), ("werne", "a", ""), ("unna", "b", "12"), ("hamm", "", "x"))
_CONTROLS = {"select1": "select1", "select": "select"}
_ITEMS = "".join(f"<item><label>{n}</label><value>{n}</value></item>" for n in "abc")


@dataclass(frozen=True)
class World:
    """The answers by path (without "/data/"), and for each kid its name, years and toys."""

    answers: Mapping[str, str]
    kids: Sequence[tuple[str, str, Sequence[str]]]

    def places(self) -> list[str]:
        """Return the nodes where expressions may stand."""
        kids = range(1, len(self.kids) + 1)
        return [
            "/data/text",
            "/data/age",
            "/data/home/town",
            *(f"/data/kid[{number}]/name" for number in kids),
            *(f"/data/kid[{n}]/toy[{len(self.kids[n - 1][2])}]/what" for n in kids),
        ]

    def instance(self) -> str:
        """Return the record as XML."""
        leaves = "".join(_leaf(name, self.answers[name]) for name in TYPES if name in self.answers)
        return f'<data id="w" version="7">{leaves}{"".join(map(_kid, self.kids))}</data>'

    def xform(self) -> str:
        """Return the form with this record as the one it starts with."""
        return f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
          ><h:head><h:title>World</h:title><model><instance>{self.instance()}</instance
          ><instance id="towns">{_towns()}</instance>{"".join(map(_bind, TYPES))}
          <bind nodeset="/data/note" calculate="count(instance('towns')/root/item)"/>
          </model></h:head><h:body>{_body()}</h:body></h:html>"""

    def context(self, place: str, now: datetime) -> Context:
        """Return our own record, seen from the node at `place`."""
        root = parse(self.instance())
        for node in root.descendants():
            names = [above.name for above in _line(node)]
            node.type = TYPES.get("/".join(names[2:]), "")
        for hidden in root.children[0].named("hidden"):
            hidden.relevant = False
        towns = {"towns": parse(_towns())}
        environment = Environment(root, towns, now=lambda: now, zone=ZONE, choice_name=_label)
        return Context(_at(root, place), environment)


def _label(value: str, _question: str) -> str:
    return value if value in {"a", "b", "c"} else ""


def _leaf(name: str, text: str) -> str:
    *groups, last = name.split("/")
    inside = f"<{last}>{escape(text)}</{last}>"
    for group in reversed(groups):
        inside = f"<{group}>{inside}</{group}>"
    return inside


def _kid(kid: tuple[str, str, Sequence[str]]) -> str:
    name, years, toys = kid
    inside = "".join(f"<toy><what>{escape(toy)}</what></toy>" for toy in toys)
    return f"<kid><name>{escape(name)}</name><years>{years}</years>{inside}</kid>"


def _towns() -> str:
    items = (
        f"<item><name>{name}</name><part>{part}</part><size>{size}</size></item>"
        for name, part, size in TOWNS
    )
    return f"<root>{''.join(items)}</root>"


def _bind(name: str) -> str:
    # A choice is bound as text, as pyxform does it; its control says what it is.
    kind = "string" if TYPES[name] in _CONTROLS else TYPES[name]
    relevant = ' relevant="false()"' if name == "hidden" else ""
    if not kind or name == "note":
        return ""
    return f'<bind nodeset="/data/{name}" type="{kind}"{relevant}/>'


def _body() -> str:
    parts = []
    for name, kind in TYPES.items():
        control = _CONTROLS.get(kind, "input")
        items = _ITEMS if kind in _CONTROLS else ""
        if not name.startswith("kid/"):
            parts.append(f'<{control} ref="/data/{name}"><label>{name}</label>{items}</{control}>')
    inner = '<input ref="/data/kid/toy/what"/>'
    toys = f'<group ref="/data/kid/toy"><repeat nodeset="/data/kid/toy">{inner}</repeat></group>'
    kids = '<input ref="/data/kid/name"/><input ref="/data/kid/years"/>' + toys
    parts.append(f'<group ref="/data/kid"><repeat nodeset="/data/kid">{kids}</repeat></group>')
    return "".join(parts)


def _line(node: Node | None) -> list[Node]:
    line: list[Node] = []
    while node is not None:
        line.insert(0, node)
        node = node.parent
    return line


def _at(root: Node, place: str) -> Node:
    node = root
    for name, number in re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", place):
        node = node.named(name)[int(number or 1) - 1]
    return node


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return the strategy for worlds with one to three kids."""
    answers = {
        name: draw(st.sampled_from(WORDS[kind]))
        for name, kind in TYPES.items()
        if not name.startswith("kid/") and name != "note"
    }
    words, years = st.sampled_from(TEXTS), st.sampled_from(WORDS["int"])
    toys = st.lists(words, min_size=1, max_size=2)
    answers["note"] = str(len(TOWNS))  # what its calculation gives
    kids = draw(st.lists(st.tuples(words, years, toys), min_size=1, max_size=3))
    return World(answers, kids)
