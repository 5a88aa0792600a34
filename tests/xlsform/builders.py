"""Builders: a form and its fillings from a small Markdown table."""

# ruff: noqa: E501 -- questionnaires are wide tables

from collections.abc import Mapping
from datetime import UTC, datetime

from xlsform.filling import Filling
from xlsform.form import Form, compile_form
from xlsform.source import Workbook, convert, read_bytes

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

SETTINGS = """
| settings |
|          | form_id | form_title | version | namespaces                     |
|          | probe   | Probe      | 1       | z="https://zugang.example/ns"  |
"""


def workbook_from(markdown: str) -> Workbook:
    """Return the workbook in a Markdown table; a plain settings sheet is added if there is none."""
    settings = "" if "| settings |" in markdown else SETTINGS
    return read_bytes((markdown.strip() + settings).encode(), ".md", "probe")


def form_from(markdown: str) -> Form:
    """Return the compiled form of a Markdown table."""
    return compile_form(convert(workbook_from(markdown)).xml)


def filling_of(
    form: Form, answers: Mapping[str, str] | None = None, *, now: datetime = NOON
) -> Filling:
    """Return a filling in which the time stands still."""
    return Filling(form, answers, now=now, zone=UTC)


def filled(markdown: str, **answers: str) -> Filling:
    """Return a filling with answers by the names of top-level questions."""
    form = form_from(markdown)
    filling = filling_of(form)
    for name, text in answers.items():
        filling.set(f"/data/{name}", text)
    filling.recalculate()
    return filling


def answered(form: Form, **answers: str) -> Filling:
    """Return a filling with answers by the names of questions, wherever they stand."""
    filling = filling_of(form)
    paths = {question.name: path for path, question in form.questions.items()}
    for name, text in answers.items():
        filling.set(paths[name], text)
    filling.recalculate()
    return filling


# A questionnaire with a bit of everything.
HOUSING = """
| survey |
|        | type                  | name     | label            | relevant              | required  | constraint | constraint_message      | default | calculation | choice_filter   |
|        | begin_group           | about    | Über Sie         |                       |           |            |                         |         |             |                 |
|        | integer               | age      | Alter            |                       | yes       | . >= 18    | Sie sind erst ${age}.   |         |             |                 |
|        | text                  | partner  | Partner          | ${age} > 30           |           |            |                         |         |             |                 |
|        | end_group             |          |                  |                       |           |            |                         |         |             |                 |
|        | begin_group           | home     | Wohnen           | ${age} != ''          |           |            |                         |         |             |                 |
|        | select_one part       | part     | Kreis            |                       |           |            |                         |         |             |                 |
|        | select_one town       | town     | Ort              | ${part} != ''         |           |            |                         |         |             | part = ${part}  |
|        | decimal               | rent     | Miete            |                       | ${age} > 40 |          |                         |         |             |                 |
|        | end_group             |          |                  |                       |           |            |                         |         |             |                 |
|        | select_multiple need  | needs    | Bedarf           |                       |           |            |                         |         |             |                 |
|        | date                  | since    | Seit             |                       |           |            |                         | today() |             |                 |
|        | text                  | country  | Land             |                       |           |            |                         | de      |             |                 |
|        | calculate             | twice    |                  |                       |           |            |                         |         | ${rent} * 2 |                 |
|        | note                  | end      | Danke            | ${twice} > 100        |           |            |                         |         |             |                 |
| choices |
|         | list_name | name    | label     | part  |
|         | part      | north   | Nord      |       |
|         | part      | south   | Süd       |       |
|         | town      | selm    | Selm      | north |
|         | town      | werne   | Werne     | north |
|         | town      | unna    | Unna      | south |
|         | need      | flat    | Wohnung   |       |
|         | need      | money   | Geld      |       |
|         | need      | safety  | Schutz    |       |
"""

AGE, PARTNER = "/data/about/age", "/data/about/partner"
PART, TOWN, RENT = "/data/home/part", "/data/home/town", "/data/home/rent"
