from pathlib import Path

from core import catalogues
from core.languages import GERMAN, LANGUAGES
from xlsform.source import Workbook, convert

PO = """\
# A word from the translator
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"X-Checked: read by a native speaker\\n"

msgid "Wie heißen Sie?"
msgstr "What is your name?"

msgid "Hallo ${name}, rufen Sie 110 an."
msgstr "Hello ${name}, call 110."

msgid "Ja"
msgstr "Yes"
"""


def workbook(*labels: str, **settings: str) -> Workbook:
    survey = tuple(
        {"type": "text", "name": name, "label": label}
        for name, label in zip(("name", "greeting", "more"), labels, strict=False)
    )
    return Workbook("sample", {"survey": survey, "settings": ({"form_id": "s", **settings},)})


def english(folder: Path, text: str = PO) -> Path:
    path = folder / "en" / "LC_MESSAGES" / "questionnaires.po"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return folder


def labels(translated: Workbook, language: str) -> list[str]:
    return [row[f"label::{language}"] for row in translated.sheets["survey"]]


def test_translate__every_text_gets_a_column_for_each_language(tmp_path):
    translated = catalogues.translate(workbook("Wie heißen Sie?", "Ja"), english(tmp_path))
    assert labels(translated, "Deutsch (de)") == ["Wie heißen Sie?", "Ja"]
    assert labels(translated, "English (en)") == ["What is your name?", "Yes"]
    assert "label" not in translated.sheets["survey"][0]


def test_translate__hints_messages_and_choices_are_translated_and_the_rest_is_left(tmp_path):
    source = Workbook(
        "sample",
        {
            "survey": (
                {
                    "type": "select_one yes",
                    "name": "a",
                    "label": "Ja",
                    "hint": "Ja",
                    "required": "yes",
                    "required_message": "Ja",
                    "constraint_message": "Ja",
                },
            ),
            "choices": ({"list_name": "yes", "name": "yes", "label": "Ja"},),
        },
    )
    translated = catalogues.translate(source, english(tmp_path))
    question, choice = translated.sheets["survey"][0], translated.sheets["choices"][0]
    for column in ("label", "hint", "required_message", "constraint_message"):
        assert question[f"{column}::English (en)"] == "Yes"
    assert (question["type"], question["required"]) == ("select_one yes", "yes")
    assert (choice["name"], choice["label::English (en)"]) == ("yes", "Yes")


def test_translate__a_missing_translation_shows_the_german_text(tmp_path):
    translated = catalogues.translate(workbook("Ja", "Ganz neu"), english(tmp_path))
    assert labels(translated, "English (en)") == ["Yes", "Ganz neu"]


def test_translate__a_language_without_catalogue_is_not_offered(tmp_path):
    translated = catalogues.translate(workbook("Ja"), english(tmp_path))
    assert not any("(ar)" in column for column in translated.sheets["survey"][0])


def test_translate__a_language_known_for_less_than_half_is_not_offered(tmp_path):
    translated = catalogues.translate(workbook("Ja", "Ganz neu", "Noch neuer"), english(tmp_path))
    assert not any("(en)" in column for column in translated.sheets["survey"][0])


def test_translate__a_reference_that_the_translation_lost_keeps_the_german_text(tmp_path):
    broken = PO.replace("Hello ${name}, call 110.", "Hello, call 110.")
    source = workbook("Wie heißen Sie?", "Hallo ${name}, rufen Sie 110 an.")
    assert labels(catalogues.translate(source, english(tmp_path, broken)), "English (en)") == [
        "What is your name?",
        "Hallo ${name}, rufen Sie 110 an.",
    ]


def test_translate__a_number_that_the_translation_changed_keeps_the_german_text(tmp_path):
    broken = PO.replace("call 110", "call 112")
    source = workbook("Wie heißen Sie?", "Hallo ${name}, rufen Sie 110 an.")
    texts = labels(catalogues.translate(source, english(tmp_path, broken)), "English (en)")
    assert texts[1] == "Hallo ${name}, rufen Sie 110 an."


def test_translate__fuzzy_translations_are_not_shown(tmp_path):
    doubtful = PO.replace('msgid "Ja"', '#, fuzzy\nmsgid "Ja"')
    translated = catalogues.translate(
        workbook("Wie heißen Sie?", "Ja"), english(tmp_path, doubtful)
    )
    assert labels(translated, "English (en)") == ["What is your name?", "Ja"]


def test_translate__a_questionnaire_in_another_language_is_left_as_its_author_wrote_it(tmp_path):
    source = workbook("Ja", default_language="Polski (pl)")
    assert catalogues.translate(source, english(tmp_path)) is source


def test_translate__german_alone_names_its_language_for_the_engine(tmp_path):
    translated = catalogues.translate(workbook("Ganz neu"), tmp_path)
    assert translated.sheets["settings"][0]["default_language"] == "Deutsch (de)"
    assert labels(translated, catalogues.header(GERMAN)) == ["Ganz neu"]


def test_translate__the_result_compiles_with_both_languages_and_the_reference(tmp_path):
    source = workbook("Wie heißen Sie?", "Hallo ${name}, rufen Sie 110 an.")
    result = convert(catalogues.translate(source, english(tmp_path)))
    assert 'lang="Deutsch (de)"' in result.xml
    assert 'lang="English (en)"' in result.xml
    assert result.xml.count("/name ") >= 2


def test_extract__messages_say_where_they_stand():
    source = Workbook(
        "sample",
        {
            "survey": ({"type": "text", "name": "a", "label": "Frage", "hint": "Hinweis"},),
            "choices": ({"list_name": "yes", "name": "no", "label": "Nein"},),
        },
    )
    assert [(message.text, message.place) for message in catalogues.extract(source)] == [
        ("Frage", "sample: a"),
        ("Hinweis", "sample: a (hint)"),
        ("Nein", "sample: yes/no"),
    ]


def test_template__a_text_used_twice_stands_once_with_both_places():
    (entry,) = [entry for entry in catalogues.template([workbook("Ja", "Ja")]) if entry.id]
    assert entry.auto_comments == ["sample: name", "sample: greeting"]


def test_update__keeps_translations_headers_and_comments_and_adds_new_texts(tmp_path):
    folder = english(tmp_path)
    catalogues.update([workbook("Ja", "Ganz neu")], folder)
    text = (folder / "en" / "LC_MESSAGES" / "questionnaires.po").read_text("utf-8")
    assert text.startswith("# A word from the translator\n")
    assert 'msgid "Ja"\nmsgstr "Yes"' in text
    assert 'msgid "Ganz neu"\nmsgstr ""' in text
    assert '#~ msgid "Wie heißen Sie?"' in text
    assert catalogues.checked("en", folder) == "read by a native speaker"


def test_update__writes_the_same_bytes_a_second_time(tmp_path):
    sources = [workbook("Ja", "Hallo ${name}, rufen Sie 110 an.")]
    catalogues.update(sources, english(tmp_path))
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.po*")}
    catalogues.update(sources, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.po*")} == first


def test_update__starts_a_catalogue_for_every_language_but_german(tmp_path):
    catalogues.update([workbook("Ja")], tmp_path)
    started = {path.parent.parent.name for path in tmp_path.rglob("questionnaires.po")}
    assert started == {
        language.catalogue for language in LANGUAGES.values() if language is not GERMAN
    }
    assert catalogues.checked("en", tmp_path) == "no translation"


def test_update__a_started_catalogue_is_not_offered_before_it_is_translated(tmp_path):
    catalogues.update([workbook("Ja")], tmp_path)
    translated = catalogues.translate(workbook("Ja"), tmp_path)
    assert not any("(en)" in column for column in translated.sheets["survey"][0])


def test_checked__says_nothing_where_there_is_no_catalogue(tmp_path):
    assert catalogues.checked("en", tmp_path) == ""
