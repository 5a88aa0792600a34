"""Functions that no recording covers."""

import math
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from nacl.signing import SigningKey

from xlsform.tree import Node, parse
from xlsform.values import Moment, NodeSet, Value, to_string
from xlsform.xpath import Context, Environment, ExpressionError, Instances, compile_expression
from xlsform.xpath.functions import FUNCTIONS

NOON = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
FRUIT = """
<root>
  <item><key>a</key><label>Apple</label></item>
  <item><key>b</key><label>Banana</label></item>
</root>
"""
Evaluate = Callable[[str], Value]
SIGNER = SigningKey(bytes(32))
SIGNED = b64encode(SIGNER.sign("Grüße".encode())).decode()
KEY = b64encode(bytes(SIGNER.verify_key)).decode()
# Every function of the ODK XForms specification, and those of JavaRosa and Collect besides.
SPECIFIED = """
string concat join substr substring-before substring-after translate string-length normalize-space
contains starts-with ends-with uuid digest pulldata if coalesce once true false boolean
boolean-from-string not regex checklist weighted-checklist number random int sum max min round pow
log log10 abs sin cos tan asin acos atan atan2 sqrt exp exp10 pi count count-non-empty position
instance current randomize today now format-date format-date-time date decimal-date-time
decimal-time selected selected-at count-selected jr:choice-name jr:itext indexed-repeat area
distance base64-decode
date-time depend enclosed-area extract-signed geofence intersects is-selected property version
"""


@pytest.fixture
def form() -> Node:
    return parse(
        "<data><a>1</a><b>2</b><c/><at>06:30:00</at>"
        "<r><n>1</n></r><r><n>2</n></r><r><n/></r></data>"
    )


@pytest.fixture
def evaluate(form: Node) -> Evaluate:
    form.children[0].named("at")[0].type = "time"
    for node in form.descendants():
        if node.name in {"a", "b", "c", "n"}:
            node.type = "int"
    environment = Environment(
        root=form,
        instances={"fruit": parse(FRUIT)},
        now=lambda: NOON,
        zone=ZoneInfo("America/Phoenix"),
        itext=lambda key: f"text of {key}",
        fact=lambda name: f"the {name}",
        choice_name=lambda value, question: f"{value} in {question}",
        seed=42,
    )
    context = Context(form, environment)
    return lambda expression: compile_expression(expression).evaluate(context)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("now()", "2026-11-22T05:30:00.000-07:00"),
        ("today()", "2026-11-22"),
        ("date-time(now())", "2026-11-22"),
        ("today() - 1 < today()", "true"),
        ("decimal-time(now())", "0.22916666666666666"),
        ("decimal-time(/data/at)", "0.2708333333333333"),
        ("format-date-time(now(), '%d.%m.%y %H:%M')", "22.11.26 05:30"),
        ("format-date(/data/nothing, '%Y')", ""),
        ("position(/data/nothing)", "0"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("substring('12345', 2, 3)", "234"),
        ("1 div 1000000", "0.000001"),
        ("3000000000", "3000000000"),
        ("max(/data/a, /data/c)", "1"),
        ("min(/data/r/n)", "1"),
        ("max(/data/nothing)", "NaN"),
        ("count(/data/r)", "3"),
        ("count-non-empty(/data/r/n)", "2"),
        ("sum(/data/r[n != '']/n)", "3"),
        ("join('-', /data/r/n, 'x')", "1-2--x"),
        ("concat(/data/r/n)", "12"),
        ("position(/data/r[2])", "2"),
        ("count(/data/r[position() = 2])", "1"),
        ("position()", "1"),
        ("indexed-repeat(/data/r/n, /data/r, 2)", "2"),
        ("indexed-repeat(/data/r/n, /data/r, 4)", ""),
        ("checklist(1, 2, /data/r/n)", "true"),
        ("weighted-checklist(3, 3, /data/r/n, /data/r/n)", "true"),
        ("coalesce(/data/c, /data/b)", "2"),
        ("jr:itext('x')", "text of x"),
        ("jr:choice-name('a', ' /data/q ')", "a in /data/q"),
        ("pulldata('fruit', 'label', 'key', 'b')", "Banana"),
        ("pulldata('fruit', 'label', 'key', 'c')", ""),
        ("name(/data/a)", "a"),
        ("local-name(/data/nothing)", ""),
        ("string-length(uuid())", "36"),
        ("string-length(uuid(12))", "12"),
        ("random() < 1", "true"),
        ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true"),
        ("geofence('0.5 1.5', '0 0;0 1;1 1;1 0;0 0')", "false"),
        ("round(distance('0 0', '0 1'))", "111319"),
        ("area('0 0;0 1')", "0"),
        ("intersects('0 0;0 1;1 1;1 0;0 0')", "false"),
        ("intersects('0 0;1 1;0 1;1 0')", "true"),
        ("intersects('0 0;0 2;0 1')", "true"),  # back over the line just drawn
        ("intersects('0 0;0 1;0 2')", "false"),
        ("intersects('0 0;0 1;0 0')", "true"),
        ("intersects('0 0;0 0;0 1')", "false"),
        ("intersects('0 0;2 0;2 2;1 0')", "true"),  # ends on an earlier line
        ("intersects('')", "false"),
        ("version()", ""),
        ("property('deviceid')", "the deviceid"),
        ("is-selected('a b', 'b')", "true"),
        ("depend(/data/a, /data/b)", "1"),
        (f"extract-signed('{SIGNED}', '{KEY}')", "Grüße"),
        (f"extract-signed('{SIGNED[:-8]}AAAAAAA=', '{KEY}')", ""),
        (f"extract-signed('{SIGNED}', 'AAAA')", ""),
        ("extract-signed('#', '#')", ""),
        ("sum(/data/nothing)", "0"),
        ("number('9" + "9" * 400 + "')", "Infinity"),
    ],
)
def test_function__answers(evaluate: Evaluate, expression: str, expected: str) -> None:
    assert to_string(evaluate(expression)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "digest('a', 'MD4')",
        "digest('a', 'MD5', 'octal')",
        "uuid(100000)",
        "date(99999999999)",
        "date-time(1 div 0)",
        "area('x')",
        "distance('91 0', '0 0')",
        "intersects('x')",
        "weighted-checklist(1, 2, 3)",
        "pulldata('nowhere', 'label', 'key', 'b')",
        "count(if(true(), 1, /data/a))",
        "date('0000-01-01')",
        "decimal-time('23:59:00.000-07:60')",
        "date-time('2012-01-01T10:00:00+01:60')",
        "indexed-repeat(/data/r/n, /data/r, 1, /data/r)",
        "indexed-repeat(/data/r[1]/n, /data/r, 1)",
    ],
)
def test_function__refuses(evaluate: Evaluate, expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression)


def test_functions__are_all_those_of_the_specification() -> None:
    assert set(SPECIFIED.split()) - set(FUNCTIONS) == set()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_function__refuses_a_wrong_number_of_arguments_and_says_where(name: str) -> None:
    function = FUNCTIONS[name]
    wrong = [count for count in (function.least - 1, function.most + 1) if 0 <= count < 99]

    for count in wrong:
        with pytest.raises(ExpressionError) as caught:
            compile_expression(f"1 + {name}({', '.join(['1'] * int(count))})")
        assert caught.value.position == 4
    assert wrong or (function.least, function.most) == (0, math.inf)


@pytest.mark.parametrize(("key", "expected"), [("b", "Banana"), ("c", ""), ("", "")])
def test_pulldata__finds_the_same_row_with_a_table(form: Node, key: str, expected: str) -> None:
    documents = {"fruit": parse(FRUIT)}
    expression = compile_expression(f"pulldata('fruit', 'label', 'key', '{key}')")

    for instances in (documents, Instances(documents)):
        assert expression.string(Context(form, Environment(form, instances))) == expected


def test_pulldata__makes_no_table_of_a_column_that_is_not_there(form: Node) -> None:
    instances = Instances({"fruit": parse(FRUIT), "none": parse("<root/>")})
    context = Context(form, Environment(form, instances))

    for name in ("fruit", "none"):
        expression = compile_expression(f"pulldata('{name}', 'label', 'colour', 'red')")
        assert expression.string(context) == ""


def test_now__keeps_the_whole_stamp_for_a_date_time_answer(evaluate: Evaluate) -> None:
    found = evaluate("date-time(now())")

    assert isinstance(found, Moment)
    assert found.stamp == "2026-11-22T05:30:00.000-07:00"


def test_randomize__is_the_same_shuffle_for_the_same_seed(evaluate: Evaluate) -> None:
    def shuffled(expression: str) -> list[str]:
        found = evaluate(expression)
        assert isinstance(found, NodeSet)
        return [node.name for node in found]

    assert shuffled("randomize(/data/*)") == shuffled("randomize(/data/*, 42)")
    assert sorted(shuffled("randomize(/data/*, 'seed')")) == ["a", "at", "b", "c", "r", "r", "r"]
    assert shuffled("randomize(/data/*, 1)") != shuffled("randomize(/data/*, 2)")


def test_once__keeps_the_answer_that_is_there(form: Node) -> None:
    expression = compile_expression("once(1 + 1)")
    data = form.children[0]

    assert expression.string(Context(data.named("c")[0], Environment(form))) == "2"
    assert expression.string(Context(data.named("a")[0], Environment(form))) == "1"
