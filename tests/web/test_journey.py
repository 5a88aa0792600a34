"""A small questionnaire, page by page: which page comes next, and what is kept."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.web.journey import CHECK, Journey, Outcome, Run
from core.web.reading import Row
from tests.support.house import NOW
from tests.xlsform.builders import form_from

FORM = form_from("""
| survey |
|        | type              | name   | label   | relevant        | required | required_message | constraint | constraint_message | appearance |
|        | begin_group       | one    | Eins    |                 |          |                  |            |                    |            |
|        | text              | name   | Name    |                 | yes      | Wie heißen Sie?  |            |                    |            |
|        | select_one yes_no | more   | Mehr    |                 |          |                  |            |                    |            |
|        | text              | detail | Was     | ${more} = 'yes' |          |                  |            |                    |            |
|        | end_group         |        |         |                 |          |                  |            |                    |            |
|        | begin_group       | two    | Zwei    |                 |          |                  |            |                    |            |
|        | integer           | age    | Alter   |                 |          |                  |            |                    |            |
|        | date              | day    | Tag     | ${more} != 'no' |          |                  |            |                    |            |
|        | end_group         |        |         |                 |          |                  |            |                    |            |
|        | begin_group       | three  | Drei    | ${age} > 30     |          |                  |            |                    |            |
|        | select_multiple n | needs  | Bedarf  |                 |          |                  |            |                    |            |
|        | text              | words  | Worte   |                 |          |                  |            |                    | multiline  |
|        | end_group         |        |         |                 |          |                  |            |                    |            |
|        | begin_group       | four   | Vier    |                 |          |                  |            |                    |            |
|        | decimal           | rent   | Miete   |                 |          |                  | . < 1000   | Das ist zu viel.   |            |
|        | note              | bye    | Bis bald |                |          |                  |            |                    |            |
|        | end_group         |        |         |                 |          |                  |            |                    |            |
| choices |
|         | list_name | name  | label   |
|         | yes_no    | yes   | Ja      |
|         | yes_no    | no    | Nein    |
|         | n         | flat  | Wohnung |
|         | n         | money | Geld    |
""")  # noqa: E501 - a questionnaire is a wide table
ONE, TWO, THREE, FOUR = (f"/data/{name}" for name in ("one", "two", "three", "four"))


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


class Walker:
    """Somebody who posts pages and comes back with what the server remembered."""

    def __init__(self) -> None:
        self.journey = Journey(1, "digest")
        self.outcome = Outcome.STAY

    @property
    def run(self) -> Run:
        kept = Journey.load_bytes(self.journey.dump_bytes())
        return Run(kept, FORM, "", NOW)

    @property
    def place(self) -> str:
        return self.run.journey.place

    def post(self, go: str = "next", *, page: str | None = None, **fields: str | list[str]) -> str:
        """Post a page as it was shown, with these fields changed; return where that leads."""
        run = self.run
        data: MultiDict[str, str] = MultiDict({"go": go})
        if page or not run.at_check:
            data["page"] = page or run.journey.place
            if page is None:
                for field in run.page().form.questions():
                    texts = field.data.split() if field.type == "select_multiple" else [field.typed]
                    data.setlist(field.name, texts)
        for name, text in fields.items():
            data.setlist(f"q-{name.replace('__', '-')}", [text] if isinstance(text, str) else text)
        self.outcome = run.take(data)
        self.journey = run.journey
        return self.place

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        return [(one.field, one.message) for one in self.run.page().mistakes]

    def shown(self, name: str) -> str:
        """Return what stands in a field of the page."""
        fields = {field.name: field.typed for field in self.run.page().form.questions()}
        return fields[f"q-{name.replace('__', '-')}"]


@pytest.fixture
def walker() -> Walker:
    return Walker()


@pytest.fixture
def done() -> Walker:
    """Somebody who has answered everything and looks at the check page."""
    walker = Walker()
    walker.post(one__name="Amsel", one__more="no")
    walker.post(two__age="20")
    assert walker.post(four__rent="500") == CHECK
    return walker


def test_take__goes_through_the_pages_in_order(walker: Walker) -> None:
    assert walker.place == ONE
    assert walker.post(one__name="Amsel") == TWO
    assert walker.post(two__age="31") == THREE
    assert walker.post(three__words="ja") == FOUR
    assert walker.post() == CHECK


def test_take__a_page_that_asks_nothing_now_is_left_out(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    assert walker.post(two__age="30") == FOUR


def test_take__a_question_revealed_by_its_own_page_shows_the_page_again(walker: Walker) -> None:
    assert walker.post(one__name="Amsel", one__more="yes") == ONE
    assert walker.mistakes == []
    assert walker.shown("one__name") == "Amsel"
    assert walker.shown("one__detail") == ""
    assert walker.post(one__detail="so viel") == TWO
    assert walker.post("back") == ONE
    assert walker.shown("one__detail") == "so viel"


def test_take__a_question_hidden_by_its_own_page_does_not_hold_her_up(walker: Walker) -> None:
    walker.post(one__name="Amsel", one__more="yes")
    assert walker.post(one__more="no") == TWO
    assert "detail" not in walker.run.filling.instance_xml()


def test_take__what_is_required_is_asked_for_on_its_page(walker: Walker) -> None:
    assert walker.post() == ONE
    assert walker.mistakes == [("q-one-name", "Wie heißen Sie?")]
    assert walker.post(one__name="  ") == ONE
    assert walker.mistakes
    assert walker.post(one__name="Amsel") == TWO
    assert walker.mistakes == []


def test_take__what_does_not_fit_is_told_and_kept(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    walker.post(two__age="1")
    assert walker.post(four__rent="1000,5") == FOUR
    assert walker.mistakes == [("q-four-rent", "Das ist zu viel.")]
    assert walker.shown("four__rent") == "1000,5"
    assert walker.post(four__rent="10,5") == CHECK


def test_take__what_cannot_be_read_is_told_and_kept_to_the_letter(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    assert walker.post(two__age="drei", two__day="31.2.2026") == TWO
    assert [field for field, _ in walker.mistakes] == ["q-two-age", "q-two-day"]
    assert (walker.shown("two__age"), walker.shown("two__day")) == ("drei", "31.2.2026")


@pytest.mark.parametrize("go", ["back", "language:en", "pause", "nonsense"])
def test_take__leaving_a_page_in_any_way_keeps_what_was_typed(walker: Walker, go: str) -> None:
    walker.post(one__name="Amsel")
    walker.post(go, two__age="drei", two__day="24.12.2026")
    if go == "back":
        assert walker.place == ONE
        walker.post()
    assert walker.place == TWO
    assert walker.mistakes == []  # she has not said that she is done
    assert (walker.shown("two__age"), walker.shown("two__day")) == ("drei", "24.12.2026")


def test_take__ticks_that_were_all_taken_away_are_gone(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    walker.post(two__age="31")
    walker.post("back", three__needs=["flat", "money"])
    walker.post()
    assert walker.shown("three__needs") == "flat money"
    walker.post("back", three__needs=[])
    walker.post()
    assert walker.shown("three__needs") == ""


def test_take__what_is_typed_in_a_hidden_page_comes_back_with_the_page(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    walker.post(two__age="31")
    walker.post("back", three__words="bitte leise")
    assert walker.post(two__age="20") == FOUR
    walker.post("back")
    assert walker.post(two__age="40") == THREE
    assert walker.shown("three__words") == "bitte leise"


def test_take__back_on_the_first_page_stays_there(walker: Walker) -> None:
    assert walker.post("back", one__name="Amsel") == ONE
    assert walker.shown("one__name") == "Amsel"


def test_take__back_from_the_check_page_leads_to_the_last_page(done: Walker) -> None:
    assert done.post("back") == FOUR


def test_change__leads_back_to_the_check_page(done: Walker) -> None:
    for page, field in ((TWO, {"two__age": "21"}), (FOUR, {"four__rent": "1"})):
        assert done.post(f"page:{page}") == page
        assert done.post(**field) == CHECK


def test_change__a_page_that_is_new_now_comes_first(done: Walker) -> None:
    done.post(f"page:{TWO}")
    assert done.post(two__age="40") == THREE
    assert done.post() == CHECK


def test_change__a_mistake_keeps_her_on_the_page(done: Walker) -> None:
    done.post(f"page:{ONE}")
    assert done.post(one__name="") == ONE
    assert done.mistakes
    assert done.post(one__name="Drossel") == CHECK


def test_change__a_page_that_does_not_exist_changes_nothing(done: Walker) -> None:
    for page in ("/data/nothing", "", THREE):
        assert done.post(f"page:{page}") == CHECK


def test_submit__goes_through_when_nothing_is_missing(done: Walker) -> None:
    done.post("submit")
    assert done.outcome is Outcome.SUBMIT


def test_submit__what_is_required_is_enforced_here_too(walker: Walker) -> None:
    walker.post("check")
    assert walker.place == CHECK
    assert walker.post("submit") == ONE
    assert walker.outcome is Outcome.STAY
    assert walker.mistakes == [("q-one-name", "Wie heißen Sie?")]
    # Once mended she goes on through what she has not seen.
    assert walker.post(one__name="Amsel") == TWO


def test_submit__what_could_not_be_read_is_enforced_here_too(done: Walker) -> None:
    done.post(f"page:{TWO}")
    done.post("check", two__age="drei")
    assert [s.complete for s in done.run.check()] == [True, False, True]
    assert done.post("submit") == TWO
    assert [field for field, _ in done.mistakes] == ["q-two-age"]
    assert done.post(two__age="3") == CHECK


def test_submit__a_mistake_that_is_no_longer_asked_for_holds_nobody_up(walker: Walker) -> None:
    walker.post(one__name="Amsel")
    walker.post("check", two__day="gestern")
    walker.post(f"page:{ONE}")
    walker.post("check", one__more="no")  # now nobody asks for the day
    assert all(section.complete for section in walker.run.check())
    walker.post("submit")
    assert walker.outcome is Outcome.SUBMIT


def test_submit__only_from_the_check_page(walker: Walker) -> None:
    assert walker.post("submit", one__name="Amsel") == ONE
    assert walker.outcome is Outcome.STAY


def test_check__shows_answers_as_she_would_read_them(done: Walker) -> None:
    rows = {section.title: section.rows for section in done.run.check()}
    assert rows == {
        "Eins": (Row("Name", "Amsel"), Row("Mehr", "Nein")),
        "Zwei": (Row("Alter", "20"),),
        "Vier": (Row("Miete", "500"),),
    }


def test_page__counts_the_steps_with_the_check_page(walker: Walker) -> None:
    view = walker.run.page()
    assert (view.step, view.steps, view.first) == (1, 4, True)
    walker.post(one__name="Amsel")
    walker.post(two__age="31")
    view = walker.run.page()
    assert (view.step, view.steps, view.first) == (3, 5, False)


def test_take__an_answer_that_was_not_on_the_page_is_not_taken(walker: Walker) -> None:
    walker.post(one__name="Amsel", two__age="77", one__detail="heimlich")
    assert walker.journey.answers == {f"{ONE}/name": "Amsel"}


def test_take__a_page_from_before_may_be_posted_again(done: Walker) -> None:
    assert done.post(page=TWO, two__age="44") == THREE
    assert done.journey.answers[f"{TWO}/age"] == "44"


def test_journey__two_of_them_never_share_a_submission() -> None:
    assert Journey(1, "d").submission != Journey(1, "d").submission


def test_journey__comes_back_from_bytes_as_it_was(done: Walker) -> None:
    assert Journey.load_bytes(done.journey.dump_bytes()) == done.journey
