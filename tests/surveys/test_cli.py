"""`zugang forms`: expression cases are evaluated, questionnaires converted and checked."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import app

CASE = {
    "xml": "<simple><to>7</to></simple>",
    "ctx": [],
    "ns": {},
    "type": "number",
    "now": 0,
    "tz": "Europe/Berlin",
}


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (["8", "9"], "passed 2 of 2\n"),
        (["8", "8"], "passed 1 of 2\nfailing: 11\n"),
        (["7", "7"], "passed 0 of 2\nfailing: 10 11\n"),
    ],
)
def test_evaluate__counts_the_cases_and_names_the_failing_ones(
    tmp_path: Path, expected: list[str], printed: str
) -> None:
    file = tmp_path / "cases.jsonl"
    cases = [
        CASE | {"id": 10 + number, "expr": f"/simple/to + {number + 1}", "expected": text}
        for number, text in enumerate(expected)
    ]
    file.write_text("\n".join(json.dumps(one) for one in cases))

    result = CliRunner().invoke(app.main, ["forms", "evaluate", str(file)])

    assert (result.exit_code, result.output) == (0, printed)


def test_evaluate__of_a_file_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    result = CliRunner().invoke(app.main, ["forms", "evaluate", str(tmp_path / "none")])

    assert result.exit_code == 2
    assert "does not exist" in result.output


TABLE = "| survey |\n| | type | name | label |\n| | text | a | 007 |\n| | note | b | =1+1 |\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app.main, ["forms", *map(str, arguments)])


def test_convert__there_and_back_gives_the_same_table(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TABLE)

    there = run("convert", tmp_path / "a.md", tmp_path / "b.xlsx")
    back = run("convert", tmp_path / "b.xlsx", tmp_path / "c.md")

    assert (there.exit_code, back.exit_code) == (0, 0)
    assert (tmp_path / "c.md").read_text() == TABLE


def test_convert__what_cannot_be_read_or_written_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no table")
    (tmp_path / "b.md").write_text(TABLE)

    unread = run("convert", tmp_path / "a.md", tmp_path / "b.xlsx")
    unwritten = run("convert", tmp_path / "b.md", tmp_path / "none" / "b.xlsx")

    assert (unread.exit_code, unwritten.exit_code) == (1, 1)
    assert "a.md: The file holds no table. Write '| survey |'" in unread.output
    assert "b.xlsx: No such file or directory" in unwritten.output


FAULTY = "| survey |\n| | type | name | label |\n| | txt | a | A |\n"


def test_check__says_ok_or_where_the_fault_is(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("| survey |\n| | type | name | label |\n| | note | a | A |\n")
    bad.write_text(FAULTY)

    fine, faulty = run("check", good), run("check", good, bad)

    assert (fine.exit_code, fine.output) == (0, f"{good}: ok\n")
    assert faulty.exit_code == 1
    said = "'txt' is no type of question. Did you mean 'text'?"
    assert faulty.output.splitlines()[:2] == [
        f"{good}: ok",
        f"{bad}: error: sheet 'survey', row 2, column 'type': {said}",
    ]


def test_check__a_warning_is_told_and_does_not_fail(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("| survey |\n| | type | name | label |\n| | text | a | A |\n")

    result = run("check", tmp_path / "a.md")

    assert result.exit_code == 0
    assert "ok\n" in result.output
    assert "warning: sheet 'survey', row 1, column 'bind::z:disclosure'" in result.output


def test_check__as_json_for_programs(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FAULTY)

    result = run("check", "--json", tmp_path / "a.md")

    (report,) = json.loads(result.output)
    assert (result.exit_code, report["ok"]) == (1, False)
    assert report["findings"][0] == {
        "sheet": "survey",
        "row": 2,
        "column": "type",
        "message": "'txt' is no type of question.",
        "mend": "Did you mean 'text'?",
        "is_error": True,
    }


def test_check__without_a_file_is_a_mistake_in_use() -> None:
    assert run("check").exit_code == 2
