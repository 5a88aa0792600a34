"""The instance tree: the nodes that expressions walk and answers live in."""

from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
DEEPEST = 200
_SEPARATOR = "\x1f"  # cannot occur in XML, so a namespace cannot fake it


class TreeError(ValueError):
    """A document that is not well-formed XML, too deep, or that declares entities."""


class Node:
    """One node of a document: element, attribute, text, comment, pi, namespace or document.

    The text of a leaf element stays in its own `text`; a text node is made when XPath asks for one.
    Change `children` through `append`, `insert` and `remove` only: an index hangs on it.
    """

    __slots__ = (
        "_leaf",
        "_named",
        "attributes",
        "children",
        "declarations",
        "kind",
        "name",
        "namespace",
        "parent",
        "prefix",
        "relevant",
        "text",
        "type",
    )

    def __init__(
        self, kind: str, name: str = "", text: str = "", *, namespace: str = "", prefix: str = ""
    ) -> None:
        self.kind = kind
        self.name = name
        self.text = text
        self.namespace = namespace
        self.prefix = prefix
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.attributes: tuple[Node, ...] = ()
        self.declarations: Mapping[str, str] | None = None
        self.relevant = True
        self.type = ""
        self._named: dict[str, list[Node]] | None = None
        self._leaf: Node | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {self.qualified_name or self.text!r}>"

    @property
    def qualified_name(self) -> str:
        """The name as written: prefix, colon, local name."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def append(self, child: "Node") -> "Node":
        """Add `child` as the last child and return it."""
        return self.insert(len(self.children), child)

    def insert(self, index: int, child: "Node") -> "Node":
        """Put `child` before the child now at `index` and return it."""
        child.parent = self
        self.children.insert(index, child)
        self._named = None
        return child

    def remove(self, child: "Node") -> None:
        """Take `child` (this very node, not an equal one) out of the tree."""
        self.children = [other for other in self.children if other is not child]
        self._named = None
        child.parent = None

    def named(self, name: str) -> list["Node"]:
        """Return the child elements whose name as written is `name`, relevant or not, in order."""
        index = self._named
        if index is None:
            index = {}
            for child in self.children:
                if child.kind == "element":
                    index.setdefault(child.qualified_name, []).append(child)
            self._named = index
        return index.get(name, [])

    def child_nodes(self) -> list["Node"]:
        """Return all children as XPath sees them: a leaf's text is a text node."""
        if self.children or not self.text or self.kind != "element":
            return self.children
        if self._leaf is None:
            self._leaf = Node("text")
            self._leaf.parent = self
        self._leaf.text = self.text
        return [self._leaf]

    def string_value(self) -> str:
        """Return the text of a leaf, or of all text below joined in document order."""
        if not self.children:
            return self.text
        parts: list[str] = []
        pending = self.children[::-1]
        while pending:
            node = pending.pop()
            if node.children:
                pending.extend(reversed(node.children))
            elif node.kind in {"element", "text"}:
                parts.append(node.text)
        return "".join(parts)

    def attribute(self, name: str, namespace: str = "") -> str | None:
        """Return the value of an attribute, None when it is not there."""
        for node in self.attributes:
            if node.name == name and node.namespace == namespace:
                return node.text
        return None

    def set_attribute(
        self, name: str, value: str, *, namespace: str = "", prefix: str = ""
    ) -> None:
        """Give the attribute its value, adding it when it is not there."""
        for node in self.attributes:
            if node.name == name and node.namespace == namespace:
                node.text = value
                return
        added = Node("attribute", name, value, namespace=namespace, prefix=prefix)
        added.parent = self
        self.attributes = (*self.attributes, added)

    def document(self) -> "Node":
        """Return the topmost node above this one (itself when it has no parent)."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def descendants(self) -> Iterator["Node"]:
        """Yield every node below this one in document order."""
        pending = self.child_nodes()[::-1]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.child_nodes()))

    def namespaces(self) -> dict[str, str]:
        """Return the namespaces in scope: prefix -> address, with "xml"."""
        scope: dict[str, str] = {}
        node: Node | None = self
        while node is not None:
            if node.declarations:
                scope = {**node.declarations, **scope}
            node = node.parent
        found = {prefix: address for prefix, address in scope.items() if address}
        found["xml"] = XML_NAMESPACE
        return found

    def copy(self) -> "Node":
        """Return a deep copy without a parent, with types and relevance."""
        twin = Node(self.kind, self.name, self.text, namespace=self.namespace, prefix=self.prefix)
        twin.declarations = self.declarations
        twin.relevant = self.relevant
        twin.type = self.type
        if self.attributes:
            twin.attributes = tuple(_adopted(twin, node) for node in self.attributes)
        if self.children:
            twin.children = [_adopted(twin, node) for node in self.children]
        return twin


def _adopted(parent: Node, node: Node) -> Node:
    twin = node.copy()
    twin.parent = parent
    return twin


def resolve(reference: str, path: str) -> str:
    """Return the absolute path that a reference by names means at `path`."""
    steps = path.split("/")
    for step in reference.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def parse(xml: str) -> Node:
    """Return the document node of `xml`.

    Raises TreeError for XML that is not well-formed, nests deeper than 200 elements or declares
    entities; nothing outside the text is ever fetched.
    """
    builder = _Builder()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=_SEPARATOR)
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartCdataSectionHandler = builder.flush
    parser.EndCdataSectionHandler = builder.flush
    parser.CommentHandler = builder.comment
    parser.ProcessingInstructionHandler = builder.instruction
    parser.StartNamespaceDeclHandler = builder.declare
    parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse
    try:
        # A byte-order mark or an encoding declaration says nothing about text that is decoded.
        parser.Parse(xml.removeprefix("\ufeff").lstrip().encode("utf-8"), True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise TreeError(f"This is not well-formed XML: {error}.") from error
    except UnicodeEncodeError as error:
        raise TreeError("This text holds characters that XML cannot carry.") from error
    return builder.document


class _Builder:
    """Turns expat's events into nodes."""

    def __init__(self) -> None:
        self.document = Node("document")
        self.open: list[Node] = [self.document]
        self.text: list[str] = []
        self.declared: dict[str, str] = {}
        self.refuse: Callable[..., int] = _refuse

    def declare(self, prefix: str | None, address: str | None) -> None:
        self.declared[prefix or ""] = address or ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.flush()
        if len(self.open) > DEEPEST:
            raise TreeError(f"This XML nests deeper than {DEEPEST} elements.")
        element = _named_node("element", tag, "")
        if self.declared:
            element.declarations = self.declared
            self.declared = {}
        if attributes:
            made = tuple(_named_node("attribute", *pair) for pair in attributes.items())
            for attribute in made:
                attribute.parent = element
            element.attributes = made
        self.open[-1].append(element)
        self.open.append(element)

    def end(self, _tag: str) -> None:
        self.flush()
        element = self.open.pop()
        only = element.children
        if len(only) == 1 and only[0].kind == "text":
            element.text = only[0].text
            element.remove(only[0])

    def characters(self, text: str) -> None:
        self.text.append(text)

    def flush(self) -> None:
        if self.text:
            if len(self.open) > 1:
                self.open[-1].append(Node("text", text="".join(self.text)))
            self.text = []

    def comment(self, text: str) -> None:
        self.flush()
        self.open[-1].append(Node("comment", text=text))

    def instruction(self, target: str, text: str) -> None:
        self.flush()
        self.open[-1].append(Node("pi", target, text))


def _named_node(kind: str, tag: str, text: str) -> Node:
    namespace, _, rest = tag.rpartition(_SEPARATOR) if tag.count(_SEPARATOR) == 1 else ("", "", tag)
    if _SEPARATOR in rest:
        namespace, rest, prefix = rest.split(_SEPARATOR)
        return Node(kind, rest, text, namespace=namespace, prefix=prefix)
    return Node(kind, rest, text, namespace=namespace)


def _refuse(*_details: object) -> int:
    raise TreeError("This XML declares entities, which is refused.")
