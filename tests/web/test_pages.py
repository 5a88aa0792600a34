"""Templates, the title, and what staff pages share."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from tests.support.visitor import Visitor
from tests.support.walks import staff, walk_to, walk_to_check, woman

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))
)
def test_templates__every_one_compiles_escapes_and_forgives_nothing(app: Flask, name: str) -> None:
    template = app.jinja_env.get_template(name)
    assert template.filename == str(TEMPLATES / name)
    assert app.jinja_env.undefined is StrictUndefined
    autoescape = app.jinja_env.autoescape
    assert callable(autoescape)
    assert autoescape(name)


def test_templates__what_was_typed_is_never_markup(app: Flask) -> None:
    visitor = walk_to(woman(app), "So erreichen wir Sie")
    visitor.press("next", phone="<b>'\"&", name="</textarea><script>x</script>")
    assert visitor.mistakes
    assert not visitor.page.xpath("//script[not(@src)] | //b")
    assert visitor.page.xpath("//input[contains(@name, 'name')]/@value") == [
        "</textarea><script>x</script>"
    ]


@pytest.mark.parametrize(("tag", "title"), [("de", "Kontakt"), ("en", "Contact")])
def test_title__never_changes_on_the_whole_journey(app: Flask, tag: str, title: str) -> None:
    visitor = Visitor(app, tag).get("/")
    seen = [visitor.page.findtext(".//title")]
    visitor.press("begin")
    for step in range(20):
        seen.append(visitor.page.findtext(".//title"))
        if visitor.page.xpath("//button[@value='submit']"):
            break
        answers = {7: {"contact_way": ["phone"]}, 8: {"phone": "0176 040690"}}.get(step, {})
        if visitor.page.xpath("//input[@name='q-more-consent_help']"):
            answers = {"consent_help": "yes"}
        visitor.press("next", **answers)
    visitor.press("submit")
    seen.append(visitor.page.findtext(".//title"))
    assert len(seen) > 10
    assert set(seen) == {title}


def test_title__says_that_something_is_wrong(app: Flask) -> None:
    visitor = walk_to(woman(app), "Ein sicherer Weg zu Ihnen").press("next")
    assert visitor.mistakes
    assert visitor.page.findtext(".//title") == "Fehler: Kontakt"
    assert Visitor(app).get("/nothing").page.findtext(".//title") == "Fehler: Kontakt"


def test_title__no_word_of_need_stands_in_the_address(app: Flask) -> None:
    visitor = walk_to_check(woman(app))
    assert visitor.path == "/"
    assert visitor.press("submit").path == "/"


def test_exit__comes_first_on_every_page_of_a_woman(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    pages = [visitor.page, visitor.get("/nothing").page]
    visitor = walk_to_check(woman(app))
    pages += [visitor.page, visitor.press("submit").page]
    for page in pages:
        first = page.xpath("//body//*[self::a or self::button or self::input or self::select]")[0]
        assert (first.tag, first.get("href")) == ("a", "/exit")


def test_emergency__numbers_stand_before_the_first_question(app: Flask) -> None:
    visitor = Visitor(app).get("/")
    page = visitor.response.get_data(as_text=True)
    assert page.index("tel:110") < page.index('value="begin"')
    assert "tel:116016" in page
    assert "tel:02303000000" in page


def test_mistakes__each_is_linked_to_its_question(app: Flask) -> None:
    visitor = walk_to(woman(app), "So erreichen wir Sie").press("next", phone="1")
    [link] = visitor.page.xpath("//div[@role='alert']//a")
    target = visitor.page.get_element_by_id(link.get("href").removeprefix("#"))
    assert target.get("aria-invalid") == "true"
    described = target.get("aria-describedby").split()
    told = [visitor.page.get_element_by_id(one).text_content() for one in described]
    assert told[-1] == visitor.mistakes[0]
    assert "Telefonnummer" in link.text_content()


def test_staff__a_mistake_is_tied_to_its_field(app: Flask) -> None:
    visitor = Visitor(app).get("/staff/sign-in").press("Anmelden", name="", passphrase="")
    assert visitor.mistakes == ["Bitte ausfüllen.", "Bitte ausfüllen."]
    field = visitor.page.get_element_by_id("passphrase")
    assert field.get("aria-invalid") == "true"
    assert visitor.page.get_element_by_id(field.get("aria-describedby")).text_content()


def test_staff__her_name_stands_on_her_pages(app: Flask) -> None:
    assert "Nora" in staff(app, "Nora").page.xpath("//header")[0].text_content()
