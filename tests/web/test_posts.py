"""How posts with files are read: into memory, within bounds, and never to a stack trace."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.formparser import default_stream_factory

from core.web.posts import LARGEST_POST, LARGEST_WITH_FILES
from tests.support import files
from tests.support.files import HAS, JPEG, LOOK, PAPERS, picture, publish, waiting
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import is_error_page, value_of

BOUNDARY = "xXx"
KIND = f"multipart/form-data; boundary={BOUNDARY}"
Part = tuple[str, bytes]


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    publish(house)
    yield from serving(house)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return files.at_papers(app)


def part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def photo(content: bytes, name: str = "x.jpg") -> bytes:
    return part("q-papers-photo", content, f'; filename="{name}"')


def body(visitor: Visitor, *parts: bytes, age: bytes = b"") -> bytes:
    """Return the page as a browser would send it, with this age and with these parts added."""
    form = next(visitor.button("next").iterancestors("form"))
    texts = {name: text.encode() for name, text in form.form_values() if text is not None}
    texts |= {"q-papers-age": age, "go": b"next"}
    whole = [part(name, text) for name, text in texts.items()]
    return b"".join([*whole, *parts, f"--{BOUNDARY}--\r\n".encode()])


def post(visitor: Visitor, content: bytes, kind: str = KIND) -> Visitor:
    return visitor.post("/", content, content_type=kind)


@pytest.fixture
def no_temporary_folder(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let every attempt to make a temporary file fail, from the page with files on."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))


@pytest.mark.usefixtures("no_temporary_folder")
def test_file__never_touches_the_disk_on_its_way(visitor: Visitor, house: House) -> None:
    large = JPEG.ljust(10 * 2**20, b"x")
    with default_stream_factory(None, None, None) as spooled, pytest.raises(FileNotFoundError):
        spooled.write(large)  # what would happen without our own factory
    assert post(visitor, body(visitor, photo(large))).heading == LOOK
    assert waiting(house) == 1


def test_file__up_to_its_limit_fits_beside_the_texts(visitor: Visitor, house: House) -> None:
    post(visitor, body(visitor, photo(JPEG.ljust(10 * 2**20)), age=b"40"))
    assert (visitor.heading, waiting(house)) == (LOOK, 1)


@pytest.mark.parametrize("size", [LARGEST_WITH_FILES, 40 * 2**20])
def test_post__that_is_too_large_is_told_and_loses_nothing(
    visitor: Visitor, house: House, size: int
) -> None:
    visitor.press("next", age="40").press("back")
    post(visitor, body(visitor, photo(bytes(size))))
    assert is_error_page(visitor, 413)
    assert visitor.heading == "Das ist zu viel auf einmal"
    assert "zusammen höchstens 12 MB" in visitor.text
    assert value_of(visitor.get("/"), "age") == ["40"]
    assert waiting(house) == 0


def test_post__without_files_stays_as_small_as_ever(app: Flask) -> None:
    def most(kind: str) -> int | None:
        with app.test_request_context("/", method="POST", content_type=kind):
            return request.max_content_length

    assert most("application/x-www-form-urlencoded") == LARGEST_POST
    assert most("multipart/mixed") == most("text/plain") == LARGEST_POST
    assert most(KIND) == LARGEST_WITH_FILES


def test_text__among_files_is_no_longer_than_without(visitor: Visitor) -> None:
    post(visitor, body(visitor, age=b"9" * (LARGEST_POST + 1)))
    assert is_error_page(visitor, 413)


def test_text__broken_letters_among_files_are_told_and_the_file_is_kept(
    visitor: Visitor, house: House
) -> None:
    post(visitor, body(visitor, photo(JPEG), age=b"4\xff0"))
    assert visitor.heading == PAPERS
    assert visitor.mistakes == ["Einige Zeichen waren nicht lesbar. Bitte prüfen Sie den Text."]
    assert HAS in visitor.text
    assert waiting(house) == 1


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("multipart/form-data", lambda whole: whole),
        ("multipart/form-data; boundary=", lambda whole: whole),
        ("multipart/form-data; boundary=yYy", lambda whole: whole),
        ("multipart/form-data; boundary=ü", lambda whole: whole),
        (KIND, lambda whole: b" "),
        (KIND, lambda whole: whole[: len(whole) // 2]),
        (KIND, lambda whole: whole[:-6]),
        (KIND, lambda whole: whole.replace(b"Content-Disposition", b"X", 1)),
        (KIND, lambda whole: whole.replace(b'name="page"', b'name="\xff"')),
    ],
)
def test_post__that_is_broken_has_a_page_and_loses_nothing(
    visitor: Visitor, house: House, kind: str, change: object
) -> None:
    visitor.press("next", age="40").press("back")
    whole = body(visitor, photo(JPEG))
    post(visitor, change(whole), kind)  # type: ignore[operator]
    assert is_error_page(visitor, 400)
    assert "nicht lesbar" in visitor.text
    assert value_of(visitor.get("/"), "age") == ["40"]
    assert waiting(house) == 0


def test_post__a_hundred_files_for_one_question_are_one(visitor: Visitor, house: House) -> None:
    post(visitor, body(visitor, *[photo(JPEG + bytes([n])) for n in range(100)]))
    assert (visitor.heading, waiting(house)) == (LOOK, 1)


def test_post__of_more_parts_than_any_page_has_is_refused(visitor: Visitor) -> None:
    assert is_error_page(post(visitor, body(visitor, *[photo(JPEG)] * 1001)), 413)


def test_name__of_a_file_may_be_anything(visitor: Visitor, house: House) -> None:
    for name in ("", "../../x", "x" * 5000, "%00", "a\\b", ".", "Küche 📷.jpg"):
        post(visitor, body(visitor, photo(JPEG, name)))
        assert visitor.heading == LOOK, name
        visitor.press("back")
    assert waiting(house) == 1


def test_name__of_a_field_that_is_huge_is_refused(visitor: Visitor) -> None:
    assert post(visitor, body(visitor, part("q" * 500_000, b"x"))).heading == LOOK
    visitor.press("back")
    assert is_error_page(post(visitor, body(visitor, part("q" * LARGEST_POST, b"x"))), 413)


def test_post__damaged_in_any_way_is_answered_with_a_page(visitor: Visitor) -> None:
    chance = random.Random(20_261_125)
    whole = body(visitor, photo(picture().read()), age=b"40")
    answers = set()
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(damaged))
            damaged[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(4))
        post(visitor, bytes(damaged))
        answers.add(visitor.response.status_code)
    assert answers == {200, 400}
