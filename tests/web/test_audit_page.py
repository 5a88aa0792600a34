"""The coordinator's page of the audit."""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit
from core.web.staff.audit import DEEDS, LINES, THINGS
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff

ROOT = Path(__file__).parents[2]
HOME = "/staff/audit"
ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


@pytest.fixture
def karin(app: Flask) -> Visitor:
    return staff(app, "Karin").get(HOME)


def note(house: House, person: str, deed: str, *things: str) -> None:
    who = house.staff[person].person.id if person else audit.SERVICE
    for thing in things:
        with house.database.transaction() as session:
            audit.note(session, who, deed, thing)


def rows(visitor: Visitor) -> list[list[str]]:
    """The cells of all lines: number, time, who, what she did and to what."""
    return [
        [*(cell.text_content() for cell in row[:3]), row[3].text.strip(), row[3][0].text]
        for row in visitor.page.xpath("//tbody/tr")
    ]


def tamper(house: House, statement: str) -> None:
    with house.database.durable.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(
            text("DROP TRIGGER audit_no_update" if sqlite else "DROP TRIGGER audit_stays ON audit")
        )
        connection.execute(text(statement))


def test_page__says_in_words_who_did_what(either_house: House, karin: Visitor) -> None:
    nora = either_house.staff["Nora"].person.id
    note(either_house, "Nora", "opened", f"response:{ID}:file")
    note(either_house, "Karin", "granted", f"key:4:person:{nora}", "key:5:recovery")
    note(either_house, "", "flown", "moon:7", "person:99", "person:x")
    found = [row[2:] for row in rows(karin.get(HOME))[:6]]
    assert found == [
        ["der Dienst selbst", "flown", "person x"],
        ["der Dienst selbst", "flown", "Nr. 99"],
        ["der Dienst selbst", "flown", "moon 7"],
        ["Karin", "Schlüssel gegeben", "Schlüsselpaar 5 Notschlüssel"],
        ["Karin", "Schlüssel gegeben", "Schlüsselpaar 4 Nora"],
        ["Nora", "geöffnet", f"Eintrag {ID} Datei"],
    ]


def test_page__is_searched_by_person_deed_day_and_record(
    either_house: House, karin: Visitor
) -> None:
    note(either_house, "Nora", "opened", f"response:{ID}", "response:2")
    note(either_house, "Sonja", "opened", f"response:{ID}")
    nora = str(either_house.staff["Nora"].person.id)
    karin.get(f"{HOME}?person={nora}&deed=opened&since=2026-01-01&until=2199-12-31&thing=0001")
    assert [row[2:] for row in rows(karin)] == [["Nora", "geöffnet", f"Eintrag {ID}"]]
    assert "1 Zeile gefunden." in karin.text
    assert karin.page.xpath("//select[@name='person']/option[@selected]/@value") == [nora]
    karin.get(f"{HOME}?person=0&deed=published")
    assert {row[2] for row in rows(karin)} == {"der Dienst selbst"}
    assert "0 Zeilen gefunden." in karin.get(f"{HOME}?until=2001-01-01").text


@pytest.mark.parametrize(
    "asked",
    [
        "person=x&deed=x&since=x&until=2026-02-30",
        "since=0001-01-01",
        "until=9999-12-31",
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "thing=%00",
        "_external=1&endpoint=x&csrf_token=x",
    ],
)
def test_page__what_makes_no_sense_does_not_count(karin: Visitor, asked: str) -> None:
    every = len(rows(karin))
    assert karin.get(f"{HOME}?{asked}").response.status_code == 200
    assert len(rows(karin)) == every


def test_page__shows_fifty_lines_and_leads_to_the_others(
    either_house: House, karin: Visitor
) -> None:
    with either_house.database.transaction() as session:
        for number in range(120):
            audit.note(session, 1, "opened", f"response:{number}")
    numbers = []
    karin.get(f"{HOME}?deed=opened&thing=response")
    for link in ("Ältere", "Ältere", None):
        numbers += [row[4] for row in rows(karin)]
        assert len(rows(karin)) == (LINES if link else 20)
        if link:
            karin.get(karin.page.xpath(f"//nav/a[.='{link}']/@href")[0])
    assert numbers == [f"Eintrag {number}" for number in range(119, -1, -1)]
    assert karin.page.xpath("//nav/a[.='Neuere']")
    assert not karin.page.xpath("//nav/a[.='Ältere']")


def test_table__holds_what_was_searched_for_and_no_more(
    either_house: House, karin: Visitor
) -> None:
    note(either_house, "Nora", "opened", "response:1")
    note(either_house, "Sonja", "opened", "response:1")
    nora = either_house.staff["Nora"].person.id
    karin.get(f"{HOME}?deed=opened&person={nora}").press("Das Gefundene herunterladen (CSV)")
    assert karin.response.headers["Content-Disposition"] == 'attachment; filename="zugang.csv"'
    lines = csv.DictReader(io.StringIO(karin.response.data.decode("utf-8-sig")))
    assert [(line["person"], line["thing"]) for line in lines] == [("Nora", "response:1")]
    assert rows(karin.get(HOME))[0][2:] == ["Karin", "heruntergeladen", "Protokoll"]


def test_check__says_that_nothing_was_changed(either_house: House, karin: Visitor) -> None:
    karin.press("Prüfen, ob das noch stimmt")
    assert "Alle Zeilen sind da, und keine wurde verändert." in karin.text
    with Session(either_house.database.durable) as session:
        assert karin.page.findtext(".//code") == str(audit.end(session))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE audit SET person_id = 9 WHERE id = 3",
            "Zeile 3 wurde verändert oder dazwischengeschoben.",
        ),
        (
            "UPDATE audit SET person_id = 9 WHERE id IN (3, 4)",
            "Die Zeilen 3 bis 4 wurden verändert oder dazwischengeschoben.",
        ),
        ("UPDATE audit_head SET count = count + 1", "Zeile %s fehlt."),
        ("UPDATE audit_head SET count = count - 1", "Zeile %s wurde angehängt."),
        (
            "UPDATE audit_head SET digest = (SELECT digest FROM audit WHERE id = 1)",
            "Das Ende der Kette nach Zeile %s wurde verändert.",
        ),
    ],
)
def test_check__names_what_was_changed_and_says_what_to_do(
    either_house: House, karin: Visitor, statement: str, words: str
) -> None:
    with Session(either_house.database.durable) as session:
        count = audit.end(session).count + ("+ 1" in statement)
    tamper(either_house, statement)
    karin.press("Prüfen, ob das noch stimmt")
    [notice] = karin.page.xpath("//div[@class='notice']")
    assert notice.findtext("h2") == "Jemand hat das Protokoll verändert"
    assert [item.text for item in notice.iter("li")] == [words.replace("%s", str(count))]
    assert "Lassen Sie die Datenbank, wie sie ist" in notice.text_content()


def test_page__before_the_first_line_shows_no_end(either_house: House, app: Flask) -> None:
    visitor = staff(app, "Karin")
    with either_house.database.durable.begin() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    assert visitor.get(HOME).page.find(".//code") is None


@pytest.mark.parametrize("name", ["Nora", "Ines", "Eva"])
def test_page__is_for_the_coordinator_alone(app: Flask, name: str) -> None:
    visitor = staff(app, name)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    assert visitor.get(HOME).response.status_code == 403
    for path in (f"{HOME}/check", f"{HOME}/table"):
        assert visitor.post(path, data={"csrf_token": token}).response.status_code == 403


def test_words__every_deed_that_the_code_notes_has_one() -> None:
    noted = set()
    for folder in ("core", "intake", "surveys", "exports"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(
                    ("audit.note", "note_for_good")
                ):
                    noted |= {ast.literal_eval(a) for a in call.args if isinstance(a, ast.Constant)}
    assert {"opened", "refused", "published", "granted"} <= noted
    assert {one for one in noted if isinstance(one, str)} - DEEDS.keys() - THINGS.keys() == set()
