"""What somebody might answer: candidates for a question, the likeliest first."""

import re
from collections.abc import Mapping

from xlsform.form import Question

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_LONGEST_LITERAL = 40

TYPICAL: Mapping[str, tuple[str, ...]] = {
    "text": (
        "Mina",
        "12345",
        "0176040690",
        "a@example.org",
        "A1",
        "ABC123",
        "x",
        "abcdefghijkl",
        "2026-03-02",
        "1",
        "Mina Berg",
        "+4917604069012",
        "1234567890123456",
    ),
    "integer": ("3", "1", "0", "12", "20", "35", "70", "150", "1000", "2000", "-1", "100000"),
    "decimal": ("3", "1,5", "0", "0,5", "20", "37", "70", "150", "1500", "-1"),
    "date": ("01.03.2026", "01.01.2000", "28.02.2026", "02.03.2026", "01.01.2030", "01.06.1970"),
    "time": ("12:30", "08:00", "23:00"),
    "dateTime": ("01.03.2026 12:30", "01.01.2000 08:00", "01.01.2030 08:00"),
    "geopoint": ("51.53, 7.68", "-1.29, 36.82", "0, 0"),
    "geotrace": ("51.5, 7.6\n51.6, 7.7",),
    "geoshape": ("51.5, 7.6\n51.6, 7.7\n51.5, 7.8\n51.5, 7.6",),
    "barcode": ("4006381333931", "12345", "ABC"),
}


def candidates(question: Question) -> tuple[str, ...]:
    """Return texts to type for a question, without those that no type of it takes."""
    kind = question.type
    if kind == "range":
        return _range(question.parameters)
    typical = TYPICAL.get(kind, TYPICAL["text"])
    source = question.constraint.source if question.constraint is not None else ""
    return tuple(dict.fromkeys([*typical[:1], *_mined(source, kind), *typical[1:]]))


def _range(parameters: Mapping[str, str]) -> tuple[str, ...]:
    start = parameters.get("start", "1")
    return (start.replace(".", ","), parameters.get("end", "10").replace(".", ","))


def _mined(source: str, kind: str) -> list[str]:
    """Return what a constraint itself mentions: its numbers and their neighbours, its texts."""
    whole = [int(float(number)) for number in _NUMBER.findall(source)]
    near = [str(number + step) for number in whole for step in (0, 1, -1)]
    if kind in {"integer", "decimal"}:
        return near
    if kind != "text":
        return []
    quoted = [single or double for single, double in _QUOTED.findall(source)]
    lengths = ["7" * number for number in whole if number <= _LONGEST_LITERAL]
    return [text for text in quoted if text and len(text) <= _LONGEST_LITERAL] + near + lengths
