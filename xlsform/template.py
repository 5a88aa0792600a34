"""The empty instance: what every filling starts as, and the lists it looks up choices in."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from xlsform.questions import FormError
from xlsform.tree import Node
from xlsform.xform import JAVAROSA, XForm, local
from xlsform.xpath import Expression


@dataclass(frozen=True, slots=True)
class Spot:
    """One element of the empty instance: `parent` is the index of the spot it stands in."""

    path: str
    name: str
    parent: int
    type: str
    default: str


@dataclass(frozen=True, slots=True)
class FirstLoad:
    """A default that is worked out when a filling starts: from an expression, or a clock."""

    path: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Template:
    """The spots of the empty instance in document order, the root first."""

    spots: tuple[Spot, ...]
    attributes: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]
    namespace: str

    @property
    def groups(self) -> frozenset[str]:
        """The paths of the spots that hold others."""
        return frozenset(self.paths[spot.parent] for spot in self.spots if spot.parent >= 0)

    @property
    def defaulted(self) -> frozenset[str]:
        """The paths of the spots that start with a text."""
        return frozenset(spot.path for spot in self.spots if spot.default)

    def grow(self) -> list[Node]:
        """Return fresh nodes, one a spot, tied into a tree under a document node."""
        document = Node("document")
        nodes: list[Node] = []
        for spot in self.spots:
            node = Node("element", spot.name)
            node.type = spot.type
            parent = nodes[spot.parent] if spot.parent >= 0 else document
            node.parent = parent
            parent.children.append(node)  # never indexed yet, so no need for Node.append
            nodes.append(node)
        for name, value in self.attributes:
            nodes[0].set_attribute(name, value)
        return nodes


def template_of(xform: XForm) -> Template:
    """Return the empty instance of a form; raise FormError for a bind that points nowhere."""
    root = xform.instance
    spots = tuple(_spots(xform, root))
    paths = tuple(spot.path for spot in spots)
    for path in xform.binds:
        if path not in paths:
            raise FormError(f"The form describes '{path}', but its instance has no such node.")
    return Template(
        spots=spots,
        attributes=tuple(
            (name, root.get(name, "")) for name in ("id", "version") if root.get(name)
        ),
        paths=paths,
        namespace=_own_namespace(root),
    )


def _own_namespace(root: etree._Element) -> str:
    """Return the namespace that the form's author gave the instance, "" for the XForms default."""
    space = etree.QName(root).namespace or ""
    return "" if space == "http://www.w3.org/2002/xforms" else space


def _spots(xform: XForm, root: etree._Element) -> Iterator[Spot]:
    """Yield the spots depth first, so that every parent comes before its children."""
    counted = 0
    waiting = [(root, -1, "")]
    while waiting:
        element, parent, around = waiting.pop()
        if element.get(f"{JAVAROSA}template") is not None:
            continue
        path = f"{around}/{local(element)}"
        bind = xform.binds.get(path)
        default = (element.text or "").strip() if len(element) == 0 else ""
        yield Spot(path, local(element), parent, bind.type if bind else "", default)
        waiting.extend((child, counted, path) for child in reversed(element))
        counted += 1


def secondary_documents(xform: XForm) -> dict[str, Node]:
    """Return the secondary instances as documents, by id, without namespaces."""
    documents = {}
    for name, element in xform.secondary.items():
        document = Node("document")
        document.append(_copy(element))
        documents[name] = document
    return documents


def _copy(element: etree._Element) -> Node:
    node = Node("element", local(element), (element.text or "") if len(element) == 0 else "")
    for child in element:
        node.append(_copy(child))
    return node
