"""Sheets in one CSV file: the first column names a sheet and is empty in the rows below."""

import csv
from collections.abc import Iterator
from io import StringIO

from xlsform.workbooks.grids import Book, SourceError, bounded, decoded


def read_csv(content: bytes) -> Book:
    """Return the sheets in a CSV text, separated by commas or semicolons; raises SourceError."""
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] | None = None
    for first, others in _rows(decoded(content)):
        if first in sheets:
            raise SourceError(
                f"The sheet '{first}' starts a second time.",
                mend="Put all its rows under one name.",
            )
        if first:
            rows = sheets[first] = []
        if rows is None:
            break
        if not first or any(others):
            rows.append(others)
    if not sheets:
        raise SourceError(
            "The file names no sheet.",
            mend="Write 'survey' alone into the first column, and leave that column empty below.",
        )
    return {name: bounded(name, found) for name, found in sheets.items()}


def _rows(text: str) -> Iterator[tuple[str, list[str]]]:
    head = text[:5000]
    separator = ";" if head.count(";") > head.count(",") else ","  # Excel in German writes ";"
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if row:
                yield row[0].strip(), row[1:]
    except csv.Error as error:
        raise SourceError(
            f"Line {reader.line_num} is not readable as CSV: {error}.",
            mend="Save the sheet again as 'CSV UTF-8'.",
        ) from error
