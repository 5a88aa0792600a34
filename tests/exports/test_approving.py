"""An evaluator lets a question ask for something else: nothing of it goes out before a look."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core import approving, periods, versions
from core.audit import Entry
from exports.release import batches, free_texts, releases, reporting
from exports.release.counting import Counting
from exports.tables.figures import count_of
from tests.exports import telling
from tests.exports.ledger import AGES, HOMES, TODAY, members, receive, release, workbook
from tests.exports.test_reporting import SPRING, document
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff
from tests.surveys.test_publishing_views import PAGE, changed, downloaded, send

ASKED = "In welchem Jahr sind Sie geboren?"
QUALITY = "/data/satisfaction/quality"
OVERVIEW, LOOK = "/releases/", "/releases/questionnaires/client/2"
WAITS = "wartet auf die Freigabe durch die Koordinatorin"
LABEL = "label::Deutsch (de)"
HALF = "2020-01..2020-06"
BUTTON = "Fragebogen freigeben"


@pytest.fixture
def eva(app: Flask) -> Visitor:
    return staff(app, "Eva").get(PAGE)


@pytest.fixture
def karin(app: Flask) -> Visitor:
    return staff(app, "Karin")


def in_disguise(eva: Visitor) -> FileStorage:
    """The questionnaire in which `quality` asks for the year of birth."""
    book = load_workbook(downloaded(eva))
    survey, choices = book["survey"], book["choices"]
    headers = [cell.value for cell in survey[1]]
    names = {row[headers.index("name")].value: row[0].row for row in survey.iter_rows()}
    for header, text in (("type", "select_one years"), (LABEL, ASKED), ("appearance", "")):
        survey.cell(names["quality"], headers.index(header) + 1).value = text
    headers = [cell.value for cell in choices[1]]
    for year in range(1940, 2003):
        said = {"list_name": "years", "name": str(year), LABEL: str(year)}
        choices.append([said.get(header, "") for header in headers])
    saved = BytesIO()
    book.save(saved)
    saved.seek(0)
    return FileStorage(saved, filename="Fragebogen neu.xlsx")


def publish(eva: Visitor) -> None:
    """Publish it, as an evaluator may."""
    send(eva, in_disguise(eva))
    eva.press("publish")


def approve(karin: Visitor) -> Visitor:
    return karin.get(LOOK).press(BUTTON)


def women(count: int = 36) -> Iterator[dict[str, str]]:
    """What so many answer, each with a year of her own."""
    for number in range(count):
        yield {
            "/data/person/age": AGES[number % 2],
            "/data/person/children": str(number % 2),
            "/data/housing/housing_now": HOMES[number % 2],
            QUALITY: str(1940 + number % 5),
        }


def sheets(house: House) -> list[str]:
    return [name for name in workbook(house).book.sheetnames if name.startswith("client")]


def test_rows__of_a_version_in_disguise_wait_for_a_coordinator(
    eva: Visitor, karin: Visitor, house: House
) -> None:
    publish(eva)
    receive(house, "client", women())
    assert release(house, "client") is None
    assert sheets(house) == []
    assert ASKED not in str(list(workbook(house).book["codebook"].values))
    with house.database.transaction() as session:
        assert releases.count(session, "client", TODAY) == releases.Count(0, 0)
    approve(karin)
    assert release(house, "client") is not None
    assert sheets(house) == ["client v2"]


def test_rows__of_the_version_before_go_out_meanwhile(eva: Visitor, house: House) -> None:
    ids = receive(house, "client", women())
    publish(eva)
    receive(house, "client", women())
    batch = release(house, "client")
    assert batch is not None
    assert batch.size <= len(ids)
    assert sheets(house) == ["client v1"]


def test_exact_tables__count_nobody_whose_questions_wait(
    eva: Visitor, karin: Visitor, house: House
) -> None:
    publish(eva)
    for answers in women():
        document(house, SPRING, answers, "client")

    def shown() -> str:
        with house.database.transaction() as session:
            asked = periods.read(HALF)
            who = house.staff["Karin"]
            found = reporting.preview(session, who, asked, house.settings, "de").figures
        return str({key: number for key, number in count_of(found).items() if number})

    assert "1940" not in shown()
    before = shown()
    approve(karin)
    assert shown() != before


def test_rows__that_are_out_from_before_stay_counted(
    eva: Visitor, karin: Visitor, house: House
) -> None:
    publish(eva)
    receive(house, "client", women())
    approve(karin)
    batch = release(house, "client")
    assert batch is not None
    with house.database.transaction() as session:
        versions.current(session, "client").approved = None  # as in a service from before
    more = receive(house, "client", women())
    assert release(house, "client") is None
    with house.database.transaction() as session:
        assert releases.count(session, "client", TODAY) == releases.Count(batch.size, batch.size)
        counting = Counting(session, house.staff["Karin"], batches.DEFAULT)
        counted = {response.id for response, _ in counting._answered["client"]}
    assert counted == members(house, batch)
    assert counted.isdisjoint(more)


def test_open_words__of_a_version_wait_with_it(eva: Visitor, karin: Visitor, house: House) -> None:
    send(eva, changed(eva, "good", LABEL, "Wo wohnen Sie?"))
    eva.press("publish")
    telling.interviews(house, 5)
    telling.finish(house, telling.texts(house))
    with house.database.transaction() as session:
        asked = free_texts.labels(session, "client", "de")[telling.GOOD]
    assert asked == "Was war gut an der Hilfe?"
    assert telling.release(house) == []
    approve(karin)
    (batch,) = telling.release(house)
    assert batch.size == 5


def test_version__of_offices_waits_for_nobody(eva: Visitor, karin: Visitor, house: House) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, "municipality")
        version.person_id, version.published = house.staff["Eva"].person.id, TODAY
        session.flush()
        assert not approving.is_waiting(version)
        assert approving.waiting(session) == []
    assert WAITS not in eva.get(PAGE).text
    there = karin.client.get("/releases/questionnaires/municipality/1")
    assert there.status_code == 404


# -- pages -----------------------------------------------------------------------------------------


def test_coordinator__sees_who_published_what_and_what_it_changes(
    eva: Visitor, karin: Visitor, house: House
) -> None:
    assert "warten" not in karin.get(OVERVIEW).text
    publish(eva)
    assert WAITS in eva.get(PAGE).text
    karin.get(OVERVIEW)
    (link,) = karin.page.xpath(f"//a[@href='{LOOK}']")
    assert link.text_content() == "Befragung von Klientinnen, Version 2"
    assert "Veröffentlicht von Eva am" in karin.text
    karin.get(LOOK)
    assert "Was sich gegenüber Version 1 ändert" in karin.text
    assert ASKED in karin.text
    assert "Die Beratung war gut." in karin.text
    assert "years: 1940" in karin.text
    karin.press(BUTTON)
    assert karin.path == OVERVIEW
    assert karin.page.xpath(f"//a[@href='{LOOK}']") == []
    assert WAITS not in eva.get(PAGE).text
    assert "Freigegeben am" in karin.get(LOOK).text


def test_comparison__is_with_what_somebody_has_looked_at(eva: Visitor, karin: Visitor) -> None:
    publish(eva)
    send(eva, changed(eva, "respect", LABEL, "Sie war freundlich."))
    eva.press("publish")
    karin.get("/releases/questionnaires/client/3")
    assert "Was sich gegenüber Version 1 ändert" in karin.text
    assert ASKED not in karin.text  # made from version 1, in which nothing is disguised
    send(eva, in_disguise(eva))
    eva.press("publish")
    approve(karin)
    karin.get("/releases/questionnaires/client/4")
    assert "Was sich gegenüber Version 2 ändert" in karin.text
    assert "Keine Frage und keine Antwort ändert sich." in karin.text


def test_comparison__shows_what_stands_above_questions(eva: Visitor, karin: Visitor) -> None:
    send(eva, changed(eva, "satisfaction", LABEL, "Ihr Geburtsjahr"))
    eva.press("publish")
    karin.get(LOOK)
    assert "Ihre Zufriedenheit" in karin.text
    assert "Ihr Geburtsjahr" in karin.text


@pytest.mark.parametrize("name", ["Eva", "Ines", "Nora"])
def test_approving__is_for_coordinators_alone(
    eva: Visitor, app: Flask, house: House, name: str
) -> None:
    publish(eva)
    visitor = staff(app, name)
    token = visitor.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    assert visitor.client.get(LOOK).status_code == 403
    assert visitor.client.post(LOOK, data={"csrf_token": token}).status_code == 403
    with house.database.transaction() as session:
        assert approving.is_waiting(versions.current(session, "client"))


def test_approving__is_noted_once(eva: Visitor, karin: Visitor, house: House) -> None:
    publish(eva)
    karin.get(LOOK)
    form = karin.page.xpath(f"//button[text()='{BUTTON}']/ancestor::form")[0]
    token = form.xpath(".//input[@name='csrf_token']/@value")[0]
    for _ in range(2):
        assert karin.client.post(LOOK, data={"csrf_token": token}).status_code == 303
    with house.database.transaction() as session:
        version = versions.current(session, "client")
        who = house.staff["Karin"].person.id
        assert (version.approver_id, version.person_id) == (who, house.staff["Eva"].person.id)
        day = version.approved
        noted = select(Entry.person_id).where(
            Entry.deed == "released", Entry.thing == f"version:{version.id}"
        )
        assert list(session.scalars(noted)) == [who]
        approving.approve(session, house.staff["Eva"].person.id, version, date(2030, 1, 1))
        assert (version.approved, version.approver_id) == (day, who)


@pytest.mark.parametrize("path", ["client/1", "client/9", "municipality/1", "referral/1", "x/1"])
def test_approving__what_came_with_zugang_or_is_not_there_is_not_found(
    karin: Visitor, path: str
) -> None:
    assert karin.client.get(f"/releases/questionnaires/{path}").status_code == 404
