"""What people type, turned into the one canonical text that is stored, and shown to them again.

Canonical is what ODK Collect writes: whole numbers as `12`, decimals as `12.5`, dates as
`2026-12-24`, several choices joined by one space. Digits may be typed in any script.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from xlsform.answers import moments, places, plain
from xlsform.answers.plain import LONGEST, AnswerError, canonical_decimal, legible, normalise

__all__ = [
    "LONGEST",
    "AnswerError",
    "canonical",
    "canonical_decimal",
    "is_canonical",
    "legible",
    "normalise",
    "shown",
]

# Types are those of questions; a date that asks for less than a day is a "month" or a "year".
READERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "integer": plain.integer,
        "decimal": plain.decimal,
        "date": moments.day,
        "month": moments.month,
        "year": moments.year,
        "geopoint": places.geopoint,
        "geotrace": places.geotrace,
        "geoshape": places.geoshape,
    }
)
# What a clock says means nothing without a zone.
CLOCKS: Mapping[str, Callable[[str, datetime], str]] = MappingProxyType(
    {"time": moments.time_of_day, "dateTime": moments.moment}
)
_STRICT: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "integer": plain.is_integer,
        "decimal": plain.is_decimal,
        "range": plain.is_decimal,
        "date": moments.is_date,
        "month": moments.is_date,
        "year": moments.is_date,
        "time": moments.is_time,
        "dateTime": moments.is_moment,
        "geopoint": places.is_place,
        "geotrace": places.is_way,
        "geoshape": places.is_way,
        "acknowledge": "OK".__eq__,
    }
)
_SHOWN: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "date": moments.shown_date,
        "month": moments.shown_month,
        "year": moments.shown_year,
        "time": moments.shown_time,
        "dateTime": moments.shown_moment,
        "geopoint": places.shown_place,
        "geotrace": places.shown_way,
        "geoshape": places.shown_area,
    }
)
_NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS = frozenset({"decimal", "range"})


def canonical(kind: str, typed: str, now: datetime = _NO_CLOCK) -> str:
    """Return the canonical text of what was typed for a question of type `kind`; "" for a blank.

    `now`, in the zone of the service, gives times their offset. Raises AnswerError when the text is
    no answer of that type, or longer than 10,000 characters.
    """
    if not typed or typed.isspace():
        return ""
    if len(typed) > LONGEST:
        raise AnswerError("length")
    if kind in CLOCKS:
        return CLOCKS[kind](typed, now)
    return READERS.get(kind, plain.text)(typed)


def is_canonical(kind: str, stored: str) -> bool:
    """Return whether `stored` may stand in a record as an answer of this type.

    What field clients write may be finer than what `canonical` returns: `51.50 7.6`, a time in
    another zone.
    """
    reader = _STRICT.get(kind)
    if reader is None:
        return len(stored) <= LONGEST
    try:
        return reader(stored)
    except ValueError:
        return False


def shown(kind: str, text: str, language: str) -> str:
    """Return a canonical text as people here write it: 24.12.2026, and 12,5 but in English.

    What is no answer of the type comes back as it is.
    """
    if kind in _NUMBERS:
        return _shown_number(text, language)
    return _SHOWN[kind](text) if kind in _SHOWN else text


def _shown_number(text: str, language: str) -> str:
    if plain.is_ambiguous(text):
        text += "0"  # 1,125 could be read as a thousand and more
    return text if language.partition("-")[0] == "en" else text.replace(".", ",")
