"""Recordings of questions: players for who is not staff, and their sound."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from core import recordings, shipped
from tests.support.house import House
from tests.support.houses import program
from tests.support.visitor import Visitor
from tests.support.walks import staff, woman

MP3 = b"ID3" + bytes(range(200))
LISTEN, COMPUTER = "Sie können sich die Fragen vorlesen lassen.", "Es liest eine Computerstimme."


def record(house: House, question: str, *, draft: bool) -> str:
    with house.database.transaction() as session:
        one = next(
            one
            for _name, book in shipped.workbooks(program.QUESTIONNAIRES)
            for one in recordings.spoken(book)
            if (one.question, one.language.tag) == (question, "de")
        )
        name = recordings.keep(session, one, MP3, date(2026, 11, 23), draft=draft)
        shipped.publish(session, program.QUESTIONNAIRES)
    return name


@pytest.fixture
def draft(house: House) -> Iterator[str]:
    return record(house, "safe_now", draft=True)


def players(visitor: Visitor) -> list[str]:
    return [str(src) for src in visitor.page.xpath("//audio[@controls][@preload='none']/@src")]


def test_page__has_a_player_where_there_is_a_recording(app: Flask, draft: str) -> None:
    visitor = woman(app)
    assert players(visitor) == [f"/media/{draft}"]
    assert LISTEN in visitor.text
    assert COMPUTER in visitor.text
    visitor.press("next")
    assert players(visitor) == []
    assert LISTEN not in visitor.text


def test_page__a_language_without_recordings_has_none(app: Flask, draft: str) -> None:
    assert draft
    assert players(woman(app, "tr")) == []


def test_page__who_reads_is_a_person_where_one_does(app: Flask, house: House) -> None:
    record(house, "safe_now", draft=False)
    visitor = woman(app)
    assert LISTEN in visitor.text
    assert COMPUTER not in visitor.text


def test_page__staff_read_for_themselves(app: Flask, house: House, draft: str) -> None:
    visitor = staff(app, "Nora").get("/desk/new").press("Weiter", access="self")
    assert visitor.heading == "Sind Sie gerade sicher?"
    assert players(visitor) == []
    assert LISTEN not in visitor.text
    assert draft
    assert house


def test_file__is_sent_whole_or_in_part_and_kept_by_no_cache(app: Flask, draft: str) -> None:
    client = Visitor(app).client
    whole = client.get(f"/media/{draft}")
    assert (whole.status_code, whole.data, whole.mimetype) == (200, MP3, "audio/mpeg")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "no-store"
    part = client.get(f"/media/{draft}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, MP3[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(MP3)}"
    beyond = client.get(f"/media/{draft}", headers={"Range": "bytes=900-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("name", ["0" * 32 + ".mp3", "..%2Fsigning-key", "draft-.mp3", "x"])
def test_file__that_is_not_there_is_not_found(app: Flask, name: str) -> None:
    assert Visitor(app).client.get(f"/media/{name}").status_code == 404
