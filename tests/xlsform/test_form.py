"""A form is compiled from XForm XML, or refused in words that name the question."""

# ruff: noqa: E501 -- questionnaires are wide tables

import pytest

from tests.xlsform.builders import filling_of, form_from
from xlsform.form import Choice, FormError, compile_form
from xlsform.instance import read_instance

TYPES = """
| survey |
|        | type                 | name | label | calculation | bind::z:disclosure | bind::z:bagw | appearance       | read_only | relevant |
|        | text                 | a    | A     |             | free               |              | multiline w1     |           |          |
|        | integer              | b    | B     |             | quasi              | 1.2          |                  |           |          |
|        | decimal              | c    | C     |             |                    |              |                  |           | ${b} > 1 |
|        | date                 | d    | D     |             |                    |              |                  |           |          |
|        | select_one yn        | e    | E     |             | sensitive          |              | minimal          |           |          |
|        | select_multiple yn   | f    | F     |             | open               |              |                  |           |          |
|        | note                 | g    | G     |             |                    |              |                  |           |          |
|        | calculate            | h    |       | ${b} * 2    |                    |              |                  |           |          |
|        | text                 | i    | I     | ${b} + 1    |                    |              |                  | yes       |          |
|        | hidden               | j    |       |             |                    |              |                  |           |          |
|        | start                | k    |       |             |                    |              |                  |           |          |
| choices |
|         | list_name | name | label |
|         | yn        | yes  | Ja    |
|         | yn        | no   | Nein  |
"""


def test_compile_form__a_form_without_languages_has_the_nameless_one() -> None:
    assert form_from(TYPES).languages == ("",)
    assert form_from(TYPES).questions["/data/a"].label("tr") == "A"


def test_compile_form__questions_come_by_path_in_the_order_of_the_sheet() -> None:
    form = form_from(TYPES)

    assert {question.name: question.type for question in form.questions.values()} == {
        "a": "text",
        "b": "integer",
        "c": "decimal",
        "d": "date",
        "e": "select_one",
        "f": "select_multiple",
        "g": "note",
        "h": "calculate",
        "i": "text",
        "j": "hidden",
        "k": "metadata",
    }
    assert list(form.questions) == [f"/data/{name}" for name in "abcdefghijk"]
    assert all(path == question.path for path, question in form.questions.items())


def test_compile_form__extra_columns_and_appearances_are_kept() -> None:
    asked = form_from(TYPES).questions

    assert asked["/data/a"].appearance == ("multiline", "w1")
    assert asked["/data/a"].disclosure == "free"
    assert (asked["/data/b"].disclosure, asked["/data/b"].bagw) == ("quasi", "1.2")
    assert [question.name for question in asked.values() if question.read_only] == [
        "g", "h", "i", "j", "k"
    ]  # fmt: skip
    assert [question.name for question in asked.values() if question.has_relevant] == ["c"]


def test_question__without_a_disclosure_counts_as_identifying() -> None:
    assert form_from(TYPES).questions["/data/c"].disclosure == "identifying"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("text | a | A | wrong() |", "Question 'a': 'relevant' cannot be read"),
        ("text | a | A | 1 + |", "Question 'a': 'relevant' cannot be read"),
        ("text | a | A | . != '' |", "'a' depends on itself"),
        ("text | a | A | | secret", "'a': 'secret' is no kind of disclosure"),
    ],
)
def test_compile_form__refuses_and_names_the_question(row: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        form_from(f"""
| survey |
|        | type | name | label | relevant | bind::z:disclosure |
|        | {row} |
""")


def test_compile_form__names_all_questions_of_a_circle() -> None:
    with pytest.raises(FormError, match=r"'a'.*'b'|'b'.*'a'"):
        form_from("""
| survey |
|        | type | name  | label | relevant   |
|        | text | a     | A     | ${b} = '1' |
|        | text | b     | B     | ${a} = '1' |
|        | text | other | O     |            |
""")


def test_compile_form__a_group_must_not_hang_on_its_own_questions() -> None:
    with pytest.raises(FormError, match="'g' depends on itself"):
        form_from("""
| survey |
|        | type        | name | label | relevant   |
|        | begin_group | g    | G     | ${a} = '1' |
|        | text        | a    | A     |            |
|        | end_group   |      |       |            |
""")


def test_compile_form__a_constraint_may_look_at_its_own_answer() -> None:
    assert (
        form_from("""
| survey |
|        | type    | name | label | constraint         |
|        | integer | a    | A     | . > 1 and ${a} < 9 |
""")
        .questions["/data/a"]
        .constraint
        is not None
    )


def test_compile_form__what_shows_a_value_is_no_note() -> None:
    asked = form_from("""
| survey |
|        | type | name  | label | read_only | default |
|        | text | plain | P     | yes       |         |
|        | text | fixed | F     | yes       | x       |
|        | text | day   | D     | yes       | today() |
""").questions

    assert [question.type for question in asked.values()] == ["note", "text", "text"]


BOMB = """<!DOCTYPE h [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<h>&b;</h>"""


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("", "not readable as XML"),
        ("<h", "not readable as XML"),
        ("<h/>", "it has no model"),
        (BOMB, "document type declaration"),
        ('<!DOCTYPE h SYSTEM "file:///etc/passwd"><h/>', "document type declaration"),
    ],
)
def test_compile_form__refuses_what_is_no_form(xml: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        compile_form(xml)


FOREIGN = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Von Hand</h:title><model><instance><data id="hand"><a/><b/></data></instance>
<bind nodeset="/data/a" type="xsd:string"/></model></h:head>
<h:body><input ref="/data/b"><label>B</label></input>
<select1 ref="/data/a"><label>A <output value="/data/b"/></label>
<item><label>Eins</label><value> 1 </value></item><item><value>2</value></item></select1>
</h:body></h:html>"""


def test_compile_form__takes_forms_written_by_hand() -> None:
    form = compile_form(FOREIGN)
    asked = form.questions["/data/a"]

    assert (asked.type, asked.label("", filling_of(form, {"/data/b": "x"}))) == (
        "select_one",
        "A x",
    )
    assert asked.choices(None, "de") == [Choice("1", "Eins"), Choice("2", "")]
    assert form.questions["/data/b"].choices(None, "de") == []
    assert form.version == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('ref="/data/b"', 'ref="/data/c"', "Question 'c' has no place in the instance"),
        ("<data ", "<other/><data ", "must hold one element"),
    ],
)
def test_compile_form__refuses_broken_forms(old: str, new: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        compile_form(FOREIGN.replace(old, new))


def test_compile_form__passes_over_descriptions_of_what_is_not_there() -> None:
    form = compile_form(FOREIGN.replace('nodeset="/data/a"', 'nodeset="/data/c"'))
    assert form.questions["/data/a"].type == "select_one"


@pytest.mark.parametrize("here", ["./", "current()/", ""])
def test_compile_form__takes_names_from_where_a_control_stands(here: str) -> None:
    inside = FOREIGN.replace("<a/><b/>", "<g><x:b xmlns:x='urn:x'/><a/></g>")
    group = f'<group ref="g"><input ref="{here}b"><label>B</label></input></group>'
    form = compile_form(
        inside.replace('<input ref="/data/b"><label>B</label></input>', group)
        .replace('ref="/data/a"', 'ref="/data/g/a"')
        .replace('value="/data/b"', 'value="/data/g/b"')
        .replace('nodeset="/data/a"', 'nodeset="/x:data/g/a"')
    )
    assert [page.name for page in form.pages] == ["/data/g", "/data/g/a"]
    assert [question.type for question in form.questions.values()] == ["text", "select_one"]


def test_compile_form__passes_over_controls_that_nobody_knows() -> None:
    form = compile_form(FOREIGN.replace("<select1 ", "<riddle ref='/data/b'/><select1 "))
    assert [question.name for question in form.visible_questions] == ["b", "a"]


def test_compile_form__what_is_shown_twice_is_on_two_pages() -> None:
    again = '<group ref="/data"><input ref="/data/a"/></group><input ref="/data/b"/></h:body>'
    form = compile_form(FOREIGN.replace("</h:body>", again))
    assert [page.name for page in form.pages] == ["/data/b", "/data", "/data/b#2"]


def test_compile_form__of_two_nodes_with_one_name_the_first_counts() -> None:
    form = compile_form(FOREIGN.replace("<b/>", "<b>x</b><b>y</b>"))
    record = filling_of(form).instance_xml()
    assert record.count("<b>") == 1
    assert read_instance(form, record) == {"/data/b": "x"}


def test_compile_form__keeps_what_only_expressions_read() -> None:
    form = compile_form(FOREIGN.replace("<b/>", "<b/><place>51 7</place>"))
    again = filling_of(form, filling_of(form).answers)
    assert (form.questions["/data/place"].type, again.text("/data/place")) == ("hidden", "51 7")


def test_compile_form__descriptions_may_be_relative_to_the_root() -> None:
    form = compile_form(FOREIGN.replace('nodeset="/data/a"', 'nodeset="a" required="true()"'))
    assert form.questions["/data/a"].required is True


def test_compile_form__a_list_may_close_a_circle() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type           | name | label | relevant         | choice_filter      |
|        | select_one l   | a    | A     |                  | name != ${b}       |
|        | text           | b    | B     | ${a} != 'x'      |                    |
| choices |
|         | list_name | name | label |
|         | l         | x    | X     |
|         | l         | y    | Y     |
""")
    )
    filling.set("/data/b", "y")
    filling.recalculate()
    assert filling.form.questions["/data/a"].offered(filling) == ("x",)
