import numpy as np
import pytest

from exports.anonymise.table import Column
from exports.anonymise.taxonomy import Taxonomy, encode, read, taxonomy
from tests.exports.builders import AGE, CHILDREN, DATA


def test_taxonomy__keeps_the_order_of_choices_with_missing_last() -> None:
    ages = taxonomy(AGE, [])
    assert ages.labels[0] == "18 bis 21 Jahre"
    assert ages.labels[-1] == "keine Angabe"
    assert ages.encode(["a50", "a18", "refused", None]).tolist() == [3, 0, 4, 4]


def test_taxonomy__of_a_number_orders_what_occurs_by_size() -> None:
    children = taxonomy(CHILDREN, ["10", "2", None, "0", "2"])
    assert children.leaves == ("0", "2", "10", "")
    assert children.encode(["10", None]).tolist() == [2, 3]


def test_taxonomy__of_a_number_orders_spellings_of_the_same_size_too() -> None:
    spelled = ["7", "0007", "07", "00007", "007"]
    assert taxonomy(CHILDREN, spelled).leaves == ("00007", "0007", "007", "07", "7", "")


def test_taxonomy__of_a_date_orders_days() -> None:
    moved = taxonomy(Column("moved", "", "date", "quasi"), ["2026-02-01", "2025-12-31"])
    assert moved.label(0, 1) == "2025-12-31 … 2026-02-01"


def test_encode__without_a_missing_leaf_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="'age' has a value that is no leaf"):
        Taxonomy("age", ("a",), ("a",), missing=False).encode(["b"])


@pytest.mark.parametrize(
    ("labels", "joined"),
    [
        (("18-21", "22-29"), "18-29"),
        (("18–21", "50–64"), "18–64"),
        (("18 bis 21 Jahre", "22 bis 29 Jahre"), "18 bis 29 Jahre"),
        (("50-64", "65+"), "50+"),
        (("0", "3+"), "0+"),
        (("0", "2"), "0–2"),
        (("1 Kind", "2 Kinder"), "1 Kind … 2 Kinder"),
        (("50 bis 64 Jahre", "65 Jahre oder älter"), "50 bis 64 Jahre … 65 Jahre oder älter"),
        (("Bergkamen", "Kamen"), "Bergkamen … Kamen"),
        (("18-21 Jahre", "22-29"), "18-21 Jahre … 22-29"),
    ],
)
def test_label__joins_numbers_and_puts_dots_between_words(
    labels: tuple[str, str], joined: str
) -> None:
    assert Taxonomy("x", labels, labels, missing=False).label(0, 1) == joined


def test_label__a_range_with_missing_answers_says_so() -> None:
    ages = taxonomy(AGE, [])
    assert ages.label(4, 4) == "keine Angabe"
    assert ages.label(0, 4) == "18 bis 21 Jahre … 50 Jahre oder älter / keine Angabe"


def test_label__of_a_number_with_missing_stays_when_higher_ones_join() -> None:
    first, later = (taxonomy(CHILDREN, values) for values in (["0", "2"], ["0", "2", "7"]))
    assert first.label(1, first.size - 1) == later.label(1, later.size - 1) == "≥ 2 / keine Angabe"


def test_range_labels__are_all_there_are() -> None:
    entry = Taxonomy("x", ("a", "b"), ("a", "b"), missing=False)
    assert entry.range_labels() == {"a", "b", "a … b"}


def test_read__gives_the_taxonomies_of_a_file() -> None:
    found = read((DATA / "taxonomy-63.json").read_text(encoding="utf-8"))
    assert [entry.size for entry in found] == [6, 10, 4, 12, 8, 7]


def test_encode__of_no_taxonomies_has_no_columns() -> None:
    assert np.shape(encode((), [(), ()])) == (2, 0)
