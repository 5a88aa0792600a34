"""The report of a period as slides: one a table, in the order of the report, with native charts."""

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from exports.formats import gate_slides
from exports.formats.charts import COLOUR
from exports.formats.packing import repacked
from exports.formats.report_workbook import chart_title, readme
from exports.formats.slide_tables import Row, Table, put
from exports.speaking import Say
from exports.tables.figures import Figure, Group, Line
from exports.tables.report import Report

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
_MARGIN, _TOP, _TABLE = Inches(0.5), Inches(1.3), Inches(6.7)
_BOTTOM = Inches(7.2)
_SHORT, _ANSWER = Inches(0.8), Inches(1.0)
_TITLE_ONLY = 5  # layout of the template
_ALIKE = 3  # groups with the same answers from which on they are one table
_LIGHT = ("C9D8E2", "9DB9CC")
_SHADES = (*_LIGHT, COLOUR, "123B57", "0A2436", "555555")
_WHITE = RGBColor(255, 255, 255)
_INDENT = "    "


def render(report: Report, _: Say) -> bytes:
    """Return the .pptx of a report; raise `GateError` rather than let a slip out."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _cover(deck, report, _)
    for figure in report.figures:
        _Slide(deck, figure, _).draw()
    target = io.BytesIO()
    deck.save(target)
    file = repacked(target.getvalue(), _bare)
    gate_slides.check(file, report, _)
    return file


def _bare(name: str, part: bytes) -> bytes:
    """The part as it is; the workbook inside a chart without who made it, and when."""
    return repacked(part) if name.endswith(".xlsx") else part


def _cover(deck: Any, report: Report, _: Say) -> None:
    slide = _titled(deck, _("Bericht über einen Zeitraum"))
    rows = [(str(name), str(text)) for name, text in readme(report, _)][1:]
    put(slide, [Table(rows, (Inches(2.5), Inches(9.5)))], _MARGIN, _TOP, _BOTTOM)


class _Slide:
    """One table of the report: what it says on the left, a chart on the right."""

    def __init__(self, deck: Any, figure: Figure, _: Say) -> None:
        self.figure, self._ = figure, _
        self.slide = _titled(deck, figure.title)
        self.alike = _alike(figure)

    def draw(self) -> None:
        """Write the table, or two of them, and draw the chart."""
        listed = [group for group in self.figure.groups if group not in self.alike]
        tables = [self._listed(listed)] if listed else []
        if self.alike:
            tables.append(self._beside_each_other())
        put(self.slide, tables, _MARGIN, _TOP, _BOTTOM)
        self._chart()

    def _listed(self, groups: Sequence[Group]) -> Table:
        """One line an answer."""
        rows: list[Row] = [("", self._("Anzahl"), "%")]
        titled = len(groups) > 1 or bool(self.alike)
        rows += [row for group in groups for row in _rows(group, titled=titled)]
        return Table(rows, (_TABLE - 2 * _SHORT, _SHORT, _SHORT))

    def _beside_each_other(self) -> Table:
        """One line a question, one column an answer."""
        rows = [("", *(line.label for line in self.alike[0].lines))]
        rows += [(group.title, *_with_percents(group)) for group in self.alike]
        answers = len(rows[0]) - 1
        return Table(rows, (_TABLE - _ANSWER * answers, *[_ANSWER] * answers))

    def _chart(self) -> None:
        data = CategoryChartData(number_format="0")
        title = ""
        if self.alike:
            data.categories = [group.title for group in self.alike]
            for place, line in enumerate(self.alike[0].lines):
                data.add_series(line.label, [one.lines[place].count for one in self.alike])
        else:
            title, lines = _shown(self.figure)
            data.categories = [line.label for line in lines]
            data.add_series(self._("Anzahl"), [line.count for line in lines])
        self._place(data, title)

    def _place(self, data: CategoryChartData, title: str) -> None:
        stacked = bool(self.alike)
        kind = XL_CHART_TYPE.BAR_STACKED_100 if stacked else XL_CHART_TYPE.BAR_CLUSTERED
        left = _MARGIN + _TABLE + Inches(0.2)
        size = (WIDTH - left - _MARGIN, HEIGHT - _TOP - _MARGIN)
        frame = self.slide.shapes.add_chart(kind, left, _TOP, *size, data)
        described = title or self.figure.title
        frame._element.nvGraphicFramePr.cNvPr.set("descr", described)  # noqa: SLF001 - no other way
        chart = frame.chart
        chart.font.size = Pt(11)
        chart.has_title, chart.has_legend = bool(title), stacked
        if title:
            chart.chart_title.text_frame.text = title
        if stacked:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.category_axis.reverse_order = True  # the first line on top
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.value_axis.has_major_gridlines = chart.value_axis.visible = False
        _coloured(chart.plots[0], stacked=stacked)


def _coloured(plot: Any, *, stacked: bool) -> None:
    plot.gap_width = 40
    plot.has_data_labels = True
    plot.data_labels.show_value = True
    shades = _SHADES if stacked else (COLOUR,)
    for place, series in enumerate(plot.series):
        shade = shades[place % len(shades)]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(shade)
        if stacked:  # the label stands on the bar; none where there is no bar
            series.data_labels.show_value = True
            series.data_labels.number_format = "0;;"
            series.data_labels.number_format_is_linked = False
            light = shade in _LIGHT
            series.data_labels.font.color.rgb = RGBColor(0, 0, 0) if light else _WHITE


def _titled(deck: Any, title: str) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = (
        _MARGIN,
        Inches(0.3),
        WIDTH - 2 * _MARGIN,
        Inches(0.8),
    )
    box.text_frame.text = title
    box.text_frame.paragraphs[0].font.size = Pt(28)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _alike(figure: Figure) -> list[Group]:
    """The groups that ask different things with the same answers, if there are several."""
    by_answers: dict[tuple[str, ...], list[Group]] = {}
    for group in figure.groups:
        if group.kind == "shares":
            by_answers.setdefault(tuple(line.label for line in group.lines), []).append(group)
    most = max(by_answers.values(), key=len, default=[])
    return most if len(most) >= _ALIKE else []


def _shown(figure: Figure) -> tuple[str, Sequence[Line]]:
    """The lines that a chart shows, and its title: of the longest group, or all if none is long."""
    longest = max(figure.groups, key=lambda group: len(group.lines) if group.base else 0)
    if longest.base and len(longest.lines) > 1:
        return chart_title(figure, longest), longest.lines
    return figure.title, [line for group in figure.groups for line in group.lines]


def _rows(group: Group, *, titled: bool) -> list[Row]:
    rows: list[Row] = [(group.title, "", "")] if titled and group.title else []
    for line, percent in zip(group.lines, group.percents, strict=True):
        label = _INDENT + line.label if line.inner else line.label
        rows.append((label, number(line), "" if percent is None else str(percent)))
    return rows


def _with_percents(group: Group) -> list[str]:
    return [
        f"{number(line)} ({percent} %)" if percent is not None else number(line)
        for line, percent in zip(group.lines, group.percents, strict=True)
    ]


def number(line: Line) -> str:
    """A count or a value, as it is written on a slide."""
    return f"{line.count:g}"
