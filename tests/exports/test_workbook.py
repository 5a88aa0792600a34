import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from exports.formats.workbook import (
    CUT,
    LONGEST,
    README,
    Book,
    Sheet,
    Value,
    plain_text,
    render,
    safe_title,
    write,
)

ROOT = Path(__file__).parents[2]


def opened(*rows: tuple[Value, ...], header: tuple[str, ...] = ("a", "b")) -> Any:
    file = render(Book((("Lieferung", 1),), (Sheet("records", header, rows),)))
    return load_workbook(io.BytesIO(file))["records"]


def shown(*rows: tuple[Value, ...]) -> list[tuple[Any, ...]]:
    return list(opened(*rows).iter_rows(min_row=2, values_only=True))


def test_render__keeps_values_and_their_types() -> None:
    rows: list[tuple[Value, ...]] = [('Ä & <b> "x" \'', 3), (None, 2.5), ("007", True), ("", -1)]
    assert shown(*rows) == rows


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@x", "#N/A", "#REF!", "1e5", "  space "])
def test_render__every_string_is_a_text(text: str) -> None:
    sheet = opened((text, None), header=(f"={text}", "#N/A"))
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert (sheet["A1"].value, sheet["A1"].data_type) == (f"={text}", "s")
    assert sheet["B1"].data_type == "s"


def test_render__characters_that_xml_cannot_hold_leave_a_visible_mark() -> None:
    assert shown(("a\x00b\x1fc", "\ud83d\uffff")) == [("a�b�c", "��")]
    assert shown(("line\nbreak\ttab", "😀")) == [("line\nbreak\ttab", "😀")]


@pytest.mark.parametrize("letter", ["x", "😀"])
def test_plain_text__is_cut_with_a_mark_where_excel_would_cut(letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    fits = letter * (LONGEST // units)
    assert plain_text(fits) == fits
    cut = plain_text(fits + letter + letter)
    assert cut.endswith(letter + CUT)
    assert LONGEST - 2 < len(cut.encode("utf-16-le")) // 2 <= LONGEST


def test_render__header_is_frozen_styled_and_can_be_filtered() -> None:
    sheet = opened(("x", 1), ("y", 2))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 10


def test_render__widths_may_be_given() -> None:
    sheet = Sheet("records", ("a", "a long header of a column"), (), widths=(60,))
    found = load_workbook(io.BytesIO(render(Book((), (sheet,)))))["records"]
    assert [found.column_dimensions[letter].width for letter in "AB"] == [60, 29]


def test_render__begins_with_the_readme() -> None:
    book = Book((("Lieferung", "=1"), ("k", 5)), (Sheet("records", ("a",), ()),))
    workbook = load_workbook(io.BytesIO(render(book)))
    assert workbook.sheetnames == [README, "records"]
    assert list(workbook[README].values) == [("Lieferung", "=1"), ("k", 5)]


def test_render__rows_may_come_from_a_generator_once() -> None:
    rows = ((str(number), number) for number in range(1000))
    file = render(Book((), (Sheet("records", ("a", "b"), rows),)))
    sheet = load_workbook(io.BytesIO(file))["records"]
    assert sheet.max_row == 1001
    assert sheet["B1001"].value == 999


def test_render__forgetting_texts_on_the_way_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = Book((), (Sheet("records", ("a",), [(f"n{number % 900}",) for number in range(2000)]),))
    before = render(book)
    monkeypatch.setattr("exports.formats.workbook._REMEMBERED", 10)
    assert render(book) == before


def test_render__carries_no_author_and_no_day(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with path.open("wb") as target:
        write(Book((), (Sheet("records", ("a",), [("x",)]),)), target)
    with zipfile.ZipFile(path) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        days = {entry.date_time for entry in archive.infolist()}
    assert days == {(1980, 1, 1, 0, 0, 0)}
    assert b"penpyxl" not in content
    assert b"dcterms" not in content
    assert load_workbook(path).properties.creator is None


SCRIPT = """
import hashlib
from exports.formats.workbook import Book, Sheet, render
rows = [(f"Ä {n % 7}", n) for n in range(900)]
book = Book((("k", 5),), (Sheet("records", ("a", "b"), rows), Sheet("codes", ("c",), [("x",)])))
print(hashlib.sha256(render(book)).hexdigest())
"""


def test_render__the_same_book_is_the_same_bytes_in_every_process() -> None:
    found = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", SCRIPT]
        found.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(found) == 1


def test_render__a_sheet_needs_a_header() -> None:
    with pytest.raises(ValueError, match="'records' has no header"):
        render(Book((), (Sheet("records", (), ()),)))


def test_render__a_row_that_does_not_fit_the_header_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        opened(("x",))


@pytest.mark.parametrize(
    ("title", "taken", "safe"),
    [
        ("records", (), "records"),
        ("a[b]:c*d?e/f\\g", (), "a b  c d e f g"),
        ("'x'", (), "x"),
        ("", (), "sheet"),
        ("x" * 40, (), "x" * 31),
        ("x" * 40, ("x" * 31,), "x" * 29 + " 2"),
        ("Records", ("records", "RECORDS 2"), "Records 3"),
        ("History", (), "History 2"),
    ],
)
def test_safe_title__is_one_that_excel_takes(title: str, taken: tuple[str, ...], safe: str) -> None:
    assert safe_title(title, taken) == safe
    assert len(safe) <= 31
