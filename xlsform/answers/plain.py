"""Texts and numbers as people type them, and what reading any answer starts with."""

import re
import unicodedata
from decimal import Decimal

LONGEST = 10_000

# OpenRosa's `int` is a 32-bit integer; a larger one would not survive a field client.
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**31), 2**31 - 1
_MOST_DIGITS = 15

_NOT_XML = re.compile("[^\t\n\\x20-\\uD7FF\\uE000-\\uFFFD\\U00010000-\\U0010FFFF]")
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES_IN_NUMBER = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019\u066c](?=\d{3}(?!\d))")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)\Z")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")
_SIGNS = str.maketrans({"\u2212": "-", "\u066b": ".", "\u060c": ","})


class AnswerError(ValueError):
    """A typed text that is no answer of its type.

    `problem` is the key of the message to show, `values` are what the message names.
    """

    def __init__(self, problem: str, **values: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


def legible(text: str) -> str:
    """Return `text` without the characters that neither XML nor a page can hold."""
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("", text)


def normalise(text: str) -> str:
    """Return `text` stripped, lines ended by LF alone, in NFC, without what XML cannot hold."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _NOT_XML.sub("", lines)).strip()


def plain_digits(text: str) -> str:
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
    plain = _SPACES_IN_NUMBER.sub("", plain_digits(typed))
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
    plain = _SPACES_IN_NUMBER.sub("", plain_digits(typed))
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


def text(typed: str) -> str:
    """Return a typed text normalised."""
    return normalise(typed)


def is_integer(stored: str) -> bool:
    """Return whether `stored` is a whole number in its canonical form."""
    return stored.isascii() and integer(stored) == stored


def is_decimal(stored: str) -> bool:
    """Return whether `stored` is a number with a decimal point, and nothing else."""
    return bool(_DECIMAL.match(stored)) and stored.isascii()


def is_ambiguous(stored: str) -> bool:
    """Return whether a number is written so that its point could be meant for thousands."""
    return bool(_AMBIGUOUS.match(stored))
