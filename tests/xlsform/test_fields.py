"""Web forms are made of questions; what is typed is read kindly and never lost."""

# ruff: noqa: E501 -- questionnaires are wide tables

from types import MappingProxyType
from typing import Any

import pytest
import wtforms
from werkzeug.datastructures import MultiDict

from tests.xlsform.builders import filling_of, form_from
from xlsform.fields import MESSAGES, field_name, page_form, question_text
from xlsform.filling import Filling
from xlsform.form import Form

EVERY = """
| survey |
|        | type                 | name   | label::Deutsch (de) | label::English (en) | hint::Deutsch (de) | required | relevant  | appearance | choice_filter | calculation |
|        | begin_group          | g      | G                   |                     |                    |          |           |            |               |             |
|        | text                 | t      | Text                | Text EN             | Ein Hinweis        |          |           |            |               |             |
|        | text                 | long   | Lang                |                     |                    |          |           | multiline  |               |             |
|        | integer              | i      | Zahl für ${t}       |                     |                    | yes      |           |            |               |             |
|        | decimal              | d      | Betrag              |                     |                    |          |           |            |               |             |
|        | date                 | day    | Tag                 |                     |                    |          |           |            |               |             |
|        | select_one part      | part   | Teil                |                     |                    |          |           |            |               |             |
|        | select_one town      | town   | Ort                 |                     |                    |          |           |            | part=${part}  |             |
|        | select_multiple part | parts  | Teile               |                     |                    |          |           |            |               |             |
|        | note                 | n      | Hinweis             |                     |                    |          |           |            |               |             |
|        | text                 | fixed  | Fest                |                     |                    |          |           |            |               | 'x'         |
|        | text                 | hidden | Mehr                |                     |                    |          | ${i} > 5  |            |               |             |
|        | end_group            |        |                     |                     |                    |          |           |            |               |             |
| choices |
|         | list_name | name  | label::Deutsch (de) | label::English (en) | part  |
|         | part      | north | Nord                | North               |       |
|         | part      | south | Süd                 | South               |       |
|         | town      | selm  | Selm                |                     | north |
|         | town      | unna  | Unna                |                     | south |
"""


@pytest.fixture(scope="module")
def every() -> Form:
    return form_from(EVERY)


def opened(filling: Filling, language: str = "de", **sent: Any) -> Any:
    """The page's form, with `sent` by question name as form data if there is any."""
    made = page_form(filling.form, filling.form.pages[0], filling, language)
    if not sent:
        return made(filling=filling)
    data: MultiDict[str, str] = MultiDict()
    for name, value in sent.items():
        data.setlist(f"q-g-{name}", value if isinstance(value, list) else [value])
    return made(data, filling=filling)


def test_page_form__one_field_a_visible_question_in_order(every: Form) -> None:
    form = opened(filling_of(every))

    assert [(field.name, field.type) for field in form] == [
        ("q-g-t", "text"),
        ("q-g-long", "multiline"),
        ("q-g-i", "integer"),
        ("q-g-d", "decimal"),
        ("q-g-day", "date"),
        ("q-g-part", "select_one"),
        ("q-g-town", "select_one"),
        ("q-g-parts", "select_multiple"),
        ("q-g-n", "note"),
        ("q-g-fixed", "text"),
    ]
    assert "q-g-hidden" in opened(filling_of(every, {"/data/g/i": "6"}))


def test_page_form__labels_and_hints_speak_the_readers_language(every: Form) -> None:
    filling = filling_of(every, {"/data/g/t": "Ada"})
    german, english = opened(filling), opened(filling, "en")

    assert german["q-g-t"].label.text == "Text"
    assert english["q-g-t"].label.text == "Text EN"
    assert german["q-g-t"].description == "Ein Hinweis"
    assert german["q-g-i"].label.text == "Zahl für Ada"
    assert [field.question.name for field in german.questions() if field.required] == ["i"]


def test_page_form__shows_what_was_answered_before_as_people_write_it(every: Form) -> None:
    kept = {
        "/data/g/d": "-12.5",
        "/data/g/day": "2026-12-24",
        "/data/g/parts": "south north",
        "/data/g/i": "1200",
    }
    filling = filling_of(every, kept)
    typed = {field.question.name: field.typed for field in opened(filling).questions()}

    assert (typed["d"], typed["day"], typed["i"]) == ("-12,5", "24.12.2026", "1200")
    assert opened(filling, "en")["q-g-d"].typed == "-12.5"
    assert opened(filling)["q-g-parts"].chosen == {"north", "south"}


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("i", "zwei", "integer"),
        ("i", "1,5", "integer"),
        ("i", "1.200", "integer"),
        ("i", "3000000000", "integer"),
        ("i", "²", "integer"),
        ("d", "viel", "decimal"),
        ("d", "1e5", "decimal"),
        ("d", "1,2,3", "decimal"),
        ("d", ".", "decimal"),
        ("d", "nan", "decimal"),
        ("d", "1234567890123456", "decimal"),
        ("d", "1.200", "ambiguous"),
        ("d", "1,200", "ambiguous"),
        ("day", "31.02.2026", "date"),
        ("day", "24.12.26", "date"),
        ("day", "24.12/2026", "date"),
        ("day", "3.10.1404", "date"),
        ("day", "morgen", "date"),
        ("t", "x" * 10_001, "length"),
        ("part", "east", "option"),
        ("part", ["north", "south"], "option"),
        ("parts", ["north", "east"], "option"),
        ("town", "selm", "option"),
    ],
)
def test_validate__says_what_is_wrong_and_keeps_what_was_typed(
    every: Form, name: str, typed: Any, message: str
) -> None:
    form = opened(filling_of(every), **{name: typed})

    assert not form.validate()
    assert form.errors == {f"q-g-{name}": [MESSAGES[message]]}
    assert question_text(form[f"q-g-{name}"]) == ""
    if isinstance(typed, str):
        assert form[f"q-g-{name}"].typed == typed


def test_validate__any_question_may_be_left_blank(every: Form) -> None:
    assert opened(filling_of(every), t="").validate()
    assert opened(filling_of(every), i="  ").validate()


def test_page_form__several_choices_are_kept_in_the_order_of_the_form(every: Form) -> None:
    form = opened(filling_of(every), parts=["south", "north", "south"])

    assert question_text(form["q-g-parts"]) == "north south"
    assert [(choice.value, chosen) for choice, chosen in form["q-g-parts"].options()] == [
        ("north", True),
        ("south", True),
    ]


def test_page_form__offers_the_choices_the_answers_let_through(every: Form) -> None:
    north = opened(filling_of(every, {"/data/g/part": "north"}), town="selm")
    south = opened(filling_of(every, {"/data/g/part": "south"}), town="selm")

    assert type(north) is type(south)
    assert north.validate()
    assert not south.validate()
    assert [choice.label for choice in south["q-g-town"].choices] == ["Unna"]


def test_page_form__what_is_read_only_takes_nothing_from_outside(every: Form) -> None:
    filling = filling_of(every)
    form = opened(filling, fixed="forged", n="forged")
    form.store()

    assert question_text(form["q-g-fixed"]) == "x"
    assert filling.text("/data/g/n") == ""


def test_store__writes_all_answers_and_draws_the_conclusions(every: Form) -> None:
    filling = filling_of(every, {"/data/g/t": "alt", "/data/g/part": "north"})
    form = opened(filling, i="6", d="1,5", t="", part="")
    assert form.validate()

    form.store()

    assert filling.answers == {"/data/g/i": "6", "/data/g/d": "1.5", "/data/g/fixed": "x"}
    assert filling.is_relevant("/data/g/hidden")


def test_page_form__what_was_not_on_the_page_keeps_its_answer(every: Form) -> None:
    kept = {"/data/g/t": "alt", "/data/g/part": "north", "/data/g/parts": "south"}
    form = opened(filling_of(every, kept), i="1")

    assert question_text(form["q-g-t"]) == "alt"
    assert question_text(form["q-g-part"]) == "north"
    assert question_text(form["q-g-parts"]) == ""


class Base(wtforms.Form):
    """A base form as the web layer has it: own words, an own hidden field, an own default."""

    class Meta:
        messages = MappingProxyType({**MESSAGES, "integer": "A whole number, please."})

    page = wtforms.HiddenField()


def test_page_form__takes_messages_and_hidden_fields_from_its_base(every: Form) -> None:
    filling = filling_of(every)
    made: Any = page_form(every, every.pages[0], filling, "en", Base)
    form = made(MultiDict({"q-g-i": "x", "page": "2"}), filling=filling)

    assert not form.validate()
    assert form.errors == {"q-g-i": ["A whole number, please."]}
    assert form.page.data == "2"
    assert form["page"] not in list(form.questions())
    assert isinstance(form, Base)


def test_page_form__is_the_same_class_until_other_questions_show(every: Form) -> None:
    page, filling = every.pages[0], filling_of(every)
    first = page_form(every, page, filling, "de")

    assert page_form(every, page, filling_of(every, {"/data/g/i": "2"}), "de") is first
    assert page_form(every, page, filling_of(every, {"/data/g/i": "6"}), "de") is not first
    assert page_form(every, page, filling, "en") is not first
    assert page_form(every, page, filling, "de", Base) is not first


def test_field_name__no_two_questions_share_one() -> None:
    form = form_from("""
| survey |
|        | type        | name | label |
|        | begin_group | a    | A     |
|        | text        | b-c  | BC    |
|        | end_group   |      |       |
|        | begin_group | a-b  | AB    |
|        | text        | c    | C     |
|        | end_group   |      |       |
|        | text        | meta_ | M    |
|        | text        | _x   | X     |
""")
    names = [field_name(question) for question in form.questions.values()]

    assert names == ["q-a-b--c", "q-a--b-c", "q-meta_", "q-_x"]
    filling = filling_of(form)
    last = page_form(form, form.pages[-1], filling, "")(filling=filling)
    assert [field.name for field in last] == ["q-meta_", "q-_x"]


def test_field_name__tells_the_instances_of_a_repeat_apart() -> None:
    form = form_from("""
| survey |
|        | type         | name  | label |
|        | begin_repeat | child | Kind  |
|        | text         | a-b   | AB    |
|        | end_repeat   |       |       |
""")
    question = form.questions["/data/child/a-b"]

    assert field_name(question.at("/data/child[12]/a-b")) == "q-child:12-a--b"
    assert field_name(question.at("/data/child[1]/x[2]/a:1")) == "q-child:1-x:2-a::1"
    assert field_name(question) == "q-child-a--b"
