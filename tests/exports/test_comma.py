"""What an evaluator reads in the table and its codebook, and what their gate must stop."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exports.anonymise.table import Category
from exports.formats.comma import check, codebook, table
from exports.formats.delivered import Released
from exports.formats.gate import GateError
from tests.exports.builders import AGE, COLUMNS, CONTACTS, ROWS, VIOLENCE, one_choice, released

ROOT = Path(__file__).parents[2]
HOSTILE = (
    '=HYPERLINK("http://x")',
    "+49",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    '"=1+1"',
    "'=1+1",
    "alt;=1+1",
    'alt;"=1+1"',
    "alt, =1+1",
)
PLAIN = ("007", "-1", "-2.5", "a=b", "18–29", "😀", "أفضل ألا أقول", 'sagt "nein", heute; x')
TABLE, CODEBOOK = table(released()), codebook(released())


def read(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True))


def with_label(label: str) -> Released:
    """Released records in whose table the label of a choice stands, as a range."""
    column = replace(AGE, categories=(Category("a", label), Category("b", "andere")))
    return released(((("a", "a"),), (("b", "b"),)), (column,))


def split_in_german(file: bytes) -> list[str]:
    """The cells that Excel sees when semicolons separate them."""
    lines = file.decode("utf-8-sig").split("\r\n")
    return [cell for line in lines for cell in line.split(";")]


def of_codebook(file: bytes) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in json.loads(file)["variables"]}


def changed(edit: Callable[[dict[str, Any]], None]) -> bytes:
    """The codebook with something else in it, written as it writes itself."""
    about = json.loads(CODEBOOK)
    edit(about)
    return f"{json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def test_table__holds_codes_and_the_labels_of_ranges() -> None:
    assert read(TABLE) == [
        ["age", "children", "violence", "reason.debts", "contacts"],
        ["18 bis 29 Jahre", "0–2", "yes", "1", "3"],
        ["18 bis 29 Jahre", "0–2", "no", "0", "12"],
        [
            "30 bis 49 Jahre … 50 Jahre oder älter / keine Angabe",
            "≥ 2 / keine Angabe",
            "refused",
            "refused",
            "",
        ],
        ["keine Angabe", "keine Angabe", "", "", "-1"],
        ["50 Jahre oder älter", "1", "no", "1", "7"],
    ]


def test_table__is_utf_8_with_a_mark_and_rfc_4180_line_ends() -> None:
    assert TABLE.startswith(b"\xef\xbb\xbfage,children,")
    assert TABLE.endswith(b"\r\n")
    assert TABLE.count(b"\n") == TABLE.count(b"\r\n") == len(ROWS) + 1


@pytest.mark.parametrize("label", HOSTILE)
def test_table__no_label_becomes_a_formula(label: str) -> None:
    given = with_label(label)
    file = table(given)
    for cell in [cell for row in read(file) for cell in row] + split_in_german(file):
        assert not re.match(r"""[\s"]*[=+\-@＝]""", cell)
    check(file, codebook(given), given)


def test_table__a_guarded_label_can_still_be_read() -> None:
    assert read(table(with_label('=HYPERLINK("http://x")')))[1] == ['\'=HYPERLINK("http://x")']
    assert read(table(with_label("alt;=1+1")))[1] == ["alt;'=1+1"]


@pytest.mark.parametrize("label", PLAIN)
def test_table__a_label_that_is_no_formula_stays_as_it_is(label: str) -> None:
    given = with_label(label)
    assert read(table(given))[1] == [label]
    check(table(given), codebook(given), given)


def test_table__codes_and_names_are_guarded_like_labels() -> None:
    column = replace(VIOLENCE, name="=cmd", categories=(Category("@x", "x"), Category("-1", "y")))
    given = released((("@x",), ("-1",)), (column,))
    assert read(table(given)) == [["'=cmd"], ["'@x"], ["-1"]]
    check(table(given), codebook(given), given)


def test_table__control_characters_leave_a_visible_mark_and_no_line_breaks() -> None:
    given = with_label("a\x00b\r\nc\x1b\ud83d")
    assert read(table(given))[1] == ["a�b c��"]
    check(table(given), codebook(given), given)


def test_table__takes_records_without_rows() -> None:
    given = released(())
    assert len(read(table(given))) == 1
    assert json.loads(codebook(given))["rows"] == 0
    check(table(given), codebook(given), given)


def test_table__and_codebook__the_same_records_give_the_same_bytes() -> None:
    code = (
        "import sys; from exports.formats.comma import codebook, table;"
        "from tests.exports.builders import released;"
        "sys.stdout.buffer.write(table(released()) + codebook(released()))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"TZ": "XXX-14", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert made.stdout == TABLE + CODEBOOK


def test_codebook__says_what_a_column_means() -> None:
    assert of_codebook(CODEBOOK)["violence"] == {
        "name": "violence",
        "variable": "violence",
        "label": "Gewalt?",
        "question": "/data/violence",
        "asked_if": "safe = 'yes'",
        "role": "sensitive",
        "kind": "select_one",
        "bagw": "",
        "treatment": "as answered, share limited in every class",
        "valid_n": 3,
        "version": "3",
        "leaves": [],
        "ranges": [],
        "categories": [
            {"code": "yes", "label": "Ja", "missing": False, "number": 1},
            {"code": "no", "label": "Nein", "missing": False, "number": 2},
            {"code": "refused", "label": "Möchte ich nicht sagen", "missing": True, "number": -1},
        ],
    }


def test_codebook__lists_the_ranges_that_occur_with_their_numbers() -> None:
    about = of_codebook(CODEBOOK)
    assert about["children"]["categories"] == []
    assert about["children"]["ranges"] == [
        {
            "low": "2",
            "high": "",
            "label": "≥ 2 / keine Angabe",
            "missing": True,
            "number": -2999,
        },
        {"low": "", "high": "", "label": "keine Angabe", "missing": True, "number": -1},
        {"low": "0", "high": "2", "label": "0–2", "missing": False, "number": 2},
        {"low": "1", "high": "1", "label": "1", "missing": False, "number": 1001},
    ]
    assert about["age"]["bagw"] == "alter"
    assert about["age"]["leaves"][:2] == [
        {"leaf": "a18", "label": "18 bis 21 Jahre"},
        {"leaf": "a22", "label": "22 bis 29 Jahre"},
    ]
    assert about["children"]["leaves"] == []
    assert {"code": "a18", "label": "18 bis 21 Jahre", "missing": False} in (
        about["age"]["categories"]
    )
    assert about["reason.debts"]["variable"] == "reason_debts"
    assert about["contacts"]["asked_if"] == "everyone"


def test_codebook__is_sorted_and_keeps_whole_labels() -> None:
    assert CODEBOOK.index(b'"questionnaire"') < CODEBOOK.index(b'"variables"')
    long = "ä" * 300
    file = codebook(one_choice(long, label=long))
    assert file.decode().count(long) == 2


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4])
def test_check__stops_a_cell_that_is_in_no_code_list(place: int) -> None:
    lines = TABLE.decode().split("\r\n")
    cells = lines[1].split(",")
    cells[place] = "Kanarienvogel"
    lines[1] = ",".join(cells)
    name = COLUMNS[place].name
    with pytest.raises(GateError, match=f"'{name}' holds what is in no code list in row 1") as stop:
        check("\r\n".join(lines).encode(), CODEBOOK, released())
    assert "Kanarienvogel" not in str(stop.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"age,", b"name,", "another header"),
        (b"age,", b"age,age,", "another header"),
        (b",yes,1,3\r\n", b",yes,1\r\n", "cells in a row"),
        (b",yes,1,3\r\n", b",yes,1,3,Kanarienvogel\r\n", "cells in a row"),
        (b",yes,1,3\r\n", b",yes,1,4915112345678\r\n", "no code list"),
        (b",yes,1,3\r\n", b",Ja,1,3\r\n", "no code list"),
        (b",yes,1,3\r\n", b",=yes,1,3\r\n", "no code list"),
        (b",yes,1,3\r\n", b', "yes",1,3\r\n', "no code list"),
        (b",yes,1,3\r\n", b',"yes",1,3\r\n', "something besides"),
        (b",yes,1,3\r\n", b",yes,1,3\n", "something besides"),
        (b"\xef\xbb\xbf", b"", "something besides"),
        (b",7\r\n", b",7", "something besides"),
        (b",7\r\n", b",7\r\n\r\n", "cells in a row"),
        (b",7\r\n", b',7\r\nx,"', "cannot be read"),
        (b",yes,1,3\r\n", b",\xff,1,3\r\n", "cannot be read"),
        (TABLE, b"", "cannot be read"),
    ],
)
def test_check__stops_a_table_that_was_changed(old: bytes, new: bytes, reason: str) -> None:
    assert old in TABLE
    with pytest.raises(GateError, match=reason) as stop:
        check(TABLE.replace(old, new, 1), CODEBOOK, released())
    assert "Kanarienvogel" not in str(stop.value)


@pytest.mark.parametrize(
    "edit",
    [
        lambda about: about.update(author="Kanarienvogel"),
        lambda about: about.update(Kanarienvogel=1),
        lambda about: about["variables"][0].update(label="Kanarienvogel"),
        lambda about: about["variables"][2]["categories"][0].update(label=["Kanarienvogel"]),
    ],
)
def test_check__stops_a_text_that_no_column_has(edit: Callable[[dict[str, Any]], None]) -> None:
    with pytest.raises(GateError, match="text that no column has") as stop:
        check(TABLE, changed(edit), released())
    assert "Kanarienvogel" not in str(stop.value)


@pytest.mark.parametrize(
    "file",
    [
        changed(lambda about: about["variables"][0].update(valid_n=4)),
        changed(lambda about: about["variables"][0].update(label="Gewalt?")),
        changed(lambda about: about["variables"].pop()),
        changed(lambda about: about.update(rows=4915112345678)),
        CODEBOOK.replace(b'"rows": 5', b'"rows": 4915112345678, "rows": 5'),
        CODEBOOK + b" ",
        b"{}",
        b'"yes"',
    ],
)
def test_check__stops_a_codebook_that_says_something_else(file: bytes) -> None:
    with pytest.raises(GateError, match="something else than the columns"):
        check(TABLE, file, released())


@pytest.mark.parametrize("file", [b"", b"Kanarienvogel", CODEBOOK[:-9], b"\xff"])
def test_check__stops_what_is_no_codebook(file: bytes) -> None:
    with pytest.raises(GateError, match="codebook cannot be read"):
        check(TABLE, file, released())


def test_check__stops_files_of_other_records() -> None:
    with pytest.raises(GateError, match="more or fewer rows"):
        check(TABLE, CODEBOOK, released(ROWS * 2))
    with pytest.raises(GateError, match="text that no column has"):
        check(TABLE, CODEBOOK, replace(released(), version="4"))
    with pytest.raises(GateError, match="another header"):
        check(TABLE, CODEBOOK, released((("1",),), (CONTACTS,)))
