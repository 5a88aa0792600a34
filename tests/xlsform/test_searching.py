"""The appearance search(): a table that comes with the form is looked up like a choice filter."""

# ruff: noqa: E501 -- questionnaires are wide tables

import pytest

from tests.xlsform.builders import filling_of, workbook_from
from xlsform.filling import Filling
from xlsform.form import Form, FormError, compile_form
from xlsform.source import convert

CSV = b"key,name_de,name_en,part\nselm,Selm,Selm (en),north\nunna,Unna,Unna (en),south\nwerne,Werne,Werne (en),north\n"
TABLE = """
| survey |
|        | type               | name | label::Deutsch (de) | label::English (en) | appearance |
|        | text               | part | Teil                | Part                |            |
|        | select_one towns   | town | Ort                 | Town                | SEARCH     |
| choices |
|         | list_name | name | label::Deutsch (de) | label::English (en) |
|         | towns     | key  | name_de             | name_en             |
|         | towns     | 99   | Woanders            | Elsewhere           |
"""


def form_with(search: str) -> Form:
    xml = convert(workbook_from(TABLE.replace("SEARCH", search))).xml
    return compile_form(xml, {"towns.csv": CSV})


def offered(search: str, part: str) -> list[str]:
    filling: Filling = filling_of(form_with(search))
    filling.set("/data/part", part)
    filling.recalculate()
    return list(filling.form.questions["/data/town"].offered(filling))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("search('towns')", ["selm", "unna", "werne"]),
        ("minimal search( 'towns' )", ["selm", "unna", "werne"]),
        ("search('towns', 'matches', 'part', ${part})", ["selm", "werne"]),
        ("search('towns', 'contains', 'name_de,part', concat('Un', ''))", ["unna"]),
        ("search('towns', 'startswith', 'key', 'we')", ["werne"]),
        ("search('towns', 'endswith', 'key', 'a', 'part', ${part})", []),
        ("search('towns', 'endswith', 'key', 'e', 'part', ${part})", ["werne"]),
    ],
)
def test_search__finds_rows_behind_what_is_always_offered(search: str, found: list[str]) -> None:
    assert offered(search, "north") == ["99", *found]


def test_search__labels_are_in_the_language_of_the_reader() -> None:
    form = form_with("search('towns')")
    town = form.questions["/data/town"]
    filling = filling_of(form)
    assert [choice.label for choice in town.choices(filling, "en")][:2] == [
        "Elsewhere",
        "Selm (en)",
    ]
    assert [choice.label for choice in town.choices(filling, "de")][:2] == ["Woanders", "Selm"]
    assert town.appearance == ()


@pytest.mark.parametrize(
    "search",
    [
        "search()",
        "search(${part})",
        "search('towns', 'resembles', 'key', 'a')",
        "search('towns', 'x')",
    ],
)
def test_search__that_cannot_be_read_is_refused(search: str) -> None:
    with pytest.raises(
        FormError, match=r"'town': search\(\) cannot be read. Write it like"
    ) as error:
        form_with(search)
    assert (error.value.path, error.value.column) == ("/data/town", "appearance")


def test_search__needs_its_table_where_a_column_is_named() -> None:
    xml = convert(workbook_from(TABLE.replace("SEARCH", "search('towns')"))).xml
    with pytest.raises(FormError, match=r"'towns' needs the file 'towns\.csv'"):
        compile_form(xml)
    form = compile_form(xml.replace("<value>key</value>", "<value>7</value>"))
    assert form.questions["/data/town"].static_choices == ("7", "99")
