"""Putting a workbook together from frozen batches: the sheets, and what the gate may let pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports.files import about, released
from exports.files.progress import CHECKING, PACKING, READING, UNSEEN, WRITING, Progress
from exports.files.released import Records
from exports.formats import bundle, codebook, comma, gate, spss
from exports.formats import workbook as xlsx
from exports.formats.charts import Chart, Charts
from exports.formats.gate import Allowed
from exports.formats.workbook import Book, Sheet, Value, plain_text
from exports.release import open_words
from exports.release.batches import WAVES
from exports.release.open_words import Row
from exports.release.published import allowed
from exports.release.releases import batches, content
from exports.speaking import say
from exports.tables import indicators, waves

CODEBOOK, WAVE_SHEET, SEVERAL = "codebook", "municipalities", "several answers"
INDICATORS, CHARTS, WORDS_SHEET = "indicators", "charts", "open words"
_SEVERAL_HEADER = ("sheet", "row", "question", "answer")
_INDICATORS_HEADER = ("sheet", *indicators.HEADER)
_CODEBOOK_WIDTHS = (26, 50, 34, 30, 12, 16, 50, 30, 30)
_SEVERAL_WIDTHS = (14, 8, 22, 60)
_INDICATORS_WIDTHS = (14, 26, 60, 40)
_VALUE, _COUNT = 4, 5  # columns of the indicators
_WORDS_HEADER = ("questionnaire", "question", "label", "paraphrase", "topics")
_WORDS_WIDTHS = (16, 16, 40, 100, 24)
_WAVE_HEADER = ("wave", *waves.HEADER)
_WAVE_WIDTHS = (8, 22, 70, 12, 10, 16)

Counts = Mapping[str, Sequence[Mapping[str | None, int]]]  # by sheet, of each column


@dataclass(frozen=True)
class Wish:
    """How the workbook is wanted: in which language, and with labels or with codes."""

    language: str = "de"
    labels: bool = True


WISH = Wish()


def workbook(
    session: Session, who: SignedIn, wish: Wish = WISH, progress: Progress = UNSEEN
) -> bytes:
    """Return the .xlsx of everything released; raise `GateError` rather than let a slip out."""
    return _workbook(session, who, wish, _read(session, who, wish, progress), progress)


def files(session: Session, who: SignedIn, wish: Wish = WISH, progress: Progress = UNSEEN) -> bytes:
    """Return a zip of the workbook, and of each table for SPSS and as CSV with a codebook."""
    found = _read(session, who, wish, progress)
    inside = {"zugang.xlsx": _workbook(session, who, wish, found, progress)}
    progress.begin(PACKING, len(found))
    for one in progress.counted(found):
        name = one.title.replace(" ", "-")
        sav, table = spss.render(one.released), comma.table(one.released)
        book = comma.codebook(one.released)
        spss.check(sav, one.released)
        comma.check(table, book, one.released)
        inside |= {f"{name}.sav": sav, f"{name}.csv": table, f"{name}-codebook.json": book}
    return bundle.pack(inside)


def _read(session: Session, who: SignedIn, wish: Wish, progress: Progress) -> list[Records]:
    progress.begin(READING)
    return released.records(session, who, wish.language, say(wish.language))


def _workbook(
    session: Session, who: SignedIn, wish: Wish, found: list[Records], progress: Progress
) -> bytes:
    _ = say(wish.language)
    counts = {one.title: tuple(one.counts(labels=wish.labels)) for one in found}
    progress.begin(WRITING, sum(one.released.size + one.chosen for one in found))
    sheets = [
        Sheet(one.title, one.names, progress.counted(one.rows(labels=wish.labels))) for one in found
    ]
    answers = progress.counted(row for one in found for row in one.answers())
    sheets.append(Sheet(SEVERAL, _SEVERAL_HEADER, answers, _SEVERAL_WIDTHS))
    words = _word_lines(open_words.approved(session, who))
    sheets.append(Sheet(WORDS_SHEET, _WORDS_HEADER, words, _WORDS_WIDTHS))
    sheets.append(Sheet(WAVE_SHEET, _WAVE_HEADER, _wave_lines(session, who), _WAVE_WIDTHS))
    sheets.append(Sheet(CODEBOOK, codebook.HEADER, _codebook(found, counts), _CODEBOOK_WIDTHS))
    told = tuple(_indicators(found, counts))
    sheets.append(Sheet(INDICATORS, _INDICATORS_HEADER, told, _INDICATORS_WIDTHS))
    charts = _charts(told)
    file = xlsx.render(Book(tuple(about.lines(session, who, len(words), _)), tuple(sheets), charts))
    progress.begin(CHECKING)
    passes = _passes(found, wish, words) | ({CHARTS: None} if charts else {})
    gate.check(file, passes, charts.charts if charts else ())
    return file


def _passes(
    found: Sequence[Records], wish: Wish, words: Sequence[tuple[str, ...]]
) -> dict[str, Sequence[Allowed] | None]:
    passes: dict[str, Sequence[Allowed] | None] = {xlsx.README: None}
    for one in found:
        passes[one.title] = allowed(one.columns, one.taxonomies, labels=wish.labels)
    columns = zip(*words, strict=True) if words else ((),) * len(_WORDS_HEADER)
    passes[SEVERAL] = None
    passes[WORDS_SHEET] = [
        Allowed(header, frozenset(map(plain_text, cells)))
        for header, cells in zip(_WORDS_HEADER, columns, strict=True)
    ]
    return passes | dict.fromkeys((WAVE_SHEET, CODEBOOK, INDICATORS))


def _codebook(found: Sequence[Records], counts: Counts) -> list[tuple[Value, ...]]:
    return [
        line
        for one in found
        for line in codebook.rows(one.columns, counts[one.title], one.title, one.taxonomies)
    ]


def _indicators(found: Sequence[Records], counts: Counts) -> Iterator[tuple[Value, ...]]:
    """The shares of each variable, counted from the rows on the sheet beside."""
    for one in found:
        for column, counted in zip(one.columns, counts[one.title], strict=True):
            absent = column.missing | {item.label for item in column.categories if item.missing}
            tally = indicators.tally(column, counted, frozenset(absent))
            yield from ((one.title, *line) for line in indicators.rows([tally]))


def _charts(counted: Sequence[tuple[Value, ...]]) -> Charts | None:
    """A chart of each variable with several values, over its lines."""
    lines: dict[tuple[Value, ...], list[int]] = {}
    for number, line in enumerate(counted, 2):  # the first row is the header
        lines.setdefault(line[:3], []).append(number)
    charts = tuple(
        Chart(f"{title}: {label}", INDICATORS, _VALUE, _COUNT, numbers[0], numbers[-1])
        for (title, _name, label), numbers in lines.items()
        if len(numbers) > 1
    )
    return Charts(CHARTS, charts) if charts else None


def _wave_lines(session: Session, who: SignedIn) -> list[tuple[Value, ...]]:
    rows: list[tuple[Value, ...]] = []
    for batch in batches(session, WAVES):
        opened = cast("Mapping[str, Any]", content(who, batch))
        lines = [waves.Line(**line) for line in opened["lines"]]
        rows.extend((opened["wave"], *cells) for cells in waves.cells(lines))
    return rows


def _word_lines(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [
        (row.questionnaire, row.question, row.label, row.words, " ".join(row.topics))
        for row in rows
    ]
