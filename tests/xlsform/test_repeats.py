"""Groups that repeat: growing, numbering, counting, the way through them, and their record."""

# ruff: noqa: E501 -- questionnaires are wide tables

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xlsform.builders import filling_of, form_from
from xlsform.filling import Filling, InstanceError, TooMany, read_instance
from xlsform.slots import MOST_INSTANCES
from xlsform.xpath import compile_expression

FAMILY = form_from("""
| survey |
|        | type         | name     | label         | relevant     | calculation   | repeat_count | default |
|        | text         | who      | Wer           |              |               |              |         |
|        | integer      | flats    | Wohnungen     |              |               |              |         |
|        | begin_repeat | child    | Kind          | ${who} != '' |               |              |         |
|        | text         | name     | Name          |              |               |              | Kim     |
|        | integer      | age      | Wie alt ist ${name}? |       |               |              |         |
|        | begin_repeat | toy      | Spielzeug     |              |               | 2            |         |
|        | text         | thing    | Was           |              |               |              |         |
|        | calculate    | place    |               |              | position(..)  |              |         |
|        | end_repeat   |          |               |              |               |              |         |
|        | text         | school   | Schule        | ${age} > 5   |               |              |         |
|        | end_repeat   |          |               |              |               |              |         |
|        | calculate    | years    |               |              | sum(${age})   |              |         |
|        | begin_repeat | flat     | Wohnung       |              |               | ${flats}     |         |
|        | date         | since    | Seit          |              |               |              | today() |
|        | end_repeat   |          |               |              |               |              |         |
""")
CHILD, FLAT = "/data/child", "/data/flat"


def family(**answers: str) -> Filling:
    filling = filling_of(FAMILY)
    write(filling, {f"/data/{name}": text for name, text in answers.items()})
    return filling


def write(filling: Filling, answers: Mapping[str, str]) -> None:
    for path, text in answers.items():
        filling.set(path, text)
    filling.recalculate()


def names(filling: Filling) -> list[str]:
    return [page.name for page in filling.path()]


def test_path__goes_through_each_instance_and_then_lists_them() -> None:
    assert names(family()) == ["/data/who"]
    filling = family(who="Mina")
    assert names(filling) == [
        "/data/who",
        "/data/child[1]/name",
        "/data/child[1]/toy[1]",
        "/data/child[1]/toy[2]",
        CHILD,
    ]
    write(filling, {"/data/child[1]/age": "7"})
    assert names(filling)[-2:] == ["/data/child[1]/school", CHILD]


def test_path__knows_the_repeat_of_the_page_that_lists() -> None:
    page = family(who="Mina").path()[-1]
    assert page.repeated is not None
    assert page.title("") == "Kind"
    assert [page.repeated for page in family(flats="1").path()] == [None, None]


def test_add__makes_an_instance_with_its_defaults() -> None:
    filling = family(who="Mina")
    assert filling.add(CHILD) == "/data/child[2]"
    assert filling.text("/data/child[2]/name") == "Kim"
    assert filling.instances("/data/child[2]/toy") == [f"/data/child[2]/toy[{n}]" for n in (1, 2)]
    assert filling.instances(CHILD) == ["/data/child[1]", "/data/child[2]"]


def test_add__calculations_see_every_instance_and_each_its_own() -> None:
    filling = family(who="Mina")
    filling.add(CHILD)
    write(filling, {"/data/child[1]/age": "3", "/data/child[2]/age": "12"})
    assert filling.text("/data/years") == "15"
    assert filling.text("/data/child[2]/toy[2]/place") == "2"
    assert filling.is_relevant("/data/child[2]/school")
    assert not filling.is_relevant("/data/child[1]/school")


def test_label__speaks_of_its_own_instance() -> None:
    filling = family(who="Mina")
    filling.add(CHILD)
    write(filling, {"/data/child[1]/name": "Ada", "/data/child[2]/name": "Bo"})
    asked = [question for page in filling.path() for question in page.questions]
    labels = [question.label("", filling) for question in asked if question.name == "age"]
    assert labels == ["Wie alt ist Ada?", "Wie alt ist Bo?"]


def test_title__of_the_list_is_that_of_an_instance_to_come() -> None:
    filling = filling_of(FAMILY)
    write(filling, {"/data/who": "Mina"})
    page = filling.path()[-1]
    assert page.name == CHILD
    context = filling.context(CHILD)
    assert compile_expression("position(.)").number(context) == 2
    assert compile_expression("count(following-sibling::*)").number(context) == 0


def test_remove__those_behind_move_up() -> None:
    filling = family(who="Mina")
    filling.add(CHILD)
    filling.add(CHILD)
    write(filling, {f"/data/child[{n}]/toy[1]/thing": f"Ball {n}" for n in (1, 2, 3)})
    filling.remove("/data/child[2]")
    assert filling.instances(CHILD) == ["/data/child[1]", "/data/child[2]"]
    assert filling.text("/data/child[2]/toy[1]/thing") == "Ball 3"


def test_remove__the_last_one_leaves_the_list_and_it_stays_empty() -> None:
    filling = family(who="Mina")
    filling.remove("/data/child[1]")
    assert names(filling) == ["/data/who", CHILD]
    again = filling_of(FAMILY, filling.answers)
    assert again.instances(CHILD) == []
    assert again.instance_xml() == filling.instance_xml()


@pytest.mark.parametrize("path", ["/data/who", "/data/child[7]", "/data/nothing"])
def test_remove__only_what_is_an_instance(path: str) -> None:
    with pytest.raises(KeyError):
        family(who="Mina").remove(path)


def test_count__the_form_decides_how_many() -> None:
    filling = family(flats="2")
    assert names(filling) == ["/data/who", "/data/flat[1]", "/data/flat[2]"]
    assert filling.text("/data/flat[2]/since") == "2026-03-01"


def test_count__who_corrects_it_back_finds_what_she_wrote() -> None:
    filling = family(flats="2")
    write(filling, {"/data/flat[2]/since": "2020-01-31", "/data/flats": "1"})
    assert filling.instances(FLAT) == ["/data/flat[1]"]
    assert "2020-01-31" not in filling.instance_xml()
    again = filling_of(FAMILY, filling.answers)
    write(again, {"/data/flats": "2"})
    assert again.text("/data/flat[2]/since") == "2020-01-31"
    assert again.is_relevant("/data/flat[2]/since")


@pytest.mark.parametrize("number", ["1000000", "-3", ""])
def test_count__no_number_makes_more_than_can_be_kept(number: str) -> None:
    counted = len(family(flats=number).instances(FLAT))
    assert counted == (MOST_INSTANCES if number == "1000000" else 0)


def test_add__refuses_more_than_can_be_kept() -> None:
    filling = filling_of(FAMILY, {CHILD: str(MOST_INSTANCES)})
    with pytest.raises(TooMany, match="'/data/child' repeats more often"):
        filling.add(CHILD)


def test_instance_xml__writes_every_instance_also_an_empty_one() -> None:
    filling = family(flats="1", who="Mina")
    write(filling, {"/data/flat[1]/since": ""})
    kept = filling.instance_xml(keep=lambda question: question.name in {"thing", "since"})
    assert "<child><toy><thing/></toy><toy><thing/></toy></child><flat><since/></flat>" in kept
    none = filling.instance_xml(keep=lambda _question: False)
    assert "<child><toy></toy><toy></toy></child><flat></flat>" in none


def test_read_instance__counts_what_is_there() -> None:
    xml = '<data id="probe"><child><toy/></child><child><age>3</age></child></data>'
    assert read_instance(FAMILY, xml) == {
        CHILD: "2",
        FLAT: "0",
        "/data/child[1]/toy": "1",
        "/data/child[2]/toy": "0",
        "/data/child[2]/age": "3",
    }


def test_read_instance__passes_over_the_template_of_another_client() -> None:
    xml = (
        '<data id="probe" xmlns:jr="http://openrosa.org/javarosa"><child jr:template=""><age/>'
        "</child></data>"
    )
    assert read_instance(FAMILY, xml) == {CHILD: "0", FLAT: "0"}


def test_read_instance__an_instance_may_hold_nothing() -> None:
    form = form_from(
        "| survey |\n| | type | name | label |\n| | begin_repeat | r | R |\n| | end_repeat | | |"
    )
    xml = filling_of(form).instance_xml()
    assert read_instance(form, xml) == {"/data/r": "1"}


def test_read_instance__refuses_more_than_can_be_kept() -> None:
    many = "<flat/>" * (MOST_INSTANCES + 1)
    with pytest.raises(InstanceError, match="'/data/flat' repeats more often"):
        read_instance(FAMILY, f'<data id="probe">{many}</data>')


def test_count__may_ask_in_the_last_instance_for_one_more() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type           | name  | label | calculation | repeat_count |
|        | calculate      | there |       | count(${child}) | |
|        | calculate      | many  |       | if(${there} = 0, 1, if(indexed-repeat(${more}, ${child}, ${there}) = 'yes', ${there} + 1, ${there})) | |
|        | begin_repeat   | child | Kind  |             | ${many}      |
|        | text           | name  | Name  |             |              |
|        | select_one yn  | more  | Noch eins? |        |              |
|        | end_repeat     |       |       |             |              |
| choices |
|         | list_name | name | label |
|         | yn        | yes  | Ja    |
|         | yn        | no   | Nein  |
""")
    )
    assert len(filling.instances(CHILD)) == 1
    write(filling, {"/data/child[1]/more": "yes"})
    assert len(filling.instances(CHILD)) == 2
    write(filling, {"/data/child[2]/more": "no"})
    assert len(filling.instances(CHILD)) == 2
    assert filling.text("/data/there") == "2"


def test_compile_form__a_total_may_build_on_the_instance_before() -> None:
    filling = filling_of(
        form_from("""
| survey |
|        | type         | name  | label | calculation |
|        | begin_repeat | r     | R     |             |
|        | integer      | n     | N     |             |
|        | calculate    | total |       | ${n} + coalesce(indexed-repeat(${total}, ${r}, position(..) - 1), 0) |
|        | end_repeat   |       |       |             |
""")
    )
    filling.add("/data/r")
    filling.add("/data/r")
    write(filling, {f"/data/r[{n}]/n": str(n) for n in (1, 2, 3)})
    assert [filling.text(f"/data/r[{n}]/total") for n in (1, 2, 3)] == ["1", "3", "6"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 4)),
        st.tuples(st.just("remove"), st.integers(1, 4)),
        st.tuples(st.just("write"), st.integers(1, 4)),
        st.tuples(st.just("flats"), st.integers(0, 4)),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_filling__whatever_is_added_and_removed_comes_back_from_answers_and_record(
    steps: list[tuple[str, int]],
) -> None:
    filling = family(who="Mina")
    for kind, number in steps:
        here = filling.instances(CHILD)
        if kind == "add":
            filling.add(CHILD)
        elif kind == "flats":
            write(filling, {"/data/flats": str(number)})
        elif number <= len(here):
            if kind == "remove":
                filling.remove(f"{CHILD}[{number}]")
            else:
                write(filling, {f"{CHILD}[{number}]/age": str(number + len(steps))})
    again = filling_of(FAMILY, filling.answers)
    assert again.answers == filling.answers
    assert names(again) == names(filling)
    assert again.instance_xml() == filling.instance_xml()
    read = filling_of(FAMILY, read_instance(FAMILY, filling.instance_xml()))
    assert read.instance_xml() == filling.instance_xml()
