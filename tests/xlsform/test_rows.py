"""Responses from the rows of a sheet: what cells may say, and every way in which they are wrong."""

# ruff: noqa: E501 -- questionnaires are wide tables

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.xlsform.builders import form_from
from tests.xlsform.excel import excel_file, with_part
from xlsform import rows
from xlsform.form import Form
from xlsform.rows import MOST, Reading
from xlsform.workbooks import SourceError
from xlsform.workbooks.excel import read_sheet

TODAY = date(2026, 3, 1)
SECRET = "kanarie4711"
FORM = form_from("""
| survey |
| | type | name | label::Deutsch (de) | label::English (en) | relevant | required | constraint | constraint_message::Deutsch (de) | readonly | default | calculation | choice_filter | parameters | appearance |
| | begin_group | about | Über Sie | About you | | | | | | | | | | |
| | select_one kind | kind | Art der Wohnung | Kind of home | | | | | | | | | | |
| | select_multiple need | needs | Bedarf | Needs | | | | | | | | | | |
| | integer | age | Wie alt sind Sie? | Age | | ${kind} = 'street' | . < 100 | Höchstens 99, nicht ${age}. | | | | | | |
| | decimal | rent | Miete | Rent | ${kind} = 'flat' | | | | | | | | | |
| | date | since | Seit | Since | | | | | | today() | | | | |
| | date | month | Monat | Month | | | | | | | | | | month-year |
| | text | name | Name | Name | | | | | | de | | | | |
| | end_group | | | | | | | | | | | | | |
| | begin_group | more | Mehr | More | | | | | | | | | | |
| | text | name | Anderer Name | Other name | | | | | | | | | | |
| | select_one part | part | Kreis | District | | | | | | | | | | |
| | select_one town | town | Ort | Town | | | | | | | | part = ${part} | | |
| | select_one kind | fixed | Fest | Fixed | | | | | yes | | | | | |
| | range | scale | Skala | Scale | | | | | | | | | start=0 end=1 step=0.125 | |
| | rank need | order | Reihenfolge | Order | | | | | | | | | | |
| | acknowledge | agree | Einverstanden | Agree | | | | | | | | | | |
| | time | at | Uhrzeit | Time | | | | | | | | | | |
| | geopoint | place | Wo | Where | | | | | | | | | | |
| | image | photo | Foto | Photo | | | | | | | | | | |
| | note | thanks | Danke | Thanks | | | | | | | | | | |
| | calculate | twice | | | | | | | | | ${rent} * 2 | | | |
| | end_group | | | | | | | | | | | | | |
| | begin_repeat | child | Kind | Child | | | | | | | | | | |
| | text | school | Schule | School | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | |
| choices |
| | list_name | name | label::Deutsch (de) | label::English (en) | part |
| | kind | flat | Wohnung; eigene | Own flat | |
| | kind | street | Straße | Street | |
| | kind | a | Gleich | Same | |
| | kind | b | Gleich | Alike | |
| | need | 1 | Schutz | Safety | |
| | need | 2 | Geld; sofort | Money | |
| | need | 3 | Rat | Advice | |
| | part | north | Nord | North | |
| | part | south | Süd | South | |
| | town | selm | Selm | Selm | north |
| | town | unna | Unna | Unna | south |
""")  # fmt: skip
Row = Sequence[object]
KIND, NEEDS, AGE = "/data/about/kind", "/data/about/needs", "/data/about/age"


def read(
    *cells: Row, form: Form = FORM, change: Callable[[Worksheet], None] = lambda _sheet: None
) -> Reading:
    """Return what the rows of an Excel file say, of which the first one is the head."""
    sheet, grid = read_sheet(excel_file(cells, change), "probe")
    return rows.read(form, sheet, grid, TODAY, UTC)


def said(head: str, cell: object) -> str:
    """Return the answer that a cell under a name gives."""
    reading = read((head, "kind"), (cell, "flat"))
    assert reading.findings == ()
    (question,) = (one for one in FORM.questions.values() if head in {one.name, one.path})
    return reading.rows[0].filling.text(question.path)


@pytest.mark.parametrize(
    ("head", "cell", "answer"),
    [
        ("needs", "3 1", "1 3"),
        ("needs", 1, "1"),
        ("needs", "Rat; SCHUTZ", "1 3"),
        ("needs", "Money;  advice", "2 3"),
        ("needs", "Geld;  sofort", "2"),
        ("needs", "  ", ""),
        ("age", 7, "7"),
        ("age", "7.0", None),
        ("age", 7.0, "7"),
        ("rent", 0.1 + 0.2, "0.3"),
        ("rent", 1.125, "1.125"),
        ("rent", "350,50", "350.5"),
        ("rent", "1.125", None),
        ("since", datetime(2025, 12, 24), "2025-12-24"),  # noqa: DTZ001 -- Excel knows no zones
        ("since", "24.12.2025", "2025-12-24"),
        ("since", datetime(2025, 12, 24, 7), None),  # noqa: DTZ001
        ("month", date(2025, 12, 24), "2025-12-01"),
        ("part", "SÜD", "south"),
        ("part", "North", "north"),
        ("fixed", "Straße", "street"),
        ("scale", 0.125, "0.125"),
        ("order", "3 1 2", "3 1 2"),
        ("order", "Rat;Schutz;Money", "3 1 2"),
        ("agree", True, "OK"),
        ("agree", "ok", "OK"),
        ("agree", 0, ""),
        ("at", time(14, 30), "14:30:00.000+00:00"),
        ("place", "51.5 7.6", "51.5 7.6 0 0"),
        ("/data/more/name", "  Ä ", "Ä"),
    ],
)
def test_cell__says_an_answer(head: str, cell: object, answer: str | None) -> None:
    if answer is None:
        assert len(read((head, "kind"), (cell, "flat")).findings) == 1
    else:
        assert said(head, cell) == answer


@pytest.mark.parametrize("cell", ["flat", "FLAT", "Wohnung;  eigene", "own flat"])
@pytest.mark.parametrize(
    "head", ["kind", KIND, "about/kind", "Art der Wohnung", " art der  wohnung "]
)
def test_head__name_path_and_label_say_the_same(head: str, cell: str) -> None:
    (row,) = read((head,), (cell,)).rows

    assert row.filling.answers == {
        KIND: "flat",
        "/data/about/since": "",
        "/data/about/name": "",
        "/data/child": "1",
    }


def test_head__a_column_for_each_choice() -> None:
    reading = read(("needs/3", "Bedarf/1", "about/needs/2"), (1, True, None), (0, "0", 1))

    assert reading.findings == ()
    assert [one.filling.text(NEEDS) for one in reading.rows] == ["1 3", "2"]


def test_rows__have_a_day_and_a_number_of_their_own() -> None:
    day = datetime(2025, 7, 1, 15, 30)  # noqa: DTZ001 -- Excel knows no zones
    reading = read(("received", "age", "id"), (day, 1, 17), (), (None, 2, " B-3 "))

    assert [(one.own, one.received) for one in reading.rows] == [
        ("17", date(2025, 7, 1)),
        ("B-3", TODAY),
    ]
    assert reading.is_numbered


def merged(sheet: Worksheet) -> None:
    sheet.merge_cells("A2:A3")


FAULTS: list[tuple[tuple[Row, ...], int, str, str]] = [
    ((("kind", SECRET), ("flat", "x")), 1, "B", "No question has this name, path or German label."),
    ((("kind", ""), ("flat", SECRET)), 1, "B", "The column has cells, but no name"),
    ((("kind",), ("flat", SECRET)), 1, "B", "The column has cells, but no name"),
    ((("age", "kind", "age"), (1, "flat", 2)), 1, "C", "Column 'A' says the same already."),
    ((("age", "Wie alt sind Sie?"), (1, 2)), 1, "B", "Column 'A' says the same already."),
    ((("needs", "needs/1"), ("1", "1")), 1, "B", "Column 'A' says the same already."),
    ((("needs/1", "needs"), ("1", "1")), 1, "B", "Column 'A' says the same already."),
    ((("needs/1", "needs/1"), (1, 1)), 1, "B", "Column 'A' says the same already."),
    ((("id", "age", "id"), (1, 1, 2)), 1, "C", "Column 'A' says the same already."),
    ((("needs/4", "age"), (1, 1)), 1, "A", "'needs' has no such choice. Write one of: 1, 2, 3."),
    ((("name", "age"), ("x", 1)), 1, "A", "Write /data/about/name or /data/more/name."),
    ((("twice", "age"), ("x", 1)), 1, "A", "Nobody answers 'twice': it is read or worked out."),
    ((("Danke", "age"), ("x", 1)), 1, "A", "Nobody answers 'thanks'"),
    ((("photo", "age"), ("x", 1)), 1, "A", "'photo' is answered by a file"),
    ((("school", "age"), ("x", 1)), 1, "A", "'school' is asked several times"),
    ((("=1+1", "age"), ("x", 1)), 1, "A", "an error, or a formula without a result"),
    ((("kind",), ("flat",), (SECRET,)), 3, "A", "Write one of: flat, street, a, b."),
    ((("kind",), ("gleich",)), 2, "A", "Several choices have this label. Write the code: "),
    ((("needs",), (f"1 {SECRET}",)), 2, "A", "This is none of the choices. Write one of: 1, 2, 3."),
    ((("needs",), (f"Rat; {SECRET}",)), 2, "A", "This is none of the choices."),
    ((("needs/1",), (SECRET,)), 2, "A", "This is neither 1 nor 0."),
    ((("order",), ("1 2",)), 2, "A", "Not every choice has a place. Write all of: 1, 2, 3."),
    ((("age",), (SECRET,)), 2, "A", "This is no whole number."),
    ((("age",), (1.5,)), 2, "A", "This is no whole number."),
    ((("kind", "rent"), ("flat", SECRET)), 2, "B", "This is no number."),
    ((("kind", "rent"), ("flat", "1.125")), 2, "B", "can be read in two ways"),
    ((("scale",), (2,)), 2, "A", "This number is out of range. Write one from 0 to 1."),
    ((("scale",), (0.3,)), 2, "A", "lies between two steps. From 0 to 1 they are 0.125."),
    ((("since",), (SECRET,)), 2, "A", "This is no day."),
    ((("since",), (45321,)), 2, "A", "This is no day."),
    ((("month",), (SECRET,)), 2, "A", "This is no month."),
    ((("at",), (SECRET,)), 2, "A", "This is no time of day."),
    ((("place",), (SECRET,)), 2, "A", "This is no place."),
    ((("/data/more/name",), (SECRET * 1000,)), 2, "A", "This text is too long."),
    ((("age",), ("=1+1",)), 2, "A", "an error, or a formula without a result"),
    ((("age",), ("#N/A",)), 2, "A", "an error, or a formula without a result"),
    ((("received", "age"), (SECRET, 1)), 2, "A", "This is no day."),
    ((("received", "age"), (date(2026, 3, 2), 1)), 2, "A", "This day lies in the future."),
    ((("id", "age"), (1, 1), ("", 2)), 3, "A", "The row has no number."),
    ((("id", "age"), (1, 1), ("1", 2)), 3, "A", "Row 2 has the same number."),
    ((("kind", "age"), ("street", None)), 2, "B", "'age' needs an answer."),
    ((("kind",), ("street",)), 2, "", "'age' needs an answer."),
    ((("needs", "age"), ("1", 100)), 2, "B", "condition of 'age'. Höchstens 99, nicht …."),
    ((("rent", "kind"), (5, "street"), (5, "a")), 3, "A", "'rent' is not asked beside"),
    ((("town", "part"), ("unna", "north")), 2, "A", "'town' has another answer beside"),
    ((("age",),), 0, "", "The sheet holds no answers."),
    ((("age",), ("  ",)), 0, "", "The sheet holds no answers."),
    (((),), 0, "", "The sheet holds no answers."),
    ((("age",), *[(1,)] * (MOST + 1)), MOST + 2, "", "There are more than 2,000 rows."),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "row", "column", "words"), FAULTS)
def test_fault__is_told_with_its_place_and_not_with_the_cell(
    cells: tuple[Row, ...], row: int, column: str, words: str
) -> None:
    found = read(*cells).findings

    told = [one for one in found if (one.row, one.column) == (row, column)]
    assert len(told) == 1
    assert words in str(told[0])
    assert told[0].is_error
    assert told[0].mend
    assert SECRET not in "".join(map(str, found))


def test_fault__a_formula_with_its_last_result_counts_as_one() -> None:
    formula = b"<f>1+1</f><v>2</v>"
    content = with_part(
        excel_file([("age",), (7,)]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v>7</v>", formula),
    )

    (found,) = rows.read(FORM, *read_sheet(content, "probe"), TODAY, UTC).findings

    assert str(found).startswith("error: sheet 'survey', row 2, column 'A': The cell holds a form")


def test_fault__merged_cells_are_told_with_their_place() -> None:
    with pytest.raises(SourceError) as told:
        read(("age",), (SECRET,), (), change=merged)

    assert (told.value.row, told.value.column) == (2, "A")
    assert SECRET not in str(told.value)


def test_faults__are_all_told_and_good_rows_are_counted() -> None:
    reading = read(("age", "needs"), (1, "1"), ("x", "9"), (2, ""), ("#N/A", "1"))

    assert [(one.row, one.column) for one in reading.findings] == [(3, "A"), (3, "B"), (5, "A")]
    assert [one.filling.text(AGE) for one in reading.rows] == ["1", "2"]


def test_faults__what_follows_from_answers_is_judged_only_when_all_could_be_read() -> None:
    reading = read(("kind", "rent"), ("x", 5))

    assert [(one.row, one.column) for one in reading.findings] == [(2, "A")]
