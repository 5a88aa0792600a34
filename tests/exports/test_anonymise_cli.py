"""`zugang anonymise`: a table of one's own, anonymised or refused with a reason."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import app
from tests.exports.builders import DATA
from tests.support.judge import k_anonymity

RECORDS, TAXONOMY = DATA / "records-63.csv", DATA / "taxonomy-63.json"
LEAVES = '[{"name": "age", "leaves": ["a"]}]'
QUASI = [entry["name"] for entry in json.loads(TAXONOMY.read_text(encoding="utf-8"))]


def run(
    out: Path, *arguments: str | Path, table: Path = RECORDS, leaves: Path = TAXONOMY
) -> Result:
    command = ["anonymise", table, "--taxonomy", leaves, "--out", out, *arguments]
    return CliRunner().invoke(app.main, list(map(str, command)))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_anonymise__says_what_it_did_and_the_judge_finds_k(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = run(out, "--sensitive", "violence,health,debts", "--share", "0.75")
    assert result.exit_code == 0, result.output
    told = re.search(
        r"([0-9.]+) s, ([0-9]+) classes, smallest ([0-9]+), GCP (0\.[0-9]+), held back 0 of 63",
        result.output,
    )
    assert told is not None
    released = rows(out)
    assert len(released) == 63
    assert k_anonymity(released, QUASI) == int(told[3]) >= 5
    assert float(told[4]) <= 0.373
    classes: dict[tuple[str, ...], list[str]] = {}
    for row in released:
        classes.setdefault(tuple(row[name] for name in QUASI), []).append(row["violence"])
    for values in classes.values():
        assert max(map(values.count, values)) <= 0.75 * len(values)


def test_anonymise__leaves_behind_what_nobody_named(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = run(out)
    assert "left behind: violence, health, debts" in result.output
    assert list(rows(out)[0]) == QUASI


def test_anonymise__rows_do_not_come_in_the_order_they_were_entered(tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_text("age,secret\n" + "".join(f"a,{number:03}\n" for number in range(50)))
    (tmp_path / "leaves.json").write_text('[{"name": "age", "leaves": ["a", "b"]}]')
    run(out, "--sensitive", "secret", table=table, leaves=tmp_path / "leaves.json")
    found = [row["secret"] for row in rows(out)]
    assert sorted(found) == [f"{number:03}" for number in range(50)]
    assert found != sorted(found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--k", "64"), "63 rows cannot make a class of 64"),
        (("--k", "1"), "k must be 2 or more"),
        (("--sensitive", "violence", "--share", "0.2"), "more than 20%"),
        (("--sensitive", "shoe_size"), "no column 'shoe_size'"),
    ],
)
def test_anonymise__what_cannot_be_is_refused_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    out = tmp_path / "out.csv"
    result = run(out, *arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("table", "leaves", "message"),
    [
        (
            "age\na\nsecret-value\n",
            LEAVES,
            "Row 2: 'age' has a value",
        ),
        ("age\na\na,b\n", LEAVES, "Row 2 has 2 cells, the header 1"),
        ('age\n"a\n', LEAVES, "cannot be read as CSV"),
        ("age\na\n", "{}", "JSON list"),
        ("age\na\n", "nonsense", "JSON list"),
        ("age\na\n", '[{"name": "age", "leaves": ["a", "a"]}]', "a leaf twice"),
        ("", LEAVES, "no column 'age'"),
    ],
)
def test_anonymise__names_the_fault_and_repeats_no_value(
    tmp_path: Path, table: str, leaves: str, message: str
) -> None:
    (tmp_path / "table.csv").write_text(table)
    (tmp_path / "leaves.json").write_text(leaves)
    result = run(
        tmp_path / "out.csv", table=tmp_path / "table.csv", leaves=tmp_path / "leaves.json"
    )
    assert result.exit_code == 1
    assert message in result.output
    assert "secret-value" not in result.output
    assert not (tmp_path / "out.csv").exists()
