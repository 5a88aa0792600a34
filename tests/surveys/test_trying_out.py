"""Before a workbook counts: looked at in every language, as on a phone; its translations."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage

from core import records
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff
from tests.surveys.test_publishing_views import PAGE, changed, downloaded, send

TRIAL = "/trial/"
AS_TABLE = "translations"


@pytest.fixture
def eva(app: Flask) -> Visitor:
    return staff(app, "Eva").get(PAGE)


def table(eva: Visitor, name: str, column: str, text: str, add: bool = False) -> FileStorage:
    """The table for translators as Excel saves it, with one cell changed or a column added."""
    answer = eva.client.get(f"{PAGE}/client/1/translations.xlsx")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.data))
    (sheet,) = book.worksheets
    headers = [cell.value for cell in sheet[1]]
    if add:
        headers.append(column)
        sheet.cell(1, len(headers), column)
    for row in sheet.iter_rows(min_row=2):
        if row[headers.index("name")].value == name:
            sheet.cell(row[0].row, headers.index(column) + 1, text)
    saved = BytesIO()
    book.save(saved)
    saved.seek(0)
    return FileStorage(saved, filename="Texte.xlsx")


def send_table(eva: Visitor, file: FileStorage) -> Visitor:
    return eva.get(PAGE).press(AS_TABLE, questionnaire="client", workbook=file)


def test_trial__leads_through_the_new_text_in_another_language_and_keeps_nothing(
    eva: Visitor, house: House
) -> None:
    send(eva, changed(eva, "way_found", "label::Türkçe (tr)", "Bizi nereden duydunuz?"))
    eva.get(TRIAL).press("language:tr")
    assert eva.page.get("lang") == "tr"
    assert "Bizi nereden duydunuz?" in eva.text
    while not eva.page.xpath("//button[@value='submit']"):
        eva.press("next")
    eva.press("submit")

    assert "client" in eva.page.xpath("//pre")[0].text_content()
    with house.database.transaction() as session:
        assert records.responses(session, "client") == []
    assert eva.get(PAGE).page.get("lang") == "de"


def test_trial__stands_in_a_frame_on_our_page_alone(eva: Visitor) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    policy = eva.get("/trial/phone").response.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert eva.page.xpath("//iframe/@src") == [TRIAL]
    assert "frame-ancestors 'self'" in eva.get(TRIAL).response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in eva.get(PAGE).response.headers["Content-Security-Policy"]


def test_trial__without_a_workbook_that_waits_is_none(eva: Visitor, app: Flask) -> None:
    assert eva.get(TRIAL).heading == eva.get("/trial/phone").heading == "Fragebögen"
    assert staff(app, "Ines").get(TRIAL).response.status_code == 403


def test_trial__is_forgotten_with_the_workbook(eva: Visitor) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))
    eva.get(TRIAL).press("next", way_found="web")
    eva.get(f"{PAGE}/proposal").press("discard")
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war sehr freundlich."))

    assert eva.get(TRIAL).page.xpath("//input[@checked]") == []


def test_translations__come_back_from_a_table_as_the_next_version(eva: Visitor) -> None:
    send_table(eva, table(eva, "respect", "Türkçe (tr)", "Danışman bana saygılı davrandı!"))
    assert "kann veröffentlicht werden" in eva.text
    eva.press("publish")

    book = load_workbook(downloaded(eva, 2))
    headers = [cell.value for cell in book["survey"][1]]
    at = headers.index("label::Türkçe (tr)")
    texts = {row[headers.index("name")].value: row[at].value for row in book["survey"].iter_rows()}
    assert texts["respect"] == "Danışman bana saygılı davrandı!"


def test_translations__a_further_column_adds_a_language(eva: Visitor) -> None:
    send_table(eva, table(eva, "respect", "Ελληνικά (el)", "Με σεβασμό.", add=True))

    assert eva.get(TRIAL).button("language:el") is not None


@pytest.mark.parametrize(
    ("name", "column", "text", "said"),
    [
        ("respect", "Deutsch (de)", "Anders.", "The original is not that of the questionnaire"),
        ("respect", "name", "nobody", "The questionnaire has no such text"),
        ("respect", "Türkçe (tr)", "${age} yaşında", "The references to answers"),
    ],
)
def test_translations__that_do_not_belong_are_told_with_their_row(
    eva: Visitor, name: str, column: str, text: str, said: str
) -> None:
    send_table(eva, table(eva, name, column, text))

    assert "kann so nicht veröffentlicht werden" in eva.text
    (finding,) = [one for one in eva.page.xpath("//main//li") if said in one.text_content()]
    assert "Zeile" in finding.text_content()


def test_outdated__a_changed_original_is_told_beside_translations_left_as_they_were(
    eva: Visitor,
) -> None:
    send(eva, changed(eva, "respect", "label::Deutsch (de)", "Sie war freundlich."))

    told = [
        one.text_content()
        for one in eva.page.xpath("//main//li")
        if "respect" in one.text_content()
    ]
    assert any("this translation has not" in one and "Türkçe" in one for one in told)
    assert not any("this translation has not" in one and "Deutsch" in one for one in told)
