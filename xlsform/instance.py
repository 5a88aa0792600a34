"""The record of a filling: XForm instance XML, written and read."""

import html
from collections.abc import Callable, Iterator

from lxml import etree

from xlsform.answers import normalise
from xlsform.form import Form, FormError, Question
from xlsform.tree import Node
from xlsform.xform import local, parse

OPENROSA = "http://openrosa.org/xforms"

Keep = Callable[[Question], bool]


class InstanceError(ValueError):
    """Instance XML that does not belong to the form; the message names the node."""


def write_instance(form: Form, root: Node, keep: Keep | None, instance_id: str) -> str:
    """Return the relevant part of the tree under `root` as XML, the same bytes each time."""
    attributes = [("xmlns", form.template.namespace)] if form.template.namespace else []
    attributes += [("xmlns:orx", OPENROSA), *form.template.attributes]
    head = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes)
    inner = [text for child in root.children for text in _written(form, child, root.name, keep)]
    if instance_id:
        escaped = html.escape(instance_id, quote=False)
        inner.append(f"<orx:meta><orx:instanceID>{escaped}</orx:instanceID></orx:meta>")
    return f"<{root.name}{head}>{''.join(inner)}</{root.name}>"


def _written(form: Form, node: Node, around: str, keep: Keep | None) -> Iterator[str]:
    """Yield the XML of `node`, nothing when it is not relevant, not kept, or an empty group."""
    if not node.relevant:
        return
    path = f"{around}/{node.name}"
    question = form.questions.get(f"/{path}")
    if question is None:
        inner = [text for child in node.children for text in _written(form, child, path, keep)]
        if inner:
            yield f"<{node.name}>{''.join(inner)}</{node.name}>"
    elif keep is None or keep(question):
        text = html.escape(node.text, quote=False)
        yield f"<{node.name}>{text}</{node.name}>" if text else f"<{node.name}/>"


def read_instance(form: Form, xml: str) -> dict[str, str]:
    """Return the answers in instance XML by concrete path, in the form's order.

    Nodes may stand in any order, and any may be left out; `meta` is passed over. Raises
    InstanceError for another form's instance, for a node the form does not know or that occurs
    twice, and for XML with a document type declaration: a record is never read in part.
    """
    try:
        root = parse(xml)
    except FormError:  # its words may quote an answer
        raise InstanceError("The instance is not readable as XML without a DTD.") from None
    name = root.get("id", form.id)
    if local(root) != form.root_name or name != form.id:
        raise InstanceError(f"This is an instance of '{name}', not of '{form.id}'.")
    found: dict[str, str] = {}
    for path, text in _read(form, root, ""):
        if path in found:
            raise InstanceError(f"The node '{path}' occurs twice.")
        found[path] = text
    kept = ((path, found.get(path)) for path in form.questions)
    return {path: text for path, text in kept if text or (text == "" and path in form.defaulted)}


def _read(form: Form, element: etree._Element, around: str) -> Iterator[tuple[str, str]]:
    path = f"{around}/{local(element)}"
    if path == f"/{form.root_name}/meta":
        return
    if path in form.questions:
        if len(element):
            raise InstanceError(f"The question '{path}' holds other nodes.")
        yield path, normalise(element.text or "")
        return
    if path not in form.groups or (element.text or "").strip():
        raise InstanceError(f"The form has no question '{path}'.")
    for child in element:
        yield from _read(form, child, path)
