"""What the engine's bench measures: the made-up questionnaire, and a page of it in the service."""

import pytest

from bench import bigform
from bench.interview import get_page
from bench.timing import median
from xlsform.form import compile_form
from xlsform.source import convert


def test_big_form__has_the_questions_and_sums_it_promises() -> None:
    form = compile_form(convert(bigform.big_form(pages=3)).xml)

    assert [len(page.questions) for page in form.pages] == [20, 20, 20]
    assert sum(one.type == "calculate" for one in form.questions.values()) == 24
    assert form.languages == ("de", "en")
    assert any(one.has_relevant for one in form.visible_questions)
    assert any(one.constraint is not None for one in form.visible_questions)


def test_long_list__offers_what_the_filter_leaves() -> None:
    form = compile_form(convert(bigform.long_list()).xml)

    assert len(form.questions["/data/town"].static_choices) == bigform.LONG_LIST


def test_get_page__shows_the_first_page_of_an_interview() -> None:
    with get_page(convert(bigform.big_form(pages=2)).xml) as show:
        page = show().decode()

    assert page.count('class="question') == bigform.GROUP
    assert "Große Befragung" in page


def test_median__is_of_one_call() -> None:
    calls: list[int] = []

    seconds = median(lambda: calls.append(1), times=3, rounds=5)

    assert len(calls) == 15
    assert seconds == pytest.approx(0, abs=0.01)
