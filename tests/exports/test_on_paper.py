"""What is printed and shown: no chart is cut by the end of a page, no table by that of a slide."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.utils.units import EMU_to_cm
from pptx import Presentation
from pptx.util import Emu, Inches

from exports.formats import slide_tables
from exports.formats.charts import Chart, Charts
from exports.formats.slide_tables import POINTS, Table
from exports.formats.workbook import Book, Sheet, render

PAGE = 15.9  # centimetres between the margins of A4, lying
ROW = 0.53
LINES = [2, 2, 7, 14, 3, 2, 2, 9]


def test_charts__no_page_ends_within_one() -> None:
    drawn = tuple(Chart("t", "s", 1, 2, 2, lines + 1) for lines in LINES)
    file = render(Book((), (Sheet("s", ("a", "b"), []),), Charts("c", drawn)))
    sheet = load_workbook(io.BytesIO(file))["c"]
    pages = [0, *(one.id for one in sheet.row_breaks.brk)]
    for chart in sheet._charts:
        first = chart.anchor._from.row  # from 0 on: so many rows are above it
        begins = max(page for page in pages if page <= first)
        after = [page for page in pages if page > first]
        height = EMU_to_cm(chart.anchor.ext.height)
        assert (first - begins) * ROW + height < PAGE
        assert not after or first * ROW + height <= after[0] * ROW
    assert 1 < len(pages) < len(LINES)


def shown(*tables: Table) -> list[tuple[int, float]]:
    """Where each table ends in inches, in letters of which size."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide_tables.put(slide, tables, Inches(0.5), Inches(1.3), Inches(7.2))
    found = []
    for shape in slide.shapes:
        if shape.has_table:
            letters = shape.table.cell(0, 0).text_frame.paragraphs[0].font.size
            height = sum(row.height for row in shape.table.rows)
            found.append((round(letters.pt), Emu(shape.top + height).inches))
    return found


WIDE, NARROW = (Inches(5), Inches(1)), (Inches(2), Inches(1))
SENTENCE = "Ich würde diese Hilfe einer Freundin empfehlen, der es ähnlich geht."


@pytest.mark.parametrize(
    ("tables", "points"),
    [
        ([Table([("Ja", "1")] * 5, WIDE)], 11),
        ([Table([("Ja", "1")] * 20, WIDE)], 10),
        ([Table([("Ja", "1")] * 8, WIDE), Table([(SENTENCE, "1")] * 8, NARROW)], 8),
    ],
)
def test_tables__are_in_the_largest_letters_that_fit(tables: list[Table], points: int) -> None:
    found = shown(*tables)
    assert {letters for letters, _ in found} == {points}
    assert found[-1][1] <= 7.2
    larger = [size for size in POINTS if size > points]
    for size in larger:
        assert sum(sum(one.heights(size)) for one in tables) > Inches(7.2 - 1.3 - 0.25)


def test_tables__a_long_word_takes_as_many_lines_as_it_needs() -> None:
    short, long = Table([("Ja", "1")], NARROW), Table([("Wohnungsnot" * 9, "1")], NARROW)
    assert long.heights(11)[0] > 2 * short.heights(11)[0]
