"""Released records as a table of codes in commas (CSV), and the codebook beside it (JSON).

The table is RFC 4180 in UTF-8 with a mark in front, so that Excel reads umlauts. Every cell comes
from a code list, yet a choice may read like a formula. A text that begins with = + - @ gets an
apostrophe before it, unless it is a plain number; so does what follows a separator, because Excel
in German splits at semicolons even within quotes. Tabs and line ends never occur.
"""

import csv
import io
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, get_args

from exports.anonymise.table import Column, Kind
from exports.formats.cells import Cell
from exports.formats.codebook import EVERYONE, TREATMENT
from exports.formats.delivered import Released, Variable, variables, wording
from exports.formats.gate import GateError

_PLAIN = re.compile(r"-?[0-9]+([.][0-9]+)?")
_FORMULA = re.compile(r"""(^|[;,|])(?=[\s"']*[=+\-@＝＋－＠])""")
_ABOUT = ("questionnaire", "version", "rows", "variables")
_OF_COLUMN = ("name", "variable", "label", "question", "asked_if", "role", "kind", "bagw")
_OF_COLUMN_TOO = ("treatment", "valid_n", "categories", "leaves", "ranges")
_OF_CODE = ("code", "leaf", "low", "high", "number", "missing")


def table(released: Released) -> bytes:
    """The bytes of the table; raises ValueError for records that are not in their code lists."""
    found = variables(released)
    rows = zip(*(one.cells.each(partial(_cell, one)) for one in found), strict=True)
    return _written([_guarded(one.column.name) for one in found], rows)


def codebook(released: Released) -> bytes:
    """The bytes of the codebook, after the elements of DDI Codebook: one object a column.

    `name` is the column of the table, `variable` and `number` are what SPSS has for it.
    """
    about = {
        "questionnaire": wording(released.name),
        "version": wording(released.version),
        "rows": released.size,
        "variables": [_about(one, released) for one in variables(released)],
    }
    return _dumped(about)


def check(table: bytes, codebook: bytes, released: Released) -> None:
    """Raise GateError unless both files hold what the code lists and columns say, nothing else."""
    found = variables(released)
    _check_table(table, found, released.size)
    _check_codebook(codebook, found, released)


def _cell(one: Variable, cell: Cell) -> str:
    """The code as it is written: a range by its label, a number as it was given."""
    if cell is None:
        return ""
    return _guarded(one.codes[cell].label if isinstance(cell, tuple) else cell)


def _guarded(text: str) -> str:
    """The text in one line, in which no spreadsheet finds a formula."""
    line = wording(text)
    return line if _PLAIN.fullmatch(line) else _FORMULA.sub(r"\1'", line)


def _written(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    target = io.BytesIO(BOM_UTF8)
    target.seek(len(BOM_UTF8))
    text = io.TextIOWrapper(target, "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n", strict=True)
    writer.writerow(header)
    writer.writerows(rows)
    text.flush()
    return target.getvalue()


def _dumped(about: Any) -> bytes:
    return f"{json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def _about(one: Variable, released: Released) -> dict[str, Any]:
    """What the codebook says about one column."""
    column = one.column
    texts = {
        "name": column.name,
        "label": column.label,
        "question": column.path,
        "asked_if": column.asked_if or EVERYONE,
        "bagw": column.bagw,
        "version": released.version,
    }
    return {key: wording(text) for key, text in texts.items()} | {
        "variable": one.name,
        "role": column.role,
        "kind": column.kind,
        "treatment": TREATMENT[column.role],
        "valid_n": one.valid,
        "categories": _categories(one),
        "leaves": _leaves_of(column, released),
        "ranges": _ranges(one),
    }


def _categories(one: Variable) -> list[dict[str, Any]]:
    """The choices; of a quasi-identifier they have no numbers, because its ranges have."""
    return [
        {"code": wording(item.code), "label": wording(item.label), "missing": item.missing}
        | ({"number": one.codes[item.code].number} if item.code in one.codes else {})
        for item in one.column.categories
    ]


def _leaves_of(column: Column, released: Released) -> list[dict[str, str]]:
    """The leaves of a quasi-identifier in order, a joined one by the codes of all its choices.

    Of numbers and days as they occur there are none: the ranges say where each begins and ends.
    """
    entry = next((one for one in released.taxonomies if one.name == column.name), None)
    if entry is None or entry.growing or column.role != "quasi":
        return []
    pairs = zip(entry.leaves, entry.labels, strict=True)
    return [{"leaf": wording(leaf), "label": wording(label)} for leaf, label in pairs]


def _ranges(one: Variable) -> list[dict[str, Any]]:
    """The ranges that occur, from which leaf to which; an empty leaf stands for no answer."""
    return [
        {
            "low": wording(cell[0]),
            "high": wording(cell[1]),
            "label": code.label,
            "missing": code.missing,
            "number": code.number,
        }
        for cell, code in one.codes.items()
        if isinstance(cell, tuple)
    ]


def _check_table(file: bytes, found: Sequence[Variable], rows: int) -> None:
    """The header, the number of rows, each cell in its code list, and no byte besides."""
    lines = _read(file)
    header = next(lines, None)
    if header is None:
        raise GateError("the table cannot be read")
    if header != [_guarded(one.column.name) for one in found]:
        raise GateError("the table has another header")
    if _written(header, _checked(lines, found, rows)) != file:
        raise GateError("the table holds something besides its cells")


def _checked(
    lines: Iterator[list[str]], found: Sequence[Variable], rows: int
) -> Iterator[list[str]]:
    """The rows one by one, none of them with a cell that is not in its code list."""
    allowed = [
        {_cell(one, cell) for cell in {*(one.codes or one.cells.distinct), None}} for one in found
    ]
    number = 0
    for number, line in enumerate(lines, 1):
        if len(line) != len(found):
            raise GateError("the table has more or fewer cells in a row")
        for one, cells, cell in zip(found, allowed, line, strict=True):
            if cell not in cells:
                raise GateError(
                    f"column {one.column.name!r} holds what is in no code list in row {number}"
                )
        yield line
    if number != rows:
        raise GateError("the table has more or fewer rows than were released")


def _read(file: bytes) -> Iterator[list[str]]:
    """The header and the rows of a table; GateError if it is none."""
    try:
        yield from csv.reader(
            io.TextIOWrapper(io.BytesIO(file), "utf-8-sig", newline=""), strict=True
        )
    except (csv.Error, ValueError) as error:
        raise GateError("the table cannot be read") from error


def _check_codebook(file: bytes, found: Sequence[Variable], released: Released) -> None:
    """Every text one that a column or its codes have, and all of them where they belong."""
    try:
        about = json.loads(file.decode())
    except ValueError as error:
        raise GateError("the codebook cannot be read") from error
    texts = _texts(found, released)
    if any(isinstance(leaf, str) and leaf not in texts for leaf in _leaves(about)):
        raise GateError("the codebook holds a text that no column has")
    if file != codebook(released):
        raise GateError("the codebook says something else than the columns")


def _leaves(about: Any) -> Iterator[Any]:
    """All that a parsed file holds, also its keys."""
    if isinstance(about, dict):
        yield from about
        about = list(about.values())
    if isinstance(about, list):
        for item in about:
            yield from _leaves(item)
    else:
        yield about


def _texts(found: Sequence[Variable], released: Released) -> frozenset[str]:
    """The texts that a codebook may hold."""
    texts = {
        *_ABOUT,
        *_OF_COLUMN,
        *_OF_COLUMN_TOO,
        *_OF_CODE,
        *TREATMENT,
        *TREATMENT.values(),
        *get_args(Kind),
        EVERYONE,
        "",
    }
    texts |= {released.name, released.version}
    for one in found:
        column = one.column
        texts |= {one.name, column.name, column.label, column.path, column.asked_if, column.bagw}
        texts |= {text for item in column.categories for text in (item.code, item.label)}
        texts |= {code.label for code in one.codes.values()}
    for entry in released.taxonomies:
        texts |= {*entry.leaves, *entry.labels}
    return frozenset(map(wording, texts))
