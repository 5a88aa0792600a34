"""The evaluators' page: what is out, the workbook itself, closing a wave."""

import io
from zipfile import ZipFile

import pytest
from flask import Flask

from exports.release import releases
from tests.exports.ledger import (
    OFFICES,
    Read,
    arrive,
    download,
    office,
    receive,
    referral,
)
from tests.support.house import House
from tests.support.walks import fetched

pytestmark = pytest.mark.usefixtures("at_once")

HOME = "/results/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_download__is_a_workbook_with_a_neutral_name(house: House, app: Flask) -> None:
    response = fetched(arrive(app))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Disposition"] == 'attachment; filename="zugang.xlsx"'
    assert response.headers["Cache-Control"] == "no-store"
    sheets = ["README", "several answers", "open words", "municipalities", "codebook", "indicators"]
    assert Read(response.data).book.sheetnames == sheets


def test_overview__does_not_show_when_one_more_came_in(house: House, app: Flask) -> None:
    receive(house, "referral", (referral(number) for number in range(9)))
    before = arrive(app).text
    receive(house, "referral", [referral(9)])
    after = arrive(app).text

    assert before == after
    assert "≈ 10" in after


def test_download__releases_what_is_ready_once(house: House, app: Flask) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))
    first = download(app)

    assert len(Read(first).rows("referral v1")) == 30
    assert download(app) == first


def test_wave__below_five_offices_has_no_button_and_cannot_be_forced(
    house: House, app: Flask
) -> None:
    receive(house, "municipality", (office(name) for name in OFFICES[:4]))
    visitor = arrive(app)
    assert "Runde 1: 4 Stellen haben geantwortet." in visitor.text
    with pytest.raises(LookupError):
        visitor.button("Runde 1 abschließen")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/results/wave", data={"csrf_token": token, "wave": "1"})

    assert visitor.path == HOME
    assert Read(fetched(visitor).data).rows("municipalities") == []


def test_wave__closed_is_summed_up_and_takes_nobody_in(house: House, app: Flask) -> None:
    receive(house, "municipality", (office(name) for name in OFFICES[:5]))
    visitor = arrive(app).press("Runde 1 abschließen")
    assert "Zurzeit ist keine Runde offen." in visitor.text
    before = fetched(visitor).data
    receive(house, "municipality", (office(name, effect__relief="4") for name in OFFICES))

    assert "Zurzeit ist keine Runde offen." in arrive(app).text
    lines = Read(before).rows("municipalities")
    assert lines
    assert Read(download(app)).rows("municipalities") == lines


@pytest.mark.parametrize("name", ["Karin", "Nora", "Ines"])
def test_results__are_for_evaluators_alone(house: House, app: Flask, name: str) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))
    visitor = arrive(app, name)
    assert visitor.response.status_code == 403
    token = visitor.get("/staff/").page.xpath("//input[@name='csrf_token']/@value")[0]
    for path in ("/results/files/", "/results/wave"):
        assert visitor.post(path, data={"csrf_token": token}).response.status_code == 403

    with house.database.transaction() as session:
        assert releases.batches(session, "referral") == []


def test_download__of_all_files_in_english_with_codes(house: House, app: Flask) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))
    button = "Alles herunterladen: Excel, SPSS und CSV"
    response = fetched(arrive(app), button, language="en", cells="codes")
    assert response.headers["Content-Disposition"] == 'attachment; filename="zugang.zip"'
    with ZipFile(io.BytesIO(response.data)) as archive:
        assert "referral-v1.sav" in archive.namelist()
        read = Read(archive.read("zugang.xlsx"))
    assert "Anonymised answers" in read.readme
    assert {row["safe_now"] for row in read.rows("referral v1")} == {"yes", "no"}


def test_download__in_a_language_that_nobody_offered_is_german(house: House, app: Flask) -> None:
    response = fetched(arrive(app), language="xx")
    assert "Anonymisierte Antworten" in Read(bytes(response.data)).readme
