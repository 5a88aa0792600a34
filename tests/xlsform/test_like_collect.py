"""Where a filling follows ODK Collect in what a form means: locks, dates in texts, names of choices."""

# ruff: noqa: E501 -- questionnaires are wide tables

import pytest

from tests.support.javarosa import JavaRosa
from tests.xlsform.builders import filling_of, form_from, workbook_from
from xlsform.filling import Filling
from xlsform.form import compile_form
from xlsform.source import convert

AGES = """
| survey |
|        | type      | name  | label | calculation                          |
|        | date      | born  | B     |                                      |
|        | date      | died  | D     |                                      |
|        | calculate | end   |       | if(${died} != '', ${died}, ${born})  |
|        | calculate | days  |       | ${end} - ${born}                     |
|        | calculate | at    |       | date('2018-01-01T10:20:30.400')      |
"""
LOCKED = """
| survey |
|        | type        | name  | label | readonly      | required |
|        | text        | by    | Wer   |               |          |
|        | begin_group | g     | G     | ${by} = 'x'   |          |
|        | text        | one   | Eins  |               | yes      |
|        | text        | two   | Zwei  | ${one} != ''  |          |
|        | end_group   |       |       |               |          |
|        | begin_group | h     | H     | yes           |          |
|        | text        | three | Drei  |               |          |
|        | end_group   |       |       |               |          |
"""
CHOICES = """
| survey |
|        | type         | name  | label | calculation |
|        | begin_repeat | r     | R     |             |
|        | select_one l | q     | Q     |             |
|        | calculate    | said  |       | jr:choice-name(${q}, '${q}') |
|        | end_repeat   |       |       |             |
| choices |
|         | list_name | name | label |
|         | l         | a    | Alpha |
"""


def write(filling: Filling, **answers: str) -> Filling:
    for name, text in answers.items():
        filling.set("/data/" + name.replace("__", "/"), text)
    filling.recalculate()
    return filling


def test_recalculate__a_date_in_a_text_is_reckoned_with_as_a_date(javarosa: JavaRosa) -> None:
    filling = write(filling_of(form_from(AGES)), born="2000-01-01", died="2000-01-31")
    assert filling.text("/data/days") == "30"
    assert write(filling, died="").text("/data/days") == "0"
    javarosa.load(convert(workbook_from(AGES)).xml)
    record = javarosa.fill(
        [["set", "/data/born", "2000-01-01"], ["set", "/data/died", "2000-01-31"]]
    )
    assert "<days>30</days>" in record["xml"]


def test_recalculate__a_text_keeps_the_time_of_a_moment() -> None:
    assert filling_of(form_from(AGES)).text("/data/at") == "2018-01-01T10:20:30.400+00:00"


def locked(filling: Filling) -> list[str]:
    questions = [question for page in filling.form.pages for question in page.questions]
    return [question.name for question in questions if filling.is_read_only(question)]


def test_is_read_only__follows_conditions_also_of_groups_around() -> None:
    filling = filling_of(form_from(LOCKED))
    assert locked(filling) == ["three"]
    assert locked(write(filling, g__one="ja")) == ["two", "three"]
    assert locked(write(filling, by="x")) == ["one", "two", "three"]


def test_problems__what_cannot_be_answered_now_is_not_missing() -> None:
    filling = filling_of(form_from(LOCKED))
    assert set(filling.problems()) == {"/data/g/one"}
    assert write(filling, by="x").problems() == {}


def test_choice_name__inside_a_repeat_looks_from_where_it_stands() -> None:
    filling = filling_of(form_from(CHOICES))
    filling.add("/data/r")
    filling.set("/data/r[2]/q", "a")
    filling.recalculate()
    assert (filling.text("/data/r[1]/said"), filling.text("/data/r[2]/said")) == ("", "Alpha")


HAND = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model><instance><data id="d"><n/><x>old</x></data></instance>
<bind id="x" nodeset="/data/x"/><bind nodeset="/data/n" type="integer"/>
<setvalue bind="x" event="odk-instance-first-load" VALUE/></model></h:head>
<h:body><input ref="/data/n"/><input ref="/data/x"/></h:body></h:html>"""


@pytest.mark.parametrize(
    ("value", "text"), [('value=""', ""), ("", ""), ("value=\"'new'\"", "new")]
)
def test_compile_form__a_value_that_is_set_may_be_empty(value: str, text: str) -> None:
    form = compile_form(HAND.replace("VALUE", value))
    assert filling_of(form).text("/data/x") == text
    assert form.questions["/data/n"].type == "integer"


def test_problems__the_head_of_a_table_asks_nothing() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type         | name | label | appearance | required |
|        | select_one l | head | Kopf  | label      | yes      |
|        | select_one l | row  | Zeile | list-nolabel | yes    |
| choices |
|         | list_name | name | label |
|         | l         | a    | A     |
""")
    )
    assert set(filling.problems()) == {"/data/row"}
