"""Which language a page speaks: the one chosen, else the browser's wish, else German."""

from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, Domain, get_domain, refresh

from core import catalogues, languages
from core.languages import GERMAN, LANGUAGES, Language

CATALOGUES = Path(__file__).parents[2] / "translations"
DOMAINS = ("messages", "staff")  # what everybody reads, and what staff alone reads
# An interview is read by clients too.
STAFF_ALONE = ("/staff", "/desk", "/results", "/reports", "/releases", "/openrosa")
STAFF_SPEAKS = frozenset({"de", "en"})


def init_app(app: Flask) -> None:
    """Set up translation, and give templates the page's `language` and all `languages`."""
    Babel(app, locale_selector=_locale).domain_instance = _Words()
    # The catalogue is looked up once a request, not once a sentence.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of the i18n extension
        lambda text: _words().ugettext(text),
        lambda one, many, n: _words().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _say
    app.context_processor(_context)


def language() -> Language:
    """Return the language of this page."""
    chosen: Language | None = g.get("language")
    if chosen is None:
        tag = _chosen()
        chosen = languages.choose(tag) if tag else wished()
        if chosen.tag not in STAFF_SPEAKS and _is_for_staff_alone():
            chosen = GERMAN
        g.language = chosen
    return chosen


def speak(tag: str) -> None:
    """Remember the chosen language, for this page too."""
    if tag in LANGUAGES:
        session["language"] = tag
        speak_here(tag)


def speak_here(tag: str) -> None:
    """Let this page alone speak a language; one that we do not know changes nothing."""
    if tag in LANGUAGES:
        g.language = LANGUAGES[tag]
        g.pop("words", None)
        refresh()


def said_in(other: Language, text: str) -> str:
    """Return a text in a language that need not be the one of this page."""
    return str(_loaded(other.catalogue).ugettext(text))


def _is_for_staff_alone() -> bool:
    return request.endpoint is not None and request.path.startswith(STAFF_ALONE)


def _chosen() -> str | None:
    # A failure page must speak although the session cannot be read.
    return None if "failed" in g else session.get("language")


def wished() -> Language:
    """Return the language that the browser asks for."""
    return languages.wished(tag for tag, weight in request.accept_languages if weight > 0)


def _words() -> Translations:
    words: Translations | None = g.get("words")
    if words is None:
        words = g.words = get_domain().get_translations()
    return words


class _Words(Domain):  # type: ignore[misc] # it has no types
    """The catalogues in the folder of the page's language: Babel would take de_simple for de."""

    def get_translations(self) -> Translations:
        return _loaded(language().catalogue)


@cache
def _loaded(folder: str) -> Translations:
    words = Translations()
    for domain in DOMAINS:
        catalogue = Translations.load(CATALOGUES, [folder], domain)
        if isinstance(catalogue, Translations):
            words.merge(catalogue)
            words.plural = catalogue.plural  # merging forgets how the language counts
    return words


def _say(text: str, **values: object) -> str:
    # Jinja's own way costs four times as much and would escape what escapes itself anyway.
    said = _words().ugettext(text)
    return said % values if values else said


def _locale() -> Locale:
    return _parsed(language().locale)


@cache
def _parsed(name: str) -> Locale:
    return Locale.parse(name)  # looks at the disk each time


@cache
def _is_draft(folder: str) -> bool:
    return catalogues.is_draft(folder)  # looks at the disk each time


def _context() -> dict[str, Any]:
    return {
        "language": language(),
        "languages": LANGUAGES.values(),
        "draft": not _is_for_staff_alone() and _is_draft(language().catalogue),
    }
