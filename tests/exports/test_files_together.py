"""Every file that is handed out, read back: it holds the rows and tables let out, and no more.

These are what the attacker of `tests.exports.together` is given. The women are those of the
simulated years, stored as documentations and let out as the service does it.
"""

import csv
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pyreadstat
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from core import audit, periods
from exports import speaking
from exports.files import assembly
from exports.files.assembly import INDICATORS, SEVERAL, Wish
from exports.formats import report_workbook, slides
from exports.release import outgoing, releases, reporting
from exports.release.batches import rules_of
from exports.tables.figures import Group
from exports.tables.report import Report
from tests.exports.ledger import AGES, TODAY, eva
from tests.exports.simulation import OUTCOME, TARGET, World, world
from tests.exports.test_attacks import quickly
from tests.exports.test_reporting import AUTUMN, SPRING, YEAR, document, let_out
from tests.support.house import House, settings_for

HALF_WAY = 6  # months of the simulated year
HOUSING = ("own_flat", "with_others", "with_parents", "street", "placed", "clinic", "other")
GROUPS = ("homeless", "threatened", "unacceptable", "formerly", "dont_know")
ENDS = ("yes", "no", "dont_know")
REASONS = ("notice", "costs", "violence costs", "separation")
SAY = speaking.say("de")
TABLES = {"Tabellen", "Diagramme", "README"}


def answers(made: World, woman: int) -> dict[str, str]:
    """What is documented of a simulated woman."""
    _, age, children, housing = made.quasi[woman].tolist()
    given = {
        "client/gender": "male" if woman % 16 == 0 else "female",
        "client/age": (*AGES[:5], "no_answer", "under_18")[age],
        "client/children": str(children),
        "client/municipality": ("luenen", "unna", "kamen")[woman % 3],
        "start/housing": (*HOUSING, "dont_know")[housing],
        "start/target_group": GROUPS[made.sensitive[woman, TARGET]],
        "start/reason": REASONS[woman % 4],
        "work/measures": str(woman % 7),
        "work/emphasis": ("jobcenter", "search health")[woman % 2],
        "work/closed": "yes",
        "outcome/tied_in": ENDS[made.sensitive[woman, OUTCOME]],
    }
    return {f"/data/{path}": text for path, text in given.items()}


def lived(house: House, seed: int) -> None:
    """A year: rows let out after each half, exact tables of the first, then who comes too late."""
    made = world(seed)
    halves = ((made.entered < HALF_WAY, SPRING), (made.entered >= HALF_WAY, AUTUMN))
    for women, day in halves:
        for woman in women.nonzero()[0].tolist():
            document(house, day, answers(made, woman))
        with house.database.transaction() as session:
            assert outgoing.publish(session, eva(house), TODAY, rules_of(house.settings)).batches
    let_out(house, "2020-01..2020-06")
    for woman in range(3):
        document(house, AUTUMN, answers(made, woman))


@pytest.fixture(scope="module", params=[1, 19])  # seeds
def year(
    sqlite_pattern: House, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """The service after such a year: what comes later moves nothing."""
    data = tmp_path_factory.mktemp("year") / "data"
    shutil.copytree(sqlite_pattern.settings.data, data)
    chosen = settings_for(data)
    made = House(chosen, audit.connect(chosen), staff=dict(sqlite_pattern.staff))
    with quickly():
        lived(made, request.param)
    yield made
    made.database.close()


def let_out_rows(house: House) -> list[dict[str, Any]]:
    """The rows of the frozen batches, by column."""
    with house.database.transaction() as session:
        who = eva(house)
        contents: list[Any] = [
            releases.content(who, batch) for batch in releases.batches(session, "case")
        ]
    return [
        dict(zip(content["columns"], row, strict=True))
        for content in contents
        for row in content["rows"]
    ]


def zipped(house: House) -> dict[str, bytes]:
    with house.database.transaction() as session:
        file = assembly.files(session, eva(house), Wish(labels=False))
    with ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told(house: House) -> Report:
    """The report of the year: its first half exact, the second one rounded."""
    with house.database.transaction() as session:
        asked = periods.read(YEAR)
        return reporting.make(session, eva(house), asked, house.settings, TODAY, "de")


def records(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Counter[tuple[Any, ...]]:
    """How often each row occurs, whatever the order of rows and columns."""
    places = sorted(range(len(header)), key=lambda place: header[place])
    return Counter(tuple(row[place] or None for place in places) for row in rows)


def test_zip__has_the_workbook_and_one_table_of_each_questionnaire(year: House) -> None:
    assert set(zipped(year)) == {
        "zugang.xlsx",
        "case-v1.sav",
        "case-v1.csv",
        "case-v1-codebook.json",
    }


def test_rows__are_those_let_out_in_each_file(year: House) -> None:
    files, rows = zipped(year), let_out_rows(year)
    out = {name for row in rows for name in row}
    header, *lines = csv.reader(io.StringIO(files["case-v1.csv"].decode("utf-8-sig")))
    assert set(header) == out
    quasi = {name for name in header if isinstance(rows[0][name], list)}

    # a range is one label each time, and the same ranges stand together in as many rows
    exact = [name for name in header if name not in quasi]
    given = records(exact, [[row.get(name) for name in exact] for row in rows])
    at = [header.index(name) for name in exact]
    assert records(exact, [[line[place] for place in at] for line in lines]) == given
    ranges = Counter(tuple(tuple(row[name]) for name in sorted(quasi)) for row in rows)
    labels = Counter(tuple(line[header.index(name)] for name in sorted(quasi)) for line in lines)
    assert sorted(ranges.values()) == sorted(labels.values())

    sheet = list(load_workbook(io.BytesIO(files["zugang.xlsx"]))["case v1"].values)
    named = [str(name) for name in sheet[0]]
    shown = [[None if cell is None else str(cell) for cell in row] for row in sheet[1:]]
    assert records(named, shown) == records(header, lines)

    assert records(header, spoken(files)) == records(header, lines)


def spoken(files: dict[str, bytes]) -> list[list[str | None]]:
    """The rows of the SPSS file, each number as the code that the codebook has for it."""
    frame, about = pyreadstat.read_sav(io.BytesIO(files["case-v1.sav"]), user_missing=True)
    book = json.loads(files["case-v1-codebook.json"])["variables"]
    assert about.column_names == [one["variable"] for one in book]
    codes: list[dict[float, str]] = []
    for one in book:
        some = {item["number"]: item["label"] for item in one["ranges"]}
        codes.append(some or {i["number"]: i["code"] for i in one["categories"]})
    return [
        [
            None if pd.isna(cell) else code.get(cell, f"{cell:g}")
            for cell, code in zip(line, codes, strict=True)
        ]
        for line in frame.itertuples(index=False)
    ]


def test_workbook__counts_its_own_rows_and_nothing_else(year: House) -> None:
    file = zipped(year)["zugang.xlsx"]
    book = load_workbook(io.BytesIO(file))
    assert not [one.title for one in book if one.sheet_state != "visible"]
    header, *rows = book["case v1"].values
    _, *lines = book[INDICATORS].values
    assert len(lines) > 30
    for title, name, _label, value, count, _percent, valid, missing in lines:
        cells = [
            None if row[header.index(name)] is None else str(row[header.index(name)])
            for row in rows
        ]
        assert title == "case v1"
        assert cells.count(str(value)) == count
        assert valid + missing == len(rows)
    _, *several = book[SEVERAL].values
    assert len(several) == sum(
        row[place] == "1" for row in rows for place, name in enumerate(header) if "." in name
    )


def numbers_in_charts(file: bytes) -> list[str]:
    """What the charts of a workbook hold themselves, beside where it stands in the sheets."""
    with ZipFile(io.BytesIO(file)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if "charts/chart" in name]
    assert parts
    return [found.decode() for part in parts for found in re.findall(rb"<(?:c:)?v>|Cache>", part)]


def test_charts_of_workbooks__hold_no_numbers_of_their_own(year: House) -> None:
    report = report_workbook.render(told(year), SAY)
    assert numbers_in_charts(zipped(year)["zugang.xlsx"]) == []
    assert numbers_in_charts(report) == []


def groups(report: Report) -> Iterator[Group]:
    return (group for figure in report.figures for group in figure.groups)


def test_report__has_the_counts_of_the_tables_let_out(year: House) -> None:
    report = told(year)
    book = load_workbook(io.BytesIO(report_workbook.render(report, SAY)))
    assert set(book.sheetnames) == TABLES
    _, *lines = book["Tabellen"].values
    assert [line[2:7] for line in lines] == [
        (
            line.label,
            line.count,
            percent,
            *((group.base, group.missing) if group.kind in {"shares", "several"} else (None, None)),
        )
        for group in groups(report)
        for line, percent in zip(group.lines, group.percents, strict=True)
    ]


def test_slides__have_no_number_that_the_report_has_not(year: House) -> None:
    report = told(year)
    deck = Presentation(io.BytesIO(slides.render(report, SAY)))
    charts = 0
    for slide, figure in zip(list(deck.slides)[1:], report.figures, strict=True):
        said = {f"{line.count:g}" for group in figure.groups for line in group.lines}
        pairs = {(line.label, line.count) for group in figure.groups for line in group.lines}
        percents = {str(one) for group in figure.groups for one in group.percents}
        for shape in slide.shapes:
            if shape.has_table:
                for text in (cell.text for row in shape.table.rows for cell in row.cells):
                    number = re.fullmatch(r"([0-9.]+)(?: \(([0-9]+) %\))?", text.strip())
                    assert not number or set(filter(None, number.groups())) <= said | percents
            if shape.has_chart:
                charts += 1
                drawn = list(points(shape.chart))
                assert {(label, count) for label, _, count in drawn} <= pairs or alike(
                    figure.groups, drawn
                )
                assert embedded(shape.chart) == Counter(
                    [*{label for label, _, _ in drawn}, *series(shape.chart)]
                ) + Counter(f"{count:g}" for _, _, count in drawn)
    assert charts == len(report.figures)


def points(chart: Any) -> Iterator[tuple[str, str, float]]:
    """Label, series and number of each bar."""
    for one in chart.plots[0].series:
        for label, count in zip(chart.plots[0].categories, one.values, strict=True):
            yield str(label), one.name, count


def series(chart: Any) -> list[str]:
    return [one.name for one in chart.plots[0].series]


def alike(some: Sequence[Group], drawn: Sequence[tuple[str, str, float]]) -> bool:
    """Whether a chart has several questions with the same answers."""
    counts = {(group.title, line.label): line.count for group in some for line in group.lines}
    return all(counts.get((title, label)) == count for title, label, count in drawn)


def embedded(chart: Any) -> Counter[str]:
    """Every cell of the workbook inside a chart."""
    book = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = (cell for sheet in book for row in sheet.values for cell in row)
    return Counter(str(cell) for cell in cells if cell is not None)


def test_reports__do_not_move_when_somebody_comes_too_late(year: House) -> None:
    before = slides.render(told(year), SAY), report_workbook.render(told(year), SAY)
    for day in (SPRING, AUTUMN):
        document(year, day, answers(world(2), 0))
    assert (slides.render(told(year), SAY), report_workbook.render(told(year), SAY)) == before
