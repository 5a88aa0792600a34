"""Sheets survive the way from Markdown to Excel and back, every text as it was."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2json_backends import get_xlsform

from tests.xlsform.excel import excel_file
from xlsform.source import SHEETS, from_book
from xlsform.workbooks import Book, SourceError, parse, read, render
from xlsform.workbooks.grids import LONGEST, trimmed

HOUSE = Path(__file__).parents[2]
SHIPPED = sorted(HOUSE.glob("*/questionnaires/*.md"))

TRICKY = (
    "007",
    "=1+1",
    "+49 176 04069012",
    "-",
    "@home",
    "#REF!",
    "TRUE",
    "1.50",
    "a | b",
    r"a\|b",
    "ends with \\",
    r"regex(., '^\d{5}$')",
    "two\nlines",
    "two\r\nlines",
    "&#10; is no line break, &amp; is no sign",
    "_x000D_ and _x005F_x0041_",
    "  spaces around \t",
    "\N{NO-BREAK SPACE}",
    "سلام | ሰላም",
    "👩‍👧",
    "# no remark",
    "---",
    "| survey |",
    "<br> <b>",
    "\x07\ufffe",
    "2026-03-01",
)

_texts = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("|\\&#10;_x 0Aa=\n\r\t", max_size=12),
    st.just(""),
)
_titles = st.one_of(st.sampled_from(SHEETS), st.text("abcÄß |#&1", min_size=1, max_size=8)).filter(
    lambda title: title == title.strip()
)
_grids = st.lists(st.lists(_texts, max_size=5), max_size=6).map(trimmed)
_books = st.lists(
    st.tuples(_titles, _grids), min_size=1, max_size=3, unique_by=lambda s: s[0].lower()
).map(dict)


def through(book: Book, *suffixes: str) -> Book:
    for suffix in suffixes:
        book = parse(render(book, suffix), suffix, "book")
    return book


def cells_of(content: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [[cell.data_type for cell in row] for row in sheet.iter_rows()]


@given(_books)
@example({"survey": (("_x0000\x1f",),)})  # what is escaped begins with the mark that ends an escape
@settings(max_examples=150, deadline=None)
def test_convert__every_cell_survives_markdown_excel_and_markdown(book: Book) -> None:
    written = render(book, ".md")

    assert parse(written, ".md", "book") == book
    assert render(through(book, ".md", ".xlsx"), ".md") == written


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_convert__the_shipped_questionnaires_survive(file: Path) -> None:
    book = read(file)

    assert through(book, ".xlsx", ".md", ".xlsx") == book


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_convert__pyxform_reads_the_same_from_what_we_write(file: Path) -> None:
    found = from_book(read(file), "book")

    for suffix in (".xlsx", ".md"):
        known = get_xlsform(BytesIO(render(read(file), suffix)), file_type=suffix)
        for sheet in found.sheets:
            rows = [dict(row) for row in found.sheets[sheet]]
            if suffix == ".md":  # pyxform leaves out empty rows of Markdown
                rows = [row for row in rows if row]
            assert getattr(known, sheet) == rows


def test_convert__tricky_texts_are_texts_in_excel_and_never_formulas() -> None:
    content = render({"survey": (TRICKY,)}, ".xlsx")

    assert cells_of(content) == [["s"] * len(TRICKY)]


def test_convert__rows_and_columns_that_are_empty_keep_the_others_in_place() -> None:
    grid = ((), ("a", "", "b"), (), (), ("", "", "", "c"))

    assert through({"survey": grid}, ".md", ".xlsx")["survey"] == grid


def test_convert__a_sheet_without_rows_and_a_sheet_of_notes_survive() -> None:
    book: Book = {"survey": (("type",),), "Ideen | später": (("Frage 7?",),), "leer": ()}

    assert through(book, ".md", ".xlsx", ".md") == book


def test_convert__csv_of_german_excel_is_read_with_its_semicolons() -> None:
    content = "survey;;\r\n;type;label\r\n;text;Straße, Nr.\r\n".encode("utf-8-sig")

    assert parse(content, ".csv", "kurz") == {
        "survey": (("type", "label"), ("text", "Straße, Nr."))
    }


def test_convert__an_excel_file_names_nobody_and_no_day() -> None:
    content = render({"survey": (("type", "name"), ("text", "a"))}, ".xlsx")

    with ZipFile(BytesIO(content)) as file:
        about = file.read("docProps/core.xml") + file.read("docProps/app.xml")
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not re.search(rb"20\d\d-|openpyxl|creator", about)
    assert content == render({"survey": (("type", "name"), ("text", "a"))}, ".xlsx")


def test_convert__headers_stay_in_sight_and_columns_are_as_wide_as_their_texts() -> None:
    content = render({"survey": (("type", "label"), ("text", "x" * 200))}, ".xlsx")

    sheet = load_workbook(BytesIO(content)).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[name].width for name in "AB"] == [8, 60]


@pytest.mark.parametrize(
    ("book", "suffix", "said"),
    [
        ({"a/b": ()}, ".xlsx", "'a/b' as the name"),
        ({"x" * 32: ()}, ".xlsx", "at most 31 characters"),
        ({"Survey": (), "survey": ()}, ".xlsx", "only once"),
        ({"survey": ((), ("", "x" * (LONGEST + 1)))}, ".xlsx", "row 2, column 'B': Excel takes"),
        ({}, ".xlsx", "needs a sheet"),
        ({"---": ()}, ".md", "cannot be called '---'"),
        ({"survey": ()}, ".ods", "No '.ods' can be written"),
    ],
)
def test_convert__what_a_file_cannot_hold_is_refused(book: Book, suffix: str, said: str) -> None:
    with pytest.raises(SourceError, match=re.escape(said)):
        render(book, suffix)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (",type\n,text\n", "names no sheet"),
        ("survey,\n,type\nsurvey,\n,type\n", "starts a second time"),
        ("survey,\n,type\n," + "x" * 200_000, "not readable as CSV"),
    ],
)
def test_convert__a_broken_csv_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=re.escape(said)):
        parse(text.encode(), ".csv", "kurz")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("| | type | name |\n", "Line 1 belongs to no sheet"),
        ("| survey |\n| | type |\n| survey |\n", "a second time"),
    ],
)
def test_convert__a_broken_table_is_refused_by_its_line(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=re.escape(said)):
        parse(text.encode(), ".md", "kurz")


def test_read__numbers_dates_and_truth_become_the_text_that_pyxform_makes() -> None:
    content = excel_file()

    found = from_book(parse(content, ".xlsx", "kurz"), "kurz")

    known = get_xlsform(BytesIO(content), file_type=".xlsx")
    assert [dict(row) for row in found.sheets["survey"]] == known.survey
    assert list(found.columns("survey")) == list(known.survey_header[0])


def test_read__an_old_xls_gives_the_same_texts() -> None:
    found = read(HOUSE / "tests/xlsform/old/values.xls")

    newer = parse(excel_file(), ".xlsx", "kurz")["survey"]
    assert found["survey"] == tuple(row for row in newer if row[1:2] != ("k",))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("error", "row 2, column 'C': The cell holds the error #DIV/0!"),
        ("merged", "row 2, column 'B': Cells are merged here"),
        ("span", "row 12, column 'C': The cell holds a date that .xls files do not"),
    ],
)
def test_read__an_old_xls_is_refused_by_its_cell(name: str, said: str) -> None:
    with pytest.raises(SourceError, match=re.escape(said)):
        read(HOUSE / f"tests/xlsform/old/{name}.xls")


def test_parse__the_last_cell_of_a_row_need_not_be_closed() -> None:
    found = parse(b"| survey |\n| | type | name\n| | text | a \\| b  ", ".md", "book")

    assert found == {"survey": (("type", "name"), ("text", "a | b"))}
