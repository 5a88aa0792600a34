"""Texts that run from right to left: what is read from left to right in them stays whole."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.languages import LANGUAGES

FOLDER = Path(__file__).resolve().parents[2] / "translations"
RTL = [language.catalogue for language in LANGUAGES.values() if language.direction == "rtl"]
# Left-to-right isolate and embedding, each with what ends it.
KEPT_TOGETHER = re.compile("\u2066[^\u2069]*\u2069|\u202a[^\u202c]*\u202c")
# Figures around a gap change places: "116 016" is read as "016 116".
TORN = re.compile(r"\d[,.:]? +\d")


def texts(tag: str, domain: str) -> list[str]:
    content = FOLDER.joinpath(tag, "LC_MESSAGES", f"{domain}.po").read_bytes()
    catalogue = read_po(BytesIO(content))
    said = [entry.string for entry in catalogue if entry.id]
    return [form for one in said for form in ([one] if isinstance(one, str) else one)]


@pytest.mark.parametrize("domain", ["messages", "questionnaires"])
@pytest.mark.parametrize("tag", RTL)
def test_numbers_with_a_gap__stay_in_reading_order(tag: str, domain: str) -> None:
    said = texts(tag, domain)
    assert [text for text in said if TORN.search(text)], "nothing here to be kept together"
    assert [text for text in said if TORN.search(KEPT_TOGETHER.sub("", text))] == []
