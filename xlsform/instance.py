"""The record of a filling: XForm instance XML, written and read."""

import html
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from xlsform.answers import normalise
from xlsform.form import Form, FormError, Question
from xlsform.slots import MOST_INSTANCES, Slot, generic
from xlsform.xform import JAVAROSA, local, parse

OPENROSA = "http://openrosa.org/xforms"

Keep = Callable[[Question], bool]


class InstanceError(ValueError):
    """Instance XML that does not belong to the form; the message names the node."""


def write_instance(form: Form, root: Slot, keep: Keep | None, instance_id: str) -> str:
    """Return the relevant part of the tree under `root` as XML, the same bytes each time."""
    attributes = [("xmlns", form.template.namespace)] if form.template.namespace else []
    attributes += [("xmlns:orx", OPENROSA), *form.template.attributes]
    head = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes)
    inner = list(_inside(form, root, keep))
    if instance_id:
        escaped = html.escape(instance_id, quote=False)
        inner.append(f"<orx:meta><orx:instanceID>{escaped}</orx:instanceID></orx:meta>")
    return f"<{root.name}{head}>{''.join(inner)}</{root.name}>"


def _inside(form: Form, slot: Slot, keep: Keep | None) -> Iterator[str]:
    for child in slot.slots():
        yield from _written(form, child, keep)


def _written(form: Form, slot: Slot, keep: Keep | None) -> Iterator[str]:
    """Yield the XML of `slot`, nothing when it is not relevant, not kept, or an empty group.

    An instance of a repeat is always written, so that parts of one record count alike.
    """
    if not slot.relevant:
        return
    question = form.questions.get(slot.spot.path)
    if question is None:
        inner = "".join(_inside(form, slot, keep))
        if inner or slot.series is not None:
            yield f"<{slot.name}>{inner}</{slot.name}>"
    elif keep is None or keep(question):
        text = html.escape(slot.text, quote=False)
        yield f"<{slot.name}>{text}</{slot.name}>" if text else f"<{slot.name}/>"


def read_instance(form: Form, xml: str) -> dict[str, str]:
    """Return the answers in instance XML by concrete path, in the form's order.

    For each repeat, the path of its series has the number of its instances. Nodes may stand in any
    order, and any may be left out; `meta` is passed over. Raises InstanceError for another form's
    instance, for a node the form does not know or that occurs twice, and for XML with a document
    type declaration: a record is never read in part.
    """
    try:
        root = parse(xml)
    except FormError:  # its words may quote an answer
        raise InstanceError("The instance is not readable as XML without a DTD.") from None
    name = root.get("id", form.id)
    if local(root) != form.root_name or name != form.id:
        raise InstanceError(f"This is an instance of '{name}', not of '{form.id}'.")
    return _Reader(form).read(root)


class _Reader:
    """Reads one instance."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._counts: Counter[str] = Counter()
        self._texts: dict[str, list[tuple[str, str]]] = {}  # (concrete path, text) by generic path
        self._seen: set[str] = set()

    def read(self, root: etree._Element) -> dict[str, str]:
        path = f"/{self._form.root_name}"
        self._count(path, path)
        self._children(root, path)
        counts = {path: str(count) for path, count in self._counts.items()}
        return counts | {
            path: text
            for question in self._form.questions
            for path, text in self._texts.get(question, [])
            if text or question in self._form.defaulted
        }

    def _children(self, element: etree._Element, path: str) -> None:
        for child in element:
            if local(child) != "meta" and child.get(f"{JAVAROSA}template") is None:
                self._node(child, f"{path}/{local(child)}")

    def _node(self, element: etree._Element, path: str) -> None:
        spot = generic(path)
        if spot in self._form.template.repeats:
            path = self._instance(path)
        if path in self._seen:
            raise InstanceError(f"The node '{path}' occurs twice.")
        self._seen.add(path)
        if spot in self._form.questions:
            if len(element):
                raise InstanceError(f"The question '{path}' holds other nodes.")
            self._texts.setdefault(spot, []).append((path, normalise(element.text or "")))
            return
        template = self._form.template
        if spot not in template.groups | template.repeats.keys() or (element.text or "").strip():
            raise InstanceError(f"The form has no question '{path}'.")
        self._count(spot, path)
        self._children(element, path)

    def _instance(self, path: str) -> str:
        """Return the path of the next instance of a series."""
        self._counts[path] += 1
        if self._counts[path] > MOST_INSTANCES:
            raise InstanceError(f"'{path}' repeats more often than is allowed.")
        return f"{path}[{self._counts[path]}]"

    def _count(self, spot: str, path: str) -> None:
        """Begin to count the repeats that stand in a group: there may be no instance at all."""
        for repeat in self._form.template.begins.get(spot, ()):
            self._counts.setdefault(path + repeat[len(spot) :], 0)
