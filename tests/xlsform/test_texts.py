"""Texts speak the reader's language, and hold answers."""

# ruff: noqa: E501 -- questionnaires are wide tables

from tests.xlsform.builders import filled, filling_of, form_from
from xlsform.form import Choice

LANGUAGES = """
| survey |
|        | type              | name  | label::Deutsch (de)  | label::English (en) | label::Leichte Sprache (de-simple) | hint::English (en) |
|        | begin_group       | about | Über Sie             | About you           |                                    |                    |
|        | text              | first | Vorname              | First name          |                                    | As you like        |
|        | select_one town   | town  | Wo wohnen Sie?       |                     | Wo?                                |                    |
|        | end_group         |       |                      |                     |                                    |                    |
|        | note              | hello | Hallo ${first}!      | Hello ${first}!     |                                    |                    |
| choices |
|         | list_name | name      | label::Deutsch (de) | label::English (en) |
|         | town      | unna      | Unna                |                     |
|         | town      | no_answer | keine Angabe        | no answer           |
| settings |
|          | form_id | form_title | version | default_language |
|          | probe   | Wohnen     | 7       | Deutsch (de)     |
"""


def test_compile_form__tells_title_version_and_languages() -> None:
    form = form_from(LANGUAGES)

    assert (form.id, form.title, form.version, form.root_name) == ("probe", "Wohnen", "7", "data")
    assert form.default_language == "de"
    assert form.languages[0] == "de"
    assert sorted(form.languages) == ["de", "de-simple", "en"]


def test_label__falls_back_from_variety_to_language_to_default() -> None:
    asked = form_from(LANGUAGES).questions
    first, town = asked["/data/about/first"], asked["/data/about/town"]

    assert first.label("en") == "First name"
    assert first.label("de-simple") == "Vorname"
    assert town.label("de-simple") == "Wo?"
    assert town.label("en") == "Wo wohnen Sie?"
    assert first.label("tr") == "Vorname"
    assert first.label("") == "Vorname"


def test_label__a_hint_only_others_have_is_better_than_none() -> None:
    asked = form_from(LANGUAGES).questions

    assert asked["/data/about/first"].hint("de") == "As you like"
    assert asked["/data/about/town"].hint("de") == ""


def test_label__holds_answers_of_the_filling_and_dots_without_one() -> None:
    form = form_from(LANGUAGES)
    filling = filling_of(form, {"/data/about/first": "Ayşe & Co"})

    assert form.questions["/data/hello"].label("en", filling) == "Hello Ayşe & Co!"
    assert form.questions["/data/hello"].label("de") == "Hallo …!"


def test_choices__are_labelled_and_listed_for_the_codebook() -> None:
    town = form_from(LANGUAGES).questions["/data/about/town"]

    assert town.choices(None, "en") == [Choice("unna", "Unna"), Choice("no_answer", "no answer")]
    assert town.static_choices == ("unna", "no_answer")
    assert not town.is_filtered


def test_messages__are_the_authors_own_in_each_language() -> None:
    filling = filled("""
| survey |
|        | type    | name | label | required | required_message::Deutsch (de) | required_message::English (en) | constraint | constraint_message::Deutsch (de) |
|        | integer | age  | Alter | yes      | Bitte antworten                | Please answer                  | . > 17     | Zu jung: ${age}                  |
|        | integer | kids | Kinder | yes     |                                |                                |            |                                  |
""")
    age = filling.form.questions["/data/age"]
    filling.set("/data/age", "3")

    assert age.required_message("en") == "Please answer"
    assert age.constraint_message("en", filling) == "Zu jung: 3"
    assert filling.form.questions["/data/kids"].required_message("en") == ""


def test_compile_form__a_text_that_starts_with_a_dash_is_a_text() -> None:
    form = form_from("""
| survey |
|        | type | name | label::Deutsch (de) | label::English (en) |
|        | note | a    | - eins              | -                   |
""")

    assert form.questions["/data/a"].label("en") == "- eins"
