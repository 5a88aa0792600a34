"""What people type, turned into the one canonical text that is stored.

Canonical means: whole numbers as `12`, decimals as `12.5`, dates as `2026-12-24`, several choices
joined by one space. Digits may be typed in any script.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

LONGEST = 10_000

# OpenRosa's `int` is a 32-bit integer; a larger one would not survive a field client.
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**31), 2**31 - 1
_MOST_DIGITS = 15
# Years outside are slips, or years of another calendar (1404, 2567) that must not pass for ours.
_FIRST_YEAR, _LAST_YEAR = 1850, 2200

_NOT_XML = re.compile("[^\t\n\\x20-\\uD7FF\\uE000-\\uFFFD\\U00010000-\\U0010FFFF]")
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES_IN_NUMBER = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019\u066c](?=\d{3}(?!\d))")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)\Z")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*([./-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})\Z")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})\Z")
_SIGNS = str.maketrans({"\u2212": "-", "\u066b": ".", "\u060c": ","})


class AnswerError(ValueError):
    """A typed text that is no answer of its type; `problem` is the key of the message to show."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def normalise(text: str) -> str:
    """Return `text` stripped, lines ended by LF alone, in NFC, without what XML cannot hold."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _NOT_XML.sub("", lines)).strip()


def _plain_digits(text: str) -> str:
    """Return `text` with digits of any script as 0-9 and without marks of direction."""
    if text.isascii():
        return text.strip()
    shown = _INVISIBLE.sub("", text).translate(_SIGNS)
    return "".join(_ascii_digit(character) for character in shown).strip()


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def integer(typed: str) -> str:
    """Return the canonical text of a typed whole number; raise AnswerError("integer")."""
    plain = _SPACES_IN_NUMBER.sub("", _plain_digits(typed))
    if not _INTEGER.match(plain):
        raise AnswerError("integer")
    number = int(plain)
    if not _SMALLEST_INTEGER <= number <= _LARGEST_INTEGER:
        raise AnswerError("integer")
    return str(number)


def decimal(typed: str) -> str:
    """Return the canonical text of a typed number, written with a decimal comma or point.

    `1.200` and `1,200` are refused with AnswerError("ambiguous"): one reader means twelve hundred,
    the other one point two. Anything else that is no number raises AnswerError("decimal").
    """
    plain = _SPACES_IN_NUMBER.sub("", _plain_digits(typed))
    if _AMBIGUOUS.match(plain):
        raise AnswerError("ambiguous")
    thousands = _THOUSANDS.match(plain)
    if thousands:
        whole = thousands.group().replace(thousands.group(1), "")
        plain = whole + plain[thousands.end() :]
    plain = plain.replace(",", ".")
    if not _DECIMAL.match(plain) or sum(map(str.isdigit, plain)) > _MOST_DIGITS:
        raise AnswerError("decimal")
    return canonical_decimal(Decimal(plain))


def canonical_decimal(number: Decimal) -> str:
    """Return `number` without exponent, trailing zeros or a signed zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def day(typed: str) -> str:
    """Return a date typed as 24.12.2026, 24/12/2026 or 2026-12-24 as ISO.

    Raises AnswerError("date"), also for years that no date of a questionnaire has.
    """
    plain = _plain_digits(typed)
    if found := _DAY_FIRST.match(plain):
        month, number, year = int(found[3]), int(found[1]), int(found[4])
    elif found := _YEAR_FIRST.match(plain):
        year, month, number = int(found[1]), int(found[3]), int(found[4])
    else:
        raise AnswerError("date")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise AnswerError("date")
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        raise AnswerError("date") from None


def text(typed: str) -> str:
    """Return a typed text normalised; raise AnswerError("length") above 10,000 characters."""
    if len(typed) > LONGEST:
        raise AnswerError("length")
    return normalise(typed)


READERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"text": text, "integer": integer, "decimal": decimal, "date": day}
)


def canonical(kind: str, typed: str) -> str:
    """Return the canonical text of what was typed for a question of type `kind`; "" for a blank.

    Raises AnswerError when the text is no answer of that type.
    """
    if not typed or typed.isspace():
        return ""
    return READERS.get(kind, text)(typed)


def is_canonical(kind: str, stored: str) -> bool:
    """Return whether `stored` is what `canonical` would have returned for this type."""
    reader = _STRICT.get(kind)
    if reader is None:
        return len(stored) <= LONGEST
    try:
        return reader(stored)
    except (AnswerError, ValueError):
        return False


def _is_decimal(stored: str) -> bool:
    return bool(_DECIMAL.match(stored)) and stored.isascii()


def _is_integer(stored: str) -> bool:
    return stored.isascii() and integer(stored) == stored


def _is_date(stored: str) -> bool:
    return date.fromisoformat(stored).isoformat() == stored


_STRICT: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"integer": _is_integer, "decimal": _is_decimal, "date": _is_date}
)
