"""What is wrong with answers is found, and told in the author's words."""

import pytest

from tests.xlsform.builders import AGE, HOUSING, RENT, answered, filled, filling_of, form_from
from xlsform.form import Form


@pytest.fixture(scope="module")
def housing() -> Form:
    return form_from(HOUSING)


def test_problems__required_only_where_asked(housing: Form) -> None:
    filling = filling_of(housing)
    assert {path: p.kind for path, p in filling.problems().items()} == {AGE: "required"}

    filling = answered(housing, age="41")
    assert {path: p.kind for path, p in filling.problems().items()} == {RENT: "required"}
    assert filling.is_required(housing.questions[RENT])


def test_problems__a_constraint_speaks_with_the_authors_words(housing: Form) -> None:
    problem = answered(housing, age="7").problems()[AGE]

    assert problem.kind == "constraint"
    assert problem.message("de") == "Sie sind erst 7."


def test_problems__of_one_page_only(housing: Form) -> None:
    filling = answered(housing, age="41")

    assert filling.problems(housing.pages[0]) == {}
    assert list(filling.problems(housing.pages[1])) == [RENT]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("age", "forty"),
        ("age", "040"),
        ("rent", "12,5"),
        ("since", "24.12.2026"),
        ("since", "2026-02-30"),
        ("needs", "flat gold"),
        ("part", "east"),
        ("country", "x" * 10_001),
    ],
)
def test_problems__what_is_no_answer_of_its_type(housing: Form, name: str, text: str) -> None:
    answers = {"age": "20", name: text}
    if name == "age":
        answers["age"] = text

    problem = next(iter(answered(housing, **answers).problems().values()))

    assert (problem.question.name, problem.kind, problem.message("de")) == (name, "type", "")


def test_problems__read_only_answers_and_notes_are_nobodys_fault() -> None:
    filling = filled("""
| survey |
|        | type | name | label | required | calculation | read_only |
|        | text | a    | A     | yes      | ''          | yes       |
|        | note | b    | B     | yes      |             |           |
""")

    assert filling.problems() == {}


def test_problems__a_missing_answer_is_told_in_the_authors_words() -> None:
    filling = filled("""
| survey |
|        | type | name | label | required | required_message      |
|        | text | a    | A     | yes      | Bitte schreiben Sie A |
""")

    assert filling.problems()["/data/a"].message("de") == "Bitte schreiben Sie A"
