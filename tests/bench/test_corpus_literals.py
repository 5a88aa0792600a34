"""Forms found inside Python code without running it."""

import pytest

from bench.corpus.literals import forms_in

TABLE = "| survey |\n| | type | name | label |\n| | text | a | {} |\n"
SET_UP = "    def setUp(self):\n        self.md = {!r}\n"


def tables(code: str) -> list[str]:
    return [table for _, table in forms_in(code)]


def table(label: str) -> str:
    return TABLE.format(label)


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        (f"check(md={table('A')!r})", ["A"]),
        (f"check({table('A')!r})", ["A"]),
        (f"md = {table('A')!r}\ncheck(md=md)", ["A"]),
        (f"md = {TABLE!r}\nfor one in ('A', 'B'):\n    check(md=md.format(one))", ["A", "B"]),
        (
            f"for a, b in product('A', (1, 2)):\n    check({TABLE!r}.format(f'{{a}}{{b}}'))",
            ["A1", "A2"],
        ),
        (f"CASES = {{'A': 1}}\nfor a, n in CASES.items():\n    check({TABLE!r}.format(a))", ["A"]),
        (f"md = {table('A')[:-4]!r}\nmd += 'B |\\n'\ncheck(md=md)", ["B"]),
        (f"check(md={TABLE!r}.format(' '.join(str(n) for n in range(3))))", ["0 1 2"]),
        (
            "class Case:\n    def test(self):\n        check(self.md)\n"
            + SET_UP.format(table("A")),
            ["A"],
        ),
        (f"def one():\n    md = {table('A')!r}\ndef two():\n    check(md=md)", []),
    ],
)
def test_forms_in__follows_what_the_text_alone_tells(code: str, labels: list[str]) -> None:
    assert tables(code) == [table(label) for label in labels]


@pytest.mark.parametrize(
    "code",
    [
        f"check(md={TABLE!r}.format(asked()))",
        f"md = {table('A')!r}\nmd = other()\ncheck(md=md)",
        f"check(md={TABLE!r} * 10**9)",
        "check(md='| choices |')",
        "check(md=open('/etc/passwd').read())",
    ],
)
def test_forms_in__passes_over_what_it_cannot_tell(code: str) -> None:
    assert tables(code) == []


def test_forms_in__takes_the_name_that_the_call_gives() -> None:
    code = f"check(md={table('A')!r}, name='probe')\ncheck(md={table('B')!r})"

    assert [name for name, _ in forms_in(code)] == ["probe", "test_name"]
