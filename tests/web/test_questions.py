"""How questions are drawn: everything has a name, hints and mistakes are tied, nothing is lost."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import MultiDict

import core.web
from core.web.messages import FIELD_MESSAGES
from core.web.reading import Section
from core.web.showing import PageView, bind, mistakes
from tests.support.house import NOW
from tests.xlsform.builders import form_from
from tests.xlsform.every import every_form
from tests.xlsform.test_every_field import ANSWERED, WRONG
from xlsform.fields import MESSAGES
from xlsform.filling import Filling
from xlsform.form import Form

FORM = every_form()
PAGE = FORM.pages[0]
TEMPLATE = '{% from "macros/questions.html" import question_page %}{{ question_page(view) }}'
STYLE = Path(core.web.__file__).parent / "static" / "zugang.css"
BOXES = "//input[not(@type='hidden')] | //select | //textarea"


def filling_with(answers: dict[str, str] | None = None, form: Form = FORM) -> Filling:
    return Filling(form, answers, now=NOW, zone=NOW.tzinfo)


def drawn(
    app: Flask, filling: Filling, sent: dict[str, Any] | None = None, language: str = "de"
) -> Any:
    """Return the page as a tree; with `sent`, as it comes back with its mistakes."""
    data: MultiDict[str, str] | None = None
    if sent is not None:
        data = MultiDict()
        for name, value in sent.items():
            data.setlist(f"q-g-{name}", value if isinstance(value, list) else [value])
    page = filling.form.pages[0]
    with app.test_request_context("/", headers={"Accept-Language": language}):
        form = bind(filling.form, page, filling, language, data)
        found = tuple(mistakes(page, form, filling, language)) if data else ()
        view = PageView(page=page, title="T", step=1, steps=2, form=form, mistakes=found)
        return html.fromstring(f"<main>{render_template_string(TEMPLATE, view=view)}</main>")


KEPT = {f"/data/g/{name}": kept for name, (_, kept, _) in ANSWERED.items()}
PHOTO = {"/data/g/photo": "image-0123456789ab.jpg"}
STATES: dict[str, tuple[dict[str, str] | None, dict[str, Any] | None]] = {
    "blank": (None, None),
    "answered": (KEPT | PHOTO, None),
    "wrong": (None, {name: sent for name, (sent, _) in WRONG.items()}),
}


@pytest.fixture(params=STATES)
def page(app: Flask, request: pytest.FixtureRequest) -> Any:
    answers, sent = STATES[request.param]
    return drawn(app, filling_with(answers), sent)


def by_id(page: Any, name: str) -> Any:
    (found,) = page.xpath("//*[@id=$name]", name=name)
    return found


def name_of(page: Any, box: Any) -> str:
    """Return what a screen reader calls a box."""
    if box.get("aria-labelledby"):
        return " ".join(
            by_id(page, one).text_content() for one in box.get("aria-labelledby").split()
        )
    labels = page.xpath("//label[@for=$id]", id=box.get("id") or "-") or box.xpath(
        "ancestor::label"
    )
    return str(labels[0].text_content()) if labels else ""


def test_page__every_box_has_a_name_of_its_own(page: Any) -> None:
    for box in page.xpath(BOXES):
        assert name_of(page, box).strip(), html.tostring(box)
    for group in page.xpath("//fieldset"):
        assert group.find("legend").text_content().strip()


def test_page__no_id_stands_twice_and_every_reference_leads_somewhere(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for kind in ("aria-describedby", "aria-labelledby"):
        for box in page.xpath(f"//*[@{kind}]"):
            assert set(box.get(kind).split()) <= set(ids)
    assert set(page.xpath("//label/@for")) <= set(ids)
    assert set(page.xpath("//input/@list")) <= set(ids)
    assert {link.removeprefix("#") for link in page.xpath("//a/@href")} <= set(ids)


def test_page__shows_no_word_of_the_machine(page: Any) -> None:
    text = page.text_content()
    assert not re.search(r"None|Undefined|%\(|\{\{|\bTrue\b|\bFalse\b", text)


def test_page__every_question_that_is_answered_can_be_sent(page: Any) -> None:
    boxes = {box.get("name") for box in page.xpath(BOXES)}
    asked = {f"q-g-{question.name}" for question in PAGE.questions}
    assert boxes == asked - {"q-g-n", "q-g-head", "q-g-fixed"}


def test_page__sent_back_untouched_says_the_same(app: Flask) -> None:
    filling = filling_with(KEPT)
    page = html.document_fromstring(
        f"<form>{html.tostring(drawn(app, filling), encoding='unicode')}</form>"
    ).forms[0]
    sent: MultiDict[str, str] = MultiDict(
        (name, text) for name, text in page.form_values() if text is not None
    )
    with app.test_request_context("/"):
        form = bind(FORM, PAGE, filling, "de", sent)
        assert form.validate(), form.errors
        form.store()
    assert {path: filling.text(path) for path in KEPT} == KEPT


@pytest.mark.parametrize("name", WRONG)
def test_mistake__is_tied_to_its_question_and_stands_in_the_summary(app: Flask, name: str) -> None:
    page = drawn(app, filling_with(), {name: WRONG[name][0]})
    (link,) = page.xpath("//*[@class='summary']//a")
    asked = by_id(page, link.get("href").removeprefix("#"))
    mistake = by_id(page, f"q-g-{name}-mistake")

    assert mistake.text_content() in link.text_content()
    near = [asked, *asked.iterdescendants()]
    assert any(one.get("aria-invalid") == "true" for one in near)
    tied = [one for one in near if mistake.get("id") in (one.get("aria-describedby") or "").split()]
    assert tied
    assert "wrong" in " ".join(page.xpath("//@class"))


def test_mistake__speaks_the_language_of_the_page(app: Flask) -> None:
    page = drawn(app, filling_with(), {"floor": "99"}, language="en")

    assert by_id(page, "q-g-floor-mistake").text == "Please write a number from -2 to 20."


def test_messages__are_there_for_all_that_can_be_wrong_and_name_the_same_things() -> None:
    assert set(MESSAGES) <= set(FIELD_MESSAGES)
    for kind, message in MESSAGES.items():
        named = re.findall(r"%\((\w+)\)s", message)
        said = re.findall(r"%\((\w+)\)s", str(FIELD_MESSAGES[kind]))
        assert sorted(set(named)) == sorted(set(said)), kind


def test_hint__and_example_are_tied_to_the_box(app: Flask) -> None:
    page = drawn(app, filling_with())

    assert by_id(page, "q-g-t").get("aria-describedby").split() == ["q-g-t-hint"]
    assert by_id(page, "q-g-clock").get("aria-describedby").split() == ["q-g-clock-example"]
    assert "Von 0 bis 50" in by_id(page, "q-g-size-example").text_content()


def test_guidance__waits_behind_a_line(app: Flask) -> None:
    page = drawn(app, filling_with())
    texts = [" ".join(one.text_content().split()) for one in page.xpath("//details[not(@open)]")]

    assert texts == ["Mehr dazu Mehr zum Hinweis", "Mehr dazu Fragen Sie ruhig nach."]


def test_table__names_rows_and_columns(app: Flask) -> None:
    (table,) = drawn(app, filling_with(KEPT)).xpath("//table")
    columns = table.xpath(".//th[@scope='col']")
    rows = table.xpath(".//th[@scope='row']")

    assert [column.text_content() for column in columns] == [
        "sehr gut",
        "gut",
        "es geht",
        "schlecht",
    ]
    assert [row.find("span").text_content() for row in rows] == [
        "Beratung",
        "Wohnung",
        "Nachbarschaft",
    ]
    first = table.xpath(".//input[@name='q-g-row1' and @value='a1']")[0]
    assert name_of(table, first) == "Beratung sehr gut"
    assert first.get("checked") is not None
    assert table.xpath("string(caption)").strip() == "Wie zufrieden waren Sie?"


def test_button__that_was_chosen_can_be_taken_back(app: Flask) -> None:
    blank, answered = drawn(app, filling_with()), drawn(app, filling_with(KEPT))
    none = "//input[@type='radio' and @value='']/@name"

    assert blank.xpath(none) == []
    assert {"q-g-one", "q-g-row1", "q-g-scale"} <= set(answered.xpath(none))


def test_fixed__is_text_and_no_box(app: Flask) -> None:
    page = drawn(app, filling_with())

    assert by_id(page, "q-g-fixed").xpath(".//input") == []
    assert "24.12.2026" in by_id(page, "q-g-fixed").text_content()


def test_file__that_is_kept_can_be_replaced_or_deleted(app: Flask) -> None:
    page = drawn(app, filling_with(PHOTO))
    kinds = [box.get("type") for box in page.xpath("//input[@name='q-g-photo']")]

    assert kinds == ["checkbox", "file"]
    assert by_id(page, "q-g-photo").get("capture") == "environment"
    assert "0123456789ab" not in page.text_content()


def test_media__is_not_there_until_somebody_serves_it(app: Flask) -> None:
    assert drawn(app, filling_with()).xpath("//img | //audio | //video") == []


def test_media__pictures_have_words_and_nothing_plays_by_itself(app: Flask) -> None:
    app.jinja_env.globals["media_url"] = lambda name: f"/media/{name}" if name else ""
    page = drawn(app, filling_with())

    assert page.xpath("//img/@src") == ["/media/house.png", "/media/cat.png", "/media/dog.png"]
    assert page.xpath("//img/@alt") == ["Ein Hinweis zum Lesen.", "", ""]
    played = page.xpath("//audio | //video")
    assert [one.get("src") for one in played] == [
        "/media/ask.mp3",
        "/media/ask.mp4",
        "/media/cat.mp3",
    ]
    assert {one.get("preload") for one in played} == {"none"}
    assert all(one.get("aria-label") and "autoplay" not in one.attrib for one in played)


def test_check__reads_as_people_write(app: Flask) -> None:
    filling = filling_with(KEPT | PHOTO)
    with app.test_request_context("/"):
        section = Section.of(PAGE, filling, "de", complete=True)
    rows = {row.question: row.answer for row in section.rows}

    assert rows["Wo am liebsten?"] == "1. Unna\n2. Selm\n3. Kamen\n4. Lünen"
    assert rows["Welche Orte passen?"] == "Selm\nKamen"
    assert rows["Monat"] == "03/2026"
    assert rows["Termin"] == "24.12.2026 14:00"
    assert rows["Gebiet"] == "1, 2\n3, 4\n5, 6"
    assert rows["Ich habe das gelesen."] == "Ja"
    assert rows["Bild"] == "Datei: image-0123456789ab.jpg"
    assert "Wie zufrieden waren Sie?" not in rows


def test_option__that_is_not_in_the_form_is_shown_as_it_is(app: Flask) -> None:
    filling = filling_with({"/data/g/one": "maybe", "/data/g/many": "selm nowhere"})
    with app.test_request_context("/"):
        section = Section.of(PAGE, filling, "de", complete=True)
    rows = {row.question: row.answer for row in section.rows}

    assert rows["Haben Sie Kinder?"] == "maybe"
    assert rows["Welche Orte passen?"] == "Selm\nnowhere"


def test_label__of_nothing_is_never_an_empty_box_or_line(app: Flask) -> None:
    form = form_from("""
| survey |
|        | type          | name  | label | media::image | appearance |
|        | begin_group   | g     | G     |              | field-list |
|        | text          | first |       | a.png        |            |
|        | select_one ab | pick  | Wahl  |              |            |
|        | end_group     |       |       |              |            |
| choices |
|         | list_name | name | label | media::image |
|         | ab        | a    |       | a.png        |
|         | ab        | b    |       | b.png        |
""")
    page = drawn(app, filling_with(form=form))

    assert page.xpath("string(//label[@for='q-g-first'])").strip() == "first"
    assert [one.text_content().strip() for one in page.xpath("//fieldset//label")] == ["a", "b"]
