"""LibreOffice opens what leaves, and finds in it what we put in."""

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from exports.formats import slides, workbook
from exports.formats.workbook import Book, Sheet
from tests.exports.test_gate_slides import REPORT, SAY
from tests.support.office import convert

HOSTILE = (
    '=HYPERLINK("http://example.com","here")',
    "+49 2303 123",
    "@SUM(1)",
    "-1+1",
    "007",
    "1e5",
    "2019-06-01",
    "👩‍👧 emoji",
    "متروكة في الشارع",
    " spaces around ",
    "line\nbreak",
    "a\x07bell",
    "long " * 7000,
    "<b>&amp;</b>",
    "'quoted",
)


# The second sheet as text, the cells as they are and not as they are shown, all in quotes.
AS_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,2"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A workbook full of hostile texts, opened, worked out and written anew."""
    sheet = Sheet("Texte", ("text", "number"), [(text, 7) for text in HOSTILE])
    file = tmp_path / "hostile.xlsx"
    file.write_bytes(workbook.render(Book((("zugang",),), (sheet,))))
    return convert(file, "ods", tmp_path)


def test_office__reads_every_text_as_it_was_typed(saved: Path, tmp_path: Path) -> None:
    text = convert(saved, AS_TEXT, tmp_path).read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["text", "number"]
    assert [row[0] for row in rows] == [workbook.plain_text(text) for text in HOSTILE]
    assert {row[1] for row in rows} == {"7"}


def test_office__finds_no_formula(saved: Path) -> None:
    with ZipFile(saved) as archive:
        content = archive.read("content.xml")
    assert content.count(b'office:value-type="float"') == len(HOSTILE)
    assert b"table:formula" not in content


def test_office__shows_every_slide_on_a_page(tmp_path: Path) -> None:
    file = tmp_path / "slides.pptx"
    file.write_bytes(slides.render(REPORT, SAY))
    pages = convert(file, "pdf", tmp_path).read_bytes()
    assert pages.count(b"/Type/Page\n") + pages.count(b"/Type/Page/") == 2
