"""Every figure of the first interim report, from the 63 cases of the demo: workbook and slides."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from core import periods
from exports import speaking
from exports.formats import report_workbook, slides
from exports.release import reporting
from exports.tables.report import Report
from tests.exports.ledger import eva
from tests.support.house import House

PERIOD = periods.read("2019-06..2019-12")
TODAY = date(2026, 11, 27)

# Table, answer, number, percent: as domain.md has them.
FIGURES = (
    ("Klientinnen und Klienten", "Klientinnen und Klienten", 63, None),
    ("Klientinnen und Klienten", "Weiblich", 59, 94),
    ("Klientinnen und Klienten", "Männlich", 4, 6),
    ("Klientinnen und Klienten", "Kinder und Jugendliche in den Haushalten", 39, None),
    ("Klientinnen und Klienten", "unter 30 Jahren", 19, 33),
    ("Wohnsituation beim ersten Kontakt", "Eigene Wohnung", 29, 46),
    ("Wohnsituation beim ersten Kontakt", "Bei anderen untergekommen", 20, 32),
    ("Wohnsituation beim ersten Kontakt", "davon bei den Eltern", 4, 6),
    ("Wohnsituation beim ersten Kontakt", "Auf der Straße", 4, 6),
    ("Wohnsituation beim ersten Kontakt", "Ordnungsrechtlich untergebracht", 6, 9),
    ("Wohnsituation beim ersten Kontakt", "Vor der Entlassung aus einer Klinik", 3, 5),
    ("Wohnsituation beim ersten Kontakt", "Sonstiges", 1, 2),
    ("Aus früherem Kontakt bekannt", "Ja", 21, 33),
    ("Einzugsgebiet", "Fröndenberg/Ruhr", 0, 0),
    ("Maßnahmen", "Maßnahmen insgesamt", 122, None),
    ("Abgeschlossene Begleitungen", "Ist die Begleitung abgeschlossen?: Ja", 36, 57),
    ("Abgeschlossene Begleitungen", "Wie geplant vermittelt und angebunden?: Ja", 22, 61),
    (
        "Abgeschlossene Begleitungen",
        "Wohnt die Klientin am Ende in gesichertem Wohnraum?: Ja",
        18,
        50,
    ),
    ("Abgeschlossene Begleitungen", "Über den Zeitraum hinaus begleitet", 19, None),
    ("Intensität des Kontakts", "1 bis 3 Kontakte", 25, 40),
    ("Intensität des Kontakts", "4 bis 7 Kontakte", 12, 19),
    ("Intensität des Kontakts", "Mehr als 7 Kontakte", 26, 41),
    ("Erneuter Kontakt nach dem Abschluss", "Wieder gemeldet", 5, 14),
    ("Erneuter Kontakt nach dem Abschluss", "Stabil angebunden", 31, 86),
    ("Zielzahl", "Begleitete Frauen", 59, 63),
    ("Zielzahl", "Ziel für den Zeitraum, anteilig", 93, None),
    ("Zielzahl", "Ziel im Jahr", 160, None),
)
ORDER = tuple(dict.fromkeys(table for table, *_ in FIGURES))
EVERYWHERE_BUT_THERE = {
    "Bergkamen",
    "Bönen",
    "Holzwickede",
    "Kamen",
    "Lünen",
    "Schwerte",
    "Selm",
    "Unna",
    "Werne",
}


@pytest.fixture(scope="module")
def report(full_house: House) -> Report:
    with full_house.database.transaction() as session:
        who = eva(full_house)
        return reporting.make(session, who, PERIOD, full_house.settings, TODAY, "de")


@pytest.fixture(scope="module")
def rows(report: Report) -> list[dict[str, Any]]:
    book = load_workbook(io.BytesIO(report_workbook.render(report, speaking.say("de"))))
    header, *lines = book["Tabellen"].values
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def deck(report: Report) -> Any:
    return Presentation(io.BytesIO(slides.render(report, speaking.say("de"))))


@pytest.fixture(scope="module")
def shown(deck: Any) -> list[tuple[str, dict[str, str]]]:
    """What each slide says: its title, and number and percent by answer."""
    return [(slide.shapes.title.text_frame.text, said(slide)) for slide in deck.slides]


def said(slide: Any) -> dict[str, str]:
    """Number and percent by answer, in a table of several questions by question and answer."""
    found: dict[str, str] = {}
    for table in (shape.table for shape in slide.shapes if shape.has_table):
        texts = [[cell.text_frame.text.strip() for cell in row.cells] for row in table.rows]
        header, *lines = texts
        for label, *cells in lines:
            if header[1] == "Anzahl":
                found[label] = cells[0] + (f" ({cells[1]} %)" if cells[1] else "")
            else:
                pairs = zip(header[1:], cells, strict=True)
                found |= {f"{label}: {answer}": cell for answer, cell in pairs}
    return found


@pytest.mark.parametrize(("table", "answer", "number", "percent"), FIGURES)
def test_workbook__has_the_figure(
    rows: list[dict[str, Any]], table: str, answer: str, number: int, percent: int | None
) -> None:
    question, _, choice = answer.rpartition(": ")
    found = [
        (row["Anzahl"], row["Prozent"])
        for row in rows
        if row["Tabelle"] == table and row["Antwort"] == choice and question in (row["Frage"] or "")
    ]
    assert found == [(number, percent)]


@pytest.mark.parametrize(("table", "answer", "number", "percent"), FIGURES)
def test_slides__have_the_figure(
    shown: list[tuple[str, dict[str, str]]],
    table: str,
    answer: str,
    number: int,
    percent: int | None,
) -> None:
    (slide,) = (texts for title, texts in shown if title == table)
    assert slide[answer] == (f"{number}" if percent is None else f"{number} ({percent} %)")


def test_slides__one_a_table_in_the_order_of_the_report(
    shown: list[tuple[str, dict[str, str]]],
) -> None:
    titles = [title for title, _ in shown]
    assert [title for title in titles if title in ORDER] == list(ORDER)
    assert len(titles) == len(set(titles))


def test_catchment__is_everywhere_but_in_froendenberg(rows: list[dict[str, Any]]) -> None:
    came = {row["Antwort"]: row["Anzahl"] for row in rows if row["Tabelle"] == "Einzugsgebiet"}
    assert {name for name, number in came.items() if number} == EVERYWHERE_BUT_THERE
    assert sum(came.values()) == 63


def test_shares__of_every_question_add_up_to_a_hundred(report: Report) -> None:
    groups = [group for figure in report.figures for group in figure.groups]
    whole = [group for group in groups if group.kind == "shares" and group.base]
    assert len(whole) > 15
    for group in whole:
        outer = zip(group.lines, group.percents, strict=True)
        assert sum(percent or 0 for line, percent in outer if not line.inner) == 100


def test_report__is_the_same_bytes_each_time_and_speaks_english(full_house: House) -> None:
    with full_house.database.transaction() as session:
        who = eva(full_house)
        made = reporting.make(session, who, PERIOD, full_house.settings, TODAY, "en")
        say = speaking.say("en")
        for render in (report_workbook.render, slides.render):
            assert render(made, say) == render(made, say)
    titles = [figure.title for figure in made.figures]
    assert titles[:3] == ["Clients", "Housing at first contact", "Known from earlier contact"]


def test_slides__no_table_is_cut_by_the_edge(deck: Any) -> None:
    ends = [
        shape.top + sum(row.height for row in shape.table.rows)
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    ]
    assert len(ends) > 15
    assert max(ends) < slides.HEIGHT
