"""A made-up questionnaire of any size with all that costs time: conditions, checks, sums."""

from collections.abc import Iterator

from xlsform.source import Workbook, workbook

GROUP = 20  # questions on a page
CALCULATIONS = 8  # on a page
LONG_LIST = 1000

Row = dict[str, str]

# What stands on a page, in turn: a type and what else its row says.
_KINDS: tuple[tuple[str, Row], ...] = (
    ("integer", {"constraint": ". >= 0 and . <= 120"}),
    ("select_one situation", {}),
    ("text", {"constraint": "string-length(.) <= 200"}),
    ("select_multiple need", {}),
    ("decimal", {"constraint": ". < 10000"}),
)


def big_form(pages: int = 25, questions: int = GROUP) -> Workbook:
    """Return a workbook of pages with so many questions and 8 calculations, in two languages."""
    survey = [row for page in range(pages) for row in _page(page, questions)]
    settings = {
        "form_id": "big",
        "form_title": "Große Befragung",
        "default_language": "Deutsch (de)",
    }
    return workbook("big", {"survey": survey, "choices": list(_choices()), "settings": [settings]})


def long_list() -> Workbook:
    """Return a workbook whose second question filters a list of 1,000 choices by the first."""
    survey = [
        {"type": "text", "name": "part", "label": "Kreis"},
        {
            "type": "select_one town",
            "name": "town",
            "label": "Ort",
            "choice_filter": "part = ${part}",
        },
    ]
    towns = [
        {
            "list_name": "town",
            "name": f"t{number}",
            "label": f"Ort {number}",
            "part": f"p{number % 50}",
        }
        for number in range(LONG_LIST)
    ]
    return workbook("towns", {"survey": survey, "choices": towns})


def _page(page: int, questions: int) -> Iterator[Row]:
    yield {"type": "begin_group", "name": f"g{page}", **_both("label", f"Seite {page + 1}")}
    for place in range(questions):
        kind, more = _KINDS[place % len(_KINDS)]
        row = {"type": kind, "name": f"q{page}_{place}", **_both("label", f"Frage {place + 1}")}
        yield row | more | _condition(page, place)
    for place in range(CALCULATIONS):
        yield {"type": "calculate", "name": f"c{page}_{place}", "calculation": _sum(page, place)}
    yield {"type": "end_group"}


def _condition(page: int, place: int) -> Row:
    """Every fourth question is asked after one answer, every tenth after another page's sum."""
    if place % 10 == 9 and page:
        return {"relevant": f"${{c{page - 1}_0}} >= 0"}
    if place % 4 == 2:
        return {"relevant": f"${{q{page}_0}} != 13 or selected(${{q{page}_3}}, 'flat')"}
    return _both("hint", "Schreiben Sie, was Sie wissen.") if place % 4 == 0 else {}


def _sum(page: int, place: int) -> str:
    """Return a calculation: of this page's answers, or of what was worked out before."""
    first, second = f"${{q{page}_0}}", f"${{q{page}_{5 * (place % 4)}}}"
    if place == 0:
        before = f" + coalesce(${{c{page - 1}_0}}, 0)" if page else ""
        return f"coalesce({first}, 0){before}"
    if place % 3 == 1:
        return f"if({first} > 17 and selected(${{q{page}_1}}, 'street'), {second} * 2, 0)"
    if place % 3 == 2:
        return f"concat(${{q{page}_2}}, ' ', count-selected(${{q{page}_3}}))"
    return f"round(coalesce(${{c{page}_{place - 1}}}, 0) div 3, 1)"


def _choices() -> Iterator[Row]:
    for list_name, names in {
        "situation": ("street", "shelter", "friends", "flat", "other"),
        "need": ("flat", "money", "safety", "doctor"),
    }.items():
        for name in names:
            yield {"list_name": list_name, "name": name, **_both("label", name.capitalize())}


def _both(column: str, text: str) -> Row:
    return {f"{column}::Deutsch (de)": text, f"{column}::English (en)": f"{text} (en)"}
