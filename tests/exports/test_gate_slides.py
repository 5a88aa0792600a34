"""The gates of reports refuse what is not the report's: in slides, in charts, and beside them."""

import io
from collections.abc import Callable
from zipfile import ZipFile

import pytest

from core import periods
from exports import speaking
from exports.formats import gate, gate_slides, report_workbook, slides
from exports.formats import workbook as xlsx
from exports.formats.gate import GateError
from exports.formats.packing import pack
from exports.tables.figures import Figure, Group, Line, shares
from exports.tables.report import Report

SAY = speaking.say("de")
HOMES = shares("housing", "", [Line("own", "Eigene Wohnung", 29), Line("other", "=1+1", 34)])
MEAN = Group("mean", "", "values", (Line("mean", "Mittelwert", 27.4),))
REPORT = Report(
    periods.read("2019-06..2019-12"), (Figure("housing", "Wohnen", (HOMES, MEAN)),), exact=True
)
Change = Callable[[bytes], bytes]


def changed(file: bytes, name: str, change: Change, **more: bytes) -> bytes:
    """The file with one part changed, and more parts."""
    with ZipFile(io.BytesIO(file)) as archive:
        parts = [
            (part, change(archive.read(part)) if part == name else archive.read(part))
            for part in archive.namelist()
        ]
    assert any(part == name for part, _ in parts)
    return pack([*parts, *more.items()])


def same(part: bytes) -> bytes:
    return part


def put(old: bytes, new: bytes) -> Change:
    def change(part: bytes) -> bytes:
        assert old in part
        return part.replace(old, new)

    return change


DECK = slides.render(REPORT, SAY)
BOOK = report_workbook.render(REPORT, SAY)
SLIDE, CHART = "ppt/slides/slide2.xml", "ppt/charts/chart"


def chart_part() -> str:
    with ZipFile(io.BytesIO(DECK)) as archive:
        return next(name for name in archive.namelist() if name.startswith(CHART))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (SLIDE, put(b"Eigene Wohnung", b"Frau Demo"), "what the report does not"),
        (chart_part(), put(b"Eigene Wohnung", b"Frau Demo"), "what the report does not"),
        ("docProps/core.xml", put(b"<dc:creator/>", b"<dc:creator>Eva</dc:creator>"), "metadata"),
        (
            "ppt/_rels/presentation.xml.rels",
            put(b"<Relationship ", b'<Relationship TargetMode="External" '),
            "outside",
        ),
    ],
)
def test_slides__with_anything_else_do_not_leave(name: str, change: Change, message: str) -> None:
    gate_slides.check(DECK, REPORT, SAY)
    with pytest.raises(GateError, match=message):
        gate_slides.check(changed(DECK, name, change), REPORT, SAY)


def test_slides__with_a_part_more_do_not_leave() -> None:
    with pytest.raises(GateError, match="unexpected part"):
        gate_slides.check(changed(DECK, SLIDE, same, notes=b"hers"), REPORT, SAY)


def test_slides__say_nothing_of_who_made_them_or_when() -> None:
    with ZipFile(io.BytesIO(DECK)) as archive:
        insides = [name for name in archive.namelist() if name.endswith(".xlsx")]
        whole = b"".join(archive.read(name) for name in archive.namelist())
        for name in insides:
            with ZipFile(io.BytesIO(archive.read(name))) as inner:
                whole += b"".join(inner.read(part) for part in inner.namelist())
    assert insides
    for word in (b"Canny", b"XlsxWriter", b"dcterms:created", b"PowerPoint Presentation"):
        assert word not in whole


def drawn() -> dict[str, None]:
    return {xlsx.README: None, "Tabellen": None, "Diagramme": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put(b"$C$2", b"$A$2"), "other cells"),
        (put(b"<a:t>Wohnen</a:t>", b"<a:t>Frau Demo</a:t>"), "another title"),
        (
            put(b"<numRef><f>", b"<numRef><numCache><v>7</v></numCache><f>"),
            "numbers of its own",
        ),
        (put(b"<f>'Tabellen'", b"<f>'[1]Tabellen'"), "other cells"),
    ],
)
def test_chart__that_shows_anything_else_does_not_leave(change: Change, message: str) -> None:
    charts = report_workbook.charts_of(REPORT.figures, "Tabellen")
    gate.check(BOOK, drawn(), charts)
    with pytest.raises(GateError, match=message):
        gate.check(changed(BOOK, "xl/charts/chart1.xml", change), drawn(), charts)


def test_workbook__that_points_outside_does_not_leave() -> None:
    charts = report_workbook.charts_of(REPORT.figures, "Tabellen")
    point = put(b"<Relationship ", b'<Relationship TargetMode="External" ')
    file = changed(BOOK, "xl/drawings/_rels/drawing1.xml.rels", point)
    with pytest.raises(GateError, match="outside"):
        gate.check(file, drawn(), charts)


def test_workbook__with_another_name_does_not_leave() -> None:
    charts = report_workbook.charts_of(REPORT.figures, "Tabellen")
    name = put(b"'Tabellen'!$1:$1", b"'Tabellen'!$A$1:$B$9")
    with pytest.raises(GateError, match="defines a name"):
        gate.check(changed(BOOK, "xl/workbook.xml", name), drawn(), charts)


def test_workbook__a_formula_in_a_label_stays_a_text() -> None:
    with ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    assert b"<t>=1+1</t>" in sheet
    assert b"<f>" not in sheet
