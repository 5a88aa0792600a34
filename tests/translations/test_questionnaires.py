"""The shipped questionnaires and what was made of them in other languages."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from lxml import etree

from core import catalogues
from core.languages import GERMAN, LANGUAGES
from xlsform.source import Workbook, convert, read

ROOT = Path(__file__).resolve().parents[2]
FORMS = {
    "referral": ROOT / "intake/questionnaires/referral.md",
    "client": ROOT / "surveys/questionnaires/client.md",
    "municipality": ROOT / "surveys/questionnaires/municipality.md",
    "case": ROOT / "intake/questionnaires/case.md",
}
# Whoever is asked in these reads another language than German.
TRANSLATED = ("referral", "client")
OTHER = [language for language in LANGUAGES.values() if language is not GERMAN]
ROLES = {"identifying", "quasi", "sensitive", "open", "free", "table"}
MISSING = {"dont_know", "no_answer", "refused", "not_asked"}
FROENDENBERG = "Fröndenberg/Ruhr"
TOWNS = {"Bergkamen", "Bönen", FROENDENBERG, "Holzwickede", "Kamen"}
TOWNS |= {"Lünen", "Schwerte", "Selm", "Unna", "Werne"}
LATIN_TOWNS = TOWNS - {FROENDENBERG}  # the river is said in other words
# Texts that read the same as the German one.
SAME: dict[str, set[str]] = {
    "en": {*TOWNS, "Tigrinya (ትግርኛ)"},
    "bg": {"SMS"},
    "fr": {*TOWNS, "SMS"},
    "it": {*TOWNS, "SMS"},
    "ku": {*LATIN_TOWNS, "SMS"},
    "pl": {*LATIN_TOWNS, "SMS"},
    "ro": {*LATIN_TOWNS, "SMS"},
    "sq": {*LATIN_TOWNS, "SMS"},
    "sr-Latn": {*LATIN_TOWNS, "SMS"},
    "tr": {*LATIN_TOWNS, "SMS"},
    "uk": {"SMS"},
}
# pyxform knows languages alone; that a script or a variant may follow, it does not know.
UNKNOWN = "valid machine-readable codes: Leichte Sprache (de-simple), Srpski (sr-Latn). "
# Languages with letters of their own, and one of those letters.
ARABIC, CYRILLIC = r"[\u0621-\u064a]", r"[\u0410-\u044f]"
LETTERS = {"ar": ARABIC, "bg": CYRILLIC, "fa": ARABIC, "ru": CYRILLIC, "uk": CYRILLIC}
FOREIGN = [language for language in OTHER if language.tag != "de-simple"]  # that one is German


def form(name: str) -> Workbook:
    return read(FORMS[name])


def rows(name: str, sheet: str = "survey") -> tuple[dict[str, str], ...]:
    return tuple(dict(row) for row in form(name).sheets[sheet])


def questions(name: str) -> list[dict[str, str]]:
    silent = {"note", "begin_group", "end_group"}
    return [row for row in rows(name) if row["type"] not in silent]


def choices(name: str, list_name: str) -> list[str]:
    return [row["name"] for row in rows(name, "choices") if row["list_name"] == list_name]


def entries(tag: str) -> Catalog:
    path = ROOT / "translations" / tag / "LC_MESSAGES" / "questionnaires.po"
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def texts(*names: str) -> list[str]:
    return [message.text for name in names for message in catalogues.extract(form(name))]


@pytest.mark.parametrize("name", FORMS)
def test_questionnaires__compile_without_warnings(name):
    assert convert(form(name)).warnings == ()
    for warning in convert(catalogues.translate(form(name))).warnings:
        assert UNKNOWN in warning


@pytest.mark.parametrize("name", FORMS)
def test_questionnaires__every_question_says_what_the_anonymiser_may_do(name):
    for row in questions(name):
        assert row.get("bind::z:disclosure") in ROLES, row["name"]


@pytest.mark.parametrize("name", FORMS)
def test_questionnaires__typed_words_are_sealed_with_the_identity(name):
    typed = {row["bind::z:disclosure"] for row in questions(name) if row["type"] == "text"}
    assert typed <= {"identifying", "free"}


@pytest.mark.parametrize("name", FORMS)
def test_questionnaires__names_are_unique_and_lists_are_used(name):
    names = [row["name"] for row in rows(name) if row["type"] != "end_group"]
    assert len(names) == len(set(names))
    used = {row["type"].split()[1] for row in questions(name) if row["type"].startswith("select")}
    assert used == {row["list_name"] for row in rows(name, "choices")}


@pytest.mark.parametrize("name", FORMS)
def test_questionnaires__choice_codes_are_plain_ascii(name):
    for row in rows(name, "choices"):
        assert re.fullmatch(r"[a-z0-9_]+", row["name"]), row


def test_referral__has_ten_pages():
    assert [row["name"] for row in rows("referral") if row["type"] == "begin_group"] == [
        "safety",
        "living",
        "reason",
        "deadline",
        "place",
        "person",
        "language",
        "ways",
        "contact",
        "more",
    ]


def test_referral__only_the_way_back_to_her_is_required():
    required = [row["name"] for row in questions("referral") if row.get("required") == "yes"]
    assert required == [
        "contact_way",
        "phone",
        "messenger",
        "email",
        "other_person",
        "meeting_place",
        "address",
    ]
    assert all(row["required_message"] for row in questions("referral") if row.get("required"))


def test_referral__every_way_back_asks_for_what_it_needs():
    asked = " ".join(row.get("relevant", "") for row in questions("referral") if "required" in row)
    for way in choices("referral", "contact_way"):
        assert f"'{way}'" in asked


def accepted(name: str, answer: str) -> bool:
    """Ask lxml, not our own engine: these constraints keep to plain XPath 1.0."""
    constraint = next(row["constraint"] for row in questions("referral") if row["name"] == name)
    answered = etree.Element("answer")
    answered.text = answer
    return answered.xpath(constraint) is True


@pytest.mark.parametrize(
    "number",
    [
        "0176 04069012",
        "+49 (0) 176/0406-9012",
        "112233",
        "٠١٧٦٠٤٠٦٩٠١٢",
        "\u202a0176 04069012\u202c",
    ],
)
def test_referral__phone_numbers_are_taken_as_people_write_them(number):
    assert accepted("phone", number)


@pytest.mark.parametrize("number", ["0", "12345", "keins", "abc 12 34"])
def test_referral__a_phone_number_needs_six_digits(number):
    assert not accepted("phone", number)


@pytest.mark.parametrize("address", ["name@example.org", " a.b-c@mail.example.org "])
def test_referral__mail_addresses_are_taken(address):
    assert accepted("email", address)


@pytest.mark.parametrize(
    "address", ["name", "name@", "@example.org", "a b@example.org", "a@b@example.org", "a@example"]
)
def test_referral__what_cannot_be_a_mail_address_is_asked_again(address):
    assert not accepted("email", address)


def test_referral__no_page_reveals_its_own_questions():
    page, seen = "", {}
    for row in rows("referral"):
        page = row["name"] if row["type"] == "begin_group" else page
        seen[row.get("name", "")] = page
        for name in re.findall(r"\$\{(\w+)\}", row.get("relevant", "")):
            assert seen[name] != page, row["name"]


def test_referral__first_page_names_both_emergency_numbers_in_every_language():
    translated = catalogues.translate(form("referral"))
    emergency = next(row for row in translated.sheets["survey"] if row.get("name") == "emergency")
    for language in LANGUAGES.values():
        text = emergency[f"label::{catalogues.header(language)}"]
        assert "110" in text
        assert "116 016" in text


def test_referral__neutral_title():
    assert rows("referral", "settings")[0]["form_title"] == "Kontakt"


def test_case__takes_every_row_of_the_report():
    assert set(choices("case", "housing")) - MISSING == {
        "own_flat",
        "with_others",
        "with_parents",
        "street",
        "placed",
        "clinic",
        "other",
    }
    assert set(choices("case", "contacts")) - MISSING == {"1_3", "4_7", "8_plus"}
    assert set(choices("case", "gender")) - MISSING == {"female", "male", "diverse"}
    counts = {row["name"] for row in questions("case") if row["type"] == "integer"}
    assert counts == {"children", "measures"}


def test_client__satisfaction_is_eight_items_of_four_points():
    items = [row["name"] for row in rows("client") if row["type"] == "select_one agree"]
    assert len(items) == 12
    assert items[4:] == [
        "quality",
        "wanted_help",
        "needs",
        "enough",
        "coping",
        "overall",
        "recommend",
        "return",
    ]
    assert [code for code in choices("client", "agree") if code not in MISSING] == list("1234")


def test_municipality__asks_all_ten_and_the_job_centre():
    assert len(choices("municipality", "office")) == 11
    assert choices("municipality", "office")[:10] == choices("referral", "municipality")[:10]


@pytest.mark.parametrize("language", OTHER, ids=lambda language: language.tag)
def test_translations__no_text_for_women_is_missing_fuzzy_or_broken(language):
    catalog = entries(language.catalogue)
    for text in texts(*TRANSLATED):
        entry = catalog.get(text)
        assert entry is not None, text
        assert entry.string, text
        assert not entry.fuzzy, text
        assert catalogues.faithful(text, entry.string), text


@pytest.mark.parametrize("language", FOREIGN, ids=lambda language: language.tag)
def test_translations__no_german_is_left_over(language):
    catalog = entries(language.catalogue)
    unchanged = {text for text in texts(*TRANSLATED) if catalog[text].string == text}
    assert unchanged == SAME.get(language.tag, set())


@pytest.mark.parametrize("language", OTHER, ids=lambda language: language.tag)
def test_translations__hold_what_the_questionnaires_say_and_nothing_else(language):
    catalog = entries(language.catalogue)
    assert {entry.id for entry in catalog if entry.id} == set(texts(*FORMS))
    assert not catalog.obsolete


@pytest.mark.parametrize("language", OTHER, ids=lambda language: language.tag)
def test_translations__say_how_far_they_were_checked(language):
    assert catalogues.checked(language.catalogue).startswith("machine draft")


@pytest.mark.parametrize("name", TRANSLATED)
def test_translations__the_questionnaire_speaks_every_language(name):
    xml = convert(catalogues.translate(form(name))).xml
    for language in LANGUAGES.values():
        assert f'lang="{catalogues.header(language)}"' in xml


@pytest.mark.parametrize("tag", ["ar", "fa"])
def test_translations__keep_numbers_of_two_groups_in_reading_order(tag):
    catalog = entries(tag)
    numbers = [text for text in texts(*TRANSLATED) if re.search(r"\d+ \d+", text)]
    assert numbers
    for text in numbers:
        assert re.search("\u202a\\d+ \\d+\u202c", str(catalog[text].string)), text


@pytest.mark.parametrize("tag", LETTERS)
def test_translations__are_written_in_the_letters_of_the_language(tag):
    catalog = entries(tag)
    for text in {*texts(*TRANSLATED)} - {"SMS"}:
        assert re.search(LETTERS[tag], str(catalog[text].string)), text
