"""Reading aloud: recordings of what a questionnaire asks, and which text each of them speaks.

A recording belongs to the words that it speaks and to nothing else. When the words change, it is
tied to them no longer, so what she hears is always what she would read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from types import MappingProxyType

from sqlalchemy import Date, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import database
from core.catalogues import header
from core.database import Base
from core.languages import LANGUAGES, Language
from xlsform.source import Row, Workbook

DRAFT = "draft-"  # begins the name of a recording that a computer voice spoke
NAME = re.compile(rf"(?:{DRAFT})?[0-9a-f]{{32}}\.mp3")
LARGEST = 2 * 1024 * 1024  # bytes; a question takes some 50 KB

_COLUMN = "media::audio"
_CHOOSING = ("select_one ", "select_multiple ", "rank ")


class NoRecording(LookupError):
    """There is no recording of this name."""


class NotMP3(ValueError):
    """A file is no MP3, or larger than `LARGEST`."""


class Recording(Base):
    """A recording as MP3. `name` comes from its content; `says` stands for language and words."""

    __tablename__ = "recording"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    says: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    made: Mapped[date] = mapped_column(Date)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Spoken:
    """What is to be read aloud: a question, its hint and its choices, in one language."""

    row: int  # of the sheet "survey", the first one under the headers is 0
    question: str
    language: Language
    text: str

    @property
    def says(self) -> bytes:
        """What a recording of it is found by."""
        return blake2b(f"{self.language.tag}\0{self.text}".encode(), digest_size=32).digest()


def spoken(workbook: Workbook) -> Iterator[Spoken]:
    """Yield what a workbook of columns `label::Deutsch (de)` asks, question by question.

    Left out is what names an answer, `${town}` for example: it sounds different every time.
    """
    for number, row in enumerate(workbook.sheets.get("survey", ())):
        if row.get("type", "").startswith(("begin", "end")):
            continue
        for language in LANGUAGES.values():
            text = "\n".join(_lines(workbook, row, f"::{header(language)}"))
            if text and "${" not in text:
                yield Spoken(number, row.get("name", ""), language, text)


def _lines(workbook: Workbook, row: Row, language: str) -> Iterator[str]:
    if not row.get(f"label{language}"):
        return
    yield from (row[column] for column in (f"label{language}", f"hint{language}") if column in row)
    kind = row.get("type", "")
    if kind.startswith(_CHOOSING):
        name = kind.split()[1]
        for choice in workbook.sheets.get("choices", ()):
            if choice.get("list_name") == name and choice.get(f"label{language}"):
                yield choice[f"label{language}"]


def tied(session: Session, workbook: Workbook) -> Workbook:
    """Return the workbook with a column `media::audio` for each language that has recordings."""
    recorded = names(session)
    cells: dict[int, dict[str, str]] = {}
    for one in spoken(workbook):
        if one.says in recorded:
            column = f"{_COLUMN}::{header(one.language)}"
            cells.setdefault(one.row, {})[column] = recorded[one.says]
    if not cells:
        return workbook
    survey = workbook.sheets["survey"]
    rows = (MappingProxyType({**row, **cells.get(at, {})}) for at, row in enumerate(survey))
    return replace(workbook, sheets=MappingProxyType({**workbook.sheets, "survey": tuple(rows)}))


def names(session: Session) -> Mapping[bytes, str]:
    """Return the best recording of each text: a person's before a computer's, then the newest."""
    rows = session.execute(select(Recording.says, Recording.name, Recording.made))
    best_last = sorted(rows, key=lambda row: (not is_draft(row.name), row.made, row.name))
    return {row.says: row.name for row in best_last}


def is_draft(name: str) -> bool:
    """Say whether a computer voice spoke the recording of this name."""
    return name.startswith(DRAFT)


def keep(session: Session, one: Spoken, content: bytes, day: date, *, draft: bool) -> str:
    """Keep an MP3 that speaks these words; return its name. Raises `NotMP3`."""
    if len(content) > LARGEST or not _is_mp3(content):
        raise NotMP3
    # The text counts too: two questions may sound alike, and each is found by its own words.
    digest = blake2b(one.says + content, digest_size=16).hexdigest()
    name = f"{DRAFT if draft else ''}{digest}.mp3"
    values = {"name": name, "says": one.says, "made": day, "content": content}
    database.insert_once(session, Recording, values)
    return name


def content_of(session: Session, name: str) -> bytes:
    """Return the MP3 of this name, or raise `NoRecording`."""
    content = session.scalar(select(Recording.content).where(Recording.name == name))
    if content is None:
        raise NoRecording
    return content


def _is_mp3(content: bytes) -> bool:
    # ID3 tags come first, or a frame at once: eleven bits set, then MPEG 1 or 2, layer III.
    return content.startswith(b"ID3") or (
        len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2
    )
