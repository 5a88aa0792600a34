"""Files: told by their first bytes, named by us, kept until somebody takes them away."""

import re
from io import BytesIO
from typing import Any

import pytest
import wtforms
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from tests.xlsform.builders import filling_of, form_from
from xlsform.fields import MESSAGES, page_form, question_text
from xlsform.fields.filetypes import fits, media_type, recognise

FORM = form_from("""
| survey |
|        | type        | name   | label  | appearance | parameters  | body::accept  |
|        | begin_group | g      | G      | field-list |             |               |
|        | image       | photo  | Bild   | new        |             |               |
|        | image       | face   | Bild   | new-front  |             |               |
|        | audio       | sound  | Ton    |            |             |               |
|        | video       | film   | Film   |            |             |               |
|        | file        | letter | Brief  |            |             |               |
|        | file        | paper  | Blatt  |            |             | .pdf,image/*  |
|        | end_group   |        |        |            |             |               |
""")
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
MP4 = b"\0\0\0\x20ftypisom" + b"\0" * 40
ZIP = b"PK\x03\x04" + b"\0" * 40
KINDS = [
    (JPEG, "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF89a", "image/gif", "gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "webp"),
    (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav", "wav"),
    (b"\0\0\0\x18ftypheic", "image/heic", "heic"),
    (b"\0\0\0\x18ftypM4A ", "audio/mp4", "m4a"),
    (b"\0\0\0\x14ftypqt  ", "video/quicktime", "mov"),
    (MP4, "video/mp4", "mp4"),
    (b"ID3\x04", "audio/mpeg", "mp3"),
    (b"\xff\xfb\x90\x44", "audio/mpeg", "mp3"),
    (b"OggS", "audio/ogg", "ogg"),
    (b"#!AMR\n", "audio/amr", "amr"),
    (b"\x1aE\xdf\xa3", "video/webm", "webm"),
    (b"%PDF-1.7", "application/pdf", "pdf"),
    (ZIP, "application/zip", "zip"),
    ("Grüße\n".encode(), "text/plain", "txt"),
]


def sent(name: str, *values: Any, kept: str = "", base: type[wtforms.Form] = wtforms.Form) -> Any:
    """Return the field after a post."""
    filling = filling_of(FORM, {f"/data/g/{name}": kept} if kept else None)
    data: MultiDict[str, Any] = MultiDict()
    data.setlist(f"q-g-{name}", list(values))
    made: Any = page_form(FORM, FORM.pages[0], filling, "", base)
    return made(data, filling=filling)[f"q-g-{name}"]


def file(content: bytes, name: str = "Wohnung Täter.jpg") -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


@pytest.mark.parametrize(("head", "media", "ending"), KINDS)
def test_recognise__knows_a_file_by_its_first_bytes(head: bytes, media: str, ending: str) -> None:
    found = recognise(head)

    assert found is not None
    assert (found.media, found.endings[0]) == (media, ending)


@pytest.mark.parametrize(("head", "media", "ending"), KINDS)
def test_media_type__is_the_one_that_gave_the_name(head: bytes, media: str, ending: str) -> None:
    assert media_type(f"image-0123456789ab.{ending}") == media


def test_media_type__of_office_files_is_their_own_and_of_strangers_none() -> None:
    assert media_type("file-0123456789ab.docx").endswith("wordprocessingml.document")
    for name in ("", "x", "x.html", "x.svg", "x.js", "x.JPG"):
        assert media_type(name) == "application/octet-stream"


@pytest.mark.parametrize("head", [b"", b"\0\0\0", b"MZ\x90\0", b"RIFF\0\0\0\0XXXX", b"\xff\xfe"])
def test_recognise__does_not_guess(head: bytes) -> None:
    assert recognise(head) is None


def test_recognise__a_letter_cut_at_the_end_of_the_head_is_still_text() -> None:
    assert recognise("aä".encode()[:2]) is not None


@given(st.binary(max_size=64), st.text(max_size=10), st.text(max_size=20))
def test_recognise__no_bytes_and_no_wish_of_an_author_break_it(
    head: bytes, name: str, accept: str
) -> None:
    found = recognise(head)

    assert found is None or isinstance(fits(found, found.ending(name), "file", accept), bool)


def test_upload__gets_a_name_that_says_only_what_it_is() -> None:
    field = sent("photo", file(JPEG))

    assert re.fullmatch(r"image-[0-9a-f]{12}\.jpg", question_text(field))
    assert field.upload.stream.read() == JPEG
    assert question_text(sent("photo", file(JPEG))) != question_text(field)


@pytest.mark.parametrize(
    ("name", "content", "claimed", "ending"),
    [
        ("photo", JPEG, "x.jpeg", "jpeg"),
        ("photo", JPEG, "x.exe", "jpg"),
        ("photo", JPEG, "../../etc/passwd", "jpg"),
        ("sound", MP4, "x.m4a", "m4a"),
        ("sound", b"\x1aE\xdf\xa3", "blob", "webm"),
        ("film", MP4, "x.mp4", "mp4"),
        ("letter", ZIP, "x.docx", "docx"),
        ("letter", ZIP, "x.html", "zip"),
        ("letter", b"<script>x</script>", "x.html", "txt"),
        ("paper", b"%PDF-1.7", "x.pdf", "pdf"),
        ("paper", JPEG, "x.jpg", "jpg"),
    ],
)
def test_upload__its_ending_is_one_that_its_content_has(
    name: str, content: bytes, claimed: str, ending: str
) -> None:
    field = sent(name, file(content, claimed))

    assert field.process_errors == []
    assert question_text(field).rpartition(".")[2] == ending


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("photo", b"%PDF-1.7", "file_type"),
        ("photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
        ("sound", JPEG, "file_type"),
        ("film", b"ID3\x04", "file_type"),
        ("letter", b"MZ\x90\0", "file_type"),
        ("paper", ZIP, "file_type"),
        ("photo", b"", "file_empty"),
    ],
)
def test_upload__that_does_not_fit_is_refused_and_the_kept_one_stays(
    name: str, content: bytes, problem: str
) -> None:
    field = sent(name, file(content), kept="old.jpg")

    assert field.process_errors == [MESSAGES[problem]]
    assert (question_text(field), field.upload) == ("old.jpg", None)


class Small(wtforms.Form):
    """A base form that takes one megabyte."""

    class Meta:
        most_bytes = 2**20


def test_upload__has_a_limit_that_the_base_form_sets() -> None:
    large = JPEG + b"\0" * 2**20

    assert sent("photo", file(large)).process_errors == []
    field = sent("photo", file(large), base=Small)
    assert field.process_errors == ["Die Datei ist zu groß. Es gehen höchstens 1 MB."]
    assert field.upload is None


@pytest.mark.parametrize("nothing", [[], [""], [FileStorage(BytesIO(b""), filename="")]])
def test_upload__nothing_chosen_keeps_the_file(nothing: list[Any]) -> None:
    assert question_text(sent("photo", *nothing, kept="old.jpg")) == "old.jpg"


def test_upload__the_tick_takes_the_file_away_unless_a_new_one_comes() -> None:
    gone = sent("photo", "remove", FileStorage(BytesIO(b""), filename=""), kept="old.jpg")
    swapped = sent("photo", "remove", file(JPEG), kept="old.jpg")

    assert question_text(gone) == ""
    assert question_text(swapped).startswith("image-")


def test_upload__no_text_becomes_a_file_name() -> None:
    assert question_text(sent("photo", "../forged.jpg")) == ""


def test_upload__tells_the_browser_what_to_offer() -> None:
    fields = {name: sent(name) for name in ("photo", "face", "letter", "paper")}

    assert {name: field.accept for name, field in fields.items()} == {
        "photo": "image/*",
        "face": "image/*",
        "letter": "",
        "paper": ".pdf,image/*",
    }
    assert [fields[name].capture for name in ("photo", "face", "paper")] == [
        "environment",
        "user",
        "",
    ]
