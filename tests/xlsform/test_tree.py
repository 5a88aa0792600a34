"""The instance tree."""

import pytest

from xlsform.tree import Node, TreeError, parse

SAMPLE = (
    '<h:a xmlns:h="u" xmlns="v" h:x="1" y="2"><b>one</b><!--note--><b>two</b>'
    "<c>t<![CDATA[<>]]>u</c><?go on?></h:a>"
)


def test_parse__keeps_names_prefixes_and_namespaces() -> None:
    root = parse(SAMPLE).children[0]

    assert (root.name, root.prefix, root.namespace) == ("a", "h", "u")
    assert [(a.qualified_name, a.namespace, a.text) for a in root.attributes] == [
        ("h:x", "u", "1"),
        ("y", "", "2"),
    ]
    assert root.namespaces()["h"] == "u"
    assert root.named("b")[0].namespace == "v"


def test_parse__keeps_the_text_of_a_leaf_in_the_leaf() -> None:
    leaf = parse(SAMPLE).children[0].named("b")[0]

    assert (leaf.text, leaf.children) == ("one", [])
    (text,) = leaf.child_nodes()
    assert (text.kind, text.text, text.parent) == ("text", "one", leaf)


def test_child_nodes__show_the_text_as_it_is_now() -> None:
    leaf = parse("<a>one</a>").children[0]
    before = leaf.child_nodes()[0]
    leaf.text = "two"

    assert leaf.child_nodes() == [before]
    assert before.text == "two"


def test_string_value__joins_all_text_below() -> None:
    assert parse(SAMPLE).string_value() == "onetwot<>u"


def test_append__is_found_by_name_afterwards() -> None:
    root = parse("<a><b/></a>").children[0]
    assert len(root.named("b")) == 1

    added = root.append(Node("element", "b", "new"))

    assert root.named("b")[1] is added
    root.remove(added)
    assert len(root.named("b")) == 1
    assert added.parent is None


def test_set_attribute__changes_or_adds() -> None:
    node = Node("element", "a")
    node.set_attribute("id", "1")
    node.set_attribute("id", "2")

    assert [(a.name, a.text) for a in node.attributes] == [("id", "2")]
    assert node.attribute("other") is None


def test_copy__is_deep_and_keeps_type_and_relevance() -> None:
    root = parse("<a x='1'><b>one</b></a>").children[0]
    root.children[0].type = "int"
    root.children[0].relevant = False

    twin = root.copy()
    twin.children[0].text = "two"
    twin.set_attribute("x", "2")

    assert twin.parent is None
    assert (twin.children[0].type, twin.children[0].relevant) == ("int", False)
    assert (root.children[0].text, root.attribute("x")) == ("one", "1")
    assert twin.children[0].parent is twin


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<a>",
        "<a/><b/>",
        "<a>\x00</a>",
        "<a>\ud800</a>",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x "y">]><a/>',
        "<a>" * 300 + "</a>" * 300,
    ],
)
def test_parse__refuses_what_is_broken_or_hostile(xml: str) -> None:
    with pytest.raises(TreeError):
        parse(xml)


def test_parse__never_fetches_an_outside_document_type() -> None:
    xml = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>'

    assert parse(xml).string_value() == ""


def test_parse__takes_a_byte_order_mark_and_an_encoding_declaration() -> None:
    assert parse('\ufeff<?xml version="1.0" encoding="latin-1"?><a>ä</a>').string_value() == "ä"
