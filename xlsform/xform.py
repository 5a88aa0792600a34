"""Reading XForm XML: the parts of the document that compiling a form needs, nothing decided yet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from xlsform.formulas import Formula
from xlsform.questions import MEDIA, FormError
from xlsform.texts import MISSING_TRANSLATION, Text, Wording, tag_of
from xlsform.tree import resolve
from xlsform.xpath import ExpressionError, compile_expression

XFORMS = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JAVAROSA = "{http://openrosa.org/javarosa}"
ZUGANG = "{https://zugang.example/ns}"

# Controls that stand around others.
AROUND = frozenset({"group", "repeat"})
CONTROLS = AROUND | {"input", "secret", "select", "select1", "rank", "range", "trigger", "upload"}
_ITEXT = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)\Z")


def parse(xml: str) -> etree._Element:
    """Return the root of an XML text; raise FormError for what is no XML or brings its own DTD."""
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormError(f"The form is not readable as XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormError("A form with a document type declaration is not accepted.")
    return root


def local(element: etree._Element) -> str:
    """Return the name of `element` without its namespace."""
    return etree.QName(element).localname


def named(path: str) -> str:
    """Return the last step of a path: the name by which an author knows the question."""
    return path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Bind:
    """The properties the form gives one node; expressions not yet compiled, "" when absent."""

    path: str
    type: str = ""
    relevant: str = ""
    calculate: str = ""
    constraint: str = ""
    required: str = ""
    readonly: str = ""
    constraint_message: str = ""
    required_message: str = ""
    preload: str = ""
    preload_parameter: str = ""
    disclosure: str = ""
    bagw: str = ""


_ATTRIBUTES: Mapping[str, str] = {
    "type": "type",
    "relevant": "relevant",
    "calculate": "calculate",
    "constraint": "constraint",
    "required": "required",
    "readonly": "readonly",
    "constraint_message": f"{JAVAROSA}constraintMsg",
    "required_message": f"{JAVAROSA}requiredMsg",
    "preload": f"{JAVAROSA}preload",
    "preload_parameter": f"{JAVAROSA}preloadParams",
    "disclosure": f"{ZUGANG}disclosure",
    "bagw": f"{ZUGANG}bagw",
}


def _absolute(reference: str, around: str) -> str:
    """Return the absolute path that a reference means at `around`, without prefixes.

    The instance is looked at without namespaces.
    """
    path = reference.strip()
    path = path if path.startswith("/") or not path else resolve(path, around)
    return "/".join(step.rpartition(":")[2] for step in path.split("/")) if ":" in path else path


def _bind(element: etree._Element, root: str) -> Bind:
    values = {field: element.get(name, "").strip() for field, name in _ATTRIBUTES.items()}
    kind = values["type"].rpartition(":")[2]
    kind = "int" if kind == "integer" else kind
    return Bind(path=_absolute(element.get("nodeset", ""), root), **(values | {"type": kind}))


class XForm:
    """The parts of one XForm document."""

    def __init__(self, xml: str) -> None:
        """Parse `xml`; raise FormError when a part every form has is missing."""
        root = parse(xml)
        self.model = _part(root, f"{XHTML}head/{XFORMS}model")
        self.body = _part(root, f"{XHTML}body")
        self.title = (root.findtext(f"{XHTML}head/{XHTML}title") or "").strip()
        self.instance = _only_child(_part(self.model, f"{XFORMS}instance"))
        self._wordings: dict[tuple[str, str], Wording] = {}

    @cached_property
    def binds(self) -> Mapping[str, Bind]:
        """The binds by path; those of attributes (entities have some) are left out."""
        root = f"/{local(self.instance)}"
        binds = (_bind(element, root) for element in self.model.iter(f"{XFORMS}bind"))
        return {bind.path: bind for bind in binds if "@" not in bind.path}

    @cached_property
    def secondary(self) -> Mapping[str, etree._Element]:
        """The root elements of the secondary instances that the form holds itself, by id."""
        return {
            instance.get("id", ""): _only_child(instance)
            for instance in self._others
            if not instance.get("src")
        }

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The addresses of the secondary instances that lie elsewhere, by id."""
        return {
            instance.get("id", ""): instance.get("src", "")
            for instance in self._others
            if instance.get("src")
        }

    @cached_property
    def _others(self) -> list[etree._Element]:
        return self.model.findall(f"{XFORMS}instance")[1:]

    @cached_property
    def repeats(self) -> Mapping[str, etree._Element]:
        """The controls that repeat a group, by path, outer ones first."""
        found = self.body.iter(f"{XFORMS}repeat")
        return {self.reference(element): element for element in found}

    def reference(self, control: etree._Element) -> str:
        """Return the path of the node that a control shows, "" when it shows none."""
        ref = control.get("ref") or control.get("nodeset")
        path = (ref or self._bound.get(control.get("bind", ""), "")).strip()
        path = path.removeprefix("current()/")  # it starts at the control around, as others do
        around = control.getparent()
        while around is not None and around is not self.body and not self.reference(around):
            around = around.getparent()  # a group that only keeps questions together
        if path.startswith("/") or not path or around is None or around is self.body:
            return _absolute(path, f"/{local(self.instance)}")
        return _absolute(path, self.reference(around))

    @cached_property
    def _bound(self) -> Mapping[str, str]:
        binds = self.model.iter(f"{XFORMS}bind")
        return {bind.get("id", ""): bind.get("nodeset", "") for bind in binds if bind.get("id")}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages' tags in the form's order, the default language first."""
        names = sorted(self._translations, key=lambda item: item.get("default") is None)
        return tuple(tag_of(item.get("lang", "")) for item in names) or ("",)

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], Mapping[str, etree._Element]]:
        """The translated values by (text id, form) and language tag, without dashes and blanks.

        The form says what a value is: "" for the words, else "guidance", "image", "audio" …
        """
        found: dict[tuple[str, str], dict[str, etree._Element]] = {}
        for translation in self._translations:
            tag = tag_of(translation.get("lang", ""))
            for entry in translation.findall(f"{XFORMS}text"):
                found.setdefault((entry.get("id", ""), ""), {})
                for value in entry:
                    by_tag = found.setdefault((entry.get("id", ""), value.get("form", "")), {})
                    if _is_written(value):
                        by_tag[tag] = value
        return found

    @cached_property
    def _translations(self) -> list[etree._Element]:
        return self.model.findall(f"{XFORMS}itext/{XFORMS}translation")

    def wording(self, reference: str, path: str) -> Wording:
        """Return the text a message attribute means: `jr:itext('…')`, or the words themselves."""
        found = _ITEXT.match(reference.strip())
        if found:
            return self.itext(found[1], path)
        return Wording({"": Text((reference,))} if reference else {}, self.languages[0])

    def itext(self, key: str, path: str, form: str = "") -> Wording:
        """Return the text with an id; `path` names the question where it cannot be read."""
        if (key, form) not in self._wordings:
            values = self.texts.get((key, form), {})
            texts = {tag: text_of(value, path) for tag, value in values.items()}
            self._wordings[key, form] = Wording(texts, self.languages[0])
        return self._wordings[key, form]

    def media(self, key: str) -> dict[str, Wording]:
        """Return the names of the files that go with a text id, by kind."""
        return {kind: self._files(key, kind) for kind in MEDIA if (key, kind) in self.texts}

    def _files(self, key: str, kind: str) -> Wording:
        names = {
            tag: Text(((value.text or "").strip().rpartition("/")[2],))
            for tag, value in self.texts[key, kind].items()
        }
        return Wording(names, self.languages[0])

    def itext_id(self, control: etree._Element, kind: str) -> str:
        """Return the text id of the label or hint inside a control, "" when it has none."""
        element = control.find(f"{XFORMS}{kind}")
        found = _ITEXT.match((element.get("ref") or "").strip()) if element is not None else None
        return found[1] if found else ""

    def label_of(self, control: etree._Element, kind: str, path: str) -> Wording | None:
        """Return the label or hint inside a control, None when it has none."""
        element = control.find(f"{XFORMS}{kind}")
        if element is None:
            return None
        reference = element.get("ref")
        if reference:
            return self.wording(reference, path)
        texts = {"": text_of(element, path)} if _is_written(element) else {}
        return Wording(texts, self.languages[0])


def text_of(element: etree._Element, path: str) -> Text:
    """Return the text of a `value` or `label` element with its `output` parts compiled."""
    parts: list[str | Formula] = [element.text or ""]
    for child in element:
        if child.get("value"):
            parts.append(expression(child.get("value", ""), path, "a reference in its text"))
        parts.append(child.tail or "")
    return Text(tuple(part for part in parts if part != ""))


def expression(source: str, path: str, what: str) -> Formula:
    """Return `source` compiled; raise FormError that names the question and what cannot be read."""
    try:
        return Formula.of(compile_expression(source), path, what)
    except ExpressionError as error:
        message = f"Question '{named(path)}': {what} cannot be read. {error}"
        raise FormError(message, path, what.strip("'"), error.position) from None


def controls(body: etree._Element) -> Iterator[etree._Element]:
    """Yield the controls directly inside `body` or a group; others pass over what is none too."""
    return (child for child in body if local(child) in CONTROLS)


def _is_written(element: etree._Element) -> bool:
    text = (element.text or "").strip()
    return len(element) > 0 or text not in {"", MISSING_TRANSLATION}


def _part(parent: etree._Element, path: str) -> etree._Element:
    found = parent.find(path)
    if found is None:
        raise FormError(f"This is no XForm: it has no {path.rpartition('}')[2]}.")
    return found


def _only_child(instance: etree._Element) -> etree._Element:
    if len(instance) != 1:
        raise FormError(f"The instance '{instance.get('id', '')}' must hold one element.")
    return instance[0]
