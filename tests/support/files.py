"""A questionnaire with questions that are answered with files, and files to answer them with."""

from io import BytesIO

from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from core import versions
from core.records import Attachment
from core.uploads import Upload
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, staff, woman
from tests.xlsform.builders import workbook_from
from xlsform.source import convert

FORM = """
| survey |
|        | type             | name         | label        | relevant        |
|        | begin_group      | place        | Ort          |                 |
|        | select_one town  | municipality | Wo?          |                 |
|        | end_group        |              |              |                 |
|        | begin_group      | papers       | Unterlagen   |                 |
|        | image            | photo        | Bild         |                 |
|        | file             | letter       | Brief        |                 |
|        | integer          | age          | Alter        |                 |
|        | acknowledge      | ok           | Gelesen      |                 |
|        | end_group        |              |              |                 |
|        | begin_repeat     | room         | Zimmer       |                 |
|        | begin_group      | look         | Ansicht      |                 |
|        | text             | called       | Heißt        |                 |
|        | image            | picture      | Foto         |                 |
|        | end_group        |              |              |                 |
|        | end_repeat       |              |              |                 |
|        | begin_group      | more         | Noch etwas   |                 |
|        | select_one yn    | want         | Noch ein Ton |                 |
|        | end_group        |              |              |                 |
|        | begin_group      | last         | Ton          | ${want} = 'yes' |
|        | audio            | sound        | Aufnahme     |                 |
|        | end_group        |              |              |                 |
| choices |
|         | list_name | name | label |
|         | town      | selm | Selm  |
|         | town      | unna | Unna  |
|         | yn        | yes  | Ja    |
|         | yn        | no   | Nein  |
"""
HAS = "Eine Datei ist schon da."
PAPERS, LOOK, ROOMS, MORE = "Unterlagen", "Ansicht – 1", "Zimmer", "Noch etwas"
JPEG, SOUND = b"\xff\xd8\xff\xe0", b"ID3\x04"


def publish(house: House, questionnaire: str = "referral") -> None:
    """Let a questionnaire be the one above from now on."""
    with house.database.transaction() as session:
        versions.publish(session, questionnaire, convert(workbook_from(FORM)).xml)


def file(content: bytes, name: str = "Küche.jpg") -> FileStorage:
    """Return a file as a browser would send it."""
    return FileStorage(BytesIO(content), filename=name)


def picture(content: bytes = b"", *, size: int = 200) -> FileStorage:
    """Return a picture with these bytes inside."""
    return file((JPEG + content).ljust(size, b"\0"))


def at_papers(app: Flask) -> Visitor:
    """Return a woman's browser that shows the first questions for files."""
    visitor = woman(app).press("next", municipality="selm")
    if visitor.heading != PAPERS:
        raise LookupError(visitor.heading)
    return visitor


def to_check(visitor: Visitor) -> Visitor:
    """Press "next" up to the check page."""
    while visitor.heading != CHECK:
        before = visitor.heading
        if visitor.press("next").heading == before:
            raise LookupError(f"stuck at {before}: {visitor.mistakes}")
    return visitor


def links(app: Flask, name: str = "Nora") -> tuple[Visitor, list[str]]:
    """Return a counsellor who reads the only referral, and the addresses of its files."""
    visitor = staff(app, name)
    visitor.get(visitor.page.xpath("//tbody//a/@href")[0])
    return visitor, visitor.page.xpath("//dd/a/@href")


def waiting(house: House) -> int:
    """Return how many files are on their way."""
    with house.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(Upload)) or 0


def stored(house: House) -> int:
    """Return how many files were sent."""
    with house.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(Attachment)) or 0
