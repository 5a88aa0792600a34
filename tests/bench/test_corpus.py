"""How far other people's forms come: found, walked through, judged."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.corpus.__main__ import main
from bench.corpus.desk import Desk, desk
from bench.corpus.finding import XFORM, Found, forms
from bench.corpus.judging import can_judge, invalid
from bench.corpus.loading import Refused, load
from bench.corpus.verdicts import Verdict, table
from bench.corpus.walking import DeadEnd, NotAccepted, NotRendered, Walk, hold_round_trip, walk
from tests.xlsform.builders import HOUSING, SETTINGS, form_from, workbook_from
from xlsform.form import compile_form
from xlsform.source import convert

STRICT = """
| survey |
|        | type         | name  | label | required | constraint                 |
|        | integer      | age   | Alter | yes      | . > 41 and . < 43          |
|        | text         | plate | Kürzel | yes     | regex(., '^[A-Z]{3}\\d+$')  |
|        | select_multiple n | needs | Was | yes   | count-selected(.) = 2      |
|        | date         | day   | Tag   |          | . > date('2026-03-01')     |
| choices |
|         | list_name | name  | label   |
|         | n         | flat  | Wohnung |
|         | n         | money | Geld    |
"""
REPEATED = """
| survey |
|        | type                      | name  | label | relevant     | repeat_count |
|        | integer                   | count | Zahl  |              |              |
|        | begin_repeat              | child | Kind  |              | ${count}     |
|        | text                      | name  | Name  |              |              |
|        | text                      | more  | Mehr  | ${name} = '' |              |
|        | end_repeat                |       |       |              |              |
|        | select_one_from_file a.csv | town | Ort   |              |              |
"""
MANY_KINDS = """
| survey |
|        | type              | name   | label  | appearance   | parameters       | required |
|        | rank n            | order  | Folge  |              |                  | yes      |
|        | dateTime          | when   | Wann   |              |                  | yes      |
|        | select_one n      | typed  | Eins   | autocomplete |                  | yes      |
|        | select_one n      | short  | Eins   | minimal      |                  | yes      |
|        | range             | scale  | Skala  |              | start=1 end=5    | yes      |
|        | geotrace          | way    | Weg    |              |                  | yes      |
|        | acknowledge       | fine   | Gut    |              |                  | yes      |
|        | image             | shot   | Bild   |              |                  | yes      |
|        | file              | paper  | Blatt  |              |                  | yes      |
|        | begin_repeat      | child  | Kind   |              |                  |          |
|        | text              | name   | Name   |              |                  | yes      |
|        | end_repeat        |        |        |              |                  |          |
| choices |
|         | list_name | name  | label   |
|         | n         | flat  | Wohnung |
|         | n         | money | Geld    |
|         | n         | rest  | Ruhe    |
"""
IMPOSSIBLE = """
| survey |
|        | type    | name | label | required | constraint        | constraint_message |
|        | integer | age  | Alter | yes      | . > 5 and . < 5   | Das kann nicht sein. |
"""
CASCADE = """
| survey |
|        | type         | name | label | required | choice_filter |
|        | select_one a | a    | A     | yes      |               |
|        | select_one b | b    | B     | yes      | a = ${a}      |
| choices |
|         | list_name | name  | label | a    |
|         | a         | short | Kurz  |      |
|         | a         | long  | Lang  |      |
|         | b         | end   | Ende  | long |
"""
FAILING = """
| survey |
|        | type | name | label | relevant                |
|        | text | a    | A     | date('gestern') > today() |
"""


def found_in(markdown: str, folder: Path = Path("/nowhere")) -> Found:
    return Found("probe", ".md", "probe", markdown.encode(), folder)


@pytest.fixture(scope="module")
def at() -> Iterator[Desk]:
    with desk() as made:
        yield made


@pytest.mark.parametrize("markdown", [HOUSING, STRICT, REPEATED, MANY_KINDS])
def test_walk__finds_answers_that_fit_and_the_record_comes_back(at: Desk, markdown: str) -> None:
    loaded = load(found_in(markdown))
    at.open(compile_form(loaded.xml, loaded.files))

    Walk(at).to_the_end()
    hold_round_trip(at)

    assert at.submitted
    assert at.run is not None
    assert at.run.filling.problems() == {}
    asked = [one for page in at.run.path for one in at.run.filling.visible(page)]
    assert all(at.run.filling.text(one.path) for one in asked if one.type != "note")


def test_walk__adds_an_instance_to_every_repeat_that_may_grow(at: Desk) -> None:
    at.open(form_from(MANY_KINDS))

    Walk(at).to_the_end()

    assert at.run is not None
    assert at.run.filling.instances("/data/child") == ["/data/child[1]", "/data/child[2]"]


def test_walk__says_why_no_answer_is_taken(at: Desk) -> None:
    at.open(form_from(IMPOSSIBLE))

    with pytest.raises(NotAccepted, match=r"integer question is taken: Das kann nicht sein\."):
        Walk(at).to_the_end()


def test_walk__takes_another_way_where_choices_lead_to_a_dead_end(at: Desk) -> None:
    walk(at, form_from(CASCADE))

    assert at.run is not None
    assert at.run.filling.answers == {"/data/a": "long", "/data/b": "end"}


def test_walk__says_when_every_way_is_a_dead_end(at: Desk) -> None:
    with pytest.raises(DeadEnd):
        walk(at, form_from(CASCADE.replace("a = ${a}", "a = 'none'")))


def test_walk__says_which_error_kept_a_page_from_being_shown(at: Desk) -> None:
    at.open(form_from(FAILING))

    with pytest.raises(NotRendered, match="'relevant' cannot be worked out"):
        Walk(at).to_the_end()


def test_load__takes_the_files_beside_a_form_and_makes_up_the_others(tmp_path: Path) -> None:
    found = found_in(REPEATED, tmp_path)
    assert load(found).made_up == ("a.csv",)

    (tmp_path / "a.csv").write_text("name,label\nselm,Selm\n", encoding="utf-8")

    assert load(found).made_up == ()
    assert load(found).files == {"a.csv": b"name,label\nselm,Selm\n"}


def test_load__says_when_pyxform_is_the_one_that_refuses() -> None:
    with pytest.raises(Refused):
        load(found_in("| survey |\n| | type | name |\n| | unheard | a |\n"))


def test_forms__finds_each_form_once(tmp_path: Path) -> None:
    markdown = (HOUSING + SETTINGS).encode()
    xml = convert(workbook_from(HOUSING)).xml
    (tmp_path / "a.md").write_bytes(markdown)
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "a.md").write_bytes(markdown)
    (tmp_path / "b.xml").write_text(xml, encoding="utf-8")
    (tmp_path / "c.csv").write_text("survey,,\n,type,name\n,text,a\n", encoding="utf-8")
    (tmp_path / "d.py").write_text(f"check(md={HOUSING!r})", encoding="utf-8")
    (tmp_path / "no.xml").write_text("<data/>", encoding="utf-8")
    (tmp_path / "no.md").write_text("# Readme", encoding="utf-8")
    (tmp_path / "no.csv").write_text("list,name\n", encoding="utf-8")

    found = [(one.origin, one.kind) for one in forms(tmp_path)]

    assert found == [("a.md", ".md"), ("b.xml", XFORM), ("c.csv", ".csv"), ("d.py#1", ".md")]


def test_main__counts_and_groups_reasons(tmp_path: Path) -> None:
    for name, markdown in {"good": HOUSING, "bad": IMPOSSIBLE, "none": "| survey |"}.items():
        (tmp_path / f"{name}.md").write_text(markdown, encoding="utf-8")
    file = tmp_path / "verdicts.json"

    done = CliRunner().invoke(main, [str(tmp_path), "--json", str(file)], catch_exceptions=False)

    for said in ("found 3", "refused by pyxform 1", "forms 2,", "loaded 2 (100.0%)"):
        assert said in done.output
    assert "accepted 1 (50.0%)" in done.output
    assert "1 not accepted: No answer to a integer question is taken" in done.output
    assert [one["failed"] for one in json.loads(file.read_text())] == ["refused", "accepted", ""]


def test_table__puts_like_reasons_together_the_most_frequent_first() -> None:
    verdicts = [
        Verdict("a", "loaded", "Question 'x' in row 3"),
        Verdict("b", "round trip", "other"),
        Verdict("c", "loaded", "Question 'y' in row 4"),
    ]

    lines = table(verdicts, 1).splitlines()

    assert lines[-4:] == [
        "    2 not loaded: Question … in row …",
        "        a: Question 'x' in row 3",
        "    1 not round trip: other",
        "        b: other",
    ]


@pytest.mark.skipif(not can_judge(), reason="ODK Validate needs a Java")
def test_invalid__names_what_odk_validate_refuses() -> None:
    good = convert(workbook_from(HOUSING)).xml

    assert invalid({1: good, 2: good.replace("</h:html>", ""), 3: good}) == {2}
