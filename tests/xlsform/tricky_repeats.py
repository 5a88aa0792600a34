"""Questionnaires with repeated groups where engines easily go wrong."""

from tests.xlsform.tricky_forms import Case, add, answer, remove

CASES = {
    "the answer of one instance, found by its number": Case(
        """
| survey |
|  | type         | name  | label | calculation                              |
|  | begin_repeat | kid   | Kid   |                                          |
|  | text         | name  | Name  |                                          |
|  | calculate    | place |       | position(..)                             |
|  | end_repeat   |       |       |                                          |
|  | integer      | which | Which |                                          |
|  | calculate    | found |       | indexed-repeat(${name}, ${kid}, ${which}) |
|  | calculate    | names |       | join(', ', ${name})                      |
""",
        (
            answer("kid[1]/name", "Ada"),
            add("kid"),
            answer("kid[2]/name", "Bo"),
            answer("which", "2"),
        ),
        "<kid><name>Ada</name><place>1</place></kid><kid><name>Bo</name><place>2</place></kid>"
        "<which>2</which><found>Bo</found><names>Ada, Bo</names>",
    ),
    "places move up when an instance is taken away": Case(
        """
| survey |
|  | type         | name  | label | calculation  |
|  | begin_repeat | kid   | Kid   |              |
|  | text         | name  | Name  |              |
|  | calculate    | place |       | position(..) |
|  | end_repeat   |       |       |              |
|  | calculate    | many  |       | count(${kid}) |
""",
        (
            answer("kid[1]/name", "Ada"),
            add("kid"),
            answer("kid[2]/name", "Bo"),
            add("kid"),
            answer("kid[3]/name", "Cy"),
            remove("kid[1]"),
        ),
        "<kid><name>Bo</name><place>1</place></kid><kid><name>Cy</name><place>2</place></kid>"
        "<many>2</many>",
    ),
    "as many instances as a number says": Case(
        """
| survey |
|  | type         | name  | label | repeat_count | calculation   |
|  | integer      | kids  | Kids  |              |               |
|  | begin_repeat | kid   | Kid   | ${kids}      |               |
|  | text         | name  | Name  |              |               |
|  | calculate    | place |       |              | position(..)  |
|  | end_repeat   |       |       |              |               |
|  | calculate    | many  |       |              | count(${kid}) |
""",
        (answer("kids", "2"), answer("kid[1]/name", "Ada"), answer("kid[2]/name", "Bo")),
        "<kids>2</kids><kid><name>Ada</name><place>1</place></kid>"
        "<kid><name>Bo</name><place>2</place></kid><many>2</many>",
    ),
    "what is not relevant counts for nothing": Case(
        """
| survey |
|  | type         | name  | label | relevant     | calculation                |
|  | begin_repeat | kid   | Kid   |              |                            |
|  | integer      | age   | Age   |              |                            |
|  | integer      | fee   | Fee   | ${age} < 6   |                            |
|  | end_repeat   |       |       |              |                            |
|  | calculate    | sum   |       |              | sum(${fee})                |
|  | calculate    | paid  |       |              | count(${fee})              |
|  | calculate    | given |       |              | count-non-empty(${fee})    |
""",
        (
            answer("kid[1]/age", "3"),
            answer("kid[1]/fee", "10"),
            add("kid"),
            answer("kid[2]/age", "5"),
            answer("kid[2]/fee", "20"),
            answer("kid[1]/age", "9"),
        ),
        "<kid><age>9</age></kid><kid><age>5</age><fee>20</fee></kid>"
        "<sum>20</sum><paid>1</paid><given>1</given>",
    ),
    "a repeat that is asked for after an answer": Case(
        """
| survey |
|  | type            | name | label | relevant          | calculation    |
|  | select_one y    | any  | Any   |                   |                |
|  | begin_repeat    | kid  | Kid   | ${any} = 'yes'    |                |
|  | text            | name | Name  |                   |                |
|  | end_repeat      |      |       |                   |                |
|  | calculate       | many |       |                   | count(${kid})  |
| choices |
|  | list_name | name | label |
|  | y         | yes  | Yes   |
|  | y         | no   | No    |
""",
        (
            answer("any", "yes"),
            answer("kid[1]/name", "Ada"),
            add("kid"),
            answer("kid[2]/name", "Bo"),
            answer("any", "no"),
            answer("any", "yes"),
        ),
        "<any>yes</any><kid><name>Ada</name></kid><kid><name>Bo</name></kid><many>2</many>",
    ),
    "every instance begins with its defaults": Case(
        """
| survey |
|  | type         | name  | label | default                      |
|  | text         | land  | Land  | de                           |
|  | begin_repeat | kid   | Kid   |                              |
|  | text         | state | State | new                          |
|  | integer      | place | Place | position(..)                 |
|  | text         | home  | Home  | concat(${land}, '-', 'x')    |
|  | end_repeat   |       |       |                              |
""",
        (answer("kid[1]/state", "old"), answer("land", "fr"), add("kid")),
        "<land>fr</land><kid><state>old</state><place>1</place><home>de-x</home></kid>"
        "<kid><state>new</state><place>2</place><home>fr-x</home></kid>",
    ),
    "choices from the answers of a repeat": Case(
        """
| survey |
|  | type                | name   | label  | choice_filter | calculation                |
|  | begin_repeat        | kid    | Kid    |               |                            |
|  | text                | name   | Name   |               |                            |
|  | integer             | age    | Age    |               |                            |
|  | end_repeat          |        |        |               |                            |
|  | select_one ${name}  | oldest | Oldest | ${age} > 2    |                            |
""",
        (
            answer("kid[1]/name", "Ada"),
            answer("kid[1]/age", "3"),
            add("kid"),
            answer("kid[2]/name", "Bo"),
            answer("kid[2]/age", "5"),
            answer("oldest", "Bo"),
        ),
        "<kid><name>Ada</name><age>3</age></kid><kid><name>Bo</name><age>5</age></kid>"
        "<oldest>Bo</oldest>",
    ),
    "a filter inside a repeat looks at its own instance": Case(
        """
| survey |
|  | type            | name | label | choice_filter   |
|  | begin_repeat    | home | Home  |                 |
|  | select_one part | part | Part  |                 |
|  | select_one town | town | Town  | part = ${part}  |
|  | end_repeat      |      |       |                 |
| choices |
|  | list_name | name  | label | part  |
|  | part      | north | N     |       |
|  | part      | south | S     |       |
|  | town      | selm  | Selm  | north |
|  | town      | unna  | Unna  | south |
""",
        (
            answer("home[1]/part", "north"),
            answer("home[1]/town", "selm"),
            add("home"),
            answer("home[2]/part", "south"),
            answer("home[2]/town", "unna"),
            answer("home[1]/part", "south"),
        ),
        "<home><part>south</part><town/></home><home><part>south</part><town>unna</town></home>",
    ),
    "sums over repeats inside repeats": Case(
        """
| survey |
|  | type         | name  | label | calculation        |
|  | begin_repeat | home  | Home  |                    |
|  | begin_repeat | head  | Head  |                    |
|  | integer      | age   | Age   |                    |
|  | end_repeat   |       |       |                    |
|  | calculate    | years |       | sum(${age})        |
|  | end_repeat   |       |       |                    |
|  | calculate    | all   |       | sum(${age})        |
|  | calculate    | most  |       | max(${years})      |
|  | calculate    | heads |       | count(${head})     |
""",
        (
            answer("home[1]/head[1]/age", "40"),
            add("home[1]/head"),
            answer("home[1]/head[2]/age", "2"),
        ),
        "<home><head><age>40</age></head><head><age>2</age></head><years>42</years></home>"
        "<all>42</all><most>42</most><heads>2</heads>",
    ),
}
