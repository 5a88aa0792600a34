"""Which language a page speaks."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import format_date, gettext, ngettext

from core.languages import LANGUAGES
from tests.support.houses import PHONE
from tests.support.visitor import Visitor
from tests.support.walks import staff, woman


@pytest.mark.parametrize(
    ("wish", "tag"),
    [
        ("ar", "ar"),
        ("ar-SY,ar;q=0.9,de;q=0.5", "ar"),
        ("en-GB,en;q=0.8", "en"),
        ("ja,en;q=0.5,de;q=0.1", "en"),
        ("tr;q=0,ku", "ku"),
        ("uk-UA,ru;q=0.8", "uk"),
        ("sr-Latn-RS", "sr-Latn"),
        ("sr", "sr-Latn"),
        ("kmr", "ku"),
        ("prs-AF,en;q=0.5", "fa"),
        ("de-DE", "de"),
        ("de-simple", "de-simple"),
        ("ja", "de"),
        ("", "de"),
        ("*", "de"),
        ("xx;;;q=nonsense,,", "de"),
    ],
)
def test_language__the_first_page_speaks_as_the_browser_wishes(
    app: Flask, wish: str, tag: str
) -> None:
    visitor = Visitor(app, wish).get("/")
    language = LANGUAGES[tag]
    assert (visitor.page.get("lang"), visitor.page.get("dir")) == (tag, language.direction)
    chosen = visitor.page.xpath("//button[@aria-current]/@value")
    assert chosen == [f"language:{tag}"]


def test_language__a_choice_goes_before_the_browsers_wish(app: Flask) -> None:
    visitor = Visitor(app, "de").get("/").press("language:ar")
    assert visitor.page.get("lang") == "ar"
    assert visitor.get("/").page.get("lang") == "ar"
    visitor.press("begin")
    assert (visitor.page.get("lang"), visitor.page.get("dir")) == ("ar", "rtl")


def test_language__every_language_is_offered_by_its_own_name(app: Flask) -> None:
    for visitor in (Visitor(app).get("/"), woman(app)):
        offered = {
            button.get("value").removeprefix("language:"): button.text_content().strip()
            for button in visitor.page.xpath("//fieldset[@class='languages']/button")
        }
        assert offered == {tag: language.name for tag, language in LANGUAGES.items()}


def test_language__no_two_languages_say_the_same(app: Flask) -> None:
    for path, languages in (
        ("/", [*LANGUAGES.keys() - {"de-simple"}]),
        ("/staff/sign-in", ["de", "en"]),
    ):
        headings = {Visitor(app, tag).get(path).heading for tag in languages}
        assert len(headings) == len(languages)


def test_language__pages_of_staff_alone_are_in_german_or_english(app: Flask) -> None:
    shown = {tag: Visitor(app, tag).get("/staff/sign-in").page.get("lang") for tag in LANGUAGES}
    assert shown == {tag: "en" if tag == "en" else "de" for tag in LANGUAGES}


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("ar", "ملاحظتان على الاستبيان (2)"),
        ("en", "2 notes on the questionnaire"),
        ("ru", "2 замечания к анкете"),
    ],
)
def test_language__counts_as_its_grammar_does(app: Flask, tag: str, said: str) -> None:
    with app.test_request_context(headers={"Accept-Language": tag}):
        one, many = "%(num)s Hinweis zum Fragebogen", "%(num)s Hinweise zum Fragebogen"
        assert ngettext(one, many, 2) == said


def test_language__german_made_easy_has_words_of_its_own_and_german_dates(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de-simple"}):
        assert gettext("Sie meldet sich nur auf den Wegen, die Sie erlaubt haben.") == (
            "Die Beraterin meldet sich bei Ihnen. Sie meldet sich nur so, wie Sie es erlaubt haben."
        )
        assert format_date(date(2026, 3, 5), "long") == "5. März 2026"


def test_language__a_page_that_a_machine_translated_says_so(app: Flask) -> None:
    said = {tag: Visitor(app, tag).get("/").page.xpath("//p[@class='draft']") for tag in LANGUAGES}
    assert {tag for tag, lines in said.items() if lines} == LANGUAGES.keys() - {"de"}
    assert "Bu çeviriyi bir makine yaptı." in said["tr"][0].text_content()


def test_language__a_page_that_a_machine_translated_gives_the_phone_number(app: Flask) -> None:
    line = Visitor(app, "en").get("/").page.xpath("//p[@class='draft']")[0]
    assert line.xpath("string(a)") == PHONE


def test_language__an_unknown_language_changes_nothing(app: Flask) -> None:
    visitor = woman(app, "en")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/", {"csrf_token": token, "go": "language:tlh"})
    assert visitor.page.get("lang") == "en"


def test_language__staff_may_change_it_too(app: Flask) -> None:
    visitor = staff(app, "Nora")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/staff/language", {"csrf_token": token, "language": "en"})
    assert (visitor.path, visitor.page.get("lang")) == ("/desk/", "en")


def test_language__stays_when_staff_signs_in(app: Flask) -> None:
    visitor = Visitor(app, "de").get("/").press("language:en").get("/staff/sign-in")
    visitor.press("Sign in", name="Nora", passphrase="birke garten hafen segel wolke")
    assert (visitor.path, visitor.page.get("lang")) == ("/desk/", "en")
