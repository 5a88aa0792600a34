"""What the gate of an SPSS file must stop: each test puts one thing into a file that passes."""

import io
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyreadstat
import pytest

from exports.formats import delivered
from exports.formats.delivered import Released
from exports.formats.gate import GateError
from exports.formats.spss import check, render
from tests.exports.builders import AGE, COLUMNS, ROWS, released

GOOD = render(released())
END = GOOD.index(b"\xe7\x03\x00\x00\x00\x00\x00\x00")  # of what stands before the rows


def written(given: Released, **more: Any) -> bytes:
    """A file of the same rows, with something more in it."""
    frame, about = pyreadstat.read_sav(io.BytesIO(render(given)), user_missing=True)
    said = {
        "column_labels": about.column_names_to_labels,
        "variable_value_labels": about.variable_value_labels,
        "missing_ranges": about.missing_ranges,
        "variable_measure": about.variable_measure,
        "variable_format": about.original_variable_types,
    }
    edit = more.pop("edit", lambda frame: frame)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "more.sav"
        pyreadstat.write_sav(edit(frame), path, **said | more)
        file = path.read_bytes()
    return GOOD[:64] + file[64:92] + GOOD[92:109] + file[109:]


def test_check__lets_a_good_file_pass() -> None:
    check(GOOD, released())


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4])
def test_check__stops_a_value_that_is_in_no_code_list(place: int) -> None:
    name = delivered.variables(released())[place].name

    def edit(frame: Any) -> Any:
        frame.loc[2, name] = 4915112345678.0
        return frame

    with pytest.raises(GateError, match=f"'{name}' holds what is in no code list in row 3") as stop:
        check(written(released(), edit=edit), released())
    assert "49151" not in str(stop.value)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"note": "Kanarienvogel"}, "notes"),
        ({"file_label": "Kanarienvogel"}, "label of its own"),
        ({"column_labels": {"age": "Kanarienvogel"}}, "column_labels"),
        (
            {"variable_value_labels": {"age": {1.0: "Kanarienvogel"}}},
            "variable_value_labels",
        ),
        ({"missing_ranges": {}}, "missing_ranges"),
        ({"variable_measure": {"age": "scale"}}, "variable_measure"),
        ({"variable_format": {"contacts": "DATE11"}}, "something else than numbers"),
        ({"variable_format": {"contacts": "F8.1"}}, "variable_format"),
        ({"variable_display_width": {"age": 77}}, "something besides"),
        ({"row_compress": True}, "something besides"),
        ({"edit": lambda frame: frame.assign(more=1.0)}, "not the expected ones"),
        ({"edit": lambda frame: frame.rename(columns={"age": "name"})}, "not the expected ones"),
        (
            {
                "edit": lambda frame: frame.assign(age="Kanarienvogel"),
                "variable_value_labels": {},
                "missing_ranges": {},
                "variable_format": {},
            },
            "something else than numbers",
        ),
        ({"edit": lambda frame: frame.head(4)}, "more or fewer rows"),
    ],
)
def test_check__stops_what_a_file_may_not_say(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(GateError, match=reason) as stop:
        check(written(released(), **more), released())
    assert "Kanarienvogel" not in str(stop.value)


@pytest.mark.parametrize(
    ("at", "to", "reason"),
    [
        (4, b"@(#) SPSS DATA FILE - Kanarienvogel", "name of its writer"),
        (92, b"27 Nov 26", "a date"),
        (101, b"04:30:50", "a date"),
        (173, b"xyz", "something besides"),
        (len(GOOD), b"Kanarienvogel", "something besides"),
        (len(GOOD) - 8, b"\x01\x00\x00\x00\x00\x00\xf8\x7f", "something besides|no code list"),
    ],
)
def test_check__stops_bytes_that_no_reader_shows(at: int, to: bytes, reason: str) -> None:
    with pytest.raises(GateError, match=reason):
        check(GOOD[:at] + to + GOOD[at + len(to) :], released())


def test_check__stops_a_document_between_the_records() -> None:
    line = b"Kanarienvogel".ljust(80)
    document = b"\x06\x00\x00\x00\x01\x00\x00\x00" + line
    with pytest.raises(GateError, match="notes"):
        check(GOOD[:END] + document + GOOD[END:], released())


@pytest.mark.parametrize(
    ("subtype", "text", "reason"),
    [
        (7, b"$set=D1 1 0  AGE CHILDREN\n", "groups its variables"),
        (10, b"Kanarienvogel", "something besides"),
        (17, b"author('Kanarienvogel'\n)", "something besides"),
    ],
)
def test_check__stops_an_extension(subtype: int, text: bytes, reason: str) -> None:
    head = b"".join(number.to_bytes(4, "little") for number in (7, subtype, 1, len(text)))
    with pytest.raises(GateError, match=reason):
        check(GOOD[:END] + head + text + GOOD[END:], released())


def test_check__stops_a_file_of_other_records() -> None:
    others = replace(released(), columns=(replace(AGE, label="Alter?"), *COLUMNS[1:]))
    with pytest.raises(GateError, match="column_labels"):
        check(GOOD, others)
    with pytest.raises(GateError, match="more or fewer rows"):
        check(GOOD, released(ROWS * 2))


@pytest.mark.parametrize("file", [b"", b"Kanarienvogel", GOOD[:-8], GOOD[:300], GOOD[:150]])
def test_check__stops_what_is_no_such_file(file: bytes) -> None:
    with pytest.raises(GateError, match=r"cannot be read|a date"):
        check(file, released())
