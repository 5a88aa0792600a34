"""What she writes is nowhere in the clear: canary words in every field, every byte searched."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from werkzeug.datastructures import FileStorage

from core.records import Response
from tests.support import files
from tests.support.house import House
from tests.support.houses import serving
from tests.support.postgres import Cluster
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, RECEIVED, WAYS, Answers, asked_on, staff, woman

WORD = "heckenbraunelle"
NUMBER = "0170 55598761"
DAY = "17.03.2031"
# As somebody would search for them: in any case, with and without spaces, as bytes of any width.
CANARIES = (WORD, NUMBER, NUMBER.replace(" ", ""), DAY, "2031-03-17")
CHOSEN: Answers = {
    "safe_now": "no",
    "housing": "street",
    "reasons": ["notice", "violence"],
    "municipality": "selm",
    "age": "22_29",
    "contact_way": WAYS,
    "consent_help": "yes",
}


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def boxes(visitor: Visitor) -> set[str]:
    """Return the names of the boxes on a page that take any text."""
    names = visitor.page.xpath("//textarea/@name | //input[@type='text']/@name")
    return {name.rpartition("-")[2] for name in names}


def canary(name: str) -> str:
    known = {"phone": NUMBER, "deadline_date": DAY, "email": f"{WORD}@{WORD}.example"}
    return known.get(name, f"{WORD} {name}")


def walk(app: Flask) -> tuple[Visitor, set[str]]:
    """Return a visitor at the check page who wrote a canary into every box there is."""
    visitor, written = woman(app), set[str]()
    while visitor.heading != CHECK:
        before = visitor.heading
        written |= boxes(visitor)
        typed = {name: canary(name) for name in boxes(visitor)}
        asked = asked_on(visitor)
        chosen = {name: answer for name, answer in CHOSEN.items() if name in asked}
        visitor.press("next", **typed, **chosen)
        assert visitor.mistakes == [], before
    return visitor, written


def found_in(content: bytes) -> list[str]:
    lower = content.lower()
    return [
        word
        for word in CANARIES
        for encoding in ("utf-8", "utf-16-le")
        if word.encode(encoding) in lower
    ]


def found_under(folder: Path) -> dict[str, list[str]]:
    contents = {}
    for file in (Path(place, name) for place, _, names in os.walk(folder) for name in names):
        with suppress(FileNotFoundError):  # the server may be cleaning up
            if file.is_file():
                contents[str(file)] = file.read_bytes()
    assert contents
    found = {name: found_in(content) for name, content in contents.items()}
    return {name: words for name, words in found.items() if words}


def found_in_tables(house: House) -> list[str]:
    with house.database.durable.connect() as connection:
        tables = inspect(connection).get_table_names()
        assert {"response", "web_session"} <= set(tables)
        cells = [
            bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
            for table in tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
            for cell in row
        ]
    return found_in(b"\0".join(cells))


@pytest.fixture
def folders(either_house: House, request: pytest.FixtureRequest) -> list[Path]:
    """The folders that the service and its database write to."""
    data = [either_house.settings.data]
    if "postgresql" in either_house.settings.database_url:
        cluster: Cluster = request.getfixturevalue("postgres")
        cluster._run("CHECKPOINT")
        data.append(cluster.folder)
    return [folder for folder in data if folder.exists()]


def test_traces__what_she_writes_is_nowhere_in_the_clear(
    either_app: Flask,
    either_house: House,
    folders: list[Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    visitor, written = walk(either_app)
    assert len(written) >= 12
    assert found_in(visitor.response.get_data()) == [
        *dict.fromkeys(word for word in CANARIES if word in visitor.text)
    ]  # she herself sees them
    assert WORD in visitor.text

    def nothing_is_found() -> None:
        assert found_in_tables(either_house) == []
        for folder in folders:
            assert found_under(folder) == {}
        assert found_in(caplog.text.encode()) == []
        assert found_in("".join(capfd.readouterr()).encode()) == []

    nothing_is_found()  # while it is a draft
    visitor.press("submit")
    assert visitor.heading == RECEIVED
    nothing_is_found()  # when it is sent

    nora = staff(either_app, "Nora")
    nora.get(nora.page.xpath("//tbody//a/@href")[0])
    read = nora.text + nora.press("Gelesen, Kontaktdaten zeigen").text
    for name in written:
        assert canary(name) in read, name  # every word did arrive
    nothing_is_found()  # when it was read
    visitor.client.get("/exit")
    nothing_is_found()


def test_traces__what_was_not_accepted_is_nowhere_in_the_clear_either(
    either_app: Flask, either_house: House, folders: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    visitor = woman(either_app)
    while not {"phone", "safety_note"} <= asked_on(visitor):
        asked = asked_on(visitor)
        visitor.press("next", **{name: CHOSEN[name] for name in CHOSEN if name in asked})
    visitor.press("next", phone=WORD, safety_note=WORD + "x" * 10_000)
    assert visitor.mistakes
    for field in visitor.page.xpath("//input[@name='csrf_token']"):
        field.set("value", "wrong")
    visitor.press("next", phone=WORD, name=WORD)
    assert visitor.response.status_code == 400
    visitor.get(f"/nothing?word={WORD}")
    assert found_in_tables(either_house) == []
    for folder in folders:
        assert found_under(folder) == {}
    assert found_in(caplog.text.encode()) == []


def test_traces__what_is_in_her_files_and_in_their_names_is_nowhere_in_the_clear(
    either_app: Flask,
    either_house: House,
    folders: list[Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    files.publish(either_house)

    def nothing_is_found() -> None:
        assert found_in_tables(either_house) == []
        for folder in folders:
            assert found_under(folder) == {}
        assert found_in((caplog.text + "".join(capfd.readouterr())).encode()) == []

    def chosen(head: bytes = files.JPEG) -> FileStorage:
        return files.file(head + f"{WORD} {NUMBER}".encode(), f"{WORD}.jpg")

    visitor = files.at_papers(either_app).press(
        "next", photo=chosen(), letter=chosen(b"MZ\x90\xff")
    )
    assert len(visitor.mistakes) == 1
    assert WORD not in visitor.text
    nothing_is_found()  # one was kept, one was not
    visitor.press("next", letter=chosen(b"%PDF-"), photo=chosen())
    nothing_is_found()  # one was replaced
    assert files.to_check(visitor).press("submit").heading == RECEIVED
    assert files.stored(either_house) == 2
    nothing_is_found()  # when it is sent
    nora, addresses = files.links(either_app)
    assert all(WORD.encode() in nora.client.get(address).data for address in addresses)
    nothing_is_found()  # when it was read


def test_traces__the_row_of_a_referral_says_where_and_when_and_no_more(
    app: Flask, house: House
) -> None:
    walk(app)[0].press("submit")
    with house.database.transaction() as session:
        [response] = session.query(Response).all()
        assert (response.part, response.status) == ("north", "new")
        sealed = {"identity", "answers"}
        clear = {
            column.name: getattr(response, column.name)
            for column in inspect(Response).columns
            if column.name not in sealed
        }
        for value in clear.values():
            assert str(value) not in {"street", "22_29", "no", "yes", "violence"}
        assert set(clear) == {
            "id",
            "version_id",
            "part",
            "status",
            "closed",
            "revision",
            "received",
            "contact_key_id",
            "answers_key_id",
        }


def test_traces__addresses_and_cookies_carry_no_answer(app: Flask) -> None:
    visitor, _ = walk(app)
    assert visitor.response.request.url == "http://localhost/"
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    assert found_in(cookie.value.encode()) == []
    assert len(cookie.value) == 44
