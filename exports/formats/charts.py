"""Native charts of a workbook: they show the cells they point to, and hold no number themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

COLOUR = "1F5F8B"
_WIDTH, _LEAST, _A_BAR = 24, 4.5, 0.75  # centimetres
_ROW = 0.53  # height of a row of the sheet, in centimetres
_PAGE = 29  # rows on a printed page, A4 lying


@dataclass(frozen=True)
class Chart:
    """Bars over rows of a sheet: where their labels and their numbers stand, from 1 on."""

    title: str
    sheet: str
    labels: int  # columns
    numbers: int
    first: int  # rows
    last: int


@dataclass(frozen=True)
class Charts:
    """The last sheet of a workbook, with nothing but charts."""

    title: str
    charts: tuple[Chart, ...]


def draw(sheet: Any, charts: Iterable[Chart]) -> None:
    """Put the charts on an empty sheet, one below the other; no page ends within one."""
    # Excel heeds breaks only where it need not fit everything to the page.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    row = page = 1
    for chart in charts:
        bars = _bars(chart)
        end = row + round(bars.height / _ROW) + 1
        if end - page > _PAGE and row > page:
            sheet.row_breaks.append(Break(id=row - 2))  # of two rows between charts
            page = row - 1
        sheet.add_chart(bars, f"A{row}")
        row = end + 1


def _bars(chart: Chart) -> BarChart:
    bars = BarChart()
    bars.type = "bar"  # lying: labels are sentences
    bars.title = chart.title
    bars.legend = None
    bars.gapWidth = 40
    bars.add_data(Reference(range_string=cells(chart, chart.numbers)))
    bars.set_categories(Reference(range_string=cells(chart, chart.labels)))
    bars.x_axis.scaling.orientation = "maxMin"  # the first line on top
    bars.x_axis.delete = False  # else newer programs hide it
    bars.y_axis.delete = True  # every bar has its number beside it
    bars.y_axis.scaling.min = 0
    bars.y_axis.majorGridlines = None
    bars.series[0].graphicalProperties.solidFill = COLOUR
    bars.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False)
    bars.dataLabels.showLegendKey = False
    bars.width = _WIDTH
    bars.height = round(_LEAST + _A_BAR * (chart.last - chart.first))
    return bars


def cells(chart: Chart, column: int) -> str:
    """Where the labels or the numbers of a chart stand, as a workbook writes it."""
    quoted = chart.sheet.replace("'", "''")
    letter = get_column_letter(column)
    return f"'{quoted}'!${letter}${chart.first}:${letter}${chart.last}"
