"""Files that hold sheets: Markdown, CSV, .xlsx and .xls in, Markdown and .xlsx out, all as text."""

from pathlib import Path

from xlsform.workbooks.delimited import read_csv
from xlsform.workbooks.excel import read_excel, read_sheet
from xlsform.workbooks.grids import LARGEST, Book, Grid, SourceError
from xlsform.workbooks.markdown import read_markdown, write_markdown
from xlsform.workbooks.old_excel import read_old_excel
from xlsform.workbooks.writing import write_excel

__all__ = [
    "LARGEST",
    "READERS",
    "WRITERS",
    "Book",
    "Grid",
    "SourceError",
    "parse",
    "read",
    "read_answers",
    "render",
]

READERS = {
    ".md": read_markdown,
    ".csv": read_csv,
    ".xlsx": read_excel,
    ".xls": read_old_excel,
}
WRITERS = {".md": write_markdown, ".xlsx": write_excel}


def read(path: Path) -> Book:
    """Return the sheets of a file; raise SourceError with a remedy for what cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise SourceError(f"'{path.name}' is no questionnaire: use one of {', '.join(READERS)}.")
    return parse(_content(path), suffix, path.stem)


def read_answers(path: Path, wanted: str) -> tuple[str, Grid]:
    """Return name and rows of the sheet called `wanted`, or of the first one, of an .xlsx file.

    Cells keep what they are: Counted, WorkedOut, Unreadable. Raises SourceError with a remedy.
    """
    if path.suffix.lower() != ".xlsx":
        raise SourceError("The file is no .xlsx.", mend="Save it in Excel as .xlsx.")
    content = _content(path)
    if len(content) > LARGEST:
        raise SourceError(
            f"The file is larger than {LARGEST // 1_000_000} MB.",
            mend="Take out pictures and other sheets, or make several files of it.",
        )
    return read_sheet(content, wanted)


def _content(path: Path) -> bytes:
    """Return a file's content, of one that is too large only the beginning."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"'{path.name}' cannot be opened: {error.strerror}.") from error


def parse(content: bytes, suffix: str, name: str) -> Book:
    """Return the sheets in a file's content; `suffix` tells its kind, as in `.xlsx`."""
    if len(content) > LARGEST:
        raise SourceError(
            f"'{name}' is larger than {LARGEST // 1_000_000} MB.",
            mend="Take out pictures, and sheets that are no part of the questionnaire.",
        )
    return READERS[suffix](content)


def render(book: Book, suffix: str) -> bytes:
    """Return `book` as a file of the kind `suffix` tells; raise SourceError for what it cannot."""
    if suffix not in WRITERS:
        raise SourceError(
            f"No '{suffix}' can be written.", mend=f"Use one of {', '.join(WRITERS)}."
        )
    return WRITERS[suffix](book)
