"""Sheets as grids of text, and the limits that every kind of file is held to."""

import re
from collections.abc import Iterable, Mapping, Sequence

# Row 1 first, every cell as the author sees it; what is empty at the end of a row or sheet is cut.
Grid = tuple[tuple[str, ...], ...]
Book = Mapping[str, Grid]

LARGEST = 5_000_000  # bytes of a file: the largest published XLSForms are below 2 MB
ROWS = 20_000  # of a sheet: a list of all German municipalities has 10,800
COLUMNS = 256  # of a sheet: as many as a .xls can have
LONGEST = 32_767  # UTF-16 units of a cell: as many as Excel takes
CHARACTERS = 10_000_000  # of a sheet: one text may stand in many cells, so that bytes are no bound

_LEGIBLE = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]*")


class WorkedOut(str):
    """A cell with a formula, as the text that a program last worked out."""

    __slots__ = ()


class Counted(str):
    """A number as a spreadsheet keeps it: its point is a decimal point, whatever the reader's."""

    __slots__ = ()


class Unreadable(str):
    """A cell of which the value is an error, or is not there: it stands for itself, as text "?"."""

    __slots__ = ()


class SourceError(ValueError):
    """A workbook that cannot become a form, told in words to its author.

    `sheet`, `row` and `column` say where, "", 0 and "" when unknown; `column` is a header, or the
    letters of the column where there is none. `message` says what, `mend` what to do about it.
    """

    def __init__(
        self, message: str, sheet: str = "", row: int = 0, column: str = "", *, mend: str = ""
    ) -> None:
        place = f"Sheet '{sheet}', row {row}" if sheet and row else ""
        place += f", column '{column}'" if place and column else ""
        super().__init__(": ".join(filter(None, [place, message])) + (f" {mend}" if mend else ""))
        self.message = message
        self.sheet = sheet
        self.row = row
        self.column = column
        self.mend = mend


def trimmed(rows: Iterable[Sequence[str]]) -> Grid:
    """Return `rows` without empty cells at the end of each and empty rows at the end of all."""
    grid = [_cut(row) for row in rows]
    while grid and not grid[-1]:
        grid.pop()
    return tuple(grid)


def bounded(sheet: str, rows: Iterable[Sequence[str]]) -> Grid:
    """Return `rows` trimmed; raise SourceError where they are more, or hold more, than is read."""
    taken: list[Sequence[str]] = []
    characters = 0
    for number, row in enumerate(rows, start=1):
        check_place(sheet, number, len(_cut(row)))
        characters += sum(map(len, row))
        if characters > CHARACTERS:
            raise SourceError(
                f"The sheet holds more than {CHARACTERS:,} characters.",
                sheet,
                number,
                mend="Take out what is no part of the questionnaire.",
            )
        taken.append(row)
    return trimmed(taken)


def check_place(sheet: str, row: int, column: int) -> None:
    """Raise SourceError where something is written beyond the rows and columns that are read."""
    if row > ROWS and column:
        raise SourceError(
            f"The sheet '{sheet}' has more than {ROWS:,} rows.",
            sheet,
            row,
            mend="Put long lists of choices on fewer rows, and delete what lies below them.",
        )
    if column > COLUMNS:
        raise SourceError(
            f"The sheet '{sheet}' has more than {COLUMNS} columns.",
            sheet,
            row,
            letters(column),
            mend="Delete what lies to the right of the questionnaire.",
        )


def letters(column: int) -> str:
    """Return the name that Excel gives a column, counted from 1: A, B, … Z, AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_legible(text: str) -> bool:
    """Return whether XML, and so a form, can hold every character of `text`."""
    return _LEGIBLE.fullmatch(text) is not None


def decoded(content: bytes) -> str:
    """Return the text in a file's content; raise SourceError when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")  # Excel writes a mark before its CSV
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The file is not stored as UTF-8 (byte {error.start + 1}).",
            mend="Save it as UTF-8; in Excel as 'CSV UTF-8'.",
        ) from error


def _cut(row: Sequence[str]) -> tuple[str, ...]:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return tuple(row[:end])
