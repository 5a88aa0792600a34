"""What the catalogues say, so that a walk survives a better translation."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parents[2] / "translations"


def said_in(language: str, german: str) -> str:
    """Return the text in another language; raise LookupError when no catalogue has it."""
    text = _texts(language).get(german)
    if not text:
        raise LookupError(f"{german!r} is not translated to {language}")
    return text


@cache
def _texts(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for file in (CATALOGUES / language / "LC_MESSAGES").glob("*.po"):
        with file.open("rb") as stream:
            texts |= {str(entry.id): str(entry.string) for entry in read_po(stream)}
    return texts
