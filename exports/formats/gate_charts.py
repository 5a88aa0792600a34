"""The part of the gate that looks at charts: they point to cells of the file and hold nothing.

openpyxl writes no number into a chart, only where its numbers stand.
"""

from collections.abc import Sequence
from typing import Any
from zipfile import ZipFile

from exports.formats.charts import Chart, cells
from exports.formats.packing import parsed

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def parts(sheets: int, charts: Sequence[Chart]) -> frozenset[str]:
    """The parts that charts add to a workbook of so many sheets, README and charts included."""
    if not charts:
        return frozenset()
    names = {
        "xl/drawings/drawing1.xml",
        "xl/drawings/_rels/drawing1.xml.rels",
        f"xl/worksheets/_rels/sheet{sheets}.xml.rels",
    }
    return frozenset(names | {f"xl/charts/chart{number + 1}.xml" for number in range(len(charts))})


def fault(archive: ZipFile, sheets: int, charts: Sequence[Chart]) -> str:
    """What is wrong with the charts of a workbook, "" if nothing is."""
    numbered = {f"xl/charts/chart{number}.xml": chart for number, chart in enumerate(charts, 1)}
    for name in sorted(parts(sheets, charts)):
        root = parsed(archive.read(name))
        if any(element.get("TargetMode") for element in root.iter()):
            return "a chart points outside"
        if name in numbered:
            if found := _fault(root, numbered[name]):
                return found
        elif "rels" not in name and not "".join(map(str, root.itertext())).strip().isdigit():
            return "a drawing holds more than places"
    return ""


def _fault(root: Any, chart: Chart) -> str:
    pointed = [element.text for element in root.iter(f"{_CHART}f")]
    if sorted(pointed) != sorted((cells(chart, chart.labels), cells(chart, chart.numbers))):
        return "a chart shows other cells"
    if [element.text for element in root.iter(_TEXT)] != [chart.title]:
        return "a chart has another title"
    texts = {element for element in root.iter() if (element.text or "").strip()}
    if any(element.tag not in {f"{_CHART}f", _TEXT} for element in texts):
        return "a chart holds numbers of its own"
    return ""
