"""What the questionnaire engine costs: expressions, loading, a page in the application."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryDirectory

import wtforms
from lxml import etree
from sqlalchemy.orm import Session
from wtforms import RadioField, StringField

from bench import bigform
from bench.interview import get_page
from bench.timing import Row, median
from core import database, versions
from xlsform import source, workbooks
from xlsform.filling import Filling
from xlsform.form import Form, compile_form
from xlsform.source import Workbook
from xlsform.tree import parse
from xlsform.xpath import Context, Environment, compile_expression
from xlsform.xpath.expression import _compiled

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

EXPRESSION = "/data/age >= 18 and selected(/data/situation, 'street')"
# The same for lxml, which has no selected().
PLAIN = "/data/age >= 18 and contains(concat(' ', /data/situation, ' '), ' street ')"
RECORD = "<data><age>34</age><situation>shelter street</situation></data>"


def rows() -> Iterator[Row]:
    """Yield every measurement of the engine."""
    yield from _expressions()
    yield _filter()
    workbook = bigform.big_form()
    xml = source.convert(workbook).xml
    yield from _loading(workbook, xml)
    form = compile_form(xml)
    yield _recalculation(form)
    yield _page("page of 20 questions, ms", source.convert(bigform.big_form(pages=3)).xml, 4.0)
    long_page = source.convert(bigform.big_form(pages=2, questions=200)).xml
    yield _page("page of 200 questions, ms (bare WTForms)", long_page, 15.0, _bare_form(200))
    yield _page("page of 20, of 500 questions, ms", xml, None)


def _expressions() -> Iterator[Row]:
    root = parse(RECORD)
    context = Context(root, Environment(root))
    expression = compile_expression(EXPRESSION)
    ours = median(lambda: expression.boolean(context), 20_000)
    document = etree.fromstring(RECORD)
    lxml = etree.XPath(PLAIN)
    floor = median(lambda: lxml(document), 20_000)
    bare = median(lambda: _nothing(context), 20_000)
    assert expression.boolean(context) is lxml(document) is True
    yield Row(
        "expression, µs (lxml beside)",
        f"{ours * 1e6:.2f}",
        f"{floor * 1e6:.2f}",
        f"{ours / floor:.0%}",
        ours <= 4e-6,
    )
    yield Row("  an empty function call, µs", f"{bare * 1e6:.2f}")


def _nothing(_context: Context) -> None:
    """Do nothing: the least that any evaluation in Python costs."""


def _filter() -> Row:
    form = compile_form(source.convert(bigform.long_list()).xml)
    filling = Filling(form, {"/data/part": "p7"}, now=NOW, zone=UTC)
    town = form.questions["/data/town"]
    assert len(town.offered(filling)) == bigform.LONG_LIST // 50
    ours = median(lambda: town.offered(filling), 50)
    return Row("filter over 1,000 choices, ms", f"{ours * 1e3:.3f}", "", "", ours <= 0.3e-3)


def _loading(workbook: Workbook, xml: str) -> Iterator[Row]:
    content = _as_xlsx(workbook)
    reading = median(lambda: source.read_bytes(content, ".xlsx", "big"), rounds=3)
    converting = median(lambda: source.convert(workbook), rounds=3)
    compiling = median(lambda: _compile_anew(xml), rounds=5)
    whole = reading + converting + compiling
    yield Row("500 questions, workbook, ms", f"{whole * 1e3:.0f}", "", "", whole <= 0.5)
    yield Row("  reading the workbook, ms", f"{reading * 1e3:.0f}")
    yield Row("  conversion by pyxform, ms", f"{converting * 1e3:.0f}")
    floor = median(lambda: etree.fromstring(xml.encode()), rounds=5)
    yield Row(
        "  compiling, ms (parsing alone)",
        f"{compiling * 1e3:.1f}",
        f"{floor * 1e3:.1f}",
        f"{compiling / floor:.1f} x",
    )
    published = _published(xml)
    yield Row("500 questions, published, ms", f"{published * 1e3:.2f}", "", "", published <= 5e-3)
    yield Row("  memory of the form, MB", f"{_memory(xml) / 1e6:.1f}")


def _published(xml: str) -> float:
    """Return the seconds until a request has the form of a published version, asked by its id."""
    with TemporaryDirectory(prefix="zugang-bench-") as folder:
        opened = database.connect(f"sqlite:///{folder}/bench.sqlite3", b"k" * 32)
        database.Base.metadata.create_all(opened.durable)
        with opened.transaction() as session:
            version = versions.publish(session, "big", xml)
            versions.make_ready(session)  # as `zugang serve` does before it serves
        with Session(opened.durable) as session:
            spent = median(lambda: _form_of(session, version.id), 20)
        opened.close()
    return spent


def _form_of(session: Session, version_id: int) -> Form:
    session.expire_all()  # a request knows nothing of those before
    return versions.form_of(session, version_id)


def _compile_anew(xml: str) -> Form:
    _compiled.cache_clear()  # as in a process that has just begun
    return compile_form(xml)


def _memory(xml: str) -> int:
    _compiled.cache_clear()
    tracemalloc.start()
    form = compile_form(xml)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert form.questions
    return size


def _as_xlsx(workbook: Workbook) -> bytes:
    book = {}
    for name, content in workbook.sheets.items():
        columns = tuple(dict.fromkeys(column for row in content for column in row))
        cells = (tuple(row.get(column, "") for column in columns) for row in content)
        book[name] = (columns, *cells)
    return workbooks.render(book, ".xlsx")


def _recalculation(form: Form) -> Row:
    filling = Filling(form, now=NOW, zone=UTC)
    page = form.pages[0]
    texts = {"integer": "34", "decimal": "12.5", "text": "Mina"}
    for question in page.questions:
        filling.set(question.path, texts.get(question.type, "flat"))
    ours = median(filling.recalculate, 20)
    return Row("recalculation, 500 questions, ms", f"{ours * 1e3:.2f}", "", "", ours <= 5e-3)


def _page(
    name: str, xml: str, target: float | None, floor: Callable[[], object] | None = None
) -> Row:
    """Return what a page costs in the application, and beside it what it is built on costs."""
    with get_page(xml) as show:
        milliseconds = median(show, 20) * 1e3
    met = None if target is None else milliseconds <= target
    if floor is None:
        return Row(name, f"{milliseconds:.2f}", met=met)
    least = median(floor, 20) * 1e3
    return Row(name, f"{milliseconds:.2f}", f"{least:.2f}", f"{milliseconds / least:.1f} x", met)


def _bare_form(questions: int) -> Callable[[], str]:
    """Return a function that makes and draws a form of WTForms alone, with the same boxes."""
    kinds = (
        StringField,
        partial(RadioField, choices=[(str(value), "Wohnung") for value in range(5)]),
        StringField,
        partial(RadioField, choices=[(str(value), "Wohnung") for value in range(4)]),
        StringField,
    )
    fields = {f"q{place}": kinds[place % 5](f"Frage {place}") for place in range(questions)}
    made = type("Bare", (wtforms.Form,), fields)
    return lambda: "".join(f"{field.label}{field()}" for field in made())
