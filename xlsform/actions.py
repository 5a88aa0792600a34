"""Values that are set by events: when a filling starts, an instance is added, an answer changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from xlsform.formulas import Formula
from xlsform.slots import generic
from xlsform.template import Template
from xlsform.xform import XFORMS, Bind, XForm, expression, local

_START = frozenset({"odk-instance-first-load", "odk-instance-load"})
_NEW_INSTANCE = "odk-new-repeat"
_CHANGE = "xforms-value-changed"

# What a clock knows.
_PRELOADED = MappingProxyType({("timestamp", "start"): "now()", ("date", "today"): "today()"})


@dataclass(frozen=True, slots=True)
class Action:
    """Sets the node at `path` to what `expression` gives there; `trigger` is what has to change."""

    path: str
    expression: Formula
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """What happens at the start, in a new instance, and after a change, in the form's order.

    `changes` are by the path of the question that triggers them; `ends` are the paths of the nodes
    that keep when a filling was finished.
    """

    start: tuple[Action, ...]
    instance: tuple[Action, ...]
    changes: Mapping[str, tuple[Action, ...]]
    ends: tuple[str, ...]

    @property
    def started(self) -> frozenset[str]:
        """The paths of the nodes that start with a worked-out value."""
        return frozenset(action.path for action in (*self.start, *self.instance))


def actions_of(xform: XForm, template: Template) -> Actions:
    """Return the actions of a form; raise FormError for one that cannot be read."""
    start = list(_preloads(xform, template))
    instance: list[Action] = []
    changes: dict[str, list[Action]] = {}
    for element in setvalues(xform):
        path = xform.reference(element)
        if path not in template.spots:
            continue  # an attribute of an entity, which zugang does not keep
        events = set(element.get("event", "").split())
        action = Action(path, _value(element, path))
        if events & _START:
            start.append(action)
        if _NEW_INSTANCE in events:
            instance.append(action)
        if _CHANGE in events:
            trigger = _trigger(xform, element)
            changes.setdefault(trigger, []).append(Action(path, action.expression, trigger))
    return Actions(
        start=tuple(start),
        instance=tuple(instance),
        changes=MappingProxyType({path: tuple(found) for path, found in changes.items()}),
        ends=tuple(path for path in template.spots if _is_end(xform.binds.get(path))),
    )


def setvalues(xform: XForm) -> Iterator[etree._Element]:
    """Yield the actions that set a value, those in the model first."""
    yield from xform.model.iter(f"{XFORMS}setvalue")
    yield from xform.body.iter(f"{XFORMS}setvalue")


def _preloads(xform: XForm, template: Template) -> Iterator[Action]:
    for path, bind in xform.binds.items():
        source = _preloaded(bind)
        if source and path in template.spots:
            yield Action(path, expression(source, path, "preloaded value"))


def _preloaded(bind: Bind) -> str:
    """Return the expression for what a node starts with, "" for nothing."""
    if bind.preload == "property" and "'" not in bind.preload_parameter:
        return f"property('{bind.preload_parameter}')"
    return _PRELOADED.get((bind.preload, bind.preload_parameter), "")


def _is_end(bind: Bind | None) -> bool:
    return bind is not None and (bind.preload, bind.preload_parameter) == ("timestamp", "end")


def _value(element: etree._Element, path: str) -> Formula:
    literal = (element.text or "").strip()
    quote = '"' if "'" in literal else "'"
    source = element.get("value")
    if source is None:
        source = f"{quote}{literal.replace(quote, '')}{quote}"
    return expression(source.strip() or "''", path, "default")


def _trigger(xform: XForm, element: etree._Element) -> str:
    """Return the path of the control an action stands in."""
    around = element.getparent()
    assert around is not None  # noqa: S101 -- setvalues() finds nothing outside of the form
    return "" if local(around) == "model" else generic(xform.reference(around))
