"""Questionnaires where engines easily go wrong, each with what is filled in and the record of it."""

# ruff: noqa: E501 -- questionnaires are wide tables

from typing import NamedTuple


class Case(NamedTuple):
    """A form, the steps of somebody who fills it in, and the record without root and meta."""

    form: str
    steps: tuple[tuple[str, ...], ...]
    record: str


def answer(path: str, text: str) -> tuple[str, ...]:
    return ("set", f"/data/{path}", text)


def add(path: str) -> tuple[str, ...]:
    return ("add", f"/data/{path}")


def remove(path: str) -> tuple[str, ...]:
    return ("remove", f"/data/{path}")


CASES = {
    "a choice that a filter no longer offers is forgotten, level by level": Case(
        """
| survey |
|  | type              | name   | label | choice_filter                    |
|  | select_one part   | part   | Part  |                                  |
|  | select_one town   | town   | Town  | part = ${part}                   |
|  | select_one street | street | Way   | town = ${town}                   |
| choices |
|  | list_name | name  | label | part  | town |
|  | part      | north | N     |       |      |
|  | part      | south | S     |       |      |
|  | town      | selm  | Selm  | north |      |
|  | town      | unna  | Unna  | south |      |
|  | street    | oak   | Oak   |       | selm |
|  | street    | elm   | Elm   |       | unna |
""",
        (
            answer("part", "north"),
            answer("town", "selm"),
            answer("street", "oak"),
            answer("part", "south"),
        ),
        "<part>south</part><town/><street/>",
    ),
    "once() keeps what it was first": Case(
        """
| survey |
|  | type      | name  | label | calculation                     |
|  | text      | name  | Name  |                                 |
|  | calculate | first |       | once(concat('I am:', ${name}))  |
|  | calculate | now   |       | concat('I am:', ${name})        |
""",
        (answer("name", "Ada"), answer("name", "Bo")),
        "<name>Bo</name><first>I am:</first><now>I am:Bo</now>",
    ),
    "a default that is worked out, once, and may be changed": Case(
        """
| survey |
|  | type    | name  | label | default                  | calculation |
|  | text    | code  | Code  | concat('A', '-', 1 + 1)  |             |
|  | integer | one   | One   | 4                        |             |
|  | integer | two   | Two   | ${one} * 2               |             |
|  | text    | third | Third | concat(${code}, '!')     |             |
""",
        (answer("one", "5"), answer("code", "B")),
        "<code>B</code><one>5</one><two>8</two><third>A-2!</third>",
    ),
    "a value set whenever another answer changes": Case(
        """
| survey |
|  | type    | name  | label | calculation        | trigger |
|  | integer | age   | Age   |                    |         |
|  | integer | double | Twice | ${age} * 2        | ${age}  |
|  | text    | note  | Note  | concat('age ', ${age}) | ${age} |
""",
        (
            answer("age", "3"),
            answer("double", "7"),
            answer("note", "mine"),
            answer("age", "4"),
            answer("note", "yours"),
        ),
        "<age>4</age><double>8</double><note>yours</note>",
    ),
    "random order with a seed is the same for everybody": Case(
        """
| survey |
|  | type       | name  | label | calculation                                                   |
|  | select_one l | one | One   |                                                               |
|  | calculate  | mixed |       | join(' ', randomize(instance('l')/root/item/name, 42))        |
|  | calculate  | other |       | join(' ', randomize(instance('l')/root/item/name, 7))         |
| choices |
|  | list_name | name | label |
|  | l         | a    | A     |
|  | l         | b    | B     |
|  | l         | c    | C     |
|  | l         | d    | D     |
|  | l         | e    | E     |
""",
        (answer("one", "c"),),
        "<one>c</one><mixed>a e c b d</mixed><other>d b a e c</other>",
    ),
    "several choices, counted, taken apart and read out": Case(
        """
| survey |
|  | type              | name  | label | calculation                                      |
|  | select_multiple n | needs | Needs |                                                  |
|  | calculate         | many  |       | count-selected(${needs})                         |
|  | calculate         | last  |       | selected-at(${needs}, ${many} - 1)               |
|  | calculate         | word  |       | jr:choice-name(${last}, '${needs}')              |
|  | calculate         | flat  |       | if(selected(${needs}, 'flat'), 'yes', 'no')      |
| choices |
|  | list_name | name  | label  |
|  | n         | flat  | A flat |
|  | n         | money | Money  |
|  | n         | rest  | Rest   |
""",
        (answer("needs", "flat rest"),),
        "<needs>flat rest</needs><many>2</many><last>rest</last><word>Rest</word><flat>yes</flat>",
    ),
    "a calculation may stand before what it builds on": Case(
        """
| survey |
|  | type        | name  | label | relevant    | calculation                  |
|  | calculate   | third |       |             | ${second} + 1                |
|  | begin_group | g     | G     | ${one} > 1  |                              |
|  | calculate   | second |      |             | ${one} * 10                  |
|  | end_group   |       |       |             |                              |
|  | integer     | one   | One   |             |                              |
|  | calculate   | safe  |       |             | coalesce(${second}, 'none')  |
""",
        (answer("one", "2"), answer("one", "1")),
        "<third/><one>1</one><safe>none</safe>",
    ),
}
