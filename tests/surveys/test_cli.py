"""`zugang forms evaluate`: recorded expression cases, and which of them differ."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

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
