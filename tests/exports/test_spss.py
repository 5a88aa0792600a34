"""What an evaluator reads in the SPSS file, and what its gate must stop."""

import io
import math
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from exports.anonymise.table import Category
from exports.formats import delivered
from exports.formats.spss import check, cut, render
from tests.exports.builders import CONTACTS, VIOLENCE, one_choice, released

ROOT = Path(__file__).parents[2]
HOSTILE = (
    '=HYPERLINK("http://x")',
    "+49",
    "007",
    "😀 Familie 👩‍👩‍👧",
    "أفضل ألا أقول",
    "Zeile\nzwei\x00\x1b[31m\ud83d",
    "ä" * 300,
    "%s %n {0} ${x}",
)
GOOD = render(released())


def read(file: bytes, *, user_missing: bool = True) -> tuple[dict[str, list[Any]], Any]:
    """The columns, a blank as None, and what the file says about them."""
    frame, about = pyreadstat.read_sav(io.BytesIO(file), user_missing=user_missing)
    columns = {name: [None if math.isnan(cell) else cell for cell in frame[name]] for name in frame}
    return columns, about


def test_render__numbers_stand_for_codes_and_blanks_are_blank() -> None:
    columns, _ = read(GOOD)
    assert columns == {
        "age": [1002, 1002, -3999, -1, 4004],
        "children": [2, 2, -2999, -1, 1001],
        "violence": [1, 2, -1, None, 2],
        "reason_debts": [1, 0, -1, None, 1],
        "contacts": [3, 12, None, -1, 7],
    }


def test_render__questions_and_choices_are_the_labels() -> None:
    _, about = read(GOOD)
    assert about.column_names_to_labels == {
        "age": "Wie alt sind Sie?",
        "children": "Kinder",
        "violence": "Gewalt?",
        "reason_debts": "Anlass – Schulden",
        "contacts": "Kontakte",
    }
    assert about.variable_value_labels["violence"] == {
        1: "Ja",
        2: "Nein",
        -1: "Möchte ich nicht sagen",
    }
    assert about.variable_value_labels["children"] == {
        -2999: "≥ 2 / keine Angabe",
        -1: "keine Angabe",
        2: "0–2",
        1001: "1",
    }
    assert set(about.variable_value_labels) == {"age", "children", "violence", "reason_debts"}


def test_render__reasons_for_no_answer_are_user_missing() -> None:
    columns, about = read(GOOD, user_missing=False)
    assert columns["violence"] == [1, 2, None, None, 2]
    assert columns["age"] == [1002, 1002, None, None, 4004]
    assert columns["contacts"] == [3, 12, None, -1, 7]
    _, about = read(GOOD)
    assert about.missing_ranges == {
        "age": [{"lo": -3999, "hi": -1}],
        "children": [{"lo": -2999, "hi": -1}],
        "violence": [{"lo": -1, "hi": -1}],
        "reason_debts": [{"lo": -1, "hi": -1}],
    }


def test_render__several_reasons_are_one_range_of_missing_codes() -> None:
    more = tuple(Category(f"m{number}", f"Grund {number}", missing=True) for number in range(4))
    column = replace(VIOLENCE, categories=VIOLENCE.categories + more)
    given = released((("refused",), ("m3",), ("yes",)), (column,))
    assert read(render(given))[0]["violence"] == [-1, -5, 1]
    assert read(render(given))[1].missing_ranges == {"violence": [{"lo": -5, "hi": -1}]}
    check(render(given), given)


def test_render__as_many_answers_are_valid_as_the_codebook_counts() -> None:
    columns, _ = read(GOOD, user_missing=False)
    valid = {name: sum(cell is not None for cell in cells) for name, cells in columns.items()}
    assert valid == {one.name: one.valid for one in delivered.variables(released())}


def test_render__levels_of_measurement() -> None:
    _, about = read(GOOD)
    assert about.variable_measure == {
        "age": "nominal",
        "children": "ordinal",
        "violence": "nominal",
        "reason_debts": "nominal",
        "contacts": "scale",
    }


def test_render__there_is_room_for_all_digits() -> None:
    assert read(GOOD)[1].original_variable_types == {
        "age": "F12.0",
        "children": "F12.0",
        "violence": "F8.0",
        "reason_debts": "F8.0",
        "contacts": "F14.0",
    }


def test_render__numbers_keep_their_fractions_and_their_twelve_digits() -> None:
    columns = (CONTACTS, replace(CONTACTS, name="rent", kind="decimal"))
    given = released((("-999999999999", "612.3456"), ("007", "-0.5")), columns)
    assert read(render(given))[0] == {
        "contacts": [-999_999_999_999, 7],
        "rent": [612.3456, -0.5],
    }
    check(render(given), given)


def test_render__takes_records_without_rows() -> None:
    given = released(())
    assert read(render(given))[0] == {name: [] for name in read(GOOD)[0]}
    check(render(given), given)


@pytest.mark.parametrize("label", HOSTILE)
def test_render__a_hostile_label_is_a_text_like_any_other(label: str) -> None:
    given = one_choice(label, "andere", label=label)
    _, about = read(render(given))
    assert about.variable_value_labels["wish"][1] == cut(delivered.wording(label), 120)
    assert about.column_names_to_labels["wish"] == cut(delivered.wording(label), 256)
    check(render(given), given)


def test_render__long_labels_are_cut_between_characters() -> None:
    label = "x" + "😀" * 300
    _, about = read(render(one_choice(label, label=label)))
    assert about.variable_value_labels["wish"][1] == "x" + "😀" * 29 + "…"
    assert about.column_names_to_labels["wish"] == "x" + "😀" * 63 + "…"
    fits = "ä" * 60
    assert read(render(one_choice(fits)))[1].variable_value_labels["wish"] == {1: fits}


def test_render__two_labels_that_begin_alike_end_with_their_numbers() -> None:
    given = one_choice("ä" * 90 + "a", "ä" * 90 + "b", "ä" * 20)
    labels = read(render(given))[1].variable_value_labels["wish"]
    assert labels == {1: "ä" * 56 + "… (1)", 2: "ä" * 56 + "… (2)", 3: "ä" * 20}
    assert max(len(label.encode()) for label in labels.values()) <= 120


def test_render__names_that_resemble_each_other_stay_apart() -> None:
    names = ("v1", "reason.debts.long.a", "reason_debts_long_b", "Age", "age", "x" * 70, "سؤال")
    columns = tuple(replace(CONTACTS, name=name) for name in names)
    given = released((tuple(map(str, range(len(names)))),), columns)
    found, _ = read(render(given))
    assert list(found.values()) == [[number] for number in range(len(names))]
    assert list(found) == list(delivered.names(names))
    check(render(given), given)


def test_render__the_same_records_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XXX-14")  # the writer asks the system, which asks TZ
    time.tzset()
    assert render(released()) == GOOD
    monkeypatch.undo()
    time.tzset()
    code = (
        "import sys; from exports.formats.spss import render;"
        "from tests.exports.builders import released;"
        "sys.stdout.buffer.write(render(released()))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"TZ": "XXX+12", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    assert made.stdout == GOOD


def test_render__says_nothing_about_who_wrote_it_and_when() -> None:
    assert GOOD[4:64] == b"@(#) SPSS DATA FILE".ljust(60)
    assert GOOD[92:109] == b"01 Jan 8000:00:00"
    assert GOOD[109:173] == b" " * 64
    assert b"ReadStat" not in GOOD
    assert b"referral" not in GOOD


def test_render__leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    render(released())
    assert list(tmp_path.iterdir()) == []
