from typing import Any

import pytest

from exports.anonymise.table import Category, Column, build
from tests.xlsform.builders import form_from

FORM = form_from("""
| survey |
| | type | name | label | bind::z:disclosure | bind::z:bagw | relevant |
| | begin_group | you | Sie | | | |
| | text | name | Ihr Name | identifying | | |
| | text | words | Noch etwas? | free | | |
| | text | slip | Ein Text, falsch markiert | open | | |
| | select_one age | age | Wie alt? | quasi | alter | |
| | select_one town | town | Wo? | table | | |
| | select_one age | unmarked | Ohne Angabe der Art | | | |
| | end_group | | | | | |
| | select_multiple reason | reason | Anlass | sensitive | | |
| | select_one yes_no | court | Klage? | sensitive | | selected(${reason}, 'debts') |
| | integer | children | Kinder | quasi | | |
| | decimal | rent | Miete | sensitive | | |
| | date | moved | Eingezogen | quasi | | |
| | date | notice | Kündigung am | open | | |
| | integer | score | Summe | open | | |

| choices |
| | list_name | name | label |
| | age | a18 | 18 bis 21 Jahre |
| | age | a22 | 22 bis 29 Jahre |
| | age | refused | Keine Angabe |
| | town | unna | Unna |
| | reason | debts | Schulden |
| | reason | violence | Gewalt |
| | reason | refused | Keine Angabe |
| | yes_no | yes | Ja |
| | yes_no | no | Ja |
""")


def column_of(name: str) -> Column:
    return next(column for column in build(FORM, [], "de").columns if column.name == name)


def values(name: str, path: str, *answers: str) -> tuple[Any, ...]:
    return build(FORM, [{path: answer} for answer in answers], "de").values(name)


def test_build__takes_only_what_may_be_published() -> None:
    assert [column.name for column in build(FORM, [], "de").columns] == [
        "age",
        "reason.debts",
        "reason.violence",
        "court",
        "children",
        "rent",
        "moved",
        "score",
    ]


def test_build__no_identifying_or_free_answer_enters_a_row() -> None:
    record = {"/data/you/name": "Kanarienvogel", "/data/you/words": "Kanarienvogel"}
    record |= {"/data/you/slip": "Kanarienvogel", "/data/notice": "2026-01-01"}
    assert set(build(FORM, [record], "de").rows[0]) == {None}


def test_build__text_in_place_of_a_code_becomes_a_blank() -> None:
    assert values("age", "/data/you/age", "a18", "Anna B.", "", "a18 a22") == (
        "a18",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("name", "path", "good", "bad"),
    [
        ("children", "/data/children", "2", "zwei"),
        ("children", "/data/children", "-1", "1e9"),
        ("rent", "/data/rent", "437.5", "437,5"),
        ("rent", "/data/rent", "437", "9" * 30),
        ("moved", "/data/moved", "2026-02-28", "2026-02-30"),
        ("moved", "/data/moved", "2026-02-28", "20260228"),
    ],
)
def test_build__what_is_no_number_or_day_becomes_a_blank(
    name: str, path: str, good: str, bad: str
) -> None:
    assert values(name, path, good, bad) == (good, None)


def test_build__several_answers_become_a_column_each() -> None:
    chosen = ["debts", "violence debts", "violence", "refused", "", "Anna", "refused debts"]
    assert values("reason.debts", "/data/reason", *chosen) == (
        "1",
        "1",
        "0",
        "refused",
        None,
        None,
        "1",
    )


def test_build__a_column_carries_what_the_codebook_needs() -> None:
    age = column_of("age")
    assert (age.label, age.kind, age.role, age.bagw) == ("Wie alt?", "select_one", "quasi", "alter")
    assert age.codes == {"a18", "a22", "refused"}
    assert age.missing == {"refused"}
    assert age.path == "/data/you/age"


def test_build__says_who_was_asked() -> None:
    assert column_of("court").asked_if == "selected(reason, 'debts')"
    assert column_of("age").asked_if == ""


def test_build__choices_that_read_the_same_are_told_apart() -> None:
    assert [item.label for item in column_of("court").categories] == ["Ja (yes)", "Ja (no)"]


def test_build__extra_columns_stand_first() -> None:
    part = Column("part", "Teil", "select_one", "quasi", (Category("north", "Norden"),))
    table = build(FORM, [{}, {}], "de", [(part, ["north", None])])
    assert table.values("part") == ("north", None)
    assert table.columns[0] is part


def test_build__extra_columns_must_fit() -> None:
    part = Column("part", "Teil", "select_one", "quasi")
    with pytest.raises(ValueError, match="'part' has 1 values for 2"):
        build(FORM, [{}, {}], "de", [(part, ["north"])])


def test_build__a_repeated_name_gets_its_group() -> None:
    form = form_from("""
| survey |
| | type | name | label | bind::z:disclosure |
| | begin_group | before | Früher | |
| | select_one yes_no | flat | Wohnung? | open |
| | end_group | | | |
| | begin_group | now | Heute | |
| | select_one yes_no | flat | Wohnung? | open |
| | end_group | | | |
| choices |
| | list_name | name | label |
| | yes_no | yes | Ja |
""")
    names = [column.name for column in build(form, [], "de").columns]
    assert names == ["data.before.flat", "data.now.flat"]


def test_build__what_a_group_that_repeats_asks_is_in_no_column() -> None:
    form = form_from("""
| survey |
| | type         | name  | label  | bind::z:disclosure |
| | integer      | rooms | Zimmer | quasi              |
| | begin_repeat | child | Kind   |                    |
| | integer      | age   | Alter  | quasi              |
| | end_repeat   |       |        |                    |
""")
    table = build(form, [{"/data/rooms": "2", "/data/child": "1", "/data/child[1]/age": "7"}], "de")
    assert [column.name for column in table.columns] == ["rooms"]
    assert table.rows == (("2",),)
