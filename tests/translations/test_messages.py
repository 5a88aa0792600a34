"""What the pages say in every language: nothing missing, nothing broken, no German left over."""

import re
import shutil
import subprocess
from collections import defaultdict
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.catalogues import CHECKED
from core.languages import GERMAN, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = [language.catalogue for language in LANGUAGES.values() if language is not GERMAN]
# Each catalogue as domain/tag: everybody reads messages, staff alone reads staff.
CATALOGUES = [*(f"messages/{tag}" for tag in PUBLIC), "staff/en"]
DOMAINS = ("messages", "staff")
PLACEHOLDER = re.compile(r"%\((\w+)\)\w")
NUMBER = re.compile(r"\d[\d.,]*")
GERMAN_WORDS = re.compile(
    r"\b(?:[Dd]er|[Dd]as|[Uu]nd|[Ss]ie|[Ii]hre?|[Ii]st|[Nn]icht|[Bb]itte|[Vv]on|[Zz]um)\b"
)
GERMAN_SIGNS = set("äöüÄÖÜß„")
# German signs that these languages write too.
OWN_SIGNS = {
    "messages/bg": set("„"),
    "messages/pl": set("„"),
    "messages/ro": set("„"),
    "messages/sq": set("„"),
    "messages/sr_Latn": set("„"),
    "messages/tr": set("öüÖÜ"),
}
# German made easy is German.
FOREIGN = [name for name in CATALOGUES if name != "messages/de_simple"]
# CLDR's kinds of numbers, in the order in which gettext counts the forms.
KINDS = ("zero", "one", "two", "few", "many", "other")
# Reads the same as in German.
SAME = {
    "staff/en": {"%(size)s MB", "Name", "Version", "Version %(number)s"},
    "messages/pl": {"Kontakt"},
    "messages/sq": {"Kontakt"},
    "messages/sr_Latn": {"Datum", "Kontakt"},
}
# Languages with letters of their own, and one of those letters.
ARABIC, CYRILLIC = r"[\u0621-\u064a]", r"[\u0410-\u044f]"
LETTERS = {"ar": ARABIC, "bg": CYRILLIC, "fa": ARABIC, "ru": CYRILLIC, "uk": CYRILLIC}
# Written in Latin letters there too: what stands on German letters, signs and keys.
LATIN = {"Jobcenter", "Kreis", "Shift"}


def path(name: str, folder: Path = ROOT / "translations") -> Path:
    domain, _, tag = name.partition("/")
    return folder / tag / "LC_MESSAGES" / f"{domain}.po"


def catalogue(name: str) -> Catalog:
    with path(name).open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries(name: str) -> list[Message]:
    return [entry for entry in catalogue(name) if entry.id]


def source(entry: Message) -> tuple[str, ...]:
    """Return the German text, with its plural when it has one."""
    return entry.id if isinstance(entry.id, tuple) else (entry.id,)


def forms(entry: Message) -> tuple[str, ...]:
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def compiled(name: str) -> GNUTranslations:
    file = BytesIO()
    write_mo(file, catalogue(name))
    file.seek(0)
    return GNUTranslations(file)


def numbers(text: str) -> list[str]:
    """Return the digits of every number: 12,5 here is 12.5 there."""
    return sorted(re.sub(r"\D", "", number) for number in NUMBER.findall(text))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messages")
    for name in CATALOGUES:
        copy = path(name, folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path(name), copy)
    subprocess.run(["bash", ROOT / ".ci" / "messages", folder], check=True)
    return folder


def ids(file: Path) -> set[object]:
    with file.open("rb") as opened:
        return {entry.id for entry in read_po(opened, abort_invalid=True) if entry.id}


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__hold_what_the_pages_say_and_nothing_else(name, extracted):
    """After `.ci/messages` and with new texts translated this is green again."""
    assert {entry.id for entry in entries(name)} == ids(extracted / f"{name.partition('/')[0]}.pot")
    assert not catalogue(name).obsolete


@pytest.mark.parametrize("domain", DOMAINS)
def test_messages__the_template_is_fresh(domain, extracted):
    assert ids(ROOT / "translations" / f"{domain}.pot") == ids(extracted / f"{domain}.pot")


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__refreshing_keeps_head_and_translations(name, extracted):
    refreshed = path(name, extracted)
    old, new = path(name).read_text("utf-8"), refreshed.read_text("utf-8")
    assert new.partition("\n\n")[0] == old.partition("\n\n")[0]
    with refreshed.open("rb") as file:
        kept = read_po(file, abort_invalid=True)
    assert {entry.id: entry.string for entry in kept if entry.id} == {
        entry.id: entry.string for entry in entries(name)
    }


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__none_is_missing_or_fuzzy(name):
    for entry in entries(name):
        assert all(form.strip() for form in forms(entry)), entry.id
        assert not entry.fuzzy, entry.id


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__compile(name):
    assert [(entry.id, errors) for entry, errors in catalogue(name).check()] == []
    translations = compiled(name)
    for entry in entries(name):
        if isinstance(entry.id, str):
            assert translations.gettext(entry.id) == entry.string


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__plural_forms_are_complete(name):
    catalog = catalogue(name)
    plurals = [entry for entry in entries(name) if entry.pluralizable]
    assert plurals
    for entry in plurals:
        assert len(forms(entry)) == catalog.num_plurals, entry.id


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__every_kind_of_number_has_one_form_of_its_own(name):
    translations, kind = compiled(name), Locale.parse(name.rpartition("/")[2]).plural_form
    used: defaultdict[str, set[int]] = defaultdict(set)
    for count in range(1001):
        used[kind(count)].add(translations.plural(count))
    kinds = [name for name in KINDS if name in used]
    assert used == {name: {index} for index, name in enumerate(kinds)}
    assert len(kinds) == catalogue(name).num_plurals


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__keep_the_placeholders(name):
    translations = compiled(name)
    counts: defaultdict[int, list[int]] = defaultdict(list)
    for count in range(1001):
        counts[translations.plural(count)].append(count)
    for entry in entries(name):
        german = sorted(PLACEHOLDER.findall(source(entry)[-1]))
        for index, form in enumerate(forms(entry)):
            kept = sorted(PLACEHOLDER.findall(form))
            if entry.pluralizable and len(counts[index]) == 1 and "num" not in kept:
                kept = sorted([*kept, "num"])  # "one office" needs no figure
            assert kept == german, form
            assert "%" not in PLACEHOLDER.sub("", form), form


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__keep_the_numbers(name):
    for entry in entries(name):
        for form in forms(entry):
            assert numbers(form) == numbers(source(entry)[0]), form


@pytest.mark.parametrize("name", FOREIGN)
def test_messages__no_german_is_left_over(name):
    unchanged = {entry.id for entry in entries(name) if entry.id == entry.string}
    assert unchanged == SAME.get(name, set())
    for entry in entries(name):
        for form in forms(entry):
            assert not GERMAN_WORDS.search(form), form
            assert not GERMAN_SIGNS & set(form) - OWN_SIGNS.get(name, set()), form


def test_messages__german_made_easy_is_not_the_german_text():
    whole = [entry for entry in entries("messages/de_simple") if len(source(entry)[0]) > 60]
    same = [entry.id for entry in whole if entry.id == entry.string]
    assert len(same) < len(whole) / 4


@pytest.mark.parametrize("tag", LETTERS)
def test_messages__are_written_in_the_letters_of_the_language(tag):
    for entry in entries(f"messages/{tag}"):
        for form in forms(entry):
            words = PLACEHOLDER.sub("", form)
            assert re.search(LETTERS[tag], words), form
            assert set(re.findall(r"[A-Za-z]+", words)) <= LATIN, form


@pytest.mark.parametrize("name", [f"messages/{tag}" for tag in PUBLIC])
def test_messages__the_history_shows_the_name_that_the_first_page_promises(name):
    catalog = catalogue(name)
    promise = next(entry for entry in entries(name) if "„Kontakt“" in source(entry)[0])
    assert str(catalog["Kontakt"].string) in str(promise.string)


def test_messages__what_two_catalogues_say_they_say_alike():
    """A page of staff looks into both, and one of them wins."""
    public = {entry.id: entry.string for entry in entries("messages/en")}
    staff = {entry.id: entry.string for entry in entries("staff/en")}
    shared = public.keys() & staff.keys()
    assert {text: public[text] for text in shared} == {text: staff[text] for text in shared}


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__say_how_far_they_were_checked(name):
    found = CHECKED.search(path(name).read_text("utf-8"))
    assert found
    assert found.group(1).startswith("machine draft")
