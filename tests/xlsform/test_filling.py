"""A filling draws the conclusions from answers."""

from datetime import UTC, datetime

import pytest

from tests.xlsform.builders import (
    AGE,
    HOUSING,
    NOON,
    PART,
    PARTNER,
    RENT,
    TOWN,
    answered,
    filled,
    filling_of,
    form_from,
)
from xlsform.filling import Filling
from xlsform.form import Form


@pytest.fixture(scope="module")
def housing() -> Form:
    return form_from(HOUSING)


def test_filling__starts_with_fixed_and_worked_out_defaults(housing: Form) -> None:
    assert filling_of(housing).answers == {"/data/since": "2026-03-01", "/data/country": "de"}


def test_filling__today_is_the_day_where_the_reader_lives(housing: Form) -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)

    assert filling_of(housing, now=late).text("/data/since") == "2026-03-01"
    assert Filling(housing, now=lambda: NOON, zone=UTC).text("/data/since") == "2026-03-01"


def test_filling__taken_up_again_brings_no_default_back(housing: Form) -> None:
    emptied = answered(housing, country="", since="")

    assert filling_of(housing, emptied.answers).text("/data/country") == ""
    assert filling_of(housing, {AGE: "20"}).text("/data/since") == ""


def test_filling__a_default_may_build_on_another_and_on_a_calculation() -> None:
    filling = filled("""
| survey |
|        | type      | name | label | default   | calculation |
|        | integer   | a    | A     | 4         |             |
|        | calculate | b    |       |           | ${a} + 1    |
|        | text      | c    | C     | ${b} * 10 |             |
|        | text      | d    | D     | concat(${c}, '!') |     |
""")

    assert filling.answers == {"/data/a": "4", "/data/b": "5", "/data/c": "50", "/data/d": "50!"}


def test_answers__survive_being_no_longer_relevant(housing: Form) -> None:
    filling = answered(housing, age="40", partner="Kim")
    filling.set(AGE, "20")
    filling.recalculate()

    assert not filling.is_relevant(PARTNER)
    assert filling.answers[PARTNER] == "Kim"
    assert "Kim" not in filling.instance_xml()


def test_is_relevant__a_group_takes_its_questions_along_and_back(housing: Form) -> None:
    filling = filling_of(housing)
    assert not filling.is_relevant(RENT)
    assert not filling.is_relevant(TOWN)

    filling.set(AGE, "20")
    filling.recalculate()

    assert filling.is_relevant(RENT)
    assert not filling.is_relevant(TOWN)


def test_recalculate__what_is_not_relevant_counts_as_not_there(housing: Form) -> None:
    filling = answered(housing, age="20", rent="60")
    assert filling.text("/data/twice") == "120"
    assert filling.is_relevant("/data/end")

    filling.set(AGE, "")
    filling.recalculate()

    assert filling.text("/data/twice") == ""
    assert not filling.is_relevant("/data/end")


def test_recalculate__follows_chains_against_the_order_of_the_sheet() -> None:
    filling = filled(
        """
| survey |
|        | type      | name | label | relevant     | calculation |
|        | note      | last | L     | ${second}=3  |             |
|        | calculate | second |     |              | ${first}+1  |
|        | calculate | first  |     |              | ${a}+1      |
|        | integer   | a    | A     |              |             |
""",
        a="1",
    )

    assert filling.is_relevant("/data/last")


def test_recalculate__relative_references_order_too() -> None:
    filling = filled(
        """
| survey |
|        | type      | name  | label | calculation |
|        | calculate | twice |       | ../once * 2 |
|        | calculate | once  |       | ../a + 1    |
|        | integer   | a     | A     |             |
""",
        a="4",
    )

    assert filling.text("/data/twice") == "10"


@pytest.mark.parametrize(
    ("kind", "calculation", "expected"),
    [
        ("integer", "7 div 2", "3"),
        ("integer", "'x'", ""),
        ("decimal", "7 div 2", "3.5"),
        ("decimal", "1 div 0", ""),
        ("text", "1 + 1", "2"),
        ("text", "0.1 + 0.2 - 0.3 = 0", "true"),
        ("date", "today() + 1", "2026-03-02"),
        ("date", "now()", "2026-03-01"),
        ("date", "1000000000 + 1", ""),
        ("text", "1 div 0", ""),
        ("text", "number('x')", ""),
    ],
)
def test_recalculate__writes_values_as_the_type_has_them(
    kind: str, calculation: str, expected: str
) -> None:
    filling = filled(f"""
| survey |
|        | type   | name | label | calculation   |
|        | {kind} | a    | A     | {calculation} |
""")

    assert filling.text("/data/a") == expected


def test_set__normalises_text_and_refuses_unknown_questions(housing: Form) -> None:
    filling = answered(housing, country=" Tu\u0308rkei\r\nAnkara\x00 ")

    assert filling.text("/data/country") == "Türkei\nAnkara"
    with pytest.raises(KeyError):
        filling.set("/data/home", "x")
    with pytest.raises(KeyError):
        filling_of(housing, {"/data/gone": "x"})


def test_path__is_the_pages_that_ask_something_now(housing: Form) -> None:
    assert [page.name for page in filling_of(housing).path()] == ["/data/about", "/data/needs"]
    assert [page.name for page in answered(housing, age="20").path()] == [
        "/data/about",
        "/data/home",
        "/data/needs",
    ]


def test_visible__leaves_out_what_is_not_asked(housing: Form) -> None:
    page = housing.pages[1]

    assert [q.name for q in answered(housing, age="20").visible(page)] == ["part", "rent"]
    assert [q.name for q in answered(housing, age="20", part="north").visible(page)] == [
        "part",
        "town",
        "rent",
    ]


def test_choices__are_those_the_other_answers_let_through(housing: Form) -> None:
    town = housing.questions[TOWN]

    def offered(part: str) -> list[str]:
        filling = answered(housing, age="20", part=part)
        return [choice.label for choice in town.choices(filling, "")]

    assert (offered("north"), offered("south"), offered("")) == (["Selm", "Werne"], ["Unna"], [])
    assert town.static_choices == ("selm", "werne", "unna")
    assert len(town.choices(None, "")) == 3


def test_recalculate__a_choice_no_longer_offered_is_dropped(housing: Form) -> None:
    filling = answered(housing, age="20", part="north", town="selm")
    assert filling.text(TOWN) == "selm"

    filling.set(PART, "south")
    filling.recalculate()

    assert filling.text(TOWN) == ""


def test_choices__the_same_value_under_two_filters_keeps_its_own_label() -> None:
    filling = filled(
        """
| survey |
|        | type         | name | label | choice_filter |
|        | select_one k | k    | K     |               |
|        | select_one v | v    | V     | k = ${k}      |
| choices |
|         | list_name | name  | label     | k |
|         | k         | a     | A         |   |
|         | k         | b     | B         |   |
|         | v         | other | Anderes A | a |
|         | v         | other | Anderes B | b |
| settings |
|          | form_id | allow_choice_duplicates |
|          | probe   | yes                     |
""",
        k="b",
    )
    asked = filling.form.questions["/data/v"]

    assert [choice.label for choice in asked.choices(filling, "")] == ["Anderes B"]
    assert asked.static_choices == ("other",)


def test_recalculate__a_sum_over_all_siblings_does_not_count_itself() -> None:
    filling = filled(
        """
| survey |
|        | type        | name  | label | relevant | calculation             |
|        | begin_group | g     | G     |          |                         |
|        | integer     | a     | A     |          |                         |
|        | integer     | b     | B     | ${a} > 1 |                         |
|        | end_group   |       |       |          |                         |
|        | note        | many  | M     | ${all}>5 |                         |
|        | calculate   | all   |       |          | sum(/data/g/*)          |
|        | calculate   | deep  |       |          | count(/data//b[. > 2])  |
|        | calculate   | other |       |          | count(/data/*[. = 'x']) |
""",
    )
    filling.set("/data/g/a", "2")
    filling.set("/data/g/b", "4")
    filling.recalculate()
    assert [filling.text(f"/data/{name}") for name in ("all", "deep", "other")] == ["6", "1", "0"]
    assert filling.is_relevant("/data/many")

    filling.set("/data/g/a", "1")
    filling.recalculate()
    assert [filling.text(f"/data/{name}") for name in ("all", "deep", "other")] == ["1", "0", "0"]


def test_label__shows_the_name_of_a_choice() -> None:
    filling = filled(
        """
| survey |
|        | type          | name | label        | calculation                  |
|        | select_one k  | k    | K            |                              |
|        | calculate     | name |              | jr:choice-name(${k}, '${k}') |
|        | note          | n    | Sie: ${name} |                              |
| choices |
|         | list_name | name | label::Deutsch (de) |
|         | k         | a    | Anna                |
""",
        k="a",
    )

    assert filling.form.questions["/data/n"].label("", filling) == "Sie: Anna"
