"""Items of a list by what a column says: a hash instead of a look at every item.

The secondary instances of a form never change, so what was found once can be kept with them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from xlsform.tree import Node
from xlsform.values import COUNTED, NodeSet, Value

Names = tuple[str, ...]
Placed = tuple[int, Node]
_ROWS = ("root", "item")


@dataclass(frozen=True, slots=True)
class Table:
    """The items of one list by the texts of one column, each with its place, counted from 1."""

    size: int
    rows: Mapping[str, list[Placed]]

    def holding(self, texts: set[str]) -> list[Placed]:
        """Return the items whose column says one of `texts`, in the order of the list."""
        if len(texts) == 1:
            return self.rows.get(next(iter(texts)), [])
        found = {place: item for text in texts for place, item in self.rows.get(text, [])}
        return sorted(found.items())


class Instances(Mapping[str, Node]):
    """The secondary instances of a form by name, with the tables made of them so far.

    The documents must not change any more.
    """

    def __init__(self, documents: Mapping[str, Node]) -> None:
        self._documents = dict(documents)
        self._tables: dict[tuple[str, Names, Names], Table | None] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> Node:
        return self._documents[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def table(self, name: str, path: Names, column: Names) -> Table | None:
        """Return the items at `path` by `column`; None where only a look at each item will do."""
        key = (name, path, column)
        if key not in self._tables:
            with self._lock:  # two threads may ask at once; one of them counts
                if key not in self._tables:
                    self._tables[key] = self._built(name, path, column)
        return self._tables[key]

    def _built(self, name: str, path: Names, column: Names) -> Table | None:
        document = self._documents.get(name)
        around = [] if document is None else _below([document], path[:-1])
        if len(around) != 1:  # else places would be counted anew in each
            return None
        items = _below(around, path[-1:])
        rows: dict[str, list[Placed]] = {}
        for place, item in enumerate(items, 1):
            cells = _below([item], column)
            if any(cell.type for cell in cells):  # then not the text alone decides
                return None
            for text in {cell.string_value() for cell in cells} or {""}:
                rows.setdefault(text, []).append((place, item))
        return Table(len(items), rows)


def rows_where(instances: Mapping[str, Node], name: str, column: str, text: str) -> Iterator[Node]:
    """Yield the rows (/root/item) of a list whose column says `text`."""
    table = None
    # The column may be any text: only columns that are there get a table.
    if isinstance(instances, Instances) and _has_column(instances[name], column):
        table = instances.table(name, _ROWS, (column,))
    if table is None:
        rows = _below([instances[name]], _ROWS)
    else:
        rows = [row for _, row in table.holding({text})]
    for row in rows:
        cells = row.named(column)
        if cells and cells[0].string_value() == text:
            yield row


def _has_column(document: Node, column: str) -> bool:
    rows = [row for root in document.named("root") for row in root.named("item")[:1]]
    return bool(rows) and bool(rows[0].named(column))


def texts_of(wanted: Value) -> set[str] | None:
    """Return the texts a column must say one of; None when more than texts are compared."""
    if isinstance(wanted, str):
        return {wanted}
    if not isinstance(wanted, NodeSet) or any(node.type in COUNTED for node in wanted):
        return None
    return {node.string_value() for node in wanted}


def _below(nodes: Iterable[Node], names: Names) -> list[Node]:
    found = list(nodes)
    for name in names:
        found = [child for node in found for child in node.named(name) if child.relevant]
    return found
