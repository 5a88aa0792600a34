"""The one table of languages that people read zugang in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Language:
    """A language as the page needs it: BCP-47 tag, native name, direction, folder, CLDR locale."""

    tag: str
    name: str
    direction: str
    catalogue: str
    locale: str


GERMAN = Language("de", "Deutsch", "ltr", "de", "de")

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.tag: language
        for language in (
            GERMAN,
            Language("de-simple", "Leichte Sprache", "ltr", "de_simple", "de"),
            Language("en", "English", "ltr", "en", "en"),
            Language("fr", "Français", "ltr", "fr", "fr"),
            Language("it", "Italiano", "ltr", "it", "it"),
            Language("ku", "Kurmancî", "ltr", "ku", "ku"),  # Babel takes kmr for ku_TR
            Language("pl", "Polski", "ltr", "pl", "pl"),
            Language("ro", "Română", "ltr", "ro", "ro"),
            Language("sq", "Shqip", "ltr", "sq", "sq"),
            Language("sr-Latn", "Srpski", "ltr", "sr_Latn", "sr_Latn"),
            Language("tr", "Türkçe", "ltr", "tr", "tr"),
            Language("bg", "Български", "ltr", "bg", "bg"),
            Language("ru", "Русский", "ltr", "ru", "ru"),
            Language("uk", "Українська", "ltr", "uk", "uk"),
            Language("ar", "العربية", "rtl", "ar", "ar"),
            Language("fa", "فارسی", "rtl", "fa", "fa"),
        )
    }
)

# What browsers call a language that is written here under another tag.
ALIKE = MappingProxyType({"sr": "sr-latn", "sh": "sr-latn", "kmr": "ku", "prs": "fa"})


def choose(tag: str | None) -> Language:
    """Return the language of `tag`, German when it is unknown or missing."""
    return LANGUAGES.get(tag or "", GERMAN)


def wished(tags: Iterable[str]) -> Language:
    """Return the language of the first tag that is spoken here, a region or a script aside."""
    known = {tag.lower(): language for tag, language in LANGUAGES.items()}
    for tag in tags:
        parts = tag.lower().split("-")
        for length in range(len(parts), 0, -1):
            part = "-".join(parts[:length])
            language = known.get(part) or known.get(ALIKE.get(part, ""))
            if language:
                return language
    return GERMAN
