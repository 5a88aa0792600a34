"""Her files on the way from page to page: kept, replaced, removed, refused, run out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from core.uploads import Upload
from tests.support import files
from tests.support.files import (
    HAS,
    JPEG,
    LOOK,
    MORE,
    PAPERS,
    ROOMS,
    SOUND,
    file,
    links,
    picture,
    publish,
    stored,
    to_check,
    waiting,
)
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, RECEIVED, value_of

WORD = b"zaunkoenig"


@pytest.fixture
def app(either_house: House) -> Iterator[Flask]:
    publish(either_house)
    yield from serving(either_house)


@pytest.fixture
def at_papers(app: Flask) -> Visitor:
    return files.at_papers(app)


def tampered(visitor: Visitor) -> Visitor:
    for field in visitor.page.xpath("//input[@name='csrf_token']"):
        field.set("value", "wrong")
    return visitor


def test_file__that_was_accepted_stays_wherever_she_goes(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture(WORD))
    assert HAS in at_papers.press("back").text
    assert HAS in at_papers.press("language:en").press("language:de").text
    at_papers.press("next", age="viele")
    assert (at_papers.heading, HAS in at_papers.text) == (PAPERS, True)
    assert waiting(either_house) == 1


@pytest.mark.parametrize("go", ["back", "language:ar", "check"])
def test_file__is_taken_with_whatever_button_sends_it(
    at_papers: Visitor, either_house: House, go: str
) -> None:
    if go == "check":
        at_papers.button("next").set("value", go)
    at_papers.press(go, photo=picture(WORD))
    assert waiting(either_house) == 1


def test_file__is_kept_although_another_answer_of_the_page_is_wrong(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture(WORD), age="viele")
    assert len(at_papers.mistakes) == 1
    assert HAS in at_papers.text
    at_papers.press("next", age="40")
    assert at_papers.heading == LOOK
    assert waiting(either_house) == 1


def test_file__a_new_one_takes_the_place_of_the_old_one(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture(b"old")).press("back")
    at_papers.press("next", photo=picture(WORD))
    assert waiting(either_house) == 1
    to_check(at_papers).press("submit")
    nora, [address] = links(app)
    assert WORD in nora.client.get(address).data


def test_file__is_deleted_at_once_when_she_removes_it(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture()).press("back")
    at_papers.press("next", photo="remove")
    assert waiting(either_house) == 0
    assert HAS not in at_papers.press("back").text


def test_file__is_deleted_at_once_on_the_way_out(at_papers: Visitor, either_house: House) -> None:
    at_papers.press("next", photo=picture(), letter=picture())
    assert waiting(either_house) == 2
    assert at_papers.client.get("/exit").status_code == 302
    assert waiting(either_house) == 0


def test_leave__leads_away_although_the_files_cannot_be_deleted(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture())
    with either_house.database.transaction() as session:
        session.execute(text("ALTER TABLE upload RENAME TO away"))
    assert at_papers.client.get("/exit").location == "https://www.dwd.de/"
    assert at_papers.client.get_cookie("session") is None


def test_file__goes_and_moves_up_with_its_instance(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next")
    at_papers.press("next", called="A", picture=picture(b"first"))
    assert at_papers.heading == ROOMS
    at_papers.press("add:/data/room").press("next", called="B", picture=picture(WORD))
    assert waiting(either_house) == 2
    at_papers.press("remove:/data/room[1]").press("removed:/data/room[1]")
    assert waiting(either_house) == 1
    assert HAS in at_papers.press("edit:/data/room[1]").text
    assert value_of(at_papers, "called") == ["B"]
    to_check(at_papers).press("submit")
    nora, [address] = links(app)
    assert WORD in nora.client.get(address).data


def test_file__that_is_not_asked_for_any_more_is_not_sent(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    sound = file(SOUND)
    while at_papers.heading != MORE:
        at_papers.press("next")
    at_papers.press("next", want="yes").press("next", sound=sound)
    assert (at_papers.heading, waiting(either_house)) == (CHECK, 1)
    at_papers.press("back").press("back").press("next", want="no")
    assert waiting(either_house) == 1  # she may change her mind
    to_check(at_papers).press("submit")
    assert (waiting(either_house), stored(either_house)) == (0, 0)
    assert links(app)[1] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ\x90", "Diese Art von Datei geht hier nicht. Bitte wählen Sie eine andere."),
        (b"", "Diese Datei ist leer. Bitte wählen Sie eine andere."),
        (
            JPEG.ljust(10 * 2**20 + 1),
            "Diese Datei ist zu groß. Bitte wählen Sie eine mit höchstens 10 MB.",
        ),
    ],
)
def test_file__that_cannot_be_taken_is_told_and_the_one_before_stays(
    at_papers: Visitor, either_house: House, content: bytes, message: str
) -> None:
    at_papers.press("next", photo=picture()).press("back")
    at_papers.press("next", photo=file(content), ok="OK")
    assert (at_papers.heading, at_papers.mistakes) == (PAPERS, [message])
    assert (waiting(either_house), HAS in at_papers.text) == (1, True)
    assert value_of(at_papers, "ok") == ["OK"]
    assert at_papers.press("next").heading == LOOK


def test_file__refused_on_the_way_back_is_told_before_everything_is_sent(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("back", photo=file(b""))
    at_papers.button("next").set("value", "check")
    at_papers.press("check").press("submit")
    assert (at_papers.heading, len(at_papers.mistakes)) == (PAPERS, 1)
    assert to_check(at_papers).press("submit").heading == RECEIVED
    assert stored(either_house) == 0


def test_file__that_has_run_out_is_asked_for_once_more(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    at_papers.press("next", photo=picture(), letter=picture(), ok="OK")
    to_check(at_papers)
    with either_house.database.transaction() as session:
        first = session.scalars(select(Upload.id)).first()
        session.execute(text("DELETE FROM upload WHERE id = :id"), {"id": first})
    at_papers.press("submit")
    assert at_papers.heading == PAPERS
    assert at_papers.mistakes == [
        "Diese Datei ist nicht mehr da. Bitte wählen Sie sie noch einmal."
    ]
    assert at_papers.text.count(HAS) == 1
    assert value_of(at_papers, "ok") == ["OK"]
    to_check(at_papers).press("submit")
    assert len(links(app)[1]) == 1


def test_refused_token__a_file_must_be_chosen_again_and_what_was_there_stays(
    at_papers: Visitor, either_house: House
) -> None:
    at_papers.press("next", photo=picture()).press("back")
    tampered(at_papers).press("next", letter=picture(), age="40")
    assert at_papers.response.status_code == 400
    assert at_papers.mistakes == ["Bitte wählen Sie diese Datei noch einmal."]
    assert value_of(at_papers, "age") == ["40"]
    assert HAS in at_papers.text
    assert waiting(either_house) == 1
    assert at_papers.press("next").heading == LOOK


def test_time_out__says_that_everything_is_gone_the_file_too(
    at_papers: Visitor, app: Flask, either_house: House
) -> None:
    with app.extensions["zugang"].database.relaxed.connect() as connection:
        connection.execute(text("UPDATE web_session SET expires = 0"))
    at_papers.press("next", photo=picture())
    assert at_papers.response.status_code == 400
    assert "Ihre Zeit ist abgelaufen" in at_papers.text
    assert waiting(either_house) == 0


def test_file__lives_as_long_as_the_session_does(at_papers: Visitor, app: Flask) -> None:
    at_papers.press("next", photo=picture())

    def expiring() -> list[tuple[int, int]]:
        query = text("SELECT web_session.expires, upload.expires FROM web_session, upload")
        with app.extensions["zugang"].database.relaxed.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]

    with app.extensions["zugang"].database.relaxed.connect() as connection:
        connection.execute(text("UPDATE upload SET expires = expires - 1000"))
    at_papers.press("back")
    [(sitting, file)] = expiring()
    assert sitting < file <= sitting + 60


@pytest.mark.parametrize("name", ["page", "go", "csrf_token", "q-papers-age", "q-none", ""])
def test_file__under_a_name_that_asks_for_none_changes_nothing(
    at_papers: Visitor, either_house: House, name: str
) -> None:
    form = next(at_papers.button("next").iterancestors("form"))
    data = {key: value for key, value in form.form_values() if key != name}
    at_papers.post("/", data | {name: picture()}, content_type="multipart/form-data")
    assert at_papers.response.status_code in {200, 400}
    assert waiting(either_house) == 0
