"""The choices of a select, read from its control."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from xlsform.questions import NOTHING, ChoiceList, FormError, Option
from xlsform.texts import Wording
from xlsform.tree import Node
from xlsform.xform import XFORMS, XForm, expression, named

_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)/root/item")


def choice_list(
    xform: XForm, instances: Mapping[str, Node], control: etree._Element, path: str
) -> ChoiceList:
    """Return the options a select offers; raise FormError when their source is not supported."""
    itemset = control.find(f"{XFORMS}itemset")
    if itemset is None:
        return ChoiceList(tuple(_inline(xform, control, path)))
    nodeset = itemset.get("nodeset", "").strip()
    found = _LIST.search(nodeset)
    if found is None or found[1] not in instances:
        raise FormError(
            f"Question '{named(path)}' takes its choices from a place that is not supported yet."
        )
    options = tuple(_listed(xform, instances[found[1]], itemset, path))
    if found.group() == nodeset:
        return ChoiceList(options)
    by_item = {id(option.item): option for option in options}
    return ChoiceList(options, expression(nodeset, path, "'choice_filter'"), by_item)


def _inline(xform: XForm, control: etree._Element, path: str) -> Iterator[Option]:
    for item in control.findall(f"{XFORMS}item"):
        value = (item.findtext(f"{XFORMS}value") or "").strip()
        wording = xform.label_of(item, "label", path)
        media = xform.media(xform.itext_id(item, "label"))
        yield Option(value, wording or Wording({}, ""), None, media)


def _listed(xform: XForm, document: Node, itemset: etree._Element, path: str) -> Iterator[Option]:
    value = _reference(itemset, "value")
    label = _reference(itemset, "label")
    translated = label.startswith("jr:itext(")
    label = label.removeprefix("jr:itext(").removesuffix(")").strip()
    for item in document.children[0].named("item"):
        text = _child(item, label)
        wording = xform.itext(text, path) if translated else xform.wording(text, path)
        media = xform.media(text) if translated else NOTHING
        yield Option(_child(item, value), wording, item, media)


def _reference(itemset: etree._Element, kind: str) -> str:
    element = itemset.find(f"{XFORMS}{kind}")
    return element.get("ref", "").strip() if element is not None else ""


def _child(item: Node, name: str) -> str:
    return next((child.text.strip() for child in item.named(name)), "")
