"""Expressions: syntax, paths, operators, limits, what they read."""

from datetime import UTC, datetime

import pytest

from xlsform.tree import Node, parse
from xlsform.values import NodeSet, Value
from xlsform.xpath import Context, Environment, ExpressionError, compile_expression

FORM = """
<data>
  <age>25</age><none/><born>1990-05-01</born>
  <kid><name>Ada</name><age>3</age></kid>
  <kid><name>Bo</name><age/></kid>
  <hidden><inner>x</inner></hidden>
  <orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:id>7</orx:id></orx:meta>
</data>
"""
TOWNS = "<root><item><name>a</name><of>x</of></item><item><name>b</name><of>y</of></item></root>"


@pytest.fixture
def form() -> Node:
    document = parse(FORM)
    document.children[0].named("hidden")[0].relevant = False
    return document


def evaluate(expression: str, form: Node, node: Node | None = None) -> Value:
    environment = Environment(
        root=form,
        instances={"towns": parse(TOWNS)},
        now=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC),
    )
    return compile_expression(expression).evaluate(Context(node or form, environment))


def texts(value: Value) -> list[str]:
    assert isinstance(value, NodeSet)
    return [node.string_value() for node in value]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("/data/age", ["25"]),
        ("/data/kid/name", ["Ada", "Bo"]),
        ("/data/kid[2]/name", ["Bo"]),
        ("/data/kid[age = 3]/name", ["Ada"]),
        ("/data/kid[last()]/name", ["Bo"]),
        ("/data/kid[position() = 1]/name", ["Ada"]),
        ("//name", ["Ada", "Bo"]),
        ("/data/kid/name | /data/age", ["25", "Ada", "Bo"]),
        ("/data/kid/name/../age", ["3", ""]),
        ("/data/orx:meta/orx:id", ["7"]),
        ("/data/hidden/inner", []),
        ("//inner/..", []),
        ("/data/nothing/there", []),
        ("instance('towns')/root/item[of = 'y']/name", ["b"]),
        ("(//name)[2]", ["Bo"]),
        ("//name/text()", ["Ada", "Bo"]),
        ("/data/kid/name/preceding::name", ["Ada"]),
        ("/data/age/following::name", ["Ada", "Bo"]),
        ("/data/born/preceding-sibling::*[1]", [""]),
        ("/data/kid[2]/ancestor-or-self::kid/name", ["Bo"]),
        ("/data/age/following-sibling::kid/name", ["Ada", "Bo"]),
        ("/data/kid[name][1]/name", ["Ada"]),
        ("/..", []),
    ],
)
def test_path__finds_relevant_nodes_in_document_order(
    form: Node, expression: str, expected: list[str]
) -> None:
    assert texts(evaluate(expression, form)) == expected


def test_path__goes_up_from_the_node_it_is_evaluated_for(form: Node) -> None:
    name = form.children[0].named("kid")[0].named("name")[0]

    assert texts(evaluate("../age", form, name)) == ["3"]
    assert texts(evaluate("../../age", form, name)) == ["25"]
    assert texts(evaluate(".", form, name)) == ["Ada"]
    assert texts(evaluate("current()/../age", form, name)) == ["3"]
    assert texts(evaluate("/data/kid[name = current()/.]/age", form, name)) == ["3"]
    assert evaluate("/data/kid[name = current()]/age = 3", form, name) is True


def test_name__with_a_known_prefix_stands_for_its_address(form: Node) -> None:
    expression = compile_expression("/data/m:meta/m:id", {"m": "http://openrosa.org/xforms"})

    assert expression.number(Context(form, Environment(form))) == 7


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("8 div 2 div 2", 2.0),
        ("1 - 1 - 1", -1.0),
        ("-2 + 3", 1.0),
        ("- - 2", 2.0),
        ("5 mod -3", 2.0),
        ("1 div1", 1.0),
        ("3 > 2 > 1", False),
        ("1 = 1 and 2 = 3 or 4 = 4", True),
        ("1 or1", True),
        ("'10' < '9'", False),
        ("1 = true()", True),
        ("1 = 1.0000000000001", True),
        ("/data/kid/age > 2", True),
        ("2 < /data/kid/age", True),
        ("/data/kid/name != 'Ada'", True),
        ("/data/kid/name = /data/kid/name", True),
        ("/data/age != /data/age", False),
        ("/data/born > date('1990-04-30')", True),
        ("/data/born = date('1990-05-01')", True),
        ("'2026-11-21' < today()", True),
    ],
)
def test_operators__bind_and_compare(form: Node, expression: str, expected: Value) -> None:
    found = evaluate(expression, form)

    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize("expression", ["/data/hidden/inner = ''", "/data/hidden/inner != 'x'"])
def test_comparison__takes_an_answer_that_is_not_there_as_blank(
    form: Node, expression: str
) -> None:
    assert evaluate(expression, form) is True


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("/data/none", False), ("/data/age", True), ("not(/data/none)", True), ("1 - 1", False)],
)
def test_boolean__of_a_bare_path_asks_for_an_answer(
    form: Node, expression: str, *, expected: bool
) -> None:
    context = Context(form, Environment(form))

    assert compile_expression(expression).boolean(context) is expected


def test_conveniences__convert(form: Node) -> None:
    context = Context(form, Environment(form))

    assert compile_expression("/data/age").number(context) == 25
    assert compile_expression("/data/age + 0.5").string(context) == "25.5"


def test_references__are_the_paths_as_written() -> None:
    expression = compile_expression(
        "/data/a[../b = current()/../x]/c"
        " + count(instance('q')/root/item[name = /data/k and z = 1]) + ../y + . + current()/v"
    )

    assert expression.references == ("/data/b", "../x", "/data/a/c", "/data/k", "../y", ".", "v")


@pytest.mark.parametrize(
    ("source", "conditions", "functions"),
    [
        ("/data/kid[age > 3]/name", ("/data/kid",), set()),
        ("../../kid[position() = 1]/age + ../age", ("../../kid",), {"position"}),
        ("count(/data/kid[toy[what = 'x']])", ("/data/kid", "/data/kid/toy"), {"count"}),
        ("current()/../kid[1]/age", ("../kid",), {"current"}),
        (".[. > 1]", (".",), set()),
        ("instance('q')/root/item[name = /data/kid[1]/age]", ("/data/kid",), {"instance"}),
        ("indexed-repeat(/data/kid/age, /data/kid, 1)", (), {"indexed-repeat"}),
    ],
)
def test_conditions_and_functions__tell_who_else_is_asked_about(
    source: str, conditions: tuple[str, ...], functions: set[str]
) -> None:
    expression = compile_expression(source)

    assert expression.conditions == conditions
    assert expression.functions == functions


def test_references__inside_a_condition_on_an_answer_count_even_within_a_list() -> None:
    expression = compile_expression("instance('q')/root/item[name = /data/kid[id = 3]/v]/label")

    assert expression.references == ("/data/kid/id", "/data/kid/v")


def test_references__behind_current_are_relative() -> None:
    expression = compile_expression("current()/../kid[id = 3]/v + current()")

    assert expression.references == ("../kid/id", "../kid/v", ".")


def test_compile__gives_the_same_expression_twice() -> None:
    assert compile_expression("1 + 1") is compile_expression("1 + 1", {})


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("", 0),
        ("1 +", 3),
        ("(1", 2),
        ("a[", 2),
        ("'abc", 0),
        ("a b", 2),
        ("$x", 0),
        ("2 + foo(1)", 4),
        ("1 + if(1)", 4),
        ("@", 1),
        ("/data/", 6),
        ("a::b", 0),
        ("a/1", 2),
        ("count(1)", 0),
        ("a/nonsense()", 2),
        ("false() and explode()", 12),
        ("indexed-repeat(/a/b, /a)", 0),
    ],
)
def test_compile__refuses_a_mistake_and_says_where(expression: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(expression)

    assert caught.value.position == position


@pytest.mark.parametrize(
    "expression",
    [
        "x" * 10_001,
        "(" * 500 + "1" + ")" * 500,
        "not(" * 500 + "1" + ")" * 500,
        "a[" * 500 + "1" + "]" * 500,
        "1" + "=1" * 500,
    ],
)
def test_compile__bounds_length_and_depth(expression: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("1" + "+1" * 4000, 4001.0), ("-" * 9000 + "1", 1.0), ("1" + " or 0" * 1900, True)],
)
def test_evaluate__takes_long_chains(form: Node, expression: str, expected: Value) -> None:
    assert evaluate(expression, form) == expected


def test_evaluate__refuses_a_list_that_is_not_there(form: Node) -> None:
    with pytest.raises(ExpressionError, match="no list 'nowhere'"):
        evaluate("instance('nowhere')/root/item", form)
