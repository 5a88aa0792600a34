"""The choices of a select, read from its control."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml import etree

from xlsform.attached import Documents
from xlsform.questions import ChoiceList, FormError, Option
from xlsform.searching import Search, search_of
from xlsform.texts import Text, Wording
from xlsform.tree import Node
from xlsform.xform import XFORMS, XForm, expression, named

_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)((?:/[\w.\-]+)+)")


class Lists:
    """Finds what selects offer: on their control, in a secondary instance, in a repeat."""

    def __init__(self, xform: XForm, documents: Documents) -> None:
        self._xform = xform
        self._documents = documents

    def of(self, control: etree._Element, path: str) -> ChoiceList:
        """Return the options a select offers; raise FormError when their source is unknown."""
        itemset = control.find(f"{XFORMS}itemset")
        if itemset is not None:
            make = self._maker(itemset, path)
            return self._looked_up(itemset.get("nodeset", "").strip(), make, path)
        if control.get("query"):  # choices on the sheet external_choices
            return self._looked_up(control.get("query", "").strip(), _plain_option, path)
        options = tuple(self._inline(control, path))
        search = search_of(control.get("appearance", ""), path)
        return ChoiceList(options) if search is None else self._searched(search, options, path)

    def _inline(self, control: etree._Element, path: str) -> Iterator[Option]:
        for item in control.findall(f"{XFORMS}item"):
            value = (item.findtext(f"{XFORMS}value") or "").strip()
            wording = self._xform.label_of(item, "label", path)
            media = self._xform.media(self._xform.itext_id(item, "label"))
            yield Option(value, wording or Wording({}, ""), None, media)

    def _searched(self, search: Search, options: tuple[Option, ...], path: str) -> ChoiceList:
        """Return what a search() finds, behind the options with a number."""
        fixed = tuple(option for option in options if option.value.lstrip("-").isdecimal())
        columns = next((option for option in options if option not in fixed), None)
        if columns is None:
            return ChoiceList(options)  # nothing is left to look up
        self._documents.table(search.table)
        found = self._looked_up(search.nodeset, lambda item: self._found(item, columns), path)
        return replace(found, options=fixed + found.options, fixed=fixed)

    def _found(self, item: Node, columns: Option) -> Option:
        """Return the option that a row of a table is, by the columns for value and label."""
        labels = {tag: Text((_child(item, columns.wording(tag)),)) for tag in self._xform.languages}
        return Option(_child(item, columns.value), Wording(labels, ""), item)

    def _looked_up(self, nodeset: str, make: Callable[[Node], Option], path: str) -> ChoiceList:
        found = _LIST.search(nodeset)
        if found is None:  # the instances of a repeat
            return ChoiceList((), expression(nodeset, path, "the list of choices"), make)
        document = self._documents.known.get(found[1])
        if document is None:
            raise FormError(
                f"Question '{named(path)}': there is no list '{found[1]}'.", path, "type"
            )
        options = tuple(map(make, _items(document, found[2])))
        if found.group() == nodeset:
            return ChoiceList(options)
        by_item = {id(option.item): option for option in options}
        return ChoiceList(
            options,
            expression(nodeset, path, "'choice_filter'"),
            lambda node: by_item.get(id(node)) or make(node),
        )

    def _maker(self, itemset: etree._Element, path: str) -> Callable[[Node], Option]:
        """Return what makes an option of an item, as the parts of an itemset say."""
        value = _reference(itemset, "value")
        label = _reference(itemset, "label")
        if label.startswith("jr:itext("):
            label = label.removeprefix("jr:itext(").removesuffix(")").strip()
            return lambda item: self._translated(item, value, _child(item, label), path)
        return lambda item: Option(_child(item, value), _written(_child(item, label)), item)

    def _translated(self, item: Node, value: str, key: str, path: str) -> Option:
        wording = self._xform.itext(key, path)
        return Option(_child(item, value), wording, item, self._xform.media(key))


def _items(document: Node, path: str) -> list[Node]:
    """Return the elements at a path of names in a document."""
    nodes = [document]
    for name in path.split("/")[1:]:
        nodes = [child for node in nodes for child in node.named(name)]
    return nodes


def _plain_option(item: Node) -> Option:
    return Option(_child(item, "name"), _written(_child(item, "label")), item)


def _written(text: str) -> Wording:
    return Wording({"": Text((text,))}, "")


def _reference(itemset: etree._Element, kind: str) -> str:
    element = itemset.find(f"{XFORMS}{kind}")
    return element.get("ref", "").strip() if element is not None else ""


def _child(item: Node, path: str) -> str:
    """Return the text of the element at a relative path in an item, "" when there is none."""
    nodes = [item]
    for name in path.removeprefix("./").split("/"):
        nodes = [child for node in nodes for child in node.named(name)]
    return nodes[0].string_value().strip() if nodes else ""
