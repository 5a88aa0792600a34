"""Files of interviews: kept with the draft for as long as it waits, stored when it is sent."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from core import records
from core.drafts import files_seconds
from core.records import Response
from core.uploads import Upload
from tests.support.files import HAS, LOOK, PAPERS, picture, publish, stored, to_check, waiting
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff

HOME, WORD, DAY = "/interviews/", b"zaunkoenig", 24 * 60 * 60


@pytest.fixture
def app(either_house: House) -> Iterator[Flask]:
    publish(either_house, "client")
    yield from serving(either_house)


@pytest.fixture
def at_papers(app: Flask) -> Visitor:
    visitor = staff(app, "Ines").get(HOME).press("client").press("next")
    assert visitor.heading == PAPERS
    return visitor


def again(app: Flask) -> Visitor:
    """Return to the only draft on another day."""
    visitor = staff(app, "Ines").get(HOME)
    return visitor.get(visitor.page.xpath("//main//li/a/@href")[0])


def test_file__waits_with_the_draft_for_another_day(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("pause", photo=picture(WORD))
    visitor = again(app)
    assert (visitor.heading, HAS in visitor.text) == (PAPERS, True)
    with either_house.database.transaction() as session:
        [expires] = session.scalars(select(Upload.expires))
    kept = files_seconds(either_house.settings)
    assert kept - DAY < expires - time.time() <= kept


def test_file__of_an_interview_is_stored_sealed_when_it_is_sent(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture(WORD))
    to_check(at_papers).press("submit")
    assert "Gespeichert und versiegelt" in at_papers.text
    assert (waiting(either_house), stored(either_house)) == (0, 1)
    with either_house.database.transaction() as session:
        [response] = session.scalars(select(Response))
        keys = either_house.staff["Karin"].keys
        name = records.open_identity(session, response, keys)["/data/papers/photo"]
        assert WORD in records.open_file(session, response, name, keys)


def test_file__that_came_with_a_refused_page_is_not_kept_and_the_draft_is_as_before(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture(WORD)).press("back")
    for field in at_papers.page.xpath("//input[@name='csrf_token']"):
        field.set("value", "wrong")
    assert at_papers.press("next", letter=picture()).response.status_code == 400
    assert again(app).text.count(HAS) == 1
    assert waiting(either_house) == 1


def test_file__removed_from_a_draft_is_deleted_at_once(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture()).press("back").press("next", photo="remove")
    assert (at_papers.heading, waiting(either_house)) == (LOOK, 0)


def test_file__goes_back_with_the_draft_when_something_fails(
    at_papers: Visitor, app: Flask, either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_papers.press("next", photo=picture(WORD)).press("back")

    def fail(*_given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("core.drafts.save", fail)
        assert at_papers.press("next", photo="remove").response.status_code == 500
    assert HAS in again(app).text
    assert waiting(either_house) == 1
