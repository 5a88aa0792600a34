"""The way through groups that repeat: add, change, remove, without losing anything."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.web.journey import CHECK, Journey, Outcome, Run
from core.web.reading import Row
from core.web.showing import ListView, PageView
from tests.support.house import NOW
from tests.xlsform.builders import form_from
from xlsform.slots import MOST_INSTANCES

FORM = form_from("""
| survey |
|        | type         | name   | label   | required | appearance |
|        | text         | who    | Wer     |          |            |
|        | begin_repeat | child  | Kind    |          |            |
|        | begin_group  | name   | Name    |          |            |
|        | text         | called | Heißt   | yes      |            |
|        | end_group    |        |         |          |            |
|        | begin_group  | age    | Alter   |          |            |
|        | integer      | years  | Jahre   |          |            |
|        | end_group    |        |         |          |            |
|        | end_repeat   |        |         |          |            |
|        | text         | bye    | Noch was |         |            |
""")
CHILD = "/data/child"
ONE, TWO = f"{CHILD}[1]", f"{CHILD}[2]"


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


class Walker:
    """Somebody who posts pages and comes back with what the server remembered."""

    def __init__(self) -> None:
        self.journey = Journey(1, "digest")

    @property
    def run(self) -> Run:
        return Run(Journey.load_bytes(self.journey.dump_bytes()), FORM, "", NOW)

    @property
    def place(self) -> str:
        return self.run.journey.place

    def press(self, go: str, **typed: str) -> "Walker":
        run = self.run
        data = MultiDict({"go": go, "page": run.journey.place})
        for name, text in typed.items():
            page = run.page()
            assert isinstance(page, PageView)
            found = [f.name for f in page.form.questions() if f.question.name == name]
            data[found[0]] = text
        self.outcome = run.take(data)
        self.journey = run.journey
        return self

    @property
    def entries(self) -> list[str]:
        view = self.run.page()
        assert isinstance(view, ListView)
        return [entry.words for entry in view.entries]


@pytest.fixture
def at_list() -> Walker:
    """Somebody who has entered one child and sees the list."""
    walker = Walker().press("next").press("next", called="Ada").press("next", years="3")
    assert walker.place == CHILD
    return walker


def add(walker: Walker, called: str, years: str) -> Walker:
    return walker.press(f"add:{CHILD}").press("next", called=called).press("next", years=years)


def test_take__leads_through_the_instance_to_the_list(at_list: Walker) -> None:
    assert at_list.entries == ["Ada, 3"]


def test_take__an_added_one_has_its_own_pages_and_leads_back_to_the_list(at_list: Walker) -> None:
    at_list.press(f"add:{CHILD}")
    assert at_list.place == f"{TWO}/name"
    at_list.press("next", called="Bo").press("next", years="5")
    assert (at_list.place, at_list.entries) == (CHILD, ["Ada, 3", "Bo, 5"])


def test_take__back_goes_through_what_was_entered(at_list: Walker) -> None:
    add(at_list, "Bo", "5").press("back")
    assert at_list.place == f"{TWO}/age"
    at_list.press("back").press("back")
    assert at_list.place == f"{ONE}/age"


def test_take__changing_one_leads_back_to_the_list_not_through_the_others(at_list: Walker) -> None:
    add(at_list, "Bo", "5").press(f"edit:{ONE}")
    assert at_list.place == f"{ONE}/name"
    at_list.press("next", called="Ida").press("next")
    assert (at_list.place, at_list.entries) == (CHILD, ["Ida, 3", "Bo, 5"])


def test_take__asks_before_it_removes(at_list: Walker) -> None:
    add(at_list, "Bo", "5").press(f"remove:{ONE}")
    view = at_list.run.page()
    assert isinstance(view, ListView)
    assert [entry.removing for entry in view.entries] == [True, False]
    assert at_list.press("stay").entries == ["Ada, 3", "Bo, 5"]
    assert not any(entry.removing for entry in at_list.run.page().entries)  # type: ignore[union-attr]
    assert at_list.press(f"remove:{ONE}").press(f"removed:{ONE}").entries == ["Bo, 5"]


def test_take__what_was_typed_in_another_moves_up_with_it(at_list: Walker) -> None:
    add(at_list, "Bo", "fünf")
    assert at_list.place == f"{TWO}/age"  # it cannot be read
    at_list.press("page:" + CHILD, years="fünf").press(f"removed:{ONE}")
    assert at_list.journey.typed == {f"{ONE}/age": {f"{ONE}/age/years": ["fünf"]}}


def test_take__what_is_not_in_the_list_changes_nothing(at_list: Walker) -> None:
    before = at_list.entries
    for go in (
        "removed:/data/child[9]",
        "removed:/data/who",
        "edit:/data/bye",
        "add:/data/who",
        "x:y",
    ):
        assert at_list.press(go).entries == before, go


def test_take__no_more_than_can_be_kept() -> None:
    walker = Walker()
    walker.journey.answers = {CHILD: str(MOST_INSTANCES)}
    walker.journey.place = CHILD
    view = walker.run.page()
    assert isinstance(view, ListView)
    assert view.full
    assert walker.press(f"add:{CHILD}").place == CHILD


def test_check__tells_how_many_there_are_and_leads_to_the_list(at_list: Walker) -> None:
    add(at_list, "Bo", "5").press("next").press("next")
    assert at_list.place == CHECK
    sections = {section.page: section for section in at_list.run.check()}
    assert sections[CHILD].rows == (Row("Einträge", "2"),)
    assert sections[f"{TWO}/name"].rows == (Row("Heißt", "Bo"),)
    assert sections[f"{TWO}/name"].title == "Name – 2"
    at_list.press(f"page:{CHILD}").press(f"add:{CHILD}")
    at_list.press("next", called="Cy").press("next", years="1")
    assert at_list.place == CHECK


def test_submit__leads_to_what_is_missing_in_an_instance(at_list: Walker) -> None:
    at_list.press(f"add:{CHILD}")
    at_list.press("check").press("submit")
    assert (at_list.outcome, at_list.place) == (Outcome.STAY, f"{TWO}/name")
    at_list.press("next", called="Bo").press("check")
    assert at_list.press("submit").outcome is Outcome.SUBMIT
