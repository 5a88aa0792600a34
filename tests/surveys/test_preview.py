"""`zugang forms preview`: a questionnaire walked through in the browser, and nothing kept."""

import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core import settings
from core.web.services import services_of
from surveys import cli
from tests.support.files import picture
from tests.support.service import COMMAND, Service
from tests.support.visitor import Visitor

TABLE = """
| survey |
|        | type         | name  | label::Deutsch (de) | label::English (en) | media::image |
|        | text         | who   | Wer sind Sie?       | Who are you?        | face.png     |
|        | begin_repeat | child | Kinder              | Children            |              |
|        | text         | name  | Wie heißt es?       | What is its name?   |              |
|        | end_repeat   |       |                     |                     |              |
"""
BROKEN = TABLE.replace("| begin_repeat | child", "| begin_repeat | child | |").replace(
    "end_repeat", "end_group"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "78da6360606000000004000160e6ca8f0000000049454e44ae426082"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "face.png").write_bytes(PIXEL)
    (tmp_path / "secret.txt").write_text("geheim")
    found = tmp_path / "probe.md"
    found.write_text(TABLE)
    return found


@pytest.fixture
def app(file: Path, tmp_path: Path) -> Iterator[Flask]:
    made = cli._previewing(settings.read({"ZUGANG_DATA": str(tmp_path / "data")}), file)
    yield made
    services_of(made).database.close()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app).get("/preview/")


def test_preview__leads_through_to_the_record_and_begins_anew(visitor: Visitor) -> None:
    visitor.press("next", who="Mina").press("next", name="Kim")
    assert "Kim" in visitor.text
    visitor.press("add:/data/child").press("next", name="Bo").press("next")
    assert visitor.heading == "Stimmt alles?"
    visitor.press("submit")
    assert visitor.heading == "Das würde gesendet"
    assert "<name>Kim</name>" in visitor.text
    assert "<name>Bo</name>" in visitor.text
    assert "Mina" not in visitor.press("again").page.text_content()


def test_preview__takes_a_file_and_stores_nothing_of_it(app: Flask, file: Path) -> None:
    file.write_text("| survey |\n| | type | name | label | required |\n| | image | p | P | yes |\n")
    visitor = Visitor(app).get("/preview/").press("next")
    assert visitor.mistakes
    visitor.press("next", p=picture()).press("submit")
    assert visitor.heading == "Das würde gesendet"
    assert "<p>image-" in visitor.text


def test_preview__shows_every_language_of_the_questionnaire(visitor: Visitor) -> None:
    assert "Wer sind Sie?" in visitor.text
    visitor.press("language:en", who="Mina")
    assert "Who are you?" in visitor.text
    assert visitor.page.get("lang") == "en"
    assert visitor.page.xpath("//input[@value='Mina']")


def test_preview__speaks_the_language_of_the_questionnaire_first(app: Flask, file: Path) -> None:
    assert Visitor(app, "ar").get("/preview/").page.get("lang") == "ar"  # pictures are in none
    file.write_text(TABLE.replace("media::image", "hint::Deutsch (de)"))
    os.utime(file, (1, 1))
    assert Visitor(app, "ar").get("/preview/").page.get("lang") == "de"


def test_preview__reads_the_file_anew_and_keeps_what_still_fits(
    visitor: Visitor, file: Path
) -> None:
    visitor.press("next", who="Mina").press("next", name="Kim")
    file.write_text(TABLE.replace("| who  ", "| whom ").replace("Wie heißt es?", "Und dieses?"))
    os.utime(file, (1, 1))
    assert visitor.get("/preview/").press("edit:/data/child[1]").page.xpath("//input[@value='Kim']")
    assert "Und dieses?" in visitor.text


def test_preview__says_what_is_wrong_until_it_is_mended(visitor: Visitor, file: Path) -> None:
    file.write_text(BROKEN)
    os.utime(file, (1, 1))
    assert visitor.get("/preview/").heading == "Dieser Fragebogen läuft noch nicht"
    assert "error: sheet 'survey'" in visitor.text
    file.write_text(TABLE)
    assert "Wer sind Sie?" in visitor.get("/preview/").text


def test_preview__shows_pictures_that_lie_beside_and_nothing_else(visitor: Visitor) -> None:
    (picture,) = visitor.page.xpath("//img/@src")
    answer = visitor.client.get(picture)
    assert (answer.mimetype, answer.data) == ("image/png", PIXEL)
    for name in ("secret.txt", "probe.md", "none.png", "..%2fface.png"):
        assert visitor.client.get(f"/preview/media/{name}").status_code == 404


def test_preview__serves_and_leaves_nothing_behind(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    service = Service(tmp_path / "unused", settings={"TMPDIR": str(folder)})
    bind = service.address.removeprefix("http://")
    service.program = (str(COMMAND), "forms", "preview", str(file), "--bind", bind)
    service.start()
    with urllib.request.urlopen(service.address) as page:
        assert "Wer sind Sie?" in page.read().decode()
    assert list(folder.iterdir())
    assert service.stop() == 0
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "unused").exists()
