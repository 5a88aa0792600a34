"""What differed from JavaRosa once: the answers it gives, checked with it where it is there."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from tests.support.javarosa import JavaRosa
from tests.xlsform.agreement import disagreement
from tests.xlsform.worlds import WORDS, World
from xlsform.values import to_string
from xlsform.xpath import ExpressionError, compile_expression

ANSWERS = {
    "text": "a",
    "note": "4",
    "age": "0",
    "rooms": "2",
    "rent": "2.50",
    "day": "2026-03-01",
    "moment": "2026-03-01T10:20:30.400+01:00",
    "clock": "10:20:30.400+01:00",
    "spot": "51.5 7.5 0.0 0.0",
    "shape": WORDS["geoshape"][1],
    "one": "a",
    "many": "a b",
    "plain": "",
    "hidden": "x",
    "home/town": "",
}
WORLD = World(ANSWERS, (("Ada", "3", ("ball", "kite")), ("Bo", "", ("",)), ("", "7", ("doll",))))
NOW = datetime(2026, 3, 1, 11, tzinfo=UTC)
SECOND = "/data/kid[2]/name"

# What it is about -> where the expression stands, the expression, the answer (None: refused).
CASES: Mapping[str, tuple[str, str, str | None]] = {
    "a number against text is a number": ("/data/text", "/data/rent = '2.5'", "true"),
    "a number against another number of text": ("/data/text", "/data/rooms = ' 2 '", "true"),
    "no answer is no number against text": ("/data/text", "/data/kid[years = '']/name", "Bo"),
    "two answers, one a number": ("/data/text", "/data/rooms != /data/rent", "true"),
    "a decimal comma counts": ("/data/text", "'2,5' + 1", "3.5"),
    "the answer 0 says no": ("/data/text", "boolean(/data/age)", "false"),
    "the answer 0 equals no": ("/data/text", "/data/age = false()", "true"),
    "a blank answer equals no": ("/data/text", "/data/plain = false()", "true"),
    "an answer found by a condition says yes": (
        "/data/text",
        "boolean(instance('towns')/root/item[name = 'hamm']/part)",
        "false",
    ),
    "nothing found by a condition counts as blank": (
        "/data/text",
        "instance('towns')/root/item[name = 'x']/part = ''",
        "true",
    ),
    "a path through a repeat stays in its own": (SECOND, "/data/kid/name", "Bo"),
    "so does a count": (SECOND, "count(/data/kid)", "1"),
    "so does a path into a repeat of it": ("/data/kid[1]/name", "count(/data/kid/toy)", "2"),
    "going up leaves the repeat": (SECOND, "count(../../kid)", "3"),
    "a condition looks at all repeats": (SECOND, "/data/kid[years = 7]/toy/what", "doll"),
    "position() is that of the repeat": ("/data/kid[3]", "position()", "3"),
    "position() of nothing": ("/data/text", "position(/data/nothing)", "0"),
    "a repeat by its number": (
        SECOND,
        "indexed-repeat(/data/kid/toy/what, /data/kid, 1, /data/kid/toy, 2)",
        "kite",
    ),
    "the other repeat stays one's own": (
        "/data/kid[1]/toy[2]/what",
        "indexed-repeat(/data/kid/toy/what, /data/kid/toy, 1)",
        "ball",
    ),
    "sum() passes over blank answers": ("/data/text", "sum(/data/kid/years)", "10"),
    "min() passes over blank answers": ("/data/text", "min(/data/kid/years)", "3"),
    "round() to more than 30 decimals": ("/data/text", "round(1.5, 31)", "NaN"),
    "round() to no number of decimals": ("/data/text", "round(1.5, 'x')", "2"),
    "pow() with what is no number": ("/data/text", "pow(1, 'x')", "NaN"),
    "pow() of 1 without end": ("/data/text", "pow(1, 1 div 0)", "NaN"),
    "checklist() with broken bounds": ("/data/text", "checklist(0.9, 1.9, true())", "true"),
    "checklist() of numbers": ("/data/text", "checklist(1, 1, /data/rooms, /data/age)", "true"),
    "weighted-checklist() of nothing": ("/data/text", "weighted-checklist(0, 1)", "true"),
    "checklist() of nothing": ("/data/text", "checklist(1, 2)", "false"),
    "selected-at() with no number": ("/data/text", "selected-at('a b', 'x')", "a"),
    "normalize-space() keeps other spaces": (
        "/data/text",
        "normalize-space(' a\u00a0 b ')",
        "a\u00a0 b",
    ),
    "join() among others keeps a blank": (
        "/data/text",
        "join('-', 'a', /data/nothing, 'b')",
        "a--b",
    ),
    "join() of nothing": ("/data/text", "join('-', /data/nothing)", ""),
    "a text keeps its time in date()": (
        "/data/text",
        "format-date(date('2026-03-01T10:20:00'), '%H:%M')",
        "10:20",
    ),
    "a moment loses its time in date()": (
        "/data/text",
        "format-date(date(date-time('2026-03-01T10:20:00')), '%H:%M')",
        "00:00",
    ),
    "an answer that is a number is days": ("/data/text", "date(/data/rooms)", "1970-01-03"),
    "decimal-date-time() of a number": ("/data/text", "decimal-date-time(1 div 3)", repr(1 / 3)),
    "decimal-time() of a number": ("/data/text", "decimal-time(12.75)", "0.75"),
    "decimal-time() of an answer": ("/data/text", "decimal-time(/data/rent)", "0.5"),
    "once() keeps the kind of the answer": ("/data/rent", "once(7) + 1", "3.5"),
    "randomize() is the shuffle of ODK": (
        "/data/text",
        "join(' ', randomize(instance('towns')/root/item/name, 1))",
        "werne hamm unna selm",
    ),
    "randomize() with a seed below 0": (
        "/data/text",
        "join(' ', randomize(instance('towns')/root/item/name, -7))",
        "selm hamm unna werne",
    ),
    "area() on a flat map": ("/data/text", "round(area(/data/shape), -4)", "3899230000"),
    "version() of the form": ("/data/text", "version()", "7"),
    "coalesce() of three": ("/data/text", "coalesce('', '', 'a')", None),
    "indexed-repeat() of another repeat": (
        "/data/text",
        "indexed-repeat(/data/kid/name, /data/home, 1)",
        None,
    ),
}
IDS = [name.replace(" ", "_") for name in CASES]


@pytest.mark.parametrize(("place", "expression", "expected"), CASES.values(), ids=IDS)
def test_expression__answers_as_javarosa_does(
    place: str, expression: str, expected: str | None
) -> None:
    context = WORLD.context(place, NOW)

    if expected is None:
        with pytest.raises(ExpressionError):
            compile_expression(expression).evaluate(context)
    else:
        assert compile_expression(expression).string(context) == expected


def test_javarosa__answers_so_itself(javarosa: JavaRosa) -> None:
    javarosa.load(WORLD.xform())
    differing = {}

    for name, (place, expression, _) in CASES.items():
        (answer,) = javarosa.evaluate(place, [expression])
        if found := disagreement(expression, WORLD.context(place, NOW), answer):
            differing[name] = (found, answer)

    assert differing == {}


# Where this engine goes another way on purpose.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("string(/data/moment)", "2026-03-01T10:20:30.400+01:00"),  # JavaRosa: the day alone
        ("string(/data/clock)", "10:20:30.400+01:00"),  # JavaRosa: today's date
        ("string(3000000000)", "3000000000"),  # JavaRosa: 3.0E9
        ("max(-3, -5)", "-3"),  # JavaRosa: 4.9E-324
        ("round(-12345, -2)", "-12300"),  # JavaRosa: -12200
        ("/data/kid[2]/name", "Bo"),  # JavaRosa: nothing, a place is no truth
        ("/data/kid/name", "Ada"),  # JavaRosa refuses several where one is meant
        ("selected('1 2', 2)", "true"),  # JavaRosa refuses a number
        ("indexed-repeat(/data/kid/name, /data/kid, 0)", ""),  # JavaRosa: the first
        ("distance(/data/nothing, /data/spot)", "0"),  # JavaRosa: from the Gulf of Guinea
        ("count-selected(12)", "1"),  # JavaRosa breaks off
    ],
)
def test_expression__goes_its_own_way_where_javarosa_would_do_harm(
    expression: str, expected: str
) -> None:
    value = compile_expression(expression).evaluate(WORLD.context("/data/text", NOW))

    assert to_string(value) == expected
