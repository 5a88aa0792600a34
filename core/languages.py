"""The one table of languages that people read zugang in."""

from collections.abc import Mapping
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
            Language("en", "English", "ltr", "en", "en"),
            Language("ar", "العربية", "rtl", "ar", "ar"),
        )
    }
)


def choose(tag: str | None) -> Language:
    """Return the language of `tag`, German when it is unknown or missing."""
    return LANGUAGES.get(tag or "", GERMAN)
