"""A form with an expression that fails with some answers can still be filled in and sent."""

import pytest

from tests.xlsform.builders import filled, filling_of, form_from, workbook_from
from xlsform.form import compile_form
from xlsform.source import convert


@pytest.mark.parametrize("column", ["relevant", "constraint", "required", "read_only"])
def test_failing__a_condition_that_cannot_be_worked_out_holds_nobody_up(column: str) -> None:
    form = form_from(f"""
| survey |
|        | type | name | label | {column} |
|        | text | a    | A     |          |
|        | text | b    | B     | digest(${{a}}, ${{a}}) = 'x' |
""")
    question = form.questions["/data/b"]
    failures: set[str] = set()
    for text in ("", "x"):
        filling = filling_of(form, {"/data/a": "canary", "/data/b": text})

        assert filling.problems() == {}
        assert filling.visible(form.pages[0])[1] is question
        assert not filling.is_read_only(question)
        assert "<b" in filling.instance_xml()
        failures |= filling.failures
    assert failures == {f"question 'b', '{column}'"}


def test_failing__what_cannot_be_worked_out_is_empty_and_all_choices_are_offered() -> None:
    filling = filled(
        """
| survey |
|        | type          | name | label | calculation        | choice_filter           | default |
|        | text          | a    | A     |                    |                         |         |
|        | calculate     | b    |       | digest(${a}, ${a}) |                         |         |
|        | select_one k  | c    | C     |                    | digest(${a}, ${a}) = '' |         |
|        | note          | d    | D ${b} |                   |                         |         |
| choices |
|         | list_name | name | label |
|         | k         | e    | E     |
|         | k         | f    | F     |
""",
        a="canary",
        c="f",
    )
    asked = filling.form.questions

    assert filling.text("/data/b") == ""
    assert [choice.value for choice in asked["/data/c"].choices(filling, "")] == ["e", "f"]
    assert filling.text("/data/c") == "f"
    assert filling.problems() == {}
    assert filling.failures == {"question 'b', 'calculation'", "question 'c', 'choice_filter'"}


def test_failing__a_label_shows_nothing_where_its_reference_fails() -> None:
    form = compile_form(
        convert(
            workbook_from("""
| survey |
|        | type | name | label    |
|        | text | a    | A        |
|        | text | b    | B ${a} C |
""")
        ).xml.replace('<output value=" /data/a "', '<output value="digest(/data/a, /data/a)"')
    )
    filling = filling_of(form, {"/data/a": "canary"})

    assert form.questions["/data/b"].label("", filling) == "B  C"
    assert filling.failures == {"question 'b', a reference in its text"}
