"""The file and the sheet that responses are read from: which one, and which none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.xlsform.excel import excel_file, with_part
from xlsform import workbooks
from xlsform.workbooks import SourceError, read_answers
from xlsform.workbooks.archive import UNPACKED

SECRET = "kanarie4711"


def test_sheet__is_the_one_named_like_the_questionnaire_or_the_first(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(("first",))
    other = book.create_sheet("Probe ")
    other.append(("second", "#N/A"))
    book.save(tmp_path / "a.xlsx")

    assert read_answers(tmp_path / "a.xlsx", "probe") == ("Probe ", (("second", "?"),))
    assert read_answers(tmp_path / "a.xlsx", "client") == ("Sheet", (("first",),))


def test_sheet__another_one_may_hold_what_it_likes(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(("age",))
    book.create_sheet("Auswertung").merge_cells("A1:B2")
    book.save(tmp_path / "a.xlsx")

    assert read_answers(tmp_path / "a.xlsx", "probe")[1] == (("age",),)


BROKEN: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "suffix": ("a.csv", lambda: b"age\n7\n", "The file is no .xlsx."),
    "no workbook": ("a.xlsx", SECRET.encode, "no workbook of the kind .xlsx"),
    "empty": ("a.xlsx", bytes, "no workbook of the kind .xlsx"),
    "too large": ("a.xlsx", lambda: b"x" * (workbooks.LARGEST + 1), "larger than 5 MB"),
    "bomb": (
        "a.xlsx",
        lambda: with_part(
            excel_file([("age",), (7,)]),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"</sheetData>", b" " * 2 * UNPACKED + b"</sheetData>"),
        ),
        "unpacks to more than 30 MB",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_file__that_cannot_be_read_is_told_plainly(kind: str, tmp_path: Path) -> None:
    name, content, words = BROKEN[kind]
    (tmp_path / name).write_bytes(content())

    with pytest.raises(SourceError) as told:
        read_answers(tmp_path / name, "probe")

    assert words in str(told.value)
    assert told.value.mend
    assert SECRET not in str(told.value)
