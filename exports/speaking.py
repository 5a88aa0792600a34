"""The texts of files in the languages of the staff, outside of any page."""

import gettext
from collections.abc import Callable
from functools import cache

from core.catalogues import TRANSLATIONS

LANGUAGES = ("de", "en")
Say = Callable[[str], str]


@cache
def say(language: str) -> Say:
    """Return what turns a German text of the staff into a language."""
    return gettext.translation("staff", str(TRANSLATIONS), [language], fallback=True).gettext
