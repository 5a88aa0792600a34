"""Declared taxonomies: what they say of each value, and what is refused."""

import json
from typing import Any

import pytest

from exports.anonymise import declared
from exports.anonymise.leaves import (
    Bands,
    Choices,
    Leaf,
    Periods,
    TaxonomyError,
    default,
    names,
    taxonomy_of,
)
from exports.anonymise.table import Category, Column, Table
from exports.release.published import coded
from tests.exports.builders import AGE, CHILDREN

RENT = Column("rent", "Miete", "decimal", "quasi")
MOVED = Column("moved", "Eingezogen", "date", "quasi")
YOUNG = {"codes": ["a18", "a22"], "label": "unter 30"}
OLD = {"codes": ["a30", "a50"], "label": "ab 30"}


def said(column: Column, stored: Any) -> Any:
    """The declaration, held to the question."""
    found = declared.read(column.name, stored)
    declared.check(found, column)
    return found


def labels(column: Column, stored: Any) -> tuple[str, ...]:
    return taxonomy_of(column, said(column, stored), ()).labels


def leaves(column: Column, stored: Any, *values: str | None) -> list[str | None]:
    return list(names(column, said(column, stored), values))


# -- choices ---------------------------------------------------------------------------------------


def test_choices__count_in_the_declared_order_joined_ones_as_one() -> None:
    stored = {"leaves": [OLD, {"codes": ["a22"]}, {"codes": ["a18"]}]}
    assert labels(AGE, stored) == ("ab 30", "22 bis 29 Jahre", "18 bis 21 Jahre", "keine Angabe")
    assert leaves(AGE, stored, "a50", "a30", "a18", "refused", None) == [
        "a30 a50",
        "a30 a50",
        "a18",
        "",
        "",
    ]


def test_choices__speak_the_language_of_the_column_where_they_have_no_label() -> None:
    english = Column("age", "Age", "select_one", "quasi", (Category("a", "A"), Category("b", "B")))
    how = Choices((Leaf(("b",)), Leaf(("a",))))
    assert taxonomy_of(english, how, (), "no answer").labels == ("B", "A", "no answer")


def test_default__is_the_order_of_the_choices_without_reasons_for_none() -> None:
    how = default(AGE)
    assert how is not None
    declared.check(how, AGE)
    assert [leaf.name for leaf in how.leaves] == ["a18", "a22", "a30", "a50"]
    assert default(CHILDREN) is None


def test_coded__counts_by_what_is_declared() -> None:
    table = Table((AGE, CHILDREN), (("a18", "7"), ("a50", "0"), ("refused", None)))
    how = {
        "age": said(AGE, {"leaves": [OLD, YOUNG]}),
        "children": said(CHILDREN, {"from": [0, 1, 3]}),
    }
    found = coded(table, how)
    assert found.codes.tolist() == [[1, 2], [0, 0], [2, 3]]
    assert found.sizes == (3, 4)
    assert found.declared == how


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ([YOUNG, {"codes": ["a30"]}], "The taxonomy of 'age' misses the choice 'a50'."),
        ([YOUNG, OLD, {"codes": ["a18"]}], "The taxonomy of 'age' has the choice 'a18' twice."),
        (
            [YOUNG, OLD, {"codes": ["a99"]}],
            "The taxonomy of 'age' names 'a99', which is no choice.",
        ),
        ([YOUNG, OLD, {"codes": ["refused"]}], "names 'refused', which is no choice"),
        ([{"codes": ["a18", "a22"]}, OLD], "without a label: 'a18 a22'"),
        ([YOUNG, {**OLD, "label": "unter 30"}], "has two ranges that read 'unter 30'"),
        ([YOUNG, {**OLD, "label": "x" * 101}], "label that is too long"),
        ([YOUNG, {**OLD, "label": "a\u202eb"}], "label that is too long or no line"),
        ([{"codes": ["a18", "a22", "a30", "a50"], "label": "alle"}], "at least two leaves"),
        ([YOUNG, OLD, {"codes": [], "label": "leer"}], "cannot be read"),
    ],
)
def test_choices__what_does_not_fit_is_named(stored: Any, message: str) -> None:
    with pytest.raises(TaxonomyError, match=message):
        said(AGE, {"leaves": stored})


def test_fitted__a_version_without_a_choice_leaves_it_out() -> None:
    how = said(AGE, {"leaves": [YOUNG, OLD]})
    fewer = Column("age", "", "select_one", "quasi", AGE.categories[1:])
    assert how.fitted(fewer).leaves == (Leaf(("a22",), "unter 30"), Leaf(("a30", "a50"), "ab 30"))


def test_fitted__a_version_with_a_choice_more_is_refused() -> None:
    how = said(AGE, {"leaves": [YOUNG, OLD]})
    more = Column("age", "", "select_one", "quasi", (*AGE.categories, Category("a80", "ab 80")))
    with pytest.raises(
        TaxonomyError, match="The taxonomy of 'age' misses the choice 'a80'"
    ) as told:
        how.fitted(more)
    assert (told.value.kind, told.value.value) == ("misses", "a80")


# -- numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "stored", "expected"),
    [
        (CHILDREN, {"from": [18, 22, 30, 50, 65]}, "18–21 22–29 30–49 50–64 65+"),
        (CHILDREN, {"from": [18, 22], "below": True, "to": 29}, "≤ 17|18–21|22–29"),
        (CHILDREN, {"from": [0, 1, 2, 5], "to": 5}, "0 1 2–4 5"),
        (CHILDREN, {"from": [-5, 0]}, "-5 … -1|0+"),
        (CHILDREN, {"from": [-5, -2]}, "-5 … -3|≥ -2"),
        (RENT, {"from": [0, 437.5], "below": True}, "< 0|0–<437.5|437.5+"),
    ],
)
def test_bands__are_called_by_their_ends(column: Column, stored: Any, expected: str) -> None:
    parts = expected.split("|" if "|" in expected else " ")
    assert labels(column, stored) == (*parts, "keine Angabe")


def test_bands__take_in_their_lower_end() -> None:
    stored = {"from": [18, 22, 30], "below": True}
    given = leaves(CHILDREN, stored, "17", "-3", "18", "21", "22", "030", "99", None)
    assert given == ["≤ 17", "≤ 17", "18–21", "18–21", "22–29", "30+", "30+", ""]
    assert leaves(RENT, {"from": [0, 100]}, "99.99", "100") == ["0–<100", "100+"]


def test_bands__join_to_ranges_that_read_as_one() -> None:
    entry = taxonomy_of(CHILDREN, Bands((18, 22, 30), below=True, top=49), ())
    assert [entry.label(0, 1), entry.label(1, 2), entry.label(1, 3)] == ["≤ 21", "18–29", "18–49"]
    assert entry.label(0, 4) == "≤ 49 / keine Angabe"
    assert taxonomy_of(RENT, Bands((0, 10, 20)), ()).label(0, 1) == "0–<20"


@pytest.mark.parametrize(
    ("stored", "value"), [({"from": [1, 2]}, "0"), ({"from": [0, 1], "to": 2}, "3")]
)
def test_bands__an_answer_outside_is_told_without_the_answer(stored: Any, value: str) -> None:
    with pytest.raises(TaxonomyError) as told:
        leaves(CHILDREN, stored, value)
    assert str(told.value) == "An answer to 'children' lies outside the bands of its taxonomy."


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({"from": [18, 30, 22]}, "The bands of 'children' must rise, but '22' does not."),
        ({"from": [18, 18]}, "must rise, but '18'"),
        ({"from": [18, 22], "to": 21}, "must rise, but '21'"),
        ({"from": [18.5, 22]}, "begins a band with '18.5'"),
        ({"from": [18]}, "needs at least two leaves"),
        ({"from": []}, "needs at least two leaves"),
        ({"from": list(range(61))}, "at most 60 bands"),
        ({"from": ["18", "22"]}, "cannot be read"),
        ({"from": [True, 22]}, "cannot be read"),
        ({"leaves": [YOUNG, OLD]}, "is for choices"),
        ({"period": "month"}, "is for days"),
        ({"period": "week"}, "knows no period 'week'"),
        ({}, "cannot be read"),
        ([], "cannot be read"),
        ({"leaves": [["a18"]]}, "cannot be read"),
    ],
)
def test_bands__what_does_not_fit_is_named(stored: Any, message: str) -> None:
    with pytest.raises(TaxonomyError, match=message):
        said(CHILDREN, stored)


def test_bands__are_for_numbers_alone() -> None:
    with pytest.raises(TaxonomyError, match="is for numbers, which the question does not ask for"):
        said(AGE, {"from": [18, 22]})


def test_read__takes_no_number_without_end() -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        declared.read("children", json.loads('{"from": [0, Infinity]}'))


# -- days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("month", "2026-03", "2026-10"),
        ("quarter", "2026-Q1", "2026-Q4"),
        ("half-year", "2026-H1", "2026-H2"),
    ],
)
def test_periods__are_those_that_occur_in_their_order(period: str, first: str, last: str) -> None:
    how = said(MOVED, {"period": period})
    found = names(MOVED, how, ["2026-10-01", None, "2026-03-31"])
    assert found == [last, "", first]
    assert taxonomy_of(MOVED, how, found).leaves == (first, last, "")
    assert how.has(first)
    assert not how.has("2026-03-31")


# -- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        Choices((Leaf(("a", "b"), "A oder B"), Leaf(("c",)))),
        Bands((18, 22.5), below=True, top=99),
        Periods("quarter"),
    ],
)
def test_stored__comes_back_as_it_was(how: Any) -> None:
    assert declared.read("x", json.loads(json.dumps(how.stored()))) == how
