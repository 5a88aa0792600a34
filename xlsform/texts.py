"""Texts of a form: in several languages, and with answers inside them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from xlsform.formulas import Formula
from xlsform.xpath import Context

# pyxform writes a dash where an author left a translation out.
MISSING_TRANSLATION = "-"
# Shown in place of an answer where there is no filling, as in a codebook.
BLANK = "…"

_TAG = re.compile(r"\(([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\)\s*\Z")


class Answers(Protocol):
    """What a text needs to know of a filling: where its expressions stand."""

    def context(self, path: str) -> Context:
        """Return the context of the node at a concrete path."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language: literal parts and expressions in turn."""

    parts: tuple[str | Formula, ...]

    @property
    def plain(self) -> str | None:
        """The text itself when nothing in it depends on answers."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(str(part) for part in self.parts).strip()
        return None

    def render(self, filling: Answers | None, path: str) -> str:
        """Return the text with the answers of `filling` in it, seen from `path`."""
        context = filling.context(path) if filling is not None else None
        return "".join(
            part if isinstance(part, str) else BLANK if context is None else part.string(context)
            for part in self.parts
        ).strip()


class Wording:
    """One text in every language it was translated to."""

    __slots__ = ("_plain", "_texts", "_written")

    def __init__(self, texts: Mapping[str, Text], default: str) -> None:
        """Keep `texts` by language tag; `default` stands in for missing ones, then any other."""
        self._written = frozenset(texts)
        first = texts.get(default) or next(iter(texts.values()), Text(()))
        self._texts = {**texts, "": first}
        self._plain = {tag: text.plain for tag, text in self._texts.items()}

    @property
    def is_plain(self) -> bool:
        """Whether it reads the same whatever the answers are, in every language."""
        return None not in self._plain.values()

    def speaks(self, language: str) -> bool:
        """Whether it was written for readers of `language`, or for everybody."""
        return not self._written.isdisjoint({language, ""})

    def __call__(self, language: str, filling: Answers | None = None, path: str = "") -> str:
        """Return the text for a reader of `language`, "" when the form has none at all.

        Answers in it come from `filling`, seen from the node at the concrete `path`.
        """
        tag = language
        if tag not in self._texts:
            tag = next(known for known in ancestors(language) if known in self._texts)
        plain = self._plain[tag]
        return plain if plain is not None else self._texts[tag].render(filling, path)


def folded(text: str) -> str:
    """Return `text` as it counts where people write a label by hand: in any case, any spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def ancestors(language: str) -> Iterator[str]:
    """Yield `language` and ever more general tags down to "": de-simple, de, ""."""
    while language:
        yield language
        language = language.rpartition("-")[0]
    yield ""


def tag_of(name: str) -> str:
    """Return the language tag in `English (en)`, the name itself if it has none, "" for default."""
    found = _TAG.search(name)
    if found:
        return found[1]
    return "" if name == "default" else name.strip()
