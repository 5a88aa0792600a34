"""Lists looked up by a column: exactly what a look at every item finds."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsform.tree import Node, parse
from xlsform.xpath import Context, Environment, ExpressionError, Instances, compile_expression

TEXTS = st.sampled_from(("", "a", "b", "1", "1.0", " 1", "NaN", "x y"))
CELLS = st.lists(st.tuples(st.sampled_from(("part", "size", "name")), TEXTS), max_size=4)
SIDES = (
    *("'a'", "''", "'1'", "1", "true()", "/data/age", "/data/word", "/data/nothing", "/data/kid"),
    *("current()/../word", "current()/.", "(/data/word)", "-1", "concat('', 'a')", "date(0)"),
    *("/data/kid[. = 'a']", "instance('towns')/root/item/name", "size", "position()", "nonsense"),
)
MEMBERS = (
    *("size != ''", "size > 0", "position() = 2", "last() > 1", "true()", "size = name", "size"),
    *("date(size) = date(0)", "name = /data/word", "selected(/data/word, name)", "part != 'b'"),
)


def items(rows: list[list[tuple[str, str]]]) -> str:
    cells = ("".join(f"<{name}>{escape(text)}</{name}>" for name, text in row) for row in rows)
    return "".join(f"<item>{row}</item>" for row in cells)


def context(instances: Mapping[str, Node], word: str = "a", age: str = "1") -> Context:
    data = parse(
        f"<data><age>{age}</age><word>{escape(word)}</word><kid>a</kid><kid>b</kid></data>"
    )
    node = data.children[0].named("age")[0]
    node.type = "int"
    return Context(node, Environment(data, instances))


def found(expression: str, where: Context) -> list[int] | str:
    try:
        value = compile_expression(expression).evaluate(where)
    except ExpressionError as error:
        return str(error)
    assert isinstance(value, list)
    return [id(node) for node in value]


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """Conditions on items: mostly one column that says something, alone or among others."""
    sides = ("part", draw(st.sampled_from(SIDES)))
    match = " = ".join(draw(st.permutations(sides)))
    before = draw(st.lists(st.sampled_from(MEMBERS), max_size=2))
    after = draw(st.lists(st.sampled_from(MEMBERS), max_size=2))
    condition = " and ".join([*before, match, *after])
    more = draw(st.sampled_from(("", "[2]", "[position() = last()]", "[size = 1]", "/name", "/..")))
    return f"[{condition}]{more}"


@given(st.lists(CELLS, max_size=6), conditions(), TEXTS, st.sampled_from(("", "1", "7")))
def test_lookup__finds_what_a_look_at_every_item_finds(
    rows: list[list[tuple[str, str]]], condition: str, word: str, age: str
) -> None:
    documents = {"towns": parse(f"<root>{items(rows)}</root>")}
    expression = f"instance('towns')/root/item{condition}"

    looked_up = found(expression, context(Instances(documents), word, age))

    assert looked_up == found(expression, context(documents, word, age))


@pytest.mark.parametrize(
    "xml",
    [
        "<root><a><item><part>a</part></item></a><a><item><part>a</part></item></a></root>",
        "<root/>",
    ],
)
def test_lookup__leaves_lists_in_several_places_alone(xml: str) -> None:
    documents = {"towns": parse(xml)}
    expression = "instance('towns')/root/a/item[part = 'a' and position() = 1]"

    assert found(expression, context(Instances(documents))) == found(expression, context(documents))


def test_lookup__is_made_once_and_kept_with_the_list() -> None:
    towns = parse("<root><item><part>a</part></item></root>")
    where = context(Instances({"towns": towns}))
    expression = "instance('towns')/root/item[part = /data/word]"
    first = found(expression, where)

    towns.children[0].children[0].children[0].text = "b"  # which no secondary instance ever does

    assert len(first) == 1
    assert found(expression, where) == first


def test_lookup__never_mixes_up_lists_of_the_same_name() -> None:
    one, other = (
        context(Instances({"towns": parse(f"<root><item><part>{word}</part></item></root>")}))
        for word in ("a", "b")
    )
    expression = "instance('towns')/root/item[part = 'a']"

    assert (len(found(expression, one)), len(found(expression, other))) == (1, 0)


def test_lookup__names_the_list_that_is_not_there() -> None:
    expression = "instance('towns')/root/item[part = 'a']"

    assert found(expression, context(Instances({}))) == "There is no list 'towns' in this form."


def test_table__is_the_same_for_all_threads() -> None:
    rows = "<item><part>a</part></item>" * 2_000
    instances = Instances({"towns": parse(f"<root>{rows}</root>")})

    with ThreadPoolExecutor(8) as threads:
        tables = list(
            threads.map(lambda _: instances.table("towns", ("root", "item"), ("part",)), range(64))
        )

    assert len({id(table) for table in tables}) == 1
    assert tables[0] is not None
    assert tables[0].size == 2_000


def test_instances__are_a_mapping_of_documents() -> None:
    document = parse("<root/>")

    assert dict(Instances({"towns": document})) == {"towns": document}
    assert len(Instances({"towns": document})) == 1
