r"""Sheets as one Markdown table each: reviewable, and nothing is lost on the way and back.

A row whose first cell is filled starts a sheet of that name; the rows of the sheet leave it empty.
Lines that are no table are remarks, as is a line, or what follows a row, after `#`. A pipe inside a
cell is written `\|`; a line break, a space at a cell's end and the like as `&#10;`, `&#32;`.
"""

import re
from collections.abc import Iterator

from xlsform.workbooks.grids import Book, SourceError, bounded, decoded

_ROW = re.compile(r"\s*\|(?P<cells>.*)\|\s*(?:#[^|]*)?", re.DOTALL)
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*:?-{3,}:?\s*")  # what Markdown puts below the head of a table
_CHARACTER = re.compile(r"&#([0-9]{1,7});")
_UNSEEN = re.compile("[\\n\\r\\x00\\x0b\\x0c\\x1c-\\x1e\\x85\u2028\u2029]")


def read_markdown(content: bytes) -> Book:
    """Return the sheets in the tables of a Markdown text; raises SourceError."""
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] | None = None
    for number, cells in _rows(decoded(content)):
        first, *others = cells
        if first:
            if first in sheets:
                raise SourceError(
                    f"Line {number} starts the sheet '{first}' a second time.",
                    mend="Put all its rows under one name.",
                )
            rows = sheets[first] = []
        elif rows is None:
            raise SourceError(
                f"Line {number} belongs to no sheet.",
                mend="Write '| survey |' above the table, and leave the first cell of rows empty.",
            )
        if rows is not None and (not first or any(others)):
            rows.append(others)
    if not sheets:
        raise SourceError(
            "The file holds no table.", mend="Write '| survey |', and the rows below it."
        )
    return {name: bounded(name, found) for name, found in sheets.items()}


def write_markdown(book: Book) -> bytes:
    """Return the sheets as Markdown tables; raise SourceError for a name it would not read back."""
    return "\n".join("".join(_table(name, rows)) for name, rows in book.items()).encode()


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row with the number of its line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.lstrip().startswith("|"):
            continue
        found = _ROW.fullmatch(line)  # None where the last cell is not closed, as pyxform allows
        cells = _PIPE.split(found["cells"] if found else line.lstrip()[1:])
        if not _RULE.fullmatch(cells[0]):
            yield number, [_decoded(cell.strip()) for cell in cells]


def _table(name: str, rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    if _RULE.fullmatch(name):
        raise SourceError(f"A sheet cannot be called '{name}' in Markdown.", mend="Rename it.")
    yield f"| {_encoded(name)} |\n"
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        cells = [*map(_encoded, row), *[""] * (width - len(row))]
        yield "| | " + "".join(f"{cell} | " if cell else "| " for cell in cells).rstrip() + "\n"


def _encoded(text: str) -> str:
    text = _CHARACTER.sub(r"&#38;#\1;", text)
    inside = text.strip()
    before, after = text[: text.find(inside)], text[text.find(inside) + len(inside) :]
    inside = _UNSEEN.sub(lambda found: _number(found[0]), inside).replace("|", r"\|")
    return "".join([*map(_number, before), inside, *map(_number, after)])


def _number(character: str) -> str:
    return f"&#{ord(character)};"


def _decoded(cell: str) -> str:
    return _CHARACTER.sub(_character, cell.replace(r"\|", "|"))


def _character(found: re.Match[str]) -> str:
    code = int(found[1])
    is_one = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_one else found[0]
