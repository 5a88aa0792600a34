"""Files that come with a form, as documents that expressions look things up in."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from xlsform.questions import FormError
from xlsform.tree import Node, parse
from xlsform.xform import XForm, local

EXTERNAL_CHOICES = "itemsets.csv"  # what pyxform makes of the sheet external_choices
MOST_ROWS = 50_000

_NO_NAME_CHARACTER = re.compile(r"[^\w.\-]")
_DELIMITERS = ",;\t"

Files = Mapping[str, bytes]


class Documents:
    """The secondary instances of a form as documents without namespaces, `known` by id."""

    def __init__(self, xform: XForm, files: Files) -> None:
        """Read all that the form declares.

        Raises FormError for a file that is missing or cannot be read; its message names the file.
        """
        self._files = files
        self.known = {name: _inline(element) for name, element in xform.secondary.items()}
        self.known["__last-saved"] = Node("document")  # nobody's business here
        for name, source in xform.sources.items():
            self.known[name] = _from_file(name, source, files)
        if EXTERNAL_CHOICES in files:
            for name, rows in _external(files[EXTERNAL_CHOICES]).items():
                self.known.setdefault(name, _table(rows))

    def table(self, name: str) -> None:
        """Make sure that a table is known that the form does not declare; raise FormError."""
        if name not in self.known:
            self.known[name] = _from_file(name, f"{name}.csv", self._files)


def _inline(element: etree._Element) -> Node:
    document = Node("document")
    document.append(_copy(element))
    return document


def _copy(element: etree._Element) -> Node:
    node = Node("element", local(element), (element.text or "") if len(element) == 0 else "")
    for child in element:
        node.append(_copy(child))
    return node


def _from_file(name: str, source: str, files: Files) -> Node:
    if source == "jr://instance/last-saved":
        return Node("document")
    file = source.rpartition("/")[2]
    content = files.get(file)
    if content is None:
        raise FormError(f"The list '{name}' needs the file '{file}'. Attach it to the form.")
    try:
        return _read(file, content.decode("utf-8-sig"))
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        raise FormError(f"The file '{file}' cannot be read: {error}") from None


def _read(file: str, text: str) -> Node:
    if file.endswith(".geojson"):
        return _features(json.loads(text))
    if file.endswith(".xml"):
        return parse(text)
    return _table(rows_of(text))


def rows_of(text: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV text with comma, semicolon or tab, by the names in its first line.

    Raises ValueError for more than 50,000 rows, csv.Error for what is no CSV.
    """
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    for count, row in enumerate(csv.DictReader(io.StringIO(text), delimiter=delimiter), 1):
        if count > MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS} rows")
        yield {column: cell or "" for column, cell in row.items() if isinstance(column, str)}


def _external(content: bytes) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the external choices by the name of their list."""
    lists: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(content.decode("utf-8-sig")):
        lists.setdefault(row.get("list_name", ""), []).append(row)
    return lists


def _features(collection: Mapping[str, Any]) -> Node:
    """Return the features of a GeoJSON collection as items, as ODK lays down."""
    rows = []
    for feature in collection["features"]:
        row = {name: _plain(value) for name, value in (feature.get("properties") or {}).items()}
        row["geometry"] = _geometry(feature.get("geometry") or {})
        if "id" in feature:
            row.setdefault("id", _plain(feature["id"]))
        rows.append(row)
    return _table(rows)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _geometry(geometry: Mapping[str, Any]) -> str:
    """Return a Point, LineString or Polygon as ODK writes it: `lat lon 0 0;…`."""
    places = geometry.get("coordinates", [])
    if geometry.get("type") == "Point":
        places = [places]
    elif geometry.get("type") == "Polygon":
        places = places[0]
    return ";".join(f"{place[1]} {place[0]} 0 0" for place in places)


def _table(rows: Iterator[dict[str, str]] | list[dict[str, str]]) -> Node:
    """Return rows as `root/item/column`."""
    document, root = Node("document"), Node("element", "root")
    document.append(root)
    for row in rows:
        item = Node("element", "item")
        for column, cell in row.items():
            cellular = Node("element", _NO_NAME_CHARACTER.sub("_", column.strip()), cell.strip())
            cellular.parent = item
            item.children.append(cellular)
        item.parent = root
        root.children.append(item)
    return document
