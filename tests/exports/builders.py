"""Builders: the yardstick records as codes, columns, books."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exports.anonymise.mondrian import Ints
from exports.anonymise.table import Category, Column
from exports.anonymise.taxonomy import Taxonomy, encode, read, taxonomy
from exports.formats.cells import Cell, Cells
from exports.formats.delivered import Released

DATA = Path(__file__).parent / "data"
SENSITIVE = ("violence", "health", "debts")


@dataclass(frozen=True)
class Yardstick:
    """The made-up records of one size."""

    taxonomies: tuple[Taxonomy, ...]
    rows: list[dict[str, str]]
    codes: Ints
    sensitive: Ints

    @property
    def sizes(self) -> list[int]:
        return [entry.size for entry in self.taxonomies]

    @property
    def quasi(self) -> list[str]:
        return [entry.name for entry in self.taxonomies]


def yardstick(size: int) -> Yardstick:
    taxonomies = read((DATA / f"taxonomy-{size}.json").read_text(encoding="utf-8"))
    with (DATA / f"records-{size}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = encode(taxonomies, [[row[entry.name] for entry in taxonomies] for row in rows])
    columns = []
    for name in SENSITIVE:
        values = sorted({row[name] for row in rows})
        columns.append([values.index(row[name]) for row in rows])
    return Yardstick(taxonomies, rows, codes, np.array(columns, dtype=np.int32).T)


AGE = Column(
    name="age",
    label="Wie alt sind Sie?",
    kind="select_one",
    role="quasi",
    categories=(
        Category("a18", "18 bis 21 Jahre"),
        Category("a22", "22 bis 29 Jahre"),
        Category("a30", "30 bis 49 Jahre"),
        Category("a50", "50 Jahre oder älter"),
        Category("refused", "Möchte ich nicht sagen", missing=True),
    ),
    bagw="alter",
    path="/data/age",
)
VIOLENCE = Column(
    name="violence",
    label="Gewalt?",
    kind="select_one",
    role="sensitive",
    categories=(
        Category("yes", "Ja"),
        Category("no", "Nein"),
        Category("refused", "Möchte ich nicht sagen", missing=True),
    ),
    asked_if="safe = 'yes'",
    path="/data/violence",
)
CHILDREN = Column("children", "Kinder", "integer", "quasi", path="/data/children")
CONTACTS = Column("contacts", "Kontakte", "integer", "open", path="/data/contacts")
REASON = Column(
    name="reason.debts",
    label="Anlass – Schulden",
    kind="select_multiple",
    role="sensitive",
    categories=(
        Category("1", "Schulden"),
        Category("0", "–"),
        Category("refused", "Möchte ich nicht sagen", missing=True),
    ),
    path="/data/reason",
)
COLUMNS = (AGE, CHILDREN, VIOLENCE, REASON, CONTACTS)
ROWS: tuple[tuple[Cell, ...], ...] = (
    (("a18", "a22"), ("0", "2"), "yes", "1", "3"),
    (("a18", "a22"), ("0", "2"), "no", "0", "12"),
    (("a30", ""), ("2", ""), "refused", "refused", None),
    (("", ""), ("", ""), None, None, "-1"),
    (("a50", "a50"), ("1", "1"), "no", "1", "7"),
)


def released(
    rows: tuple[tuple[Cell, ...], ...] = ROWS, columns: tuple[Column, ...] = COLUMNS
) -> Released:
    """Released records; the leaves of a number are the ends of its ranges."""
    taxonomies = []
    for place, column in enumerate(columns):
        if column.role == "quasi":
            ends = [end for row in rows for end in row[place] or ()]
            taxonomies.append(taxonomy(column, ends))
    return Released("referral", "3", columns, tuple(taxonomies), down(rows, len(columns)))


def down(rows: Iterable[tuple[Cell, ...]], width: int) -> tuple[Cells, ...]:
    """The columns of so many rows."""
    return tuple(map(Cells, zip(*rows, strict=True))) or (Cells(),) * width


def one_choice(*labels: str, name: str = "wish", label: str = "Wunsch?") -> Released:
    """Released records of one question, whose choices are called so and were all chosen once."""
    codes = [f"c{number}" for number, _ in enumerate(labels, 1)]
    categories = tuple(map(Category, codes, labels))
    column = Column(name, label, "select_one", "open", categories, path=f"/data/{name}")
    return Released("referral", "3", (column,), (), (Cells(codes),))
