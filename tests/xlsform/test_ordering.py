"""What an expression depends on is found however the path is written."""

import pytest

from xlsform.ordering import matching, resolve

PATHS = ("/data", "/data/g", "/data/g/a", "/data/g/b", "/data/h", "/data/h/b")


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("/data/g/a", ["/data/g/a"]),
        (".", ["/data/g/b"]),
        ("..", ["/data/g"]),
        ("../a", ["/data/g/a"]),
        ("../../h/b", ["/data/h/b"]),
        ("../*", ["/data/g/a", "/data/g/b"]),
        ("//b", ["/data/g/b", "/data/h/b"]),
        ("/data//a", ["/data/g/a"]),
        ("self::node", ["/data/g/b"]),
        ("parent::node/child::a", ["/data/g/a"]),
        ("preceding-sibling::a", ["/data/g/a"]),
        ("preceding-sibling::node", ["/data/g/a", "/data/g/b"]),
        ("/data/descendant::b", ["/data/g/b", "/data/h/b"]),
        ("/data/gone", []),
        ("../@id", []),
    ],
)
def test_resolve__finds_the_nodes_a_reference_means(reference: str, found: list[str]) -> None:
    assert list(matching(resolve(reference, "/data/g/b"), PATHS)) == found
