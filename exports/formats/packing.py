"""Zip files that are the same bytes on every day and system, and say nothing of who made them."""

import io
from collections.abc import Callable, Iterable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day a zip file knows

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
_CORE = (
    b'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.'
    b'openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator/></cp:coreProperties>'
)
_APP = (
    b'<?xml version="1.0"?><Properties xmlns="http://schemas.'
    b'openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
# What every Office file carries about itself, without anything in it.
BARE = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP}


def parsed(part: bytes | str) -> Any:
    """A part as XML, without anything that it names from elsewhere; raises XMLSyntaxError."""
    return etree.fromstring(part, _PARSER)


def undated(name: str) -> ZipInfo:
    """The entry of a part, the same on every day and system."""
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 0
    return info


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of a zip file with these parts in their order."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(undated(name), content)
    return target.getvalue()


def repacked(file: bytes, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """An Office file with every part changed, and none that says who made it, when or with what."""
    with ZipFile(io.BytesIO(file)) as archive:
        return pack(
            (name, BARE.get(name) or change(name, archive.read(name)))
            for name in archive.namelist()
        )
