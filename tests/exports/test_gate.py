"""What the gate must stop: each test smuggles one thing into a file that passes without it."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from exports.formats.gate import Allowed, GateError, check
from exports.formats.workbook import README, Book, Sheet, Value, render

COLUMNS = (
    Allowed("age", frozenset({"18–29", "30+ & more"})),
    Allowed("contacts", number=True),
    Allowed("debts", frozenset({"1", "0"})),
)
EXPECTED = {README: None, "records": COLUMNS, "codebook": None}
ROWS: tuple[tuple[Value, ...], ...] = (("18–29", 3, "1"), ("30+ & more", 2.5, 0), (None, -1, None))
SHEET = "xl/worksheets/sheet2.xml"


def file_of(
    *rows: tuple[Value, ...], header: tuple[str, ...] = ("age", "contacts", "debts")
) -> bytes:
    codebook = Sheet("codebook", ("name", "n"), [("age", 3), ("Freier Text", None)])
    return render(Book((("k", 5),), (Sheet("records", header, rows), codebook)))


GOOD = file_of(*ROWS)


def changed(name: str, edit: Callable[[str], str]) -> bytes:
    """The good file with one part edited."""
    return repacked(lambda part, text: edit(text) if part == name else text)


def repacked(
    edit: Callable[[str, str], str],
    more: Mapping[str, str] | None = None,
    day: tuple[int, int, int, int, int, int] = (1980, 1, 1, 0, 0, 0),
    comment: bytes = b"",
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(target, "w") as new:
        new.comment = comment
        for name in old.namelist():
            before = old.read(name).decode()
            after = edit(name, before)
            new.writestr(zipfile.ZipInfo(name, day), after)
        for name, text in (more or {}).items():
            new.writestr(zipfile.ZipInfo(name, day), text)
    return target.getvalue()


def replaced(name: str, old: str, new: str) -> bytes:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed(name, edit)


def test_gate__lets_a_good_file_pass(tmp_path: Path) -> None:
    check(GOOD, EXPECTED)
    path = tmp_path / "good.xlsx"
    path.write_bytes(GOOD)
    check(path, EXPECTED)
    check(repacked(lambda _, text: text), EXPECTED)


def test_gate__lets_a_file_without_rows_pass() -> None:
    check(file_of(), EXPECTED)


def test_gate__lets_many_rows_pass_and_finds_the_one_that_is_wrong() -> None:
    many = ROWS * 8000
    check(file_of(*many), EXPECTED)
    with pytest.raises(GateError, match="A24002"):
        check(file_of(*many, ("Kanarienvogel", 1, "1")), EXPECTED)


@pytest.mark.parametrize(
    "row",
    [
        ("Kanarienvogel", 3, "1"),
        ("18–29", "3", "1"),
        ("18–29", 3, "2"),
        ("18–29", 3, 2),
        (18, 3, "1"),
        ("=1+1", 3, "1"),
        ("", 3, "1"),
    ],
)
def test_gate__stops_a_cell_that_is_in_no_code_list(row: tuple[Value, ...]) -> None:
    with pytest.raises(GateError, match=r"no code list at [ABC]5") as caught:
        check(file_of(*ROWS, row), EXPECTED)
    assert "Kanarienvogel" not in str(caught.value)


def test_gate__stops_another_header() -> None:
    with pytest.raises(GateError, match="another header"):
        check(file_of(header=("age", "name", "debts")), EXPECTED)


def test_gate__stops_sheets_that_are_not_expected() -> None:
    with pytest.raises(GateError, match="not the expected"):
        check(GOOD, {README: None, "records": COLUMNS, "other": None})
    with pytest.raises(GateError, match="parts"):
        check(GOOD, EXPECTED | {"more": None})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="B2"><v>3</v></c>', '<c r="B2"><f>1+1</f><v>3</v></c>'),
        ('<c r="B2"><v>3</v></c>', '<c r="B2" t="str"><v>Kanarienvogel</v></c>'),
        ('<c r="B2"><v>3</v></c>', '<c r="B2"><v>3</v></c><!-- Kanarienvogel -->'),
        ('<c r="B2"><v>3</v></c>', '<c r="B9"><v>3</v></c>'),
        ('<c r="B2"><v>3</v></c>', '<c r="D2"><v>3</v></c>'),
        ('<row r="2">', '<row r="2" hidden="1">'),
        ('<row r="3">', '<row r="9">'),
        ('</row><row r="3">', '</row>Kanarienvogel<row r="3">'),
        ("<sheetData>", "<sheetData><!-- Kanarienvogel -->"),
        ("</sheetData>", "</sheetData><hyperlinks/>"),
        ("</sheetData>", "Kanarienvogel</sheetData>"),
        ('<col width="10"', '<col hidden="1" width="10"'),
        ("<worksheet ", '<!DOCTYPE x [<!ENTITY y "z">]><worksheet '),
        ("</worksheet>", ""),
    ],
)
def test_gate__stops_what_a_sheet_may_not_hold(old: str, new: str) -> None:
    with pytest.raises(GateError):
        check(replaced(SHEET, old, new), EXPECTED)


def test_gate__stops_formulas_in_the_other_sheets_too() -> None:
    with pytest.raises(GateError, match="codebook"):
        check(replaced("xl/worksheets/sheet3.xml", "<v>3</v>", "<f>A1</f><v>3</v>"), EXPECTED)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("xl/workbook.xml", 'state="visible"', 'state="veryHidden"', "hidden"),
        ("xl/workbook.xml", 'visibility="visible"', 'visibility="hidden"', "hidden"),
        ("xl/workbook.xml", "</definedNames>", "<a/></definedNames>", "unexpected"),
        (
            "xl/workbook.xml",
            "</definedNames>",
            "<definedName>1</definedName></definedNames>",
            "defines a name",
        ),
        ("xl/workbook.xml", "<calcPr", "<externalReferences/><calcPr", "unexpected"),
        ("docProps/core.xml", "<dc:creator/>", "<dc:creator>x</dc:creator>", "metadata"),
        ("docProps/core.xml", "<dc:creator/>", '<dc:creator by="x"/>', "metadata"),
        ("_rels/.rels", "Target=", 'TargetMode="External" Target=', "outside"),
    ],
)
def test_gate__stops_hidden_sheets_names_metadata_and_links(
    name: str, old: str, new: str, reason: str
) -> None:
    with pytest.raises(GateError, match=reason):
        check(replaced(name, old, new), EXPECTED)


def test_gate__stops_parts_that_are_not_expected() -> None:
    with pytest.raises(GateError, match="vbaProject"):
        check(repacked(lambda _, text: text, {"xl/vbaProject.bin": "x"}), EXPECTED)
    with pytest.raises(GateError, match="sheet3"):
        check(GOOD, {README: None, "records": COLUMNS})


def test_gate__stops_dates_and_comments_of_the_archive() -> None:
    with pytest.raises(GateError, match="date"):
        check(repacked(lambda _, text: text, day=(2026, 3, 1, 12, 0, 0)), EXPECTED)
    with pytest.raises(GateError, match="comment"):
        check(repacked(lambda _, text: text, comment=b"Kanarienvogel"), EXPECTED)


@pytest.mark.parametrize("file", [b"", b"Kanarienvogel", GOOD[:-60]])
def test_gate__stops_what_is_no_workbook(file: bytes) -> None:
    with pytest.raises(GateError, match="cannot be read"):
        check(file, EXPECTED)
