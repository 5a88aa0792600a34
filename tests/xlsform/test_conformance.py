"""The recorded cases of two public engines, and what is known to differ."""

import gzip
import json
from pathlib import Path

import pytest

from xlsform.conformance import evaluate_cases, holds

CASES = Path(__file__).with_name("xpath-cases.jsonl.gz")
LEAST = 0.98

# Why -> the cases that do not turn out as recorded.
DIFFERENT: dict[str, tuple[int, ...]] = {
    (
        "an unknown function or a wrong number of arguments is refused when the form is "
        'compiled, even behind "false() and …"'
    ): (
        1417,
        1418,
        1419,
        1436,
        1438,
        1490,
        1491,
        1492,
        1496,
        1498,
        1499,
        1785,
        1789,
        1790,
        1795,
        1797,
        3717,
        3721,
        3722,
        3727,
        3729,
        4036,
        4037,
        4038,
        4060,
        4062,
        4114,
        4115,
        4116,
        4120,
        4122,
        4123,
    ),
    (
        "JavaRosa counts a date as whole days and reads no date out of plain text (as "
        "neighbouring cases show); the recording wants a fraction of a day"
    ): (1595, 1598, 1657, 1704, 1901, 1903, 2459, 2462, 2524, 2572, 4307, 4309),
    (
        "JavaRosa refuses text that is no date-time (as the neighbouring cases show); the"
        " recording wants NaN"
    ): (1729, 4672),
    (
        "the recording has declarations as attributes and leaves out the prefix xml, "
        "which XPath 1.0 has on every element"
    ): (4200, 4201, 4202),
}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return gzip.decompress(CASES.read_bytes()).decode().splitlines()


def test_evaluate_cases__meets_at_least_98_of_100(lines: list[str]) -> None:
    report = evaluate_cases(lines)

    assert report.total == 2482
    assert report.passed / report.total >= LEAST
    assert report.passed + len(report.failing) == report.total


def test_evaluate_cases__fails_only_where_a_reason_is_written_down(lines: list[str]) -> None:
    known = {number for numbers in DIFFERENT.values() for number in numbers}

    assert set(evaluate_cases(lines).failing) == known


def case(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": 7,
        "group": "odk",
        "test": "",
        "expr": "/a/b",
        "xml": "<a><b>3</b></a>",
        "ctx": [],
        "ns": {},
        "type": "number",
        "expected": 3,
        "now": 0,
        "tz": "UTC",
    }
    return given | changes


def test_evaluate_cases__names_the_failing_case() -> None:
    report = evaluate_cases([json.dumps(case(expected=4)), "", json.dumps(case(id=8))])

    assert (report.passed, report.total, report.failing) == (1, 2, (7,))


@pytest.mark.parametrize(
    "changes",
    [
        {"javarosa": "3.0", "expected": 99},
        {"type": "string", "javarosa": "3", "expected": "99"},
        {"expr": "1 = 1", "type": "boolean", "expected": False, "javarosa": "true"},
        {"expr": "date('x')", "type": "boolean", "javarosa": "error: XPathTypeMismatchException"},
        {"expr": "floor(3.2)", "javarosa": "error: XPathUnhandledException"},
        {"expr": "nothing()", "type": "throw"},
        {"expr": "/a/b", "type": "nodes", "expected": [[0, 0]]},
        {"expr": "1 div 3", "type": "rounded", "expected": 0.33},
        {"expr": "1 div 0", "expected": "Infinity"},
        {"expr": "1 div 1000000", "type": "string", "javarosa": "1.0E-6"},
    ],
)
def test_holds__follows_javarosa_where_it_is_recorded(changes: dict[str, object]) -> None:
    assert holds(case(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"javarosa": "4.0"},
        {"expr": "number('x')"},
        {"expr": "/a/b", "type": "nodes", "expected": [[0]]},
        {"expr": "1", "type": "nodes", "expected": [[0]]},
        {"expr": "1", "type": "throw"},
        {"expr": "'true'", "type": "boolean", "expected": False},
        {"expr": "nothing()"},
        {"expr": "1 div 3", "type": "rounded", "expected": 0.34},
        {"type": "string", "expected": "E"},
        {"type": "unheard of"},
    ],
)
def test_holds__is_false_when_the_value_is_another(changes: dict[str, object]) -> None:
    assert not holds(case(**changes))
