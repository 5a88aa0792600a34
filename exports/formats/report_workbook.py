"""The report of a period as an Excel workbook: README, all tables on one sheet, charts."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from exports.formats import gate
from exports.formats import workbook as xlsx
from exports.formats.charts import Chart, Charts
from exports.formats.workbook import Book, Sheet, Value
from exports.speaking import Say
from exports.tables.figures import Figure, Group, count_of
from exports.tables.report import Report

_WIDTHS = (34, 40, 48, 10, 10, 10, 12, 14, 14)
_LABEL, _COUNT = 3, 4  # columns
_FIRST = 2  # row below the header
Before = Mapping[tuple[str, str, str], float]


def render(report: Report, _: Say) -> bytes:
    """Return the .xlsx of a report; raise `GateError` rather than let a slip out."""
    title, charts = _("Tabellen"), _("Diagramme")
    rows = tuple(_rows(report))
    drawn = charts_of(report.figures, title)
    table = Sheet(title, _header(_), tuple(cells for _figure, _group, cells in rows), _WIDTHS)
    file = xlsx.render(Book(tuple(readme(report, _)), (table,), Charts(charts, drawn)))
    gate.check(file, {xlsx.README: None, title: None, charts: None}, drawn)
    return file


def readme(report: Report, _: Say) -> Iterator[tuple[Value, ...]]:
    """The lines that say what the numbers are, and how exact."""
    yield "zugang", _("Bericht über einen Zeitraum")
    yield _("Zeitraum"), str(report.period)
    if report.exact:
        yield _("Zahlen"), _("genau, von der Koordination freigegeben")
    else:
        yield _("Zahlen"), _("auf 5 gerundet, je Halbjahr; gezählt ist, wessen Zeile heraus ist")
    for one in report.released:
        yield _("Freigegeben"), one
    yield _("Anteile"), _("Anteile einer Frage ergeben zusammen 100 (größte Reste).")
    yield "n", _("n zählt, wer geantwortet hat; „ohne Angabe“ alle anderen.")
    yield (
        _("Einwilligung"),
        _("Gezählt wird nur, wer der Auswertung zugestimmt hat oder nie gefragt wurde."),
    )
    yield (
        _("Nicht gezählt"),
        _("Wer noch auf eine Zeile wartet, wenn die Tabellen ohne die Zeilen sie verrieten."),
    )
    yield _("Tag"), _("Eine Begleitung zählt zu dem Tag, an dem die erste Meldung kam.")


def _header(_: Say) -> tuple[str, ...]:
    return (
        _("Tabelle"),
        _("Frage"),
        _("Antwort"),
        _("Anzahl"),
        _("Prozent"),
        "n",
        _("ohne Angabe"),
        _("Zeitraum davor"),
        _("Veränderung"),
    )


def _rows(report: Report) -> Iterator[tuple[Figure, Group, tuple[Value, ...]]]:
    before = count_of(report.before)
    for figure in report.figures:
        for group in figure.groups:
            for cells in _cells(figure, group, before):
                yield figure, group, cells


def _cells(figure: Figure, group: Group, before: Before) -> Iterator[tuple[Value, ...]]:
    counted = group.kind in {"shares", "several"}
    for line, percent in zip(group.lines, group.percents, strict=True):
        earlier = before.get((figure.key, group.key, line.key))
        yield (
            figure.title,
            group.title,
            line.label,
            line.count,
            percent,
            group.base if counted else None,
            group.missing if counted else None,
            earlier,
            None if earlier is None else line.count - earlier,
        )


def charts_of(figures: Sequence[Figure], sheet: str) -> tuple[Chart, ...]:
    """One chart a group that has shares, over its rows; one bar alone would say nothing."""
    groups = [(figure, group) for figure in figures for group in figure.groups]
    starts = [_FIRST]
    for _figure, group in groups:
        starts.append(starts[-1] + len(group.lines))
    return tuple(
        Chart(chart_title(figure, group), sheet, _LABEL, _COUNT, first, after - 1)
        for (figure, group), (first, after) in zip(groups, pairwise(starts), strict=True)
        if group.base and len(group.lines) > 1
    )


def chart_title(figure: Figure, group: Group) -> str:
    """What stands above a chart: the table, and the question where it says more."""
    if group.title in {"", figure.title}:
        return figure.title
    return f"{figure.title}: {group.title}"
