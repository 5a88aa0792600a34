"""Each rule speaks where it should, by sheet, row and column, and is silent elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.xlsform.builders import workbook_from
from tests.xlsform.lint_cases import WRONG, choice, in_column, row
from xlsform.lint import RULES, expressions, lint, privacy, structure
from xlsform.lint.subject import Subject
from xlsform.lint.wording import LONGEST
from xlsform.source import read

HOUSE = Path(__file__).parents[2]
SHIPPED = sorted(HOUSE.glob("*/questionnaires/*.md"))


def found_by(rule: Callable[[Subject], object], markdown: str) -> list[tuple[str, str]]:
    findings = rule(Subject(workbook_from(markdown)))
    return [
        (f"{one.sheet} {one.row} {one.column}", f"{one.message} {one.mend}") for one in findings
    ]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("rule", "markdown", "place", "said"), WRONG)
def test_rule__names_the_place_and_the_remedy(
    rule: Callable[[Subject], object], markdown: str, place: str, said: str
) -> None:
    findings = found_by(rule, markdown)

    assert place in [where for where, _ in findings]
    assert said in next(text for where, text in findings if where == place)


def test_rules__every_one_has_a_case() -> None:
    # A Markdown table holds no formulas: see test_bad_workbooks.py.
    assert {rule for rule, *_ in WRONG} == set(RULES) - {structure.formulas}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("relevant", "${flat} = 'yes' and selected(${needs}, 'no')"),
        ("relevant", "${flat} = 'yes' or ${flat} = 'no'"),
        ("relevant", "${flat} != '' and ${age} > 17"),
        ("relevant", "${since} > date('2020-01-01')"),
        ("relevant", "${since} = ''"),
        ("relevant", "not(selected(${needs}, 'yes'))"),
        ("relevant", "now() > date-time('2020-01-01T10:00:00+01:00')"),
        ("relevant", "number(${flat}) > 2"),
        ("relevant", "1 = 1"),
        ("relevant", "true()"),
        ("relevant", "“yes” = ${flat}"),
        ("constraint", ". != '' and . = ${words}"),
        ("calculation", "concat(${age}, '-', ${flat})"),
        ("required", "yes"),
        ("readonly", "no"),
        ("default", "a } b { $"),
        ("hint", "${age} Jahre, ${last-saved#flat}"),
        ("appearance", "field-list w2 columns-3"),
        ("bind::z:disclosure", "open"),
    ],
)
def test_rules__are_silent_where_nothing_is_wrong(column: str, text: str) -> None:
    found = [one for one in lint(workbook_from(in_column(column, text))) if one.row == 8]

    assert [one for one in found if one.column != "bind::z:disclosure"] == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_lint__the_shipped_questionnaires_only_have_a_long_choice(file: Path) -> None:
    findings = lint(read(file))

    assert {(one.sheet, one.column) for one in findings} <= {("choices", "label")}
    assert all(f"more than {LONGEST['choice']}" in one.message for one in findings)


def test_lint__a_question_of_some_without_a_disclosure_is_named_alone() -> None:
    table = in_column("bind::z:disclosure", "open").replace("| Flat  | |", "| Flat  | quasi |")

    places = [place for place, _ in found_by(privacy.undisclosed, table)]

    assert places == [f"survey {row} bind::z:disclosure" for row in (3, 4, 5, 6)]


@pytest.mark.parametrize(
    ("written", "kind", "list_name"),
    [
        ("select one from yes_no", "select_one", "yes_no"),
        ("select all that apply from yes_no or specify other", "select_multiple", "yes_no"),
        ("select_multiple yes_no or_other", "select_multiple", "yes_no"),
        ("select one from file towns.csv", "select_one_from_file", "towns.csv"),
        ("begin loop over yes_no", "begin_loop", ""),
        ("end lgroup", "end_repeat", ""),
        ("osm buildings", "osm", ""),
        ("date time", "date_time", ""),
    ],
)
def test_subject__knows_a_type_by_its_older_words(written: str, kind: str, list_name: str) -> None:
    *_, last = Subject(workbook_from(row(f"{written} | a | A"))).questions

    assert (last.kind, last.list_name) == (kind, list_name)
    assert not any("is no type" in one.message for one in lint(workbook_from(row(written))))


def test_lint__a_note_needs_no_name() -> None:
    assert found_by(structure.unfit_names, row("note | | A")) == []


def test_lint__goes_through_the_sheets_in_order_and_says_a_thing_once() -> None:
    table = choice("yes_no", "yes", "=C").replace("| integer ", "| intger ")

    findings = lint(workbook_from(table))

    assert [(one.is_error, one.sheet, one.row) for one in findings] == [
        (True, "survey", 4),
        (True, "choices", 4),
        (False, "survey", 1),
        (False, "choices", 4),
    ]


def test_lint__other_names_of_columns_are_the_same_columns() -> None:
    table = in_column("bind::relevant", "${aeg} = 1").replace("| label |", "| caption |", 1)

    assert ("survey 8 bind::relevant", True) in [
        (place, "age" in text) for place, text in found_by(expressions.unknown_references, table)
    ]
