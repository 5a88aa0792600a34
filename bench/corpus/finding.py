"""The forms in a folder: workbooks, XForms, and the Markdown tables inside Python tests."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from lxml import etree

from bench.corpus.literals import IS_FORM, forms_in

XFORM = "xform"
_XHTML = "{http://www.w3.org/1999/xhtml}html"
_XFORMS = "{http://www.w3.org/2002/xforms}model"


@dataclass(frozen=True, slots=True)
class Found:
    """One form: where it stands, its kind (a suffix, or XFORM), its name and its content."""

    origin: str
    kind: str
    name: str
    content: bytes
    folder: Path

    @property
    def key(self) -> bytes:
        """Return what two copies of the same form share."""
        head = f"{self.kind}|{self.name if self.kind == '.md' else ''}|".encode()
        return blake2b(head + self.content, digest_size=16).digest()


def forms(folder: Path) -> Iterator[Found]:
    """Yield every form under `folder` once, in the order of the files' names."""
    seen = set()
    for path in sorted(folder.rglob("*")):
        read = _KINDS.get(path.suffix.lower())
        if read is None or not path.is_file():
            continue
        for found in read(path, str(path.relative_to(folder))):
            if found.key not in seen:
                seen.add(found.key)
                yield found


def _from_code(path: Path, origin: str) -> Iterator[Found]:
    try:
        found = list(forms_in(path.read_text(encoding="utf-8")))
    except (SyntaxError, UnicodeDecodeError):
        return
    for number, (name, table) in enumerate(found, start=1):
        yield Found(f"{origin}#{number}", ".md", name, table.encode(), path.parent)


def _from_text(path: Path, origin: str) -> Iterator[Found]:
    content = path.read_bytes()
    if IS_FORM.search(content.decode("utf-8", "replace")):
        yield Found(origin, ".md", path.stem, content, path.parent)


def _from_csv(path: Path, origin: str) -> Iterator[Found]:
    content = path.read_bytes()
    first_cells = {
        line.partition(b",")[0].strip(b' "\r\xef\xbb\xbf') for line in content.split(b"\n")
    }
    if b"survey" in first_cells:
        yield Found(origin, ".csv", path.stem, content, path.parent)


def _from_workbook(path: Path, origin: str) -> Iterator[Found]:
    yield Found(origin, path.suffix.lower(), path.stem, path.read_bytes(), path.parent)


def _from_xml(path: Path, origin: str) -> Iterator[Found]:
    content = path.read_bytes()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(content, parser) if content.strip() else None
    if root is not None and root.tag == _XHTML and root.find(f".//{_XFORMS}") is not None:
        yield Found(origin, XFORM, path.stem, content, path.parent)


_KINDS: Mapping[str, Callable[[Path, str], Iterator[Found]]] = {
    ".py": _from_code,
    ".md": _from_text,
    ".csv": _from_csv,
    ".xlsx": _from_workbook,
    ".xls": _from_workbook,
    ".xml": _from_xml,
}
