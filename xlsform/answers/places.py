"""Places, ways and areas as people type or paste them from a map.

A place is stored as `latitude longitude altitude accuracy`, as ODK Collect does, 0 for what is not
known; ways and areas are places joined by semicolons. An area ends where it began.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from xlsform.answers.plain import AnswerError, canonical_decimal, plain_digits

_FURTHEST = (Decimal(90), Decimal(180))  # degrees of latitude and of longitude
_PRECISE = Decimal("1e-9")  # a tenth of a millimetre; maps paste more digits than that

_FIGURE = r"[0-9]{1,7}(?:[.,][0-9]{1,20})?"
_NUMBER = re.compile(rf"[+-]?{_FIGURE}\Z")
_ANGLE = (
    rf"([+-]?{_FIGURE})\s*[°º]?\s*"
    rf"(?:({_FIGURE})\s*['\u2019\u2032]\s*)?"
    rf"(?:({_FIGURE})\s*(?:[\"\u201d\u2033]|'')\s*)?"
)
_LED = re.compile(rf"([nsewo])\s*{_ANGLE}", re.IGNORECASE)  # N 51.535
_FOLLOWED = re.compile(rf"{_ANGLE}([nsewo])?", re.IGNORECASE)  # 51.535° N
_MARKS = re.compile(r"[°º'\"\u2019\u2032\u201d\u2033a-z]", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|\s*,\s+|\s+")
_STORED = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?\Z")


def geopoint(typed: str) -> str:
    """Return a place typed as `51.535, 7.689`, `51,535 7,689` or with degrees and N, S, E, W, O.

    Raises AnswerError("geopoint"), also for `51,535,7,689`, which could be several places.
    """
    plain = plain_digits(typed)
    numbers = _angles(plain) if _MARKS.search(plain) else _numbers(plain)
    if not 2 <= len(numbers) <= 4:
        raise AnswerError("geopoint")
    if any(abs(number) > most for number, most in zip(numbers, _FURTHEST, strict=False)):
        raise AnswerError("geopoint")
    full = [*numbers, Decimal(0), Decimal(0)][:4]
    return " ".join(canonical_decimal(number.quantize(_PRECISE)) for number in full)


def _numbers(plain: str) -> list[Decimal]:
    pieces = [piece for piece in _BETWEEN.split(plain.rstrip(",;")) if piece]
    if len(pieces) == 1 and "." in plain:
        pieces = plain.split(",")  # 51.535,7.689: the comma is no decimal one
    if not all(_NUMBER.match(piece) for piece in pieces):
        raise AnswerError("geopoint")
    return [_number(piece) for piece in pieces]


def _angles(plain: str) -> list[Decimal]:
    """Return latitude and longitude of two angles; the letters say which is which."""
    north_south, east_west = {"n", "s", ""}, {"e", "w", "o", ""}
    first, rest = _angle(plain)
    second, rest = _angle(rest.lstrip(" ,;"))
    (letter, one), (other_letter, other) = first, second
    if rest.strip() or bool(letter) != bool(other_letter):
        raise AnswerError("geopoint")
    if letter in north_south and other_letter in east_west:
        return [one, other]
    if letter in east_west and other_letter in north_south:
        return [other, one]
    raise AnswerError("geopoint")


def _angle(text: str) -> tuple[tuple[str, Decimal], str]:
    """Return the letter and the degrees that `text` begins with, and what comes after."""
    if found := _LED.match(text):
        letter, *parts = found.groups()
    elif found := _FOLLOWED.match(text):
        *parts, letter = found.groups()
    else:
        raise AnswerError("geopoint")
    degrees, minutes, seconds = (_number(part or "0") for part in parts)
    if minutes >= 60 or seconds >= 60 or (letter and degrees < 0):
        raise AnswerError("geopoint")
    size = abs(degrees) + minutes / 60 + seconds / 3600
    side = (letter or "").lower()
    negative = parts[0].startswith("-") or side in {"s", "w"}
    return (side, -size if negative else size), text[found.end() :]


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def geotrace(typed: str) -> str:
    """Return a way typed with one place a line; raise AnswerError("geotrace") below two places.

    Raises AnswerError("geoline") for a line that is no place.
    """
    places = list(_places(typed))
    if len(places) < 2:
        raise AnswerError("geotrace")
    return ";".join(places)


def geoshape(typed: str) -> str:
    """Return an area typed with one corner a line, closed; raise AnswerError("geoshape").

    Raises AnswerError("geoline") for a line that is no place.
    """
    corners = list(_places(typed))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(corners) < 3:
        raise AnswerError("geoshape")
    return ";".join([*corners, corners[0]])


def _places(typed: str) -> Iterator[str]:
    for number, line in enumerate(_lines(typed), start=1):
        try:
            yield geopoint(line)
        except AnswerError:
            raise AnswerError("geoline", line=str(number)) from None


def _lines(typed: str) -> list[str]:
    """Return the lines that say something; one line alone may hold several places, with `;`."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) == 1 and is_way(lines[0].strip()):
        return [place for place in lines[0].split(";") if place.strip()]
    return lines


def is_place(stored: str) -> bool:
    """Return whether `stored` is one place: two to four numbers, the first two in their limits."""
    numbers = stored.split()
    if not 2 <= len(numbers) <= 4 or not all(_STORED.match(number) for number in numbers):
        return False
    degrees = (float(number) for number in numbers)
    return all(abs(one) <= most for one, most in zip(degrees, _FURTHEST, strict=False))


def is_way(stored: str) -> bool:
    """Return whether `stored` is several places with semicolons between them."""
    return all(is_place(place) for place in stored.removesuffix(";").split(";"))


def shown_place(stored: str) -> str:
    """Return a stored place as `51.535, 7.689`, height and accuracy only where they are known."""
    if not is_place(stored):
        return stored
    numbers = stored.split()
    known = numbers if any(float(number) for number in numbers[2:]) else numbers[:2]
    return ", ".join(known)


def shown_way(stored: str) -> str:
    """Return a stored way with one place a line."""
    return "\n".join(shown_place(place.strip()) for place in stored.split(";") if place.strip())


def shown_area(stored: str) -> str:
    """Return a stored area with one corner a line, the first one not said again at the end."""
    corners = [corner.strip() for corner in stored.split(";") if corner.strip()]
    if len(corners) > 3 and corners[0] == corners[-1]:
        corners.pop()
    return shown_way(";".join(corners))
