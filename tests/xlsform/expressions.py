"""Expressions at random, as wide as authors could write them: every function, operator and type.

Left out is what JavaRosa cannot read at all and this engine can: other axes than child, parent and
self, `//`, unions and conditions behind a bracket.
"""

from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

DEEPEST = 3
# Literals and paths of each kind; "nodes" are paths that may hold several nodes or none.
LEAVES: Mapping[str, Sequence[str]] = {
    "number": (
        *("0", "1", "2", "3", "7", "10", "0.5", "1.5", "2.25", ".5", "5.", "100", "-1", "-2.5"),
        *("/data/age", "/data/rooms", "/data/rent", " /data/age ", "number('x')"),
    ),
    "string": (
        *("''", "'a'", "'b'", "'a b'", "' b '", '"it\'s"', "'10'", "'2.5'", "'-1'", "'1,5'"),
        *("'Ada Lo'", "'true'", "'1'", "'TRUE'", "'2026-03-01'", "'é ß'", "'1e3'", "'YWJj'"),
        *("/data/text", "/data/plain", "/data/home/town", "/data/one", "/data/many", "."),
        *("/data/hidden", "/data/nothing", "version()"),
    ),
    "boolean": ("true()", "false()"),
    "date": (
        *("date('2026-03-01')", "date-time('2026-03-01T10:20:30.400+01:00')", "date(0)"),
        *("date-time('2025-07-01T23:30:00')", "date('2025-07-01T23:30:00Z')", "date('1969-1-2')"),
        *("today()", "/data/day", "date-time(12.5)"),
    ),
    # Asked for as a point in time only: as text JavaRosa makes them the day, or today's date.
    "instant": ("now()", "/data/moment", "/data/moment", "/data/day", "12.75"),
    "clock": ("'%H:%M:%S.%3'", "'%h'"),
    "code": ("'YWJj'", "'w6TDtg=='", "''", "'YWI='"),
    "amount": (
        *("0", "1", "2.5", "18", "/data/age", "/data/rent", "number('x')", "count(/data/kid)"),
        *("round(/data/rent)", "int('a')", "/data/rooms", "string-length(/data/text)"),
    ),
    "hour": ("/data/clock", "now()", "/data/moment", "0.25"),
    "nodes": (
        *("/data/kid/name", "/data/kid/years", "/data/kid[years > 1]/years", "/data/nothing"),
        *("/data/kid[name = 'Ada']/years", "/data/kid[position() = 2]/name"),
        *("instance('towns')/root/item/size", "instance('towns')/root/item[part = 'a']/name"),
        *("instance('towns')/root/item[part = /data/text]/name", "/data/kid/toy/what"),
        *("instance('towns')/root/item[name = 'unna']/size", "/data/hidden", "/data/text"),
        *("instance('towns')/root/item[size > 2 and part != '']/name", "/data/age"),
        *("instance('towns')/root/item[part = current()/../text]/name", "/data/rent"),
        *("instance('towns')/root/item[part = 'a'][position() = 2]/name",),
        *("instance('towns')/root/item[selected(/data/many, part)]/name",),
    ),
    "word": ("'10'", "'9'", "'a'", "''", "'1,5'", "/data/many", "/data/one", "/data/nothing"),
    "pattern": ("'[a-c]+'", "'.*'", "'[0-9]{1,2}'", "'a|b'", "'\\d+'", "'['", "'Ada.*'", "'\\s?x'"),
    "format": (
        *("'%Y-%m-%d'", "'%e.%n.%y'", "'%H:%M:%S.%3'", "'%a %b'", "'%h%%'", "'x'", "'%Q'", "'%'"),
    ),
    "algorithm": ("'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'", "'FOO'"),
    "encoding": ("'hex'", "'base64'", "'x'"),
    "place": ("0", "1", "2", "-1", "1.9", "-2", "5", "'a'", "/data/rooms"),
    "places": ("0", "1", "2", "3", "31", "number('x')"),
    "seed": ("1", "42", "-7", "'9'", "0.5"),
    "repeat": ("/data/kid", "/data/home", "/data/nothing"),
    "which": ("1", "2", "5", "1.9"),
    "figures": ("/data/kid/years", "/data/age", "/data/kid[years > 1]/years", "/data/nothing"),
    "question": ("'/data/one'", "'/data/many'"),
    "shape": ("/data/shape",),
    "spot": ("/data/spot", "'51.5 7.5'", "'52.5 7.6 0 0'"),
    "trace": ("'51 7 0 0;51 8 0 0'", "/data/shape", "'51.2 7.1;51.3 7.2;51.4 7'"),
}
# Relative paths from each place where an expression may stand.
NEAR: Mapping[str, Sequence[str]] = {
    "text": ("../age", "../kid/name", "./../day", "../home/town"),
    "age": ("../text", "../rent", "../kid[position() = 1]/years"),
    "town": ("../../age", "../../kid/years", "../town"),
    "name": ("../years", "../../kid/name", "../../age", "../toy/what", "current()/../years"),
    "what": ("../../name", "../../toy/what", "../../../text", "current()/../../years"),
}
# name -> the kinds of its arguments and of what it gives; "…" repeats the one before at will.
FUNCTIONS: Sequence[tuple[str, str, str]] = (
    ("number", "number", "any"),
    ("number", "int", "any"),
    ("number", "round", "number"),
    ("number", "round", "number places"),
    ("number", "abs", "number"),
    ("number", "pow", "number number"),
    ("number", "sqrt", "number"),
    ("number", "exp", "number"),
    ("number", "exp10", "number"),
    ("number", "log", "number"),
    ("number", "log10", "number"),
    ("number", "sin", "number"),
    ("number", "cos", "number"),
    ("number", "tan", "number"),
    ("number", "asin", "number"),
    ("number", "acos", "number"),
    ("number", "atan", "number"),
    ("number", "atan2", "number number"),
    ("number", "pi", ""),
    ("number", "min", "amount amount …"),
    ("number", "max", "amount amount …"),
    ("number", "min", "figures"),
    ("number", "max", "figures"),
    ("number", "sum", "figures"),
    ("number", "count", "nodes"),
    ("number", "count", "repeat"),
    ("number", "count-non-empty", "nodes"),
    ("number", "string-length", "any"),
    ("number", "position", "nodes"),
    ("number", "position", "repeat"),
    ("number", "position", ""),
    ("number", "count-selected", "string"),
    ("number", "decimal-date-time", "instant"),
    ("number", "decimal-date-time", "any"),
    ("number", "decimal-time", "instant"),
    ("number", "decimal-time", "hour"),
    ("number", "decimal-time", "any"),
    ("number", "distance", "spot spot"),
    ("number", "distance", "trace"),
    ("number", "area", "shape"),
    ("string", "string", "any"),
    ("string", "concat", "any …"),
    ("string", "concat", "nodes"),
    ("string", "join", "string any …"),
    ("string", "join", "string nodes"),
    ("string", "substr", "string place"),
    ("string", "substr", "string place place"),
    ("string", "substring-before", "string string"),
    ("string", "substring-after", "string string"),
    ("string", "translate", "string string string"),
    ("string", "normalize-space", "any"),
    ("string", "selected-at", "string place"),
    ("string", "format-date", "instant format"),
    ("string", "format-date", "any format"),
    ("string", "format-date-time", "instant format"),
    ("string", "format-date-time", "hour clock"),
    ("string", "digest", "string algorithm"),
    ("string", "digest", "string algorithm encoding"),
    ("string", "base64-decode", "code"),
    ("string", "jr:choice-name", "string question"),
    ("string", "indexed-repeat", "/data/kid/name /data/kid which"),
    ("string", "indexed-repeat", "/data/kid/toy/what /data/kid which /data/kid/toy which"),
    ("boolean", "boolean", "any"),
    ("boolean", "boolean-from-string", "any"),
    ("boolean", "not", "any"),
    ("boolean", "selected", "string string"),
    ("boolean", "contains", "any any"),
    ("boolean", "starts-with", "string string"),
    ("boolean", "ends-with", "string string"),
    ("boolean", "regex", "any pattern"),
    ("boolean", "checklist", "number number any …"),
    ("boolean", "checklist", "number number nodes"),
    ("boolean", "weighted-checklist", "number number any number"),
    ("boolean", "weighted-checklist", "number number any number any number"),
    ("boolean", "weighted-checklist", "number number nodes nodes"),
    ("boolean", "geofence", "spot shape"),
    ("date", "date", "any"),
    ("date", "date-time", "any"),
    ("date", "date-time", "instant"),
    ("date", "date", "string"),
    ("nodes", "randomize", "nodes seed"),
    ("any", "if", "any any any"),
    ("any", "coalesce", "any any"),
    ("any", "once", "any"),
)
ORDERED = ("<", "<=", ">", ">=")
COMPARED = ("=", "!=", "=", "!=", *ORDERED)
COUNTED = ("+", "-", "*", "div", "mod")
KINDS = ("number", "string", "boolean", "date", "nodes")


@st.composite
def expressions(draw: st.DrawFn, place: str, kind: str = "any", depth: int = DEEPEST) -> str:
    """Return the strategy for expressions of a kind that stand at `place`."""

    def inner(wanted: str) -> str:
        return draw(expressions(place, wanted, depth - 1))

    if kind.startswith("/"):
        return kind
    if kind == "any" or (
        kind != "nodes" and kind in KINDS and draw(st.integers(0, 30)) == 30
    ):  # now and then a kind nobody expects
        kind = draw(st.sampled_from(KINDS))
    ways = ["leaf"] if depth == 0 or kind not in KINDS else ["leaf", "call", "call", *MORE[kind]]
    way = draw(st.sampled_from(ways))
    if way == "leaf":
        near = NEAR[place.rpartition("/")[2]] if kind in {"string", "number", "nodes"} else ()
        return draw(st.sampled_from([*LEAVES[kind], *near]))
    if way == "call":
        fitting = [
            call for call in FUNCTIONS if call[0] == kind or (call[0] == "any" and kind != "nodes")
        ]
        return _call(draw, draw(st.sampled_from(fitting)), inner)
    return _operation(draw, way, inner)


def _call(draw: st.DrawFn, call: tuple[str, str, str], inner: Callable[[str], str]) -> str:
    _, name, wanted = call
    kinds = wanted.split()
    if kinds and kinds[-1] == "…":
        kinds[-1:] = kinds[-2:-1] * draw(st.integers(0, 2))
    return f"{name}({', '.join(map(inner, kinds))})"


def _operation(draw: st.DrawFn, way: str, inner: Callable[[str], str]) -> str:
    if way == "negative":
        return f"-{inner('number')}"
    if way == "compared":
        sign = draw(st.sampled_from(COMPARED))
        if sign in ORDERED:
            kinds = st.sampled_from(("number", "number", "date", "boolean", "figures", "word"))
            return _joined(draw, inner(draw(kinds)), sign, inner(draw(kinds)))
        kind = draw(st.sampled_from((*KINDS, "any")))
        return _joined(draw, inner(kind), sign, inner("any" if draw(st.booleans()) else kind))
    if way == "joined":
        return _joined(draw, inner("any"), draw(st.sampled_from(("and", "or"))), inner("any"))
    return _joined(draw, inner("number"), draw(st.sampled_from(COUNTED)), inner("any"))


def _joined(draw: st.DrawFn, left: str, sign: str, right: str) -> str:
    return draw(st.sampled_from(("{} {} {}", "({}) {} ({})", "({} {} {})"))).format(
        left, sign, right
    )


MORE: Mapping[str, Sequence[str]] = {
    "number": ("counted", "counted", "negative"),
    "boolean": ("compared", "compared", "joined"),
    "string": (),
    "date": (),
    "nodes": (),
}
