"""The documents of the OpenRosa API, as ODK Collect and other field clients read and write them.

Sources: OpenRosa Form Discovery API, Form List API, Form Manifest API, Form Submission API 1.0
(docs.getodk.org/openrosa).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import md5
from uuid import UUID

from lxml import etree

from xlsform.filling import InstanceError
from xlsform.questions import FormError
from xlsform.xform import local, parse

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
_MEDIA = re.compile(r"jr://(?:audio|file|images|video)/([^<\"']+)")


@dataclass(frozen=True)
class Listed:
    """A form as it stands in a form list; `hash` is of the exact bytes behind `address`."""

    form_id: str
    name: str
    version: str
    hash: str
    address: str
    manifest: str  # the address of its manifest, "" when it comes with no files


@dataclass(frozen=True)
class Media:
    """A file that a form comes with."""

    name: str
    hash: str
    address: str


@dataclass(frozen=True)
class Head:
    """What an instance says of itself before its form is known."""

    form_id: str
    version: str
    instance_id: str  # the UUID, without its prefix


def hash_of(content: bytes) -> str:
    """Return what clients compare to see whether they have this content."""
    return f"md5:{md5(content, usedforsecurity=False).hexdigest()}"


def document(xform: str, version: str) -> bytes:
    """Return an XForm for field clients: its instance says which version it is of."""
    root = parse(xform)
    model = root.find("{*}head/{*}model")
    instance = model.find("{*}instance") if model is not None else None
    if instance is None or not len(instance):
        raise FormError("The form has no instance.")
    instance[0].set("version", version)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def media_names(xform: str) -> list[str]:
    """Return the names of the files that a form speaks of, each once."""
    return sorted(set(_MEDIA.findall(xform)))


def form_list(forms: Iterable[Listed]) -> bytes:
    """Return the list of forms as XML."""
    return _xml(_node(LIST, "xforms", *map(_listed, forms)))


def _listed(form: Listed) -> etree._Element:
    said = {
        "formID": form.form_id,
        "name": form.name,
        "version": form.version,
        "hash": form.hash,
        "downloadUrl": form.address,
        "manifestUrl": form.manifest,
    }
    return _node(LIST, "xform", *(_node(LIST, name, text) for name, text in said.items() if text))


def manifest(files: Iterable[Media]) -> bytes:
    """Return the list of the files of a form as XML."""
    return _xml(_node(MANIFEST, "manifest", *map(_file, files)))


def _file(one: Media) -> etree._Element:
    said = {"filename": one.name, "hash": one.hash, "downloadUrl": one.address}
    return _node(MANIFEST, "mediaFile", *(_node(MANIFEST, *pair) for pair in said.items()))


def response(message: str, nature: str = "") -> bytes:
    """Return what a client is told: its user sees `message`."""
    told = _node(RESPONSE, "message", message)
    if nature:
        told.set("nature", nature)
    return _xml(_node(RESPONSE, "OpenRosaResponse", told))


def head(xml: str) -> Head:
    """Return what an instance says of itself; raise `InstanceError`."""
    try:
        root = parse(xml)
    except FormError:  # its words may quote an answer
        raise InstanceError("The instance is not readable as XML without a DTD.") from None
    said = (one for meta in root if local(meta) == "meta" for one in meta)
    instance_ids = [(one.text or "").strip() for one in said if local(one) == "instanceID"]
    if len(instance_ids) != 1:
        raise InstanceError("The instance has no instanceID.")
    try:
        number = UUID(instance_ids[0].removeprefix("uuid:"))
    except ValueError:
        raise InstanceError("The instanceID is no UUID.") from None
    return Head(root.get("id", ""), root.get("version", ""), str(number))


def _node(namespace: str, name: str, *inside: str | etree._Element) -> etree._Element:
    spoken = {None: namespace}
    node = etree.Element(f"{{{namespace}}}{name}", nsmap=spoken)  # type: ignore[arg-type] # stubs lag
    for one in inside:
        if isinstance(one, str):
            node.text = one
        else:
            node.append(one)
    return node


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
