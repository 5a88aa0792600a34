"""Choosing: buttons, suggestions, an order, and tables of questions."""

from typing import Any

import pytest

from tests.xlsform.builders import filling_of, form_from
from tests.xlsform.every import every_form
from tests.xlsform.test_every_field import opened
from xlsform.fields import MESSAGES, question_text
from xlsform.form import Form

HEADS = """
| survey |
|        | type               | name  | label | appearance   | relevant       | readonly |
|        | begin_group        | g     | G     | field-list   |                |          |
|        | text               | show  | Zeig  |              |                |          |
|        | select_one yn      | alone | Kopf  | label        |                |          |
|        | text               | t     | Text  |              |                |          |
|        | select_one yn      | h     | Kopf  | label        |                |          |
|        | select_one yn      | r1    | Eins  | list-nolabel |                |          |
|        | select_multiple yn | r2    | Zwei  | list         | ${show} = ''   |          |
|        | select_one other   | r3    | Drei  | list-nolabel |                |          |
|        | select_one yn      | r4    | Vier  | list-nolabel |                |          |
|        | select_one yn      | last  | Kopf  | label        |                |          |
|        | select_one yn      | r5    | Fünf  | list-nolabel |                |          |
|        | select_one yn      | plain | Frei  |              |                |          |
|        | end_group          |       |       |              |                |          |
| choices |
|         | list_name | name | label |
|         | yn        | y    | Ja    |
|         | yn        | n    | Nein  |
|         | other     | x    | X     |
|         | other     | y    | Y     |
"""
TWINS = """
| survey |
|        | type          | name | label | appearance   |
|        | begin_group   | g    | G     | field-list   |
|        | select_one s  | s    | Schule | autocomplete |
|        | end_group     |      |       |              |
| choices |
|         | list_name | name | label       |
|         | s         | a    | Waldschule  |
|         | s         | b    | waldschule  |
|         | s         | c    | Parkschule  |
|         | s         | Berg | a           |
"""


@pytest.fixture(scope="module")
def every() -> Form:
    return every_form()


@pytest.fixture(scope="module")
def twins() -> Form:
    return form_from(TWINS)


def test_many__one_unknown_value_leaves_the_other_ticks(every: Form) -> None:
    field = opened(filling_of(every), many=["selm", "nowhere", "kamen"])["q-g-many"]

    assert field.process_errors == [MESSAGES["option"]]
    assert [choice.value for choice, chosen in field.options() if chosen] == ["selm", "kamen"]


def test_button__that_was_chosen_can_be_taken_back_unless_an_answer_is_needed(every: Form) -> None:
    kept = {"/data/g/one": "yes", "/data/g/many": "selm"}
    form = opened(filling_of(every, kept))

    assert form["q-g-one"].can_take_back
    assert not form["q-g-many"].can_take_back
    assert not form["q-g-side"].can_take_back
    form["q-g-one"].required = True
    assert not form["q-g-one"].can_take_back


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("like", "likert"),
        ("cols", "columns n2"),
        ("cols3", "columns n3"),
        ("pack", "packed"),
        ("side", "packed"),
        ("one", ""),
    ],
)
def test_layout__is_what_the_author_asked_for(every: Form, name: str, layout: str) -> None:
    assert opened(filling_of(every))[f"q-g-{name}"].layout == layout


@pytest.mark.parametrize(
    ("appearance", "layout"),
    [
        ("columns-99", "columns n6"),
        ("columns-0", "columns n1"),
        ("columns-x", ""),
        ("compact-4", "columns n4"),
        ("quickcompact", "packed"),
        ("image-map", ""),
        ("columns-١", ""),
    ],
)
def test_layout__survives_any_appearance(appearance: str, layout: str) -> None:
    form = form_from(f"""
| survey |
| | type          | name | label | appearance   |
| | begin_group   | g    | G     | field-list   |
| | select_one s  | s    | S     | {appearance} |
| | end_group     |      |       |              |
| choices |
| | list_name | name | label |
| | s         | a    | A     |
""")

    assert opened(filling_of(form))["q-g-s"].layout == layout


@pytest.mark.parametrize(
    ("number", "appearance", "kind"),
    [(100, "", "select_one"), (101, "", "minimal"), (101, "columns-3", "select_one")],
)
def test_button__of_very_many_become_a_list_unless_they_are_asked_for(
    number: int, appearance: str, kind: str
) -> None:
    options = "\n".join(f"| | s | v{index} | L{index} |" for index in range(number))
    form = form_from(f"""
| survey |
| | type         | name | label | appearance   |
| | begin_group  | g    | G     | field-list   |
| | select_one s | s    | S     | {appearance} |
| | end_group    |      |       |              |
| choices |
| | list_name | name | label |
{options}
""")
    field = opened(filling_of(form), s="v99")["q-g-s"]

    assert (field.type, question_text(field)) == (kind, "v99")


# -- suggestions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Parkschule", " PARKSCHULE ", "c", "Ｐarkschule"])
def test_suggest__takes_the_label_or_the_value(twins: Form, typed: str) -> None:
    assert question_text(opened(filling_of(twins), s=typed)["q-g-s"]) == "c"


def test_suggest__tells_equal_labels_apart(twins: Form) -> None:
    form = opened(filling_of(twins), s="Waldschule (b)")

    assert [name for name, _ in form["q-g-s"].named()] == [
        "Waldschule (a)",
        "waldschule (b)",
        "Parkschule",
        "a",
    ]
    assert question_text(form["q-g-s"]) == "b"
    assert opened(filling_of(twins), s="waldschule").validate() is False


def test_suggest__a_label_goes_before_another_ones_value(twins: Form) -> None:
    assert question_text(opened(filling_of(twins), s="a")["q-g-s"]) == "Berg"


def test_suggest__says_what_is_not_on_the_list_and_keeps_it(twins: Form) -> None:
    field = opened(filling_of(twins), s="Bergschule")["q-g-s"]

    assert field.process_errors == ["„Bergschule“ steht nicht auf der Liste."]
    assert (field.typed, question_text(field)) == ("Bergschule", "")


# -- an order --------------------------------------------------------------------------------------


def places(field: Any) -> list[int]:
    return [place for _, place in field.options()]


def test_rank__the_last_one_without_a_number_takes_the_place_that_is_left(every: Form) -> None:
    field = opened(filling_of(every), order=["4:selm", "1:unna", "2:kamen", ""])["q-g-order"]

    assert question_text(field) == "unna kamen luenen selm"
    assert places(field) == [4, 1, 3, 2]


def test_rank__asks_for_the_numbers_that_are_missing_and_keeps_the_others(every: Form) -> None:
    field = opened(filling_of(every), order=["4:selm", "1:unna", "", ""])["q-g-order"]

    assert field.process_errors == [MESSAGES["rank"]]
    assert places(field) == [4, 1, 0, 0]


def test_rank__names_the_two_that_have_one_number(every: Form) -> None:
    sent = ["2:selm", "1:unna", "2:luenen", "3:kamen"]
    field = opened(filling_of(every), order=sent)["q-g-order"]

    assert field.process_errors == ["„Selm“ und „Lünen“ haben beide die Nummer 2."]
    assert places(field) == [2, 1, 2, 3]
    assert question_text(field) == ""


@pytest.mark.parametrize("odd", ["9:selm", "0:selm", "x", "1:nowhere", ":", "1", "١:selm"])
def test_rank__a_number_of_nothing_is_refused_and_the_others_stay(every: Form, odd: str) -> None:
    field = opened(filling_of(every), order=["2:unna", odd])["q-g-order"]

    assert field.process_errors == [MESSAGES["option"]]
    assert places(field) == [0, 2, 0, 0]


# -- tables ----------------------------------------------------------------------------------------


def drawn(form: Any) -> list[tuple[str, list[str]]]:
    return [
        (block.field.question.name, [row.question.name for row in block.rows])
        for block in form.blocks()
    ]


def test_blocks__rows_with_the_choices_of_the_head_are_one_table() -> None:
    form = opened(filling_of(form_from(HEADS)))

    assert drawn(form) == [
        ("show", []),
        ("alone", []),
        ("t", []),
        ("h", ["r1", "r2"]),
        ("r3", []),
        ("r4", []),
        ("last", ["r5"]),
        ("plain", []),
    ]


def test_blocks__a_row_that_is_not_asked_now_is_left_out() -> None:
    form = opened(filling_of(form_from(HEADS), {"/data/g/show": "ja"}))

    assert ("h", ["r1"]) in drawn(form)


def test_blocks__no_question_gets_lost(every: Form) -> None:
    form = opened(filling_of(every))
    names = [name for field, rows in drawn(form) for name in (field, *rows)]

    assert names == [field.question.name for field in form.questions()]
