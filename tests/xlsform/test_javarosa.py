"""The oracle itself: JavaRosa answers, also after a question it cannot answer."""

from collections.abc import Sequence

import pytest

from tests.support.javarosa import JavaRosa, JavaRosaError
from tests.xlsform.builders import workbook_from
from xlsform.source import convert

KIDS = """
| survey |
|  | type         | name  | label | relevant    | constraint | required | calculation   | readonly |
|  | integer      | age   | Age   |             | . >= 18    | yes      |               |          |
|  | text         | more  | More  | ${age} > 30 |            |          |               |          |
|  | select_one a | one   | One   |             |            |          |               |          |
|  | begin_repeat | kid   | Kid   | ${age} > 20 |            |          |               |          |
|  | text         | name  | Name  |             |            |          |               |          |
|  | end_repeat   |       |       |             |            |          |               |          |
|  | calculate    | many  |       |             |            |          | count(${kid}) |          |
|  | text         | fixed | Fixed |             |            |          |               | yes      |
| choices |
|  | list_name | name | label |
|  | a         | x    | X     |
"""


@pytest.fixture
def kids(javarosa: JavaRosa) -> JavaRosa:
    javarosa.load(convert(workbook_from(KIDS)).xml)
    return javarosa


def test_evaluate__answers_in_each_kind(kids: JavaRosa) -> None:
    expressions = ["1 + 1", "'a'", "1 = 1", "date('2026-03-01')", "/data/kid/name", "date('x')"]
    answers = kids.evaluate("/data/age", [*expressions, "count-selected(1)", "1 +"])

    kinds = ["number", "string", "boolean", "date", "nodes", "refused", "crashed", "refused"]
    assert [answer["kind"] for answer in answers] == kinds
    assert answers[0]["text"] == "2.0"
    assert answers[3] == {"kind": "date", "text": "2026-03-01", "at": 1772319600000}


def test_evaluate__knows_in_which_repeat_it_stands(kids: JavaRosa) -> None:
    kids.fill([["set", "/data/age", "30"], ["add", "/data/kid"]])
    kids.fill([["set", "/data/kid[2]/name", "Bo"]])

    assert kids.evaluate("/data/kid[2]/name", ["."])[0]["texts"] == ["Bo"]
    assert kids.evaluate("/data/kid[1]/name", ["../../kid/name"])[0]["texts"] == ["", "Bo"]


@pytest.mark.parametrize(
    ("steps", "became"),
    [
        ([["set", "/data/age", "17"]], ["constraint"]),
        ([["set", "/data/age", ""]], ["required"]),
        ([["set", "/data/more", "x"]], ["irrelevant"]),
        ([["set", "/data/many", "x"], ["set", "/data/nothing", "x"]], ["missing", "missing"]),
        ([["set", "/data/fixed", "x"]], ["readonly"]),
        ([["add", "/data/kid"], ["add", "/data/age"]], ["irrelevant", "missing"]),
        (
            [["set", "/data/age", "30"], ["add", "/data/kid"], ["remove", "/data/kid[1]"]],
            ["ok"] * 3,
        ),
        ([["remove", "/data/kid[5]"]], ["missing"]),
    ],
)
def test_fill__says_what_became_of_each_step(
    kids: JavaRosa, steps: Sequence[Sequence[str]], became: list[str]
) -> None:
    assert kids.fill(steps)["steps"] == became


def test_fill__gives_the_record_as_it_would_be_sent(kids: JavaRosa) -> None:
    steps = [["set", "/data/age", "25"], ["set", "/data/one", "x"], ["add", "/data/kid"]]
    filled = kids.fill([*steps, ["set", "/data/kid[1]/name", "Ada"], ["remove", "/data/kid[2]"]])

    assert filled["valid"] == "ok"
    assert "<age>25</age><one>x</one><kid><name>Ada</name></kid><many>1</many>" in filled["xml"]
    assert "<more" not in filled["xml"]


def test_fill__names_the_question_that_does_not_hold(kids: JavaRosa) -> None:
    assert kids.fill([])["valid"] == "required /data/age[1]"


def test_load__takes_the_files_a_form_comes_with(javarosa: JavaRosa) -> None:
    table = """
| survey |
|  | type                           | name | label | calculation                             |
|  | select_one_from_file towns.csv | town | Town  |                                         |
|  | calculate                      | full |       | instance('towns')/root/item[name='b']/x |
"""
    towns = "name,label,x\na,Selm,1\nb,Unna,2\n"
    javarosa.load(convert(workbook_from(table)).xml, {"towns.csv": towns})

    filled = javarosa.fill([["set", "/data/town", "a"]])

    assert "<town>a</town><full>2</full>" in filled["xml"]


def test_ask__lives_on_after_an_error(kids: JavaRosa) -> None:
    with pytest.raises(JavaRosaError, match="Nothing known to do"):
        kids.ask("dance")
    with pytest.raises(JavaRosaError):
        kids.load("<nonsense/>")

    assert kids.evaluate("/data/age", ["1"])[0]["text"] == "1.0"


def test_clock__sets_what_now_gives(kids: JavaRosa) -> None:
    kids.set_clock("Europe/Berlin", 1_772_362_800)  # others may have set another
    assert kids.evaluate("/data/age", ["now()"])[0]["at"] == 1_772_362_800_000
