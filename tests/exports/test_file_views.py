"""The pages of files: how far one is, who may fetch it, and what is told when it did not come."""

import re
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from core.uploads import Upload
from exports.files import making
from exports.files.making import Task
from exports.files.progress import WRITING
from exports.release import orders, outgoing
from exports.release.orders import FAILED, Order
from exports.release.outgoing import Outcome
from tests.exports.ledger import Read, arrive
from tests.support.house import House
from tests.support.walks import fetched


def test_page__tells_how_far_it_is_and_looks_again_by_itself(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = begun(monkeypatch)
    visitor = arrive(app).press("Arbeitsmappe herunterladen")
    assert visitor.heading == "Ihre Datei entsteht"
    assert visitor.response.headers["Refresh"] == "2"
    assert "Die Arbeit beginnt gleich." in visitor.text

    orders.sign(house.database.relaxed, tasks[0].order, WRITING, 1234, 100_000)
    visitor.get(visitor.path)
    assert "Schritt 3 von 4: Die Arbeitsmappe wird geschrieben." in visitor.text
    assert "1.234 von 100.000" in visitor.text
    [bar] = visitor.page.iter("progress")
    assert (bar.get("value"), bar.get("max")) == ("1234", "100000")


def begun(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that pages begin from now on; nobody does them."""
    tasks: list[Task] = []
    monkeypatch.setattr(making, "start", tasks.append)
    return tasks


def test_page__of_a_second_press_is_that_of_the_first(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = begun(monkeypatch)
    first = arrive(app).press("Arbeitsmappe herunterladen").path
    assert arrive(app).press("Alles herunterladen: Excel, SPSS und CSV").path == first
    assert len(tasks) == 1


def test_tab_that_was_closed__loses_nothing(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = begun(monkeypatch)
    arrive(app).press("Arbeitsmappe herunterladen")
    assert "entsteht" in arrive(app).text
    making.run(tasks[0])
    visitor = arrive(app)
    [link] = visitor.page.xpath("//a[starts-with(@href, '/results/files/')]/@href")
    visitor.get(link)
    assert visitor.heading == "Ihre Datei ist fertig"
    assert "Refresh" not in visitor.response.headers
    [place] = visitor.page.xpath("//a[contains(@href, '/content')]/@href")
    assert Read(visitor.get(place).response.data).readme.startswith("zugang")


@pytest.mark.usefixtures("at_once")
def test_page__of_a_file_that_she_waited_for_brings_it_by_itself(house: House, app: Flask) -> None:
    visitor = arrive(app).press("Arbeitsmappe herunterladen")
    place = visitor.response.headers["Refresh"].removeprefix("0; url=")
    digest = re.search("[0-9a-f]{64}", visitor.text)
    assert digest
    assert sha256(visitor.get(place).response.data).hexdigest() == digest[0]


@pytest.mark.usefixtures("at_once")
def test_page__of_a_file_that_lacks_something_says_so(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = begun(monkeypatch)
    visitor = arrive(app).press("Arbeitsmappe herunterladen")
    monkeypatch.setattr(outgoing, "publish", lambda *_: Outcome(misfits=["case"]))
    making.run(tasks[0])
    visitor.get(visitor.path)
    assert visitor.heading == "Ihre Datei ist fertig"
    assert "Nicht alle neuen Antworten sind in der Datei" in visitor.text


def test_page__of_somebody_elses_file_does_not_exist(house: House, app: Flask) -> None:
    fetched(arrive(app))
    with house.database.transaction() as session:
        session.scalars(select(Order)).one().person_id = house.staff["Karin"].person.id
    for path in ("/results/files/1", "/results/files/1/content", "/results/files/2"):
        assert arrive(app).get(path).response.status_code == 404


@pytest.mark.usefixtures("at_once")
def test_page__of_a_file_whose_day_is_over_says_how_to_get_it_again(
    house: House, app: Flask
) -> None:
    response = fetched(arrive(app))
    with house.database.transaction() as session:
        session.scalars(select(Order)).one().seen = 0
        session.scalars(select(Upload)).one().expires = 0
    visitor = arrive(app)
    assert "nicht mehr da" in visitor.text
    for path in ("/results/files/1", response.request.path):
        visitor.get(path)
        assert visitor.heading == "Ihre Datei ist nicht mehr da"
    assert visitor.response.status_code == 410


@pytest.mark.parametrize(
    ("step", "seen", "told"),
    [
        (FAILED, None, "Es ging etwas schief. Bitte versuchen Sie es noch einmal."),
        (WRITING, 0, "Die Arbeit an der Datei wurde unterbrochen."),
    ],
)
def test_page__of_a_file_that_did_not_come_about_says_why(
    house: House,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    seen: int | None,
    told: str,
) -> None:
    begun(monkeypatch)
    visitor = arrive(app).press("Arbeitsmappe herunterladen")
    with house.database.transaction() as session:
        order = session.scalars(select(Order)).one()
        order.step = step
        order.seen = order.seen if seen is None else seen
    visitor.get(visitor.path)
    assert visitor.heading == "Ihre Datei ist nicht entstanden"
    assert told in visitor.text
    assert "Refresh" not in visitor.response.headers
