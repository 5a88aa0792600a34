"""What decides about a question: all that its workbook says, wherever it says it."""

# ruff: noqa: E501 -- questionnaires are wide tables

import pytest

from surveys.depending import asks_a_clock, depends_on
from tests.xlsform.builders import form_from
from xlsform.form import Form

FORM = """
| survey |
|        | type          | name  | label | relevant | constraint | required | calculation | default | trigger | choice_filter | read_only |
|        | text          | word  | Word  |          |            |          |             |         |         |               |           |
|        | begin_group   | group | Group | {group}  |            |          |             |         |         |               |           |
|        | select_one yn | asked | Asked | {relevant} | {constraint} | {required} | {calculation} | {default} | {trigger} | {choice_filter} | {read_only} |
|        | end_group     |       |       |          |            |          |             |         |         |               |           |
| choices |
|         | list_name | name | label |
|         | yn        | yes  | Ja    |
|         | yn        | no   | Nein  |
"""
CELLS = (
    *("group", "relevant", "constraint", "required", "calculation", "default", "trigger"),
    *("choice_filter", "read_only"),
)


def form(**cells: str) -> Form:
    return form_from(FORM.format(**(dict.fromkeys(CELLS, "") | cells)))


def names(made: Form) -> list[str]:
    return [one.name for one in depends_on(made, made.questions["/data/group/asked"])]


@pytest.mark.parametrize(
    "cells",
    [
        {"relevant": "${word} = 'a'"},
        {"relevant": "not(contains(../../word, 'a'))"},
        {"relevant": "string-length(/data) > 3"},
        {"relevant": "string-length(//*[1]) > 3"},
        {"group": "${word} != ''"},
        {"constraint": ". = 'yes' or ${word} = ''"},
        {"required": "${word} = 'a'"},
        {"calculation": "if(${word} = 'a', 'yes', 'no')"},
        {"default": "${word}"},
        {"calculation": "'yes'", "trigger": "${word}"},
        {"calculation": "${word}", "trigger": "${asked}"},
        {"choice_filter": "name = ${word}"},
        {"read_only": "${word} = 'a'"},
    ],
)
def test_depends_on__names_what_is_read_wherever_it_stands(cells: dict[str, str]) -> None:
    assert "word" in names(form(**cells))


@pytest.mark.parametrize(
    "cells", [{}, {"constraint": ". != ''"}, {"relevant": "1 = 1"}, {"choice_filter": "name != ''"}]
)
def test_depends_on__nothing_where_nothing_else_is_read(cells: dict[str, str]) -> None:
    assert names(form(**cells)) == []


@pytest.mark.parametrize("clock", ["today()", "now ()", "decimal-date-time(now())"])
def test_asks_a_clock__wherever_it_asks(clock: str) -> None:
    made = form(relevant=f"{clock} != '2026-11-27'")
    assert asks_a_clock(made, made.questions["/data/group/asked"])
    assert not asks_a_clock(made, made.questions["/data/word"])
