"""The pages of reports: who sees what, exact or rounded, the files, and letting a period out."""

import io

import pytest
from flask import Flask
from openpyxl import load_workbook
from pptx import Presentation
from sqlalchemy import select

from core.audit import Entry
from core.periods import read
from exports.release import period_releases
from tests.exports.ledger import eva
from tests.exports.test_counting import ending
from tests.exports.test_reporting import (
    AUTUMN,
    SPRING,
    YEAR,
    document,
    documented,
    let_out,
    out,
)
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff

HALF, NAME = "2020-01..2020-06", "Januar 2020 bis Juni 2020"
SHOW, PREVIEW = "/reports/show?period=", "/releases/preview?period="
WORKBOOK, SLIDES = "Als Arbeitsmappe (Excel)", "Als Folien (PowerPoint)"
RELEASE = "Genaue Zahlen freigeben"
OFFERED = "//select[@name='period']/optgroup/option/@value"


def report(app: Flask, written: str = HALF) -> Visitor:
    return staff(app, "Eva").get(SHOW + written)


def cells(visitor: Visitor, label: str) -> list[str]:
    """The first line of a table that is called so."""
    for row in visitor.page.xpath("//table//tr[th[@scope='row']]"):
        if row.find("th").text_content().strip() == label:
            return [" ".join(cell.text_content().split()) for cell in row.findall("td")]
    raise LookupError(label)


def noted(house: House, deed: str) -> list[str]:
    with house.database.transaction() as session:
        return list(session.scalars(select(Entry.thing).where(Entry.deed == deed)))


@pytest.mark.parametrize("name", ["Karin", "Nora", "Ines"])
def test_reports__are_for_evaluators_alone(house: House, app: Flask, name: str) -> None:
    visitor = staff(app, name)
    token = visitor.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "period": HALF, "go": "xlsx"}
    for answer in (
        visitor.client.get("/reports/"),
        visitor.client.get(SHOW + HALF),
        visitor.client.post("/reports/file", data=data),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize("name", ["Eva", "Nora", "Ines"])
def test_releases__are_for_coordinators_alone(house: House, app: Flask, name: str) -> None:
    visitor = staff(app, name)
    token = visitor.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "period": HALF, "reason": "Neugier"}
    for answer in (
        visitor.client.get("/releases/"),
        visitor.client.get(PREVIEW + HALF),
        visitor.client.post("/releases/preview", data=data),
    ):
        assert answer.status_code == 403
    with house.database.transaction() as session:
        assert period_releases.every(session) == []


def test_reports__are_reached_from_the_evaluators_page(house: House, app: Flask) -> None:
    visitor = staff(app, "Eva").get("/results/")
    assert visitor.page.xpath("//a[@href='/reports/']")
    offered = visitor.get("/reports/").page.xpath(OFFERED)
    assert offered[0] == "2019-06..2019-06"
    assert {HALF, YEAR} <= set(offered)
    assert "Januar 2020 bis Juni 2020" in visitor.text
    assert visitor.page.xpath("//optgroup[1]/@label") == ["1 Halbjahr"]


def test_report__rounded_and_then_exact(house: House, app: Flask) -> None:
    out(house, SPRING, 33)
    before = report(app)
    assert before.heading == f"Bericht: {NAME}"
    assert "auf 5 gerundet" in before.text
    assert cells(before, "Klientinnen und Klienten")[0] == "35"

    let_out(house, HALF)
    after = report(app)
    assert "Die Zahlen sind genau." in after.text
    assert f"{NAME}, freigegeben am 27.11.2026" in after.text
    assert "Die Zahlen sind auf 5 gerundet" not in after.text
    assert cells(after, "Klientinnen und Klienten")[0] == "33"


def test_report__of_a_year_says_which_half_of_it_is_exact(house: House, app: Flask) -> None:
    out(house, SPRING, 33)
    out(house, AUTUMN, 32)
    let_out(house, HALF)
    visitor = report(app, YEAR)
    assert "auf 5 gerundet" in visitor.text
    assert f"Genau sind darin nur die Zahlen, die die Koordination freigegeben hat: {NAME}" in (
        visitor.text
    )
    assert cells(visitor, "Klientinnen und Klienten")[0] == str(33 + 30)


def test_report__shows_the_period_before_and_what_changed(house: House, app: Flask) -> None:
    out(house, SPRING, 33)
    out(house, AUTUMN, 42)
    visitor = report(app, "2020-07..2020-12")
    assert f"„Davor“ meint gleich viele Monate: {NAME}." in visitor.text
    assert cells(visitor, "Klientinnen und Klienten") == ["40", "35", "+5"]
    assert "Diese Zahlen sind auf 5 gerundet." in visitor.text

    let_out(house, HALF)
    assert "Auch diese Zahlen sind genau." in visitor.get(SHOW + "2020-07..2020-12").text
    assert cells(visitor, "Klientinnen und Klienten") == ["40", "33", "+7"]


def test_report__has_tables_with_captions_and_bars_that_nobody_hears(
    house: House, app: Flask
) -> None:
    out(house, SPRING, 33)
    page = report(app).page
    captions = [one.find("caption").text_content().strip() for one in page.iter("table")]
    assert len(captions) > 10
    assert all(captions)
    bars = page.xpath("//svg")
    assert {bar.get("aria-hidden") for bar in bars} == {"true"}
    widths = [int(width) for width in page.xpath("//svg/rect/@width")]
    assert max(widths) == 100
    assert min(widths) > 0


def test_report__speaks_english_too(house: House, app: Flask) -> None:
    out(house, SPRING, 33)
    visitor = staff(app, "Eva")
    visitor.headers = {"Accept-Language": "en"}
    visitor.get(SHOW + HALF)
    assert visitor.heading == "Report: January 2020 to June 2020"
    assert cells(visitor, "Clients")[0] == "35"


@pytest.mark.parametrize("button", [WORKBOOK, SLIDES])
def test_file__is_named_after_the_period_alone_and_audited(
    house: House, app: Flask, button: str
) -> None:
    out(house, SPRING, 33)
    response = report(app).press(button).response
    ending = "xlsx" if button == WORKBOOK else "pptx"
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="zugang-2020-01-2020-06.{ending}"'
    )
    if button == WORKBOOK:
        assert "Tabellen" in load_workbook(io.BytesIO(response.data)).sheetnames
    else:
        assert len(Presentation(io.BytesIO(response.data)).slides) > 10
    assert noted(house, "exported") == [f"report:{HALF}"]


@pytest.mark.parametrize("written", ["2020", "2020-02..2020-06", "2031-01..2031-06", "%00", "ü"])
def test_report__of_a_period_that_cannot_be_told_says_which_can(
    house: House, app: Flask, written: str
) -> None:
    visitor = report(app, written)
    assert visitor.response.status_code == 400
    assert "Von diesem Zeitraum gibt es keinen Bericht." in visitor.text
    assert HALF in visitor.page.xpath(OFFERED)


def test_report__of_a_part_of_what_went_out_is_neither_offered_nor_shown(
    house: House, app: Flask
) -> None:
    documented(house, SPRING, 13)
    let_out(house, YEAR)
    visitor = report(app)
    assert visitor.response.status_code == 400
    offered = visitor.page.xpath(OFFERED)
    assert HALF not in offered
    assert YEAR in offered


def test_file__of_an_unknown_period_is_refused_and_not_audited(house: House, app: Flask) -> None:
    visitor = report(app)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    for written in ("", "2020-02..2020-06"):
        data = {"csrf_token": token, "period": written, "go": "xlsx"}
        assert visitor.post("/reports/file", data=data).response.status_code == 400
    assert noted(house, "exported") == []


def test_preview__marks_what_few_people_stand_behind(house: House, app: Flask) -> None:
    documented(house, SPRING, 4)
    visitor = staff(app, "Karin").get(PREVIEW + HALF)
    assert cells(visitor, "Klientinnen und Klienten") == ["4 unter 5"]
    marks = [one.text for one in visitor.page.find_class("urgent")]
    assert set(marks) == {"unter 5"}
    assert f"{len(marks)} Zahlen liegen zwischen 1 und 4." in visitor.text
    assert "0 unter 5" not in visitor.text.replace("10 unter 5", "")


def test_preview__says_who_is_not_counted_and_where_most_say_the_same(
    house: House, app: Flask
) -> None:
    out(house, SPRING, 33)
    documented(house, SPRING, 3)
    text = staff(app, "Karin").get(PREVIEW + HALF).text
    assert "3 Personen sind nicht mitgezählt: Ihre Zeilen warten noch" in text
    assert "Hier sagen fast alle dasselbe." not in text

    for each in range(30):
        document(house, AUTUMN, ending(each, "yes"))
    text = staff(app, "Karin").get(PREVIEW + "2020-07..2020-12").text
    assert "sind nicht mitgezählt" not in text
    assert "weiß es dann auch von ihr: Wie geplant vermittelt und angebunden?" in text


def test_pages__of_nothing_mark_nothing_and_say_so(house: House, app: Flask) -> None:
    assert "Aus diesem Zeitraum ist noch nichts heraus." in report(app).text
    visitor = staff(app, "Karin").get(PREVIEW + HALF)
    assert "Keine Zahl liegt zwischen 1 und 4." in visitor.text


def test_release__needs_a_reason_and_stands_in_the_list(house: House, app: Flask) -> None:
    documented(house, SPRING, 13)
    visitor = staff(app, "Karin")
    assert visitor.page.xpath("//nav/a[@href='/releases/']")
    visitor.get(PREVIEW + HALF).press(RELEASE, reason="  ")
    assert visitor.mistakes == ["Bitte ausfüllen."]
    with house.database.transaction() as session:
        assert period_releases.every(session) == []

    visitor.press(RELEASE, reason="Für den Beirat")
    assert visitor.path == "/releases/"
    row = " ".join(visitor.page.xpath("//tbody/tr")[0].text_content().split())
    assert row.startswith(NAME)
    assert row.endswith("Karin Für den Beirat")
    assert HALF not in visitor.page.xpath(OFFERED)
    assert noted(house, "released") == [f"period:{HALF}"]
    audit = visitor.get("/staff/audit").text
    assert f"freigegeben Zeitraum {HALF}" in audit
    assert "Beirat" not in audit
    assert cells(report(app), "Klientinnen und Klienten")[0] == "13"


def test_release__twice_keeps_the_first_and_the_typed_reason(house: House, app: Flask) -> None:
    documented(house, SPRING, 13)
    visitor = staff(app, "Karin").get(PREVIEW + HALF)
    let_out(house, YEAR, "Von jemand anderem")
    visitor.press(RELEASE, reason="Für den Beirat")
    assert visitor.response.status_code == 400
    assert "Dieser Zeitraum lässt sich nicht freigeben." in visitor.text
    assert "Ihre Begründung: Für den Beirat" in visitor.text
    with house.database.transaction() as session:
        (entry,) = period_releases.every(session)
        assert entry.of == read(YEAR)
        assert period_releases.opened(eva(house), entry)["reason"] == "Von jemand anderem"


@pytest.mark.parametrize("written", ["2020", "2020-02..2020-06", "2031-01..2031-06"])
def test_preview__of_a_period_that_cannot_go_out_says_which_can(
    house: House, app: Flask, written: str
) -> None:
    visitor = staff(app, "Karin").get(PREVIEW + written)
    assert visitor.response.status_code == 400
    assert HALF in visitor.page.xpath(OFFERED)


def test_pages__say_so_when_everything_is_out(house: House, app: Flask) -> None:
    let_out(house, "2019-06..2022-05")
    visitor = staff(app, "Karin").get("/releases/")
    assert "Zurzeit gibt es keinen Zeitraum, der sich freigeben lässt." in visitor.text
    assert staff(app, "Eva").get("/reports/").page.xpath(OFFERED) == ["2019-06..2022-05"]


def test_addresses__hold_the_period_and_no_answer(house: House, app: Flask) -> None:
    documented(house, SPRING, 4)
    visitor = staff(app, "Karin").get(PREVIEW + HALF)
    visitor.press(RELEASE, reason="Für den Beirat")
    assert visitor.response.request.url == "http://localhost/releases/"
    links = report(app).page.xpath("//main//a/@href | //main//form/@action")
    assert {link for link in links if not link.startswith("#table-")} == {
        "/reports/",
        "/reports/file",
    }
