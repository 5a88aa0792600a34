"""From what was found to XForm XML, and who is to blame when there is none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyxform.xls2xform import convert as pyxform_convert

from bench.corpus.finding import XFORM, Found
from xlsform import source
from xlsform.attached import EXTERNAL_CHOICES

_FILE = re.compile(r"""src=["']jr://file(?:-csv)?/([^"']+)["']""")
_SEARCHED = re.compile(r"""search\(\s*(?:'|&apos;|")([^'"&]+)""")  # a table without its .csv
_LOOKED_UP = re.compile(r"""query=["']""")

# What stands in for a list that nobody has: two choices, as each kind of file writes them.
_STAND_INS: Mapping[str, str] = {
    ".csv": "name,label\none,One\ntwo,Two\n",
    ".xml": "<root><item><name>one</name><label>One</label></item>"
    "<item><name>two</name><label>Two</label></item></root>",
    ".geojson": '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "one", '
    '"geometry": {"type": "Point", "coordinates": [7.7, 51.5]}, '
    '"properties": {"title": "One", "name": "one", "label": "One"}}]}',
}


class Refused(Exception):
    """pyxform itself does not take this workbook, so it is no form."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An XForm with the files that it names; `made_up` are those that were not at hand."""

    xml: str
    files: Mapping[str, bytes]
    made_up: tuple[str, ...]


def load(found: Found) -> Loaded:
    """Return the XForm of what was found; raises Refused, or what our own reading raises."""
    xml, files = _converted(found)
    made_up = []
    for name in wanted(xml):
        content = files.get(name) or _beside(found.folder, name)
        if content is None:
            made_up.append(name)
            content = _STAND_INS.get(Path(name).suffix.lower(), "").encode()
        files[name] = content
    return Loaded(xml, files, tuple(made_up))


def wanted(xml: str) -> Iterator[str]:
    """Yield the names of the files that an XForm looks things up in."""
    named = [name.rpartition("/")[2] for name in _FILE.findall(xml)]
    searched = [name.removesuffix(".csv") + ".csv" for name in _SEARCHED.findall(xml)]
    yield from dict.fromkeys([*named, *searched])
    if _LOOKED_UP.search(xml):
        yield EXTERNAL_CHOICES


def _converted(found: Found) -> tuple[str, dict[str, bytes]]:
    if found.kind == XFORM:
        return found.content.decode("utf-8-sig", "replace"), {}
    try:
        workbook = source.read_bytes(found.content, found.kind, found.name)
        made = source.convert(workbook)
    except Exception as error:
        if _pyxform_refuses(found):
            raise Refused(str(error)) from error
        raise
    return made.xml, dict(made.files)


def _pyxform_refuses(found: Found) -> bool:
    """Ask pyxform alone, without our reading in between."""
    try:
        pyxform_convert(BytesIO(found.content), file_type=found.kind, form_name=found.name)
    except Exception:
        return True
    return False


def _beside(folder: Path, name: str) -> bytes | None:
    """Return the file of that name beside a form, or in a folder of media there or one above."""
    places = (folder, folder / "media", folder.parent / "media")
    for file in (place / name for place in places):
        if file.is_file():
            return file.read_bytes()
    return None
