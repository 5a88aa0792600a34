"""What the pages say in every language: nothing missing, nothing broken, no German left over."""

import re
import shutil
import subprocess
from collections import defaultdict
from gettext import GNUTranslations
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from core.catalogues import CHECKED
from core.languages import GERMAN, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PUBLIC = [language.catalogue for language in LANGUAGES.values() if language is not GERMAN]
# Each catalogue as domain/tag: everybody reads messages, staff alone reads staff.
CATALOGUES = [*(f"messages/{tag}" for tag in PUBLIC), "staff/en"]
DOMAINS = ("messages", "staff")
PLACEHOLDER = re.compile(r"%\((\w+)\)\w")
NUMBER = re.compile(r"\d[\d.,]*")
GERMAN_WORDS = re.compile(
    r"[äöüÄÖÜß„]|\b(?:[Dd]er|[Dd]as|[Uu]nd|[Ss]ie|[Ii]hre?|[Ii]st|[Nn]icht|[Bb]itte|[Vv]on|[Zz]um)\b"
)
# CLDR's kinds of numbers, in the order in which gettext counts the forms.
KINDS = ("zero", "one", "two", "few", "many", "other")
GETTEXT = {"_", "gettext", "ngettext"}
# Reads the same in English as in German.
SAME = {"staff/en": {"Name"}}
# Written in Latin letters in an Arabic text: what stands on German letters and signs.
LATIN = {"Kreis"}
# The name of the service is no German.
UNTRANSLATED = {"zugang"}
# A macro may write attributes only; the parser takes them for text.
ATTRIBUTE = re.compile(r'aria-(?:describedby|invalid)="[^"]*"')
READ_ALOUD = {"aria-label", "aria-description", "title", "alt", "placeholder"}


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


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages__no_german_is_left_over(name):
    unchanged = {entry.id for entry in entries(name) if entry.id == entry.string}
    assert unchanged == SAME.get(name, set())
    for entry in entries(name):
        for form in forms(entry):
            assert not GERMAN_WORDS.search(form), form


def test_messages__arabic_is_written_in_arabic_letters():
    for entry in entries("messages/ar"):
        for form in forms(entry):
            words = PLACEHOLDER.sub("", form)
            assert re.search(r"[\u0600-\u06ff]", words), form
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


class Texts(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.found |= {value for name, value in attrs if name in READ_ALOUD and value}

    def handle_data(self, data):
        self.found.add(ATTRIBUTE.sub("", data).strip())


def written(template: str) -> set[str]:
    """Return the words of a template that stand outside its expressions."""
    parser = Texts()
    lexed = Environment(autoescape=True).lex(template)
    parser.feed("".join(value for _, kind, value in lexed if kind == "data"))
    parser.close()
    return {text for text in parser.found if re.search(r"[^\W\d_]", text)}


def quoted(template: str) -> set[str]:
    """Return the strings inside expressions that look like words for people, gettext's left out."""
    tree = Environment(autoescape=True).parse(template)
    calls = [call for call in tree.find_all(nodes.Call) if called(call) in GETTEXT]
    translated = {id(text) for call in calls for text in call.args}
    return {
        text.value
        for text in tree.find_all(nodes.Const)
        if isinstance(text.value, str)
        and id(text) not in translated
        and re.search(r"[^\W\d_]", text.value)
        and not re.fullmatch(r"[a-z0-9_./-]+", text.value)
    }


def called(call: nodes.Call) -> str:
    return call.node.name if isinstance(call.node, nodes.Name) else ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_templates__say_nothing_outside_gettext(template):
    text = template.read_text("utf-8")
    assert written(text) <= UNTRANSLATED
    assert quoted(text) == set()


@pytest.mark.parametrize(
    "template",
    [
        "<p>Weiter</p>",
        '<a aria-label="Zurück">{{ _("Zurück") }}</a>',
        '{% if true %}<img alt="Bild" src="x">{% endif %}',
        "{{ _('Weiter') }} zum Ende",
        '{{ text("Weiter gehen") }}',
        "{% set title = 'Kontakt' %}",
        '{{ _("%(name)s", name="Weiter gehen") }}',
    ],
)
def test_templates__words_outside_gettext_are_found(template):
    assert written(template) | quoted(template)
