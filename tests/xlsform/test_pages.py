"""Questions are cut into pages."""

from tests.xlsform.builders import form_from

PAGES = """
| survey |
|        | type        | name    | label   | appearance |
|        | text        | before  | Davor   |            |
|        | hidden      | sum     |         |            |
|        | note        | also    | Auch    |            |
|        | begin_group | leaf    | Blatt   |            |
|        | text        | a       | A       |            |
|        | end_group   |         |         |            |
|        | begin_group | tree    | Baum    |            |
|        | text        | b       | B       |            |
|        | begin_group | twig    | Zweig   |            |
|        | text        | c       | C       |            |
|        | end_group   |         |         |            |
|        | text        | d       | D       |            |
|        | end_group   |         |         |            |
|        | begin_group | flat    | Fläche  | field-list |
|        | text        | e       | E       |            |
|        | begin_group | inside  | Innen   |            |
|        | text        | f       | F       |            |
|        | end_group   |         |         |            |
|        | end_group   |         |         |            |
"""


def test_pages__are_leaf_groups_field_lists_and_runs_of_loose_questions() -> None:
    pages = form_from(PAGES).pages

    assert [(page.name, page.title("")) for page in pages] == [
        ("/data/before", ""),
        ("/data/leaf", "Blatt"),
        ("/data/tree/b", "Baum"),
        ("/data/tree/twig", "Zweig"),
        ("/data/tree/d", "Baum"),
        ("/data/flat", "Fläche"),
    ]
    assert [[question.name for question in page.questions] for page in pages] == [
        ["before", "also"],
        ["a"],
        ["b"],
        ["c"],
        ["d"],
        ["e", "f"],
    ]


def test_visible_questions__are_those_of_all_pages() -> None:
    names = [question.name for question in form_from(PAGES).visible_questions]

    assert names == ["before", "also", "a", "b", "c", "d", "e", "f"]
