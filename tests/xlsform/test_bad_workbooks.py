"""Files that are broken, hostile or far too large are refused at once, in words, at their place."""

import re
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import process_time
from zipfile import ZipFile

import pytest

from tests.xlsform.excel import HEADER, QUESTION, excel_file, with_part
from xlsform.checking import check, opened
from xlsform.findings import Finding
from xlsform.workbooks import LARGEST
from xlsform.workbooks.archive import UNPACKED

HOUSE = Path(__file__).parents[2]
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
SECONDS = 10.0  # 0.7 at most on a quiet machine; minutes where nothing is done about such a file
KILOBYTES = 250_000

PLAIN = excel_file([HEADER, QUESTION])
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>"""


def memory() -> int:
    """Return the kilobytes this process now holds."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])  # type: ignore[index]


def refused(tmp_path: Path, content: bytes, suffix: str = ".xlsx") -> Finding:
    """Return the one error of a file, told after little work and with little memory."""
    file = tmp_path / f"bad{suffix}"
    file.write_bytes(content)
    Path("/proc/self/clear_refs").write_text("5")  # starts the peak of memory anew
    before, start = memory(), process_time()
    errors = [finding for finding in check(file) if finding.is_error]
    assert process_time() - start < SECONDS
    assert memory() - before < KILOBYTES
    assert len(errors) == 1
    return errors[0]


def sheet_with(change: Callable[[bytes], bytes]) -> bytes:
    return with_part(PLAIN, SHEET, change)


def bomb(size: int) -> bytes:
    """Return a workbook whose sheet is small in the file and long when it is unpacked."""
    return sheet_with(lambda xml: xml.replace(b"</sheetData>", b" " * size + b"</sheetData>"))


def with_lying_size(content: bytes) -> bytes:
    """Return a zip file that declares its longest part as ten bytes long, in both places."""
    with ZipFile(BytesIO(content)) as file:
        size = struct.pack("<I", max(info.file_size for info in file.infolist()))
    assert content.count(size) >= 2
    return content.replace(size, struct.pack("<I", 10))


def locked(content: bytes) -> bytes:
    """Return a zip file that says of its parts that they need a password."""
    flag = re.compile(rb"(PK\x01\x02.{4})\x00\x00", re.DOTALL)
    return flag.sub(lambda found: found[1] + b"\x01\x00", content)


def shared(text: str, number: int = 0, rows: int = 1) -> bytes:
    """Return a workbook with a table of one text, and rows of a cell with the text of a number."""
    table = f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>{text}"
    content = with_part(
        PLAIN, "xl/sharedStrings.xml", lambda _xml: f"{table}</t></si></sst>".encode()
    )
    relation = f'<Relationship Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml" Id="s"/>'
    content = with_part(
        content,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"</Rel", relation.encode() + b"</Rel"),
    )
    cells = f'<row><c t="s"><v>{number}</v></c></row>' * rows
    return with_part(content, SHEET, lambda xml: with_rows(xml, cells))


def with_rows(xml: bytes, rows: str) -> bytes:
    return xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>")


FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (bytes, ".xlsx", "no workbook of the kind .xlsx"),
    "no zip": (lambda: b"PK\x03\x04 and then nothing", ".xlsx", "no workbook of the kind .xlsx"),
    "cut": (lambda: PLAIN[: len(PLAIN) // 2], ".xlsx", "no workbook of the kind .xlsx"),
    "a text": (lambda: b"type,name\n", ".xlsx", "no workbook of the kind .xlsx"),
    "password": (
        lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        ".xlsx",
        "password",
    ),
    "locked parts": (lambda: locked(PLAIN), ".xlsx", "protected by a password"),
    "xls as xlsx": (
        (HOUSE / "tests/xlsform/old/values.xls").read_bytes,
        ".xlsx",
        "old .xls",
    ),
    "xlsx as xls": (lambda: PLAIN + b"", ".xls", "an .xlsx with the ending .xls"),
    "no xls": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls", "no workbook of the kind .xls"),
    "bomb": (lambda: bomb(2 * UNPACKED), ".xlsx", "unpacks to more than 30 MB"),
    "lying bomb": (lambda: with_lying_size(bomb(UNPACKED // 2)), ".xlsx", "is damaged"),
    "no table": (lambda: b"x" * 100_000, ".md", "holds no table"),
    "a cell without end": (
        lambda: b"| survey |\n| | type |\n| | " + b"x" * 4_000_000 + b" |\n",
        ".md",
        "at most 32,767 are read",
    ),
    "too large": (lambda: b"x" * (LARGEST + 1), ".md", "larger than 5 MB"),
    "no sheet": (lambda: b"a,,\n,x,y\nb,,\n,x,y\n", ".csv", "has no sheet 'survey'"),
    "no column": (lambda: b"survey,\n,typ,name\n,text,a\n", ".csv", "has no column 'type'"),
    "too many texts": (
        lambda: shared("x" * 20_000, rows=18_000),
        ".xlsx",
        "more than 10,000,000 characters",
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_file__is_refused_with_one_message(kind: str, tmp_path: Path) -> None:
    made, suffix, said = FILES[kind]

    assert said in refused(tmp_path, made(), suffix).message


def test_file__of_200_megabytes_is_never_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.xlsx").open("wb") as file:
        file.truncate(200_000_000)
    start = process_time()

    (finding,) = check(tmp_path / "huge.xlsx")

    assert process_time() - start < SECONDS / 4
    assert "larger than 5 MB" in finding.message


PARTS = {
    "entities": lambda xml: xml.replace(b"<worksheet", BOMB + b"<worksheet", 1),
    "entities in use": lambda xml: xml.replace(b"<worksheet", BOMB + b"<worksheet", 1).replace(
        b"<t>", b"<t>&d;"
    ),
    "entities in utf-16": lambda xml: (
        b'<?xml version="1.0" encoding="utf-16"?>'.decode() + (BOMB + xml).decode()
    ).encode("utf-16"),
    "half a sheet": lambda xml: xml[: len(xml) // 2],
    "odd row": lambda xml: xml.replace(b'<row r="2"', b'<row r="two"'),
}


@pytest.mark.parametrize("kind", PARTS)
def test_sheet__that_is_damaged_or_hostile_is_refused(kind: str, tmp_path: Path) -> None:
    content = sheet_with(PARTS[kind])
    assert content != PLAIN

    finding = refused(tmp_path, content)

    assert re.search(r"is damaged|brings XML declarations", finding.message)
    assert "save it as .xlsx again" in finding.mend


def cell(address: str, value: object) -> bytes:
    return excel_file([HEADER, QUESTION], lambda sheet: sheet.__setitem__(address, value))


CELLS = {
    "formula": (cell("B7", "=A1&A2"), 7, "B", "formula that nobody worked out"),
    "error": (cell("C3", "#REF!"), 3, "C", "holds the error #REF!"),
    "merged": (
        excel_file([HEADER, QUESTION], lambda sheet: sheet.merge_cells("A5:B6")),
        5,
        "A",
        "A5:B6 are merged",
    ),
    "far down": (cell("A1048576", "x"), 1_048_576, "", "more than 20,000 rows"),
    "far right": (cell("XFD2", "x"), 2, "XFD", "more than 256 columns"),
    "two headers": (excel_file([(*HEADER, "name")]), 1, "D", "two columns 'name'"),
    "no date": (
        sheet_with(
            lambda xml: xml.replace(b't="inlineStr"', b't="d"').replace(
                b"<is>", b"<v>2026-99-99</v><is>"
            )
        ),
        1,
        "A",
        "value is not readable",
    ),
    "no number": (
        sheet_with(lambda xml: with_rows(xml, "<row><c><v>one</v></c></row>")),
        3,
        "A",
        "value is not readable",
    ),
    "no such text": (shared("x", 7), 3, "A", "value is not readable"),
    "unprintable": (
        sheet_with(lambda xml: xml.replace(b"Name", b"N_x0007_")),
        2,
        "label",
        "a character that no form can hold",
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_cell__is_named_by_its_place(kind: str, tmp_path: Path) -> None:
    content, row, column, said = CELLS[kind]

    finding = refused(tmp_path, content)

    assert (finding.sheet, finding.row, finding.column) == ("survey", row, column)
    assert said in finding.message
    assert finding.mend


def test_cell__with_a_formula_says_what_was_last_worked_out(tmp_path: Path) -> None:
    formula = '<row r="3"><c r="A3" t="str"><f>"te"&amp;"xt"</f><v>text</v></c>'
    cells = '<c r="B3" t="inlineStr"><is><t>b</t></is></c><c r="C3"><f>1+1</f><v>2</v></c></row>'
    file = tmp_path / "form.xlsx"
    file.write_bytes(sheet_with(lambda xml: with_rows(xml, formula + cells)))

    form, findings = opened(file)

    assert form is not None
    assert form.questions["/data/b"].label("") == "2"
    told = [(f.sheet, f.row, f.column) for f in findings if "holds a formula" in f.message]
    assert told == [("survey", 3, "A"), ("survey", 3, "C")]
    assert not any(finding.is_error for finding in findings)


def test_rows__beyond_what_is_read_are_refused_while_they_are_counted(tmp_path: Path) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in QUESTION)
    excel = sheet_with(lambda xml: with_rows(xml, f"<row>{cells}</row>" * 50_000))
    text = f"| survey |\n| | {' | '.join(HEADER)} |\n" + f"| | {' | '.join(QUESTION)} |\n" * 50_000

    assert "more than 20,000 rows" in refused(tmp_path, excel).message
    assert "more than 20,000 rows" in refused(tmp_path, text.encode(), ".md").message


FORMS = {
    "a circle of calculations": (
        "calculate | a | | ${b} | \n| | calculate | b | | ${a} |",
        "depend on each other in a circle",
    ),
    "a calculation of itself": ("calculate | a | | ${a} + 1 |", "depends on itself"),
    "names that collide": ("text | a | A | | \n| | text | a | A | |", "taken by row 2"),
    "a pattern that never ends": ("text | a | A | | regex(., '(x+x+)+y')", "cannot be read"),
    "a million repeats": (
        "begin_repeat | a | A | | | 1000000 |\n| | text | b | B | | | |\n| | end_repeat | | | | |",
        "would repeat 1000000 times",
    ),
}


@pytest.mark.parametrize("kind", FORMS)
def test_form__that_cannot_run_is_refused_by_its_row(kind: str, tmp_path: Path) -> None:
    rows, said = FORMS[kind]
    head = "| survey |\n| | type | name | label | calculation | constraint | repeat_count |\n| | "

    finding = refused(tmp_path, f"{head}{rows} |\n".encode(), ".md")

    assert (finding.sheet, finding.row > 1) == ("survey", True)
    assert said in finding.message
