"""Her files once they are sent: the counsellor of her part saves them, nobody else, and once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from core.audit import Entry
from core.records import Attachment, Response
from tests.support import files
from tests.support.files import file, links, picture, publish, stored, to_check, waiting
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import RECEIVED, staff

WORD = b"zaunkoenig"


@pytest.fixture
def app(either_house: House) -> Iterator[Flask]:
    publish(either_house)
    yield from serving(either_house)


@pytest.fixture
def at_papers(app: Flask) -> Visitor:
    return files.at_papers(app)


def test_files__reach_the_counsellor_as_they_were(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture(WORD), letter=picture(b"Brief", size=400_000))
    to_check(at_papers).press("submit")
    assert at_papers.heading == RECEIVED
    assert (waiting(either_house), stored(either_house)) == (0, 2)

    nora, addresses = links(app)
    sent = [picture(WORD), picture(b"Brief", size=400_000)]
    for address, before in zip(addresses, sent, strict=True):
        assert nora.client.get(address).data == before.read()


def test_file__is_handed_out_to_be_saved_never_to_be_shown(at_papers: Visitor, app: Flask) -> None:
    to_check(at_papers.press("next", photo=picture())).press("submit")
    nora, [address] = links(app)
    response = nora.client.get(address)
    name = address.rpartition("/")[2]
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_file__a_page_that_pretends_to_be_a_text_stays_one(at_papers: Visitor, app: Flask) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    to_check(at_papers.press("next", letter=file(page, "x.html"))).press("submit")
    nora, [address] = links(app)
    response = nora.client.get(address)
    assert (response.mimetype, address.rpartition(".")[2]) == ("text/plain", "txt")
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_file__opening_it_is_noted(at_papers: Visitor, app: Flask, either_house: House) -> None:
    to_check(at_papers.press("next", photo=picture())).press("submit")
    nora, [address] = links(app)
    nora.client.get(address)
    number = address.split("/")[2]
    with either_house.database.transaction() as session:
        deeds = session.scalars(select(Entry.thing).where(Entry.deed == "opened")).all()
    assert deeds == [f"response:{number}", f"response:{number}:file"]


@pytest.mark.parametrize(("name", "status"), [("Sonja", 404), ("Eva", 403), ("Ines", 403)])
def test_file__others_do_not_get_it(
    at_papers: Visitor, app: Flask, either_house: House, name: str, status: int
) -> None:
    to_check(at_papers.press("next", photo=picture(WORD))).press("submit")
    _, [address] = links(app)
    for path in (address, f"{address}x"):
        response = staff(app, name).client.get(path)
        assert response.status_code == status
        assert WORD not in response.data
    assert links(app)[0].client.get(f"{address}x").status_code == 404
    with either_house.database.transaction() as session:
        deeds = session.scalars(select(Entry.thing).where(Entry.deed == "opened")).all()
    assert not [thing for thing in deeds if thing.endswith("file")]


def test_file__one_that_was_changed_is_said_to_be_so(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    to_check(at_papers.press("next", photo=picture())).press("submit")
    nora, [address] = links(app)
    with either_house.database.transaction() as session:
        identity = session.scalar(select(Response.identity))
        session.execute(update(Attachment).values(sealed=identity))
    assert nora.get(address).response.status_code == 409


def test_submit__twice_with_files_is_received_twice_and_stored_once(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture())
    to_check(at_papers)
    form = next(at_papers.button("submit").iterancestors("form"))
    data = dict(form.form_values()) | {"go": "submit"}
    [row] = _rows(app)
    at_papers.press("submit")
    _put_back(app, row)  # as when both were under way at once
    again = at_papers.post("/", data)
    assert again.heading == RECEIVED
    assert stored(either_house) == 1


def _rows(app: Flask) -> list[tuple[object, ...]]:
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT id, box FROM web_session"))]


def _put_back(app: Flask, row: tuple[object, ...]) -> None:
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        change = text("UPDATE web_session SET box = :box WHERE id = :id")
        connection.execute(change, {"id": row[0], "box": row[1]})
