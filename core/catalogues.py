"""Gettext catalogues of the questionnaires: German texts out, texts in every language back in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog
from babel.messages.pofile import generate_po, read_po

from core.languages import GERMAN, LANGUAGES, Language
from xlsform.source import Workbook

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
DOMAIN = "questionnaires"
SHEETS = ("survey", "choices")
TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")

# What a translation must carry over unchanged: references to answers, and numbers to dial.
FIXED = re.compile(r"\$\{[^}]*\}|\d+")
CHECKED = re.compile(r'^"X-Checked: (.*?)(?:\\n)?"$', re.MULTILINE)

HEADER = """\
# {name}: texts of the shipped questionnaires. The German text is the msgid.
# X-Checked says how far the texts were checked, in words for people.
msgid ""
msgstr ""
"Project-Id-Version: zugang\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Checked: {checked}\\n\""""


@dataclass(frozen=True)
class Message:
    """One German text of a questionnaire and the place it stands, a note for the translator."""

    text: str
    place: str


def extract(workbook: Workbook) -> tuple[Message, ...]:
    """Return every text of `workbook` in reading order; a text used twice comes twice."""
    return tuple(
        Message(row[column], _place(workbook.name, row, column))
        for sheet in SHEETS
        for row in workbook.sheets.get(sheet, ())
        for column in TEXTS
        if row.get(column)
    )


def _place(form: str, row: Mapping[str, str], column: str) -> str:
    path = "/".join(row[key] for key in ("list_name", "name") if row.get(key))
    return f"{form}: {path}" if column == "label" else f"{form}: {path} ({column})"


def translate(workbook: Workbook, folder: Path = TRANSLATIONS) -> Workbook:
    """Return `workbook` with one column a language for each text, German where one is missing.

    A questionnaire that names another default language brings its own translations and is returned
    as it is. A language that would be less than half translated is not offered.
    """
    settings: Mapping[str, str] = next(iter(workbook.sheets.get("settings", ())), {})
    if settings.get("default_language", header(GERMAN)) != header(GERMAN):
        return workbook
    languages = dict(_languages(workbook, folder))
    sheets = dict(workbook.sheets)
    for sheet in SHEETS:
        if sheet in sheets:
            sheets[sheet] = tuple(_translated(row, languages) for row in sheets[sheet])
    sheets["settings"] = ({**settings, "default_language": header(GERMAN)},)
    return replace(workbook, sheets=MappingProxyType(sheets))


def header(language: Language) -> str:
    """Return the name of `language` as XLSForm columns carry it, such as "Deutsch (de)"."""
    return f"{language.name} ({language.tag})"


def _languages(workbook: Workbook, folder: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield header(GERMAN), {}
    texts = {message.text for message in extract(workbook)}
    for language in LANGUAGES.values():
        known = catalogue(language.catalogue, folder)
        if known and 2 * len(texts & known.keys()) >= len(texts):
            yield header(language), known


def _translated(
    row: Mapping[str, str], languages: Mapping[str, Mapping[str, str]]
) -> Mapping[str, str]:
    cells: dict[str, str] = {}
    for column, text in row.items():
        if column in TEXTS:
            for name, known in languages.items():
                cells[f"{column}::{name}"] = known.get(text, text)
        else:
            cells[column] = text
    return MappingProxyType(cells)


@cache
def catalogue(name: str, folder: Path = TRANSLATIONS) -> Mapping[str, str]:
    """Return German text → translation of the catalogue `name`; empty when there is none.

    Left out are fuzzy entries and those that lose or change a `${reference}` or a number.
    """
    path = _path(name, folder)
    if not path.exists():
        return MappingProxyType({})
    with path.open("rb") as file:
        entries = read_po(file, abort_invalid=True)
    return MappingProxyType(
        {
            entry.id: entry.string
            for entry in entries
            if isinstance(entry.id, str)
            and isinstance(entry.string, str)
            and entry.id
            and entry.string
            and not entry.fuzzy
            and faithful(entry.id, entry.string)
        }
    )


def faithful(german: str, translation: str) -> bool:
    """Return whether `translation` has the references and numbers of `german`, in any order."""
    return sorted(FIXED.findall(german)) == sorted(FIXED.findall(translation))


def checked(name: str, folder: Path = TRANSLATIONS) -> str:
    """Return how far the catalogue `name` was checked, in its own words, or "" if unsaid."""
    path = _path(name, folder)
    found = CHECKED.search(path.read_text("utf-8")) if path.exists() else None
    return found.group(1) if found else ""


def is_draft(name: str, folder: Path = TRANSLATIONS) -> bool:
    """Return whether a machine wrote texts of the catalogue `name` that nobody checked yet."""
    texts = (folder / name / "LC_MESSAGES").glob("*.po")
    heads = (CHECKED.search(path.read_text("utf-8")) for path in texts)
    return any(head and head.group(1).startswith("machine draft") for head in heads)


def template(workbooks: Iterable[Workbook]) -> Catalog:
    """Return the texts of all `workbooks` as one catalogue, each with the places that use it."""
    catalog = Catalog(charset="utf-8")
    for workbook in workbooks:
        for message in extract(workbook):
            catalog.add(message.text, auto_comments=[message.place])
    return catalog


def update(workbooks: Iterable[Workbook], folder: Path = TRANSLATIONS) -> None:
    """Write the template and bring the catalogue of every language up to it; translations stay."""
    texts = template(workbooks)
    folder.mkdir(parents=True, exist_ok=True)
    head = HEADER.format(name="Template", locale="", checked="template")
    _write(folder / f"{DOMAIN}.pot", head, texts)
    for language in LANGUAGES.values():
        if language is GERMAN:
            continue
        path = _path(language.catalogue, folder)
        head = HEADER.format(name=language.name, locale=language.locale, checked="no translation")
        catalog = Catalog(charset="utf-8")
        if path.exists():
            # Babel drops headers it does not know, X-Checked among them: keep ours as they stand.
            head = path.read_text("utf-8").partition("\n\n")[0]
            with path.open("rb") as file:
                catalog = read_po(file, abort_invalid=True)
        catalog.update(texts, no_fuzzy_matching=True)
        _write(path, head, catalog)
    catalogue.cache_clear()


def _path(name: str, folder: Path) -> Path:
    return folder / name / "LC_MESSAGES" / f"{DOMAIN}.po"


def _write(path: Path, head: str, catalog: Catalog) -> None:
    body = "".join(generate_po(catalog, omit_header=True, width=100))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}\n\n{body.strip()}\n", "utf-8")
