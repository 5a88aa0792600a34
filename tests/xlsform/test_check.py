"""A file is checked whole: the rules, pyxform and the compiler, each fault at its place."""

from pathlib import Path

import pytest

from tests.xlsform.builders import workbook_from
from xlsform.checking import check, check_workbook
from xlsform.findings import Finding

SHIPPED = sorted(Path(__file__).parents[2].glob("*/questionnaires/*.md"))


def places(markdown: str) -> list[str]:
    found = check_workbook(workbook_from(markdown))
    return [f"{one.sheet} {one.row} {one.column}" for one in found if one.is_error]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_check__the_shipped_questionnaires_are_in_order(file: Path) -> None:
    assert not any(finding.is_error for finding in check(file))


def test_check__several_faults_are_told_at_once() -> None:
    table = """
| survey |
| | type    | name | label | relevant  | constraint |
| | text    | a    | A     |           | . = = 1    |
| | integr  | b    | B     |           |            |
| | integer | c d  | C     | ${x} = 1  |            |
"""

    assert places(table) == [
        "survey 2 constraint",
        "survey 3 type",
        "survey 4 name",
        "survey 4 relevant",
    ]


@pytest.mark.parametrize(
    ("rows", "place", "said"),
    [
        # pyxform finds these
        ("| | range | a | A | start=x |", "survey 2 parameters", "must be a number"),
        ("| | calculate | a | | |", "survey 2 ", "Missing calculation"),
        # the compiler finds these
        ("| | text | a | A ${a} | |\n| | xml-external | far | | |", "survey 3 type", "far"),
    ],
)
def test_check__what_pyxform_and_the_compiler_find_has_its_place(
    rows: str, place: str, said: str
) -> None:
    table = f"| survey |\n| | type | name | label | parameters |\n{rows}\n"

    errors = [one for one in check_workbook(workbook_from(table)) if one.is_error]

    assert [f"{one.sheet} {one.row or ''} {one.column}" for one in errors] == [place]
    assert said in errors[0].message


def test_check__of_two_questions_with_a_name_the_one_meant_is_named() -> None:
    table = """
| survey |
| | type        | name | label | label::English (en) | default    |
| | begin_group | g    | G     | G                   |            |
| | text        | a    | A     | A                   |            |
| | end_group   |      |       |                     |            |
| | begin_group | h    | H     | H                   |            |
| | text        | a    | A     | A                   | 1 + foo(2) |
| | end_group   |      |       |                     |            |
"""

    assert places(table) == ["survey 6 default"]


def test_check__a_file_of_another_folder_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "towns.csv").write_text("name,label\nselm,Selm\n")
    form = tmp_path / "forms" / "a.md"
    for name in ("../towns.csv", "x" * 300 + ".csv"):
        question = f"| | select_one_from_file {name} | a | A |"
        form.write_text(f"| survey |\n| | type | name | label |\n{question}\n")

        assert any(one.is_error for one in check(form))


def test_check__a_circle_is_told_at_a_calculation_of_it() -> None:
    table = """
| survey |
| | type      | name | calculation |
| | calculate | a    | ${b} + 1    |
| | calculate | b    | ${a} + 1    |
"""

    found = check_workbook(workbook_from(table))

    assert [(one.row, one.column) for one in found if one.is_error] in (
        [(2, "calculation")],
        [(3, "calculation")],
    )
    assert "in a circle" in next(one.message for one in found if one.is_error)


def test_check__a_warning_of_pyxform_has_its_place() -> None:
    table = "| survey |\n| | type | name | label |\n| | text | city | A |\n| | text | City | B |\n"

    found = [
        one for one in check_workbook(workbook_from(table)) if "case-insensitive" in one.message
    ]

    assert [(one.sheet, one.row, one.column, one.is_error) for one in found] == [
        ("survey", 3, "name", False)
    ]


@pytest.mark.parametrize(
    "question",
    [
        "select_one_from_file towns.csv | a | A | | |",
        "csv-external | towns | | | |",
        "calculate | towns | | pulldata('towns', 'label', 'name', 'selm') | |",
        "select_one pick | a | A | | search('towns') |",
    ],
)
def test_check__a_table_is_looked_for_beside_the_form(tmp_path: Path, question: str) -> None:
    form = tmp_path / "a.md"
    head = "| survey |\n| | type | name | label | calculation | appearance |\n"
    lists = "| choices |\n| | list_name | name | label |\n| | pick | name | label |\n"
    form.write_text(f"{head}| | {question}\n| | note | b | B | | |\n{lists}")

    (missing,) = (one for one in check(form) if one.is_error)
    (tmp_path / "towns.csv").write_text("name,label\nselm,Selm\n")

    assert "towns.csv" in missing.message
    assert missing.row in {0, 2}
    assert not any(one.is_error for one in check(form))


def test_check__a_file_that_cannot_be_read_has_one_finding(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no zip")

    found = check(tmp_path / "a.xlsx")

    assert [one.is_error for one in found] == [True]
    assert "no workbook of the kind .xlsx" in found[0].message


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (
            Finding("survey", 7, "relevant", "Wrong.", "Mend it."),
            "warning: sheet 'survey', row 7, column 'relevant': Wrong. Mend it.",
        ),
        (Finding("", 0, "", "Wrong\nas a whole.", is_error=True), "error: Wrong as a whole."),
    ],
)
def test_finding__is_one_line(finding: Finding, line: str) -> None:
    assert str(finding) == line
