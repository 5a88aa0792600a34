"""Lists that lie in files, and values that are set by events."""

# ruff: noqa: E501 -- questionnaires are wide tables

from datetime import UTC

import pytest

from tests.xlsform.builders import NOON, filling_of, form_from, workbook_from
from xlsform.attached import Files
from xlsform.filling import Filling
from xlsform.form import Form, FormError, compile_form
from xlsform.source import convert

TOWNS = """
| survey |
|        | type                             | name  | label | choice_filter   | calculation |
|        | text                             | part  | Teil  |                 |             |
|        | select_one_from_file towns.csv   | town  | Ort   | part = ${part}  |             |
|        | select_multiple_from_file lakes.geojson | lakes | Seen |           |             |
|        | calculate                        | folk  |       |                 | pulldata('towns', 'people', 'name', ${town}) |
"""
CSV = (
    "\ufeffname;label;part;people\nselm;Selm;north;026000\nunna;Unna, Stadt;south;59000\n".encode()
)
GEOJSON = b"""{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "l1", "geometry": {"type": "Point", "coordinates": [7.5, 51.6]},
  "properties": {"title": "See", "deep": 4, "swim": true, "none": null}},
 {"type": "Feature", "id": "l2", "geometry": {"type": "LineString", "coordinates": [[7, 51], [8, 52]]},
  "properties": {"title": "Bach"}},
 {"type": "Feature", "id": "l3", "geometry": {"type": "Polygon", "coordinates": [[[7, 51], [8, 52], [7, 51]]]},
  "properties": {"title": "Teich"}}]}"""
FILES: Files = {"towns.csv": CSV, "lakes.geojson": GEOJSON}


def form_with(markdown: str, files: Files = FILES) -> Form:
    return compile_form(convert(workbook_from(markdown)).xml, files)


def test_compile_form__takes_choices_from_a_table() -> None:
    filling = filling_of(form_with(TOWNS))
    town = filling.form.questions["/data/town"]
    assert town.static_choices == ("selm", "unna")
    filling.set("/data/part", "south")
    filling.set("/data/town", "unna")
    filling.recalculate()
    assert [choice.label for choice in town.choices(filling, "")] == ["Unna, Stadt"]
    assert filling.text("/data/folk") == "59000"


def test_compile_form__takes_choices_from_a_map() -> None:
    form = form_with(TOWNS)
    choices = form.questions["/data/lakes"].choices(None, "")
    assert [(choice.value, choice.label) for choice in choices] == [
        ("l1", "See"),
        ("l2", "Bach"),
        ("l3", "Teich"),
    ]
    items = form.instances["lakes"].children[0].named("item")
    assert [item.named("geometry")[0].text for item in items] == [
        "51.6 7.5 0 0",
        "51 7 0 0;52 8 0 0",
        "51 7 0 0;52 8 0 0;51 7 0 0",
    ]
    first = {node.name: node.text for node in items[0].children}
    assert (first["deep"], first["swim"], first["none"]) == ("4", "true", "")


def test_compile_form__takes_choices_from_xml() -> None:
    xml = b"<root><item><name>a</name><label>Eins</label></item></root>"
    form = form_with(
        "| survey |\n| | type | name | label |\n| | select_one_from_file l.xml | q | Q |",
        {"l.xml": xml},
    )
    assert form.questions["/data/q"].static_choices == ("a",)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, r"'towns' needs the file 'towns.csv'\. Attach it"),
        ({"towns.csv": b"\xff"}, "'towns.csv' cannot be read"),
        ({"towns.csv": CSV}, "'lakes' needs the file 'lakes.geojson'"),
        (FILES | {"lakes.geojson": b"[]"}, "'lakes.geojson' cannot be read"),
        (FILES | {"lakes.geojson": b'{"features": [1]}'}, "'lakes.geojson' cannot be read"),
        (FILES | {"towns.csv": b"name\n" + b"x\n" * 60_000}, "more than 50000 rows"),
    ],
)
def test_compile_form__names_the_file_that_is_missing_or_broken(files: Files, said: str) -> None:
    with pytest.raises(FormError, match=said):
        form_with(TOWNS, files)


def test_compile_form__takes_choices_from_a_sheet_of_their_own() -> None:
    workbook = workbook_from("""
| survey |
|        | type                     | name | label | choice_filter |
|        | text                     | part | Teil  |               |
|        | select_one_external town | town | Ort   | part=${part}  |
| external_choices |
|         | list_name | name | label | part |
|         | town      | selm | Selm  | n    |
|         | town      | unna | Unna  | s    |
""")
    source = convert(workbook)
    filling = filling_of(compile_form(source.xml, source.files))
    filling.set("/data/part", "s")
    filling.recalculate()
    town = filling.form.questions["/data/town"]
    assert [choice.label for choice in town.choices(filling, "")] == ["Unna"]


def test_compile_form__takes_choices_from_a_repeat() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type               | name   | label  | choice_filter |
|        | begin_repeat       | child  | Kind   |               |
|        | text               | name   | Name   |               |
|        | end_repeat         |        |        |               |
|        | select_one ${name} | eldest | Ältestes | ./name != '' |
""")
    )
    filling.add("/data/child")
    filling.set("/data/child[2]/name", "Bo")
    filling.recalculate()
    eldest = filling.form.questions["/data/eldest"]
    assert [(c.value, c.label) for c in eldest.choices(filling, "")] == [("Bo", "Bo")]


def test_recalculate__sets_what_a_change_triggers() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type      | name | label | trigger | calculation           |
|        | text      | a    | A     |         |                       |
|        | text      | b    | B     | ${a}    | concat('von ', ${a})  |
|        | calculate | c    |       | ${b}    | concat(${b}, '!')     |
""")
    )
    filling.set("/data/a", "x")
    filling.recalculate()
    assert (filling.text("/data/b"), filling.text("/data/c")) == ("von x", "von x!")
    filling.set("/data/b", "selbst")
    filling.set("/data/a", "x")  # no change
    filling.recalculate()
    assert (filling.text("/data/b"), filling.text("/data/c")) == ("selbst", "selbst!")


def test_recalculate__what_is_triggered_in_a_repeat_stays_in_its_instance() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type         | name | label | trigger | calculation |
|        | begin_repeat | r    | R     |         |             |
|        | text         | a    | A     |         |             |
|        | text         | b    | B     | ${a}    | ${a}        |
|        | end_repeat   |      |       |         |             |
""")
    )
    filling.add("/data/r")
    filling.set("/data/r[2]/a", "x")
    filling.recalculate()
    assert (filling.text("/data/r[1]/b"), filling.text("/data/r[2]/b")) == ("", "x")


def test_recalculate__values_that_set_each_other_off_come_to_an_end() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type    | name | label | trigger | calculation |
|        | integer | a    | A     | ${b}    | ${b} + 1    |
|        | integer | b    | B     | ${a}    | ${a} + 1    |
""")
    )
    filling.set("/data/a", "1")
    filling.recalculate()
    assert int(filling.text("/data/a")) > 1


def test_finish__keeps_when_it_was() -> None:
    filling = filling_of(
        form_from("| survey |\n| | type | name |\n| | end | end |\n| | start | start |")
    )
    assert filling.text("/data/end") == ""
    filling.finish()
    assert (
        filling.text("/data/end") == filling.text("/data/start") == "2026-03-01T12:00:00.000+00:00"
    )


def test_compile_form__what_the_device_knows_stays_there() -> None:
    form = form_from(
        "| survey |\n| | type | name |\n| | deviceid | device |\n| | phonenumber | phone |"
    )
    filling = filling_of(form)
    assert set(filling.answers.values()) == {""}
    assert [question.type for question in form.questions.values()] == ["metadata", "metadata"]


def test_compile_form__a_form_may_know_who_fills_it_in_and_nothing_else() -> None:
    form = form_from("| survey |\n| | type | name |\n| | username | who |\n| | deviceid | device |")
    filling = Filling(form, now=NOON, zone=UTC, username="Ida")
    assert filling.answers["/data/who"] == "Ida"
    assert filling.answers["/data/device"] == ""
    assert filling_of(form).text("/data/who") == ""


def test_recalculate__a_choice_whose_value_holds_a_space_stays_chosen() -> None:
    table = b"name,label,part\nOrt 01,Eins,north\nOrt 02,Zwei,south\n"
    filling = filling_of(form_with(TOWNS, FILES | {"towns.csv": table}))
    filling.set("/data/part", "north")
    filling.set("/data/town", "Ort 01")
    filling.recalculate()
    assert filling.text("/data/town") == "Ort 01"
    assert filling.problems() == {}
    filling.set("/data/part", "south")
    filling.recalculate()
    assert filling.text("/data/town") == ""
