"""Files that hold sheets: Markdown, CSV, .xlsx and .xls in, Markdown and .xlsx out, all as text."""

from pathlib import Path

from xlsform.workbooks.delimited import read_csv
from xlsform.workbooks.excel import read_excel
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
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"'{path.name}' cannot be opened: {error.strerror}.") from error
    return parse(content, suffix, path.stem)


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
