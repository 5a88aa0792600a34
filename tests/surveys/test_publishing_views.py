"""An evaluator changes a questionnaire in Excel and publishes it, without anybody's help."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core import shipped, versions
from core.audit import Entry
from surveys import interviews
from tests.support.device import Device, record, token_for
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff

PAGE = "/results/questionnaires"
SEND = "Hochladen und prüfen"
QUESTIONNAIRE = "client"
FOLDER = Path(__file__).parents[2] / "surveys" / "questionnaires"


@pytest.fixture
def eva(app: Flask) -> Visitor:
    return staff(app, "Eva").get(PAGE)


def downloaded(eva: Visitor, number: int = 1) -> BytesIO:
    answer = eva.client.get(f"{PAGE}/{QUESTIONNAIRE}/{number}.xlsx")
    assert answer.status_code == 200
    return BytesIO(answer.data)


def changed(eva: Visitor, name: str, column: str, text: str) -> FileStorage:
    """Return the workbook as Excel saves it, with one cell of the question `name` changed."""
    book = load_workbook(downloaded(eva))
    sheet = book["survey"]
    headers = [cell.value for cell in sheet[1]]
    at = headers.index("name")
    row = next(row for row in sheet.iter_rows(min_row=2) if row[at].value == name)
    place = headers.index(column) if column in headers else len(headers)
    sheet.cell(1, place + 1).value = column
    sheet.cell(row[0].row, place + 1).value = text
    saved = BytesIO()
    book.save(saved)
    saved.seek(0)
    return FileStorage(saved, filename="Fragebogen neu.xlsx")


def send(eva: Visitor, file: FileStorage) -> Visitor:
    return eva.get(PAGE).press(SEND, questionnaire=QUESTIONNAIRE, workbook=file)


def test_workbook__is_changed_looked_at_and_published(
    eva: Visitor, app: Flask, house: House
) -> None:
    ines = staff(app, "Ines").get("/interviews/").press(QUESTIONNAIRE)
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    assert "kann veröffentlicht werden" in eva.text
    assert "Die Beraterin hat mich mit Respekt behandelt." in eva.text
    assert "Sie war freundlich." in eva.text
    with house.database.transaction() as session:
        assert versions.current(session, QUESTIONNAIRE).number == 1  # not before she says so
    eva.press("publish")
    assert eva.path == PAGE
    rows = eva.page.xpath(f"//h2[@id='{QUESTIONNAIRE}']/following-sibling::table[1]//tbody/tr")
    assert ["wird jetzt benutzt" in row.text_content() for row in rows] == [True, False]
    ines.press("next")
    assert "Die Beraterin hat mich mit Respekt behandelt." in ines.text  # she began before
    fresh = staff(app, "Ines").get("/interviews/").press(QUESTIONNAIRE).press("next")
    assert "Sie war freundlich." in fresh.text
    with house.database.transaction() as session:
        noted = select(Entry.person_id).where(Entry.deed == "published").order_by(Entry.id)
        assert session.scalars(noted).all()[-1] == house.staff["Eva"].person.id


def test_workbook__that_waits_can_be_thrown_away(eva: Visitor, house: House) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    assert "wartet auf Ihre Entscheidung" in eva.get(PAGE).text
    eva.get(f"{PAGE}/proposal").press("discard")
    assert "wartet auf Ihre Entscheidung" not in eva.text
    assert SEND in eva.get(f"{PAGE}/proposal").text
    with house.database.transaction() as session:
        assert len(versions.all_of(session, QUESTIONNAIRE)) == 1


@pytest.mark.parametrize(
    ("name", "column", "text", "told"),
    [
        ("respect", "type", "select_one nothing", "nothing"),
        ("waiting", "relevant", "${nobody} = 1", "nobody"),
        ("good", "bind::z:disclosure", "open", "own words"),
        ("wish", "bind::z:disclosure", "table", "own words"),
        ("age", "bind::z:disclosure", "open", "is 'quasi' in the questionnaire"),
        ("age", "bind::z:disclosure", "sensitive", "is 'quasi' in the questionnaire"),
        ("municipality", "bind::z:disclosure", "open", "is 'table' in the questionnaire"),
        ("alone", "bind::z:disclosure", "open", "is worked out"),
        ("respect", "type", "integer", "takes a number"),
        ("respect", "relevant", "contains(${good}, 'er')", "depends on 'good'"),
        ("respect", "relevant", "contains(/data/more, 'er')", "depends on 'good'"),
        ("respect", "relevant", "${age} = '65_plus'", "depends on 'age'"),
        ("respect", "relevant", "today() = '2026-11-27'", "depends on the day"),
        ("respect", "constraint", ". = '1' or ${case_code} != 'A11-AAA'", "depends on 'case_code'"),
        ("age", "choice_filter", "only = 'all' or ${wish} != ''", "depends on 'wish'"),
        ("contact", "relevant", "${good} != ''", "depends on 'good'"),
        ("alone", "calculation", "if(contains(${good}, 'er'), 'yes', '')", "depends on 'alone'"),
        ("respect", "calculation", "if(contains(${good}, 'er'), 1, 2)", "is worked out"),
        ("respect", "default", "if(${case_code} = '', 1, 2)", "is worked out"),
        ("respect", "name", "quality", "is not in the questionnaire that comes with zugang"),
        ("respect", "name", "born", "is not in the questionnaire that comes with zugang"),
    ],
)
def test_workbook__with_an_error_is_told_where_and_nothing_is_kept(
    eva: Visitor, house: House, name: str, column: str, text: str, told: str
) -> None:
    send(eva, changed(eva, name, column, text))
    assert "kann so nicht veröffentlicht werden" in eva.text
    assert "Fehler:" in eva.text
    assert "Blatt survey, Zeile" in eva.text
    assert told in eva.text
    assert "wartet auf Ihre Entscheidung" not in eva.get(PAGE).text
    with house.database.transaction() as session:
        assert len(versions.all_of(session, QUESTIONNAIRE)) == 1


@pytest.mark.parametrize(
    ("content", "name"), [(b"no workbook", "a.xlsx"), (b"PK\x03\x04", "a.xlsx"), (b"x", "a.pdf")]
)
def test_workbook__that_is_none_is_told_so(eva: Visitor, content: bytes, name: str) -> None:
    send(eva, FileStorage(BytesIO(content), filename=name))
    assert "kann so nicht veröffentlicht werden" in eva.text


def test_version__is_retired_and_allowed_again(eva: Visitor, app: Flask, house: House) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    eva.press("publish")
    tablet = Device(app, token_for(house, house.staff["Ines"]))
    assert tablet.forms()[QUESTIONNAIRE]["version"] == "2"
    eva.press("Zurückziehen Befragung von Klientinnen, Version 2")
    assert tablet.forms()[QUESTIONNAIRE]["version"] == "1"
    assert tablet.send(record("", version="2")) == 201  # what was begun comes in
    eva.press("Zurückziehen Befragung von Klientinnen, Version 1")
    assert QUESTIONNAIRE not in tablet.forms()
    assert "Neu: Ihre Meinung" not in staff(app, "Ines").get("/interviews/").text
    assert eva.get("/results/").response.status_code == 200
    eva.get(PAGE).press("Wieder zulassen Befragung von Klientinnen, Version 2")
    assert tablet.forms()[QUESTIONNAIRE]["version"] == "2"


def test_version__of_people_is_not_overwritten_when_the_service_starts(
    eva: Visitor, house: House
) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    eva.press("publish")
    with house.database.transaction() as session:
        shipped.publish(session, [FOLDER])
        assert versions.current(session, QUESTIONNAIRE).number == 2
        assert len(versions.all_of(session, "municipality")) == 1


def test_download__gives_the_very_workbook_back(eva: Visitor) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    eva.press("publish")
    first, second = (load_workbook(downloaded(eva, number)) for number in (1, 2))
    said = [
        {str(cell.value) for row in book["survey"].iter_rows() for cell in row}
        for book in (first, second)
    ]
    assert said[1] - said[0] == {"Sie war freundlich."}


def test_questionnaires__of_the_women_and_cases_are_not_changed_here(eva: Visitor) -> None:
    assert eva.client.get(f"{PAGE}/referral/1.xlsx").status_code == 404
    assert "referral" not in interviews.QUESTIONNAIRES
