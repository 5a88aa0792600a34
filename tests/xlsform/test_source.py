"""Workbooks are read from every kind of file, and faults are told where they are."""

from pathlib import Path

import pytest
from openpyxl import Workbook as Excel

from tests.xlsform.builders import workbook_from
from xlsform.source import LARGEST, SourceError, convert, read, read_bytes, workbook

TABLE = """
# A title, which is no row

| survey |
|        | type | name  | label |
|        | text | first | Name  |
|        |      |       |       |
|        | note | thanks | Danke \\| merci |
"""


def test_read__markdown_rows_keep_their_place_and_leave_empty_cells_out(tmp_path: Path) -> None:
    file = tmp_path / "kurz.md"
    file.write_text(TABLE, encoding="utf-8")

    found = read(file)

    assert found.name == "kurz"
    assert [dict(row) for row in found.sheets["survey"]] == [
        {"type": "text", "name": "first", "label": "Name"},
        {},
        {"type": "note", "name": "thanks", "label": "Danke | merci"},
    ]


def test_read__csv_with_the_mark_that_excel_writes(tmp_path: Path) -> None:
    file = tmp_path / "kurz.csv"
    lines = '"survey"\n,"type","name","label"\n,"text","first","Größe"\n'
    file.write_bytes(b"\xef\xbb\xbf" + lines.encode())

    assert dict(read(file).sheets["survey"][0]) == {
        "type": "text",
        "name": "first",
        "label": "Größe",
    }


def test_read__excel_keeps_gaps_so_that_row_numbers_stay_true(tmp_path: Path) -> None:
    book = Excel()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (["type", "name", "label"], ["text", "a", "A"], [], ["integer", "b", 7]):
        sheet.append(row)
    book.save(tmp_path / "kurz.xlsx")

    found = read(tmp_path / "kurz.xlsx")

    assert [dict(row) for row in found.sheets["survey"]] == [
        {"type": "text", "name": "a", "label": "A"},
        {},
        {"type": "integer", "name": "b", "label": "7"},
    ]
    assert convert(found).rows == {"a": 2, "b": 4}


@pytest.mark.parametrize(
    ("suffix", "content", "said"),
    [
        (".xlsx", b"PK no workbook", "xlsx"),
        (".csv", "größe,,,,".encode("latin-1"), "not stored as UTF-8"),
        (".md", b"no table at all", "holds no table"),
        (".md", b"| choices |\n| | list_name | name | label |\n| | a | b | C |", "survey"),
        (".md", b"x" * (LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_read_bytes__what_is_no_questionnaire_is_refused(
    suffix: str, content: bytes, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        read_bytes(content, suffix, "kurz")


def test_read__other_kinds_of_file_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"'kurz\.docx' is no questionnaire"):
        read(tmp_path / "kurz.docx")
    with pytest.raises(SourceError, match=r"'weg\.md' cannot be opened"):
        read(tmp_path / "weg.md")


def test_convert__fault_names_sheet_and_row() -> None:
    faulty = workbook_from("""
| survey |
|        | type | name   | label |
|        | text | a      | A     |
|        | text | 1 of 2 | B     |
""")

    with pytest.raises(SourceError) as caught:
        convert(faulty)

    assert (caught.value.sheet, caught.value.row) == ("survey", 3)
    assert str(caught.value).startswith("Sheet 'survey', row 3, column 'name': ")
    assert "[row" not in str(caught.value)


def test_convert__unknown_reference_is_a_source_error() -> None:
    with pytest.raises(SourceError, match="nowhere"):
        convert(
            workbook_from("""
| survey |
|        | type | name | label | relevant         |
|        | text | a    | A     | ${nowhere} = '1' |
""")
        )


def test_convert__warnings_are_passed_on_in_one_line() -> None:
    source = convert(
        workbook_from("""
| survey |
|        | type | name | label |
|        | text | city | A     |
|        | text | City | B     |
""")
    )

    assert "[row : 3] On the 'survey' sheet" in source.warnings[0]
    assert not any("\n" in warning for warning in source.warnings)


def test_convert__leaves_the_workbook_as_it_was() -> None:
    book = workbook_from(TABLE)
    before = [dict(row) for row in book.sheets["survey"]]

    assert convert(book).xml == convert(book).xml
    assert [dict(row) for row in book.sheets["survey"]] == before


def test_workbook__numbers_become_text_and_blanks_vanish() -> None:
    made = workbook("kurz", {"survey": [{"type": "text", "name": 3, "label": " ", "hint": None}]})

    assert dict(made.sheets["survey"][0]) == {"type": "text", "name": "3"}


def test_convert__a_column_with_an_unknown_prefix_is_explained() -> None:
    book = workbook_from("""
| survey |
|        | type | name | label | bind::z:disclosure | bind::jr:preload |
|        | text | a    | A     | free               |                  |
| settings |
|          | form_id |
|          | probe   |
""")

    with pytest.raises(SourceError, match=r"'bind::z:disclosure' needs.*Put z=\"…\" into"):
        convert(book)


@pytest.mark.parametrize(
    "namespaces", ['z="', "z", 'z="no address"', '="https://a.example"', "x" * 40_000]
)
def test_convert__a_declaration_that_is_none_is_told_at_its_cell(namespaces: str) -> None:
    book = workbook(
        "kurz",
        {
            "survey": [{"type": "note", "name": "a", "label": "A"}],
            "settings": [{"namespaces": namespaces}],
        },
    )

    with pytest.raises(SourceError, match="declares no prefix") as caught:
        convert(book)

    assert (caught.value.sheet, caught.value.row, caught.value.column) == (
        "settings",
        2,
        "namespaces",
    )


def test_convert__what_pyxform_stumbles_over_is_a_source_error() -> None:
    note = {"type": "note", "name": "a", "label": "A"}
    book = workbook("kurz", {"survey": [note], "settings": [{"jr": "x"}]})

    with pytest.raises(SourceError, match="No form can be made of this workbook"):
        convert(book)


def test_read__two_sheets_that_differ_only_in_capitals_are_refused() -> None:
    table = b"| survey |\n| | type |\n| Survey |\n| | type |\n"

    with pytest.raises(SourceError, match="two sheets 'survey'"):
        read_bytes(table, ".md", "kurz")


def test_read__a_sheet_that_is_alone_holds_the_questions() -> None:
    assert read_bytes(b"| Sheet1 |\n| | type |\n| | note |\n", ".md", "kurz").sheets["survey"]


def test_read__headers_keep_their_order_also_above_empty_columns() -> None:
    found = read_bytes(b"| survey |\n| | type | hint | name |\n| | note | | a |\n", ".md", "kurz")

    assert found.columns("survey") == ("type", "hint", "name")
