"""Released records as an SPSS file: numbers with their wordings, and reasons for having no answer.

The numbers are those of `delivered`. Reasons for having no answer are user-missing, a blank is
system-missing. The same records give the same bytes: the header, where the writer puts its name,
the day and the time, is overwritten by what never changes.
"""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exports.formats.delivered import Released, Variable, variables, wording
from exports.formats.gate import GateError
from exports.formats.workbook import CUT

LONGEST_LABEL = 256  # bytes that SPSS takes for a variable
LONGEST_VALUE_LABEL = 120  # and for a value

# The file header record of the PSPP manual, "System File Format": rec_type 4 bytes, prod_name 60,
# then numbers, creation_date 9 from byte 92 on, creation_time 8, file_label 64, padding 3.
_PRODUCT, _CREATED = slice(4, 64), slice(92, 109)
_NO_PRODUCT = b"@(#) SPSS DATA FILE".ljust(60)  # readers look for these words
_NO_DAY = b"01 Jan 8000:00:00"  # the earliest day of a zip file, as in the workbook
_FORMATS = {"decimal": "F16.2", "integer": "F14.0"}
_CHOICE, _RANGE = "F8.0", "F12.0"


def render(released: Released) -> bytes:
    """The bytes of a .sav file; raises ValueError for records that are not in their code lists."""
    found = variables(released)
    return _written(found, [list(one.cells.each(one.number)) for one in found])


def check(file: bytes, released: Released) -> None:
    """Raise GateError unless `file` holds what the code lists allow, and nothing else.

    It is read as an evaluator reads it. Then it is written anew from what was read and the labels
    of `released`, which must give the same bytes: nothing hides where no reader looks.
    """
    found = variables(released)
    frame, about = _read(file)
    if (file[_PRODUCT], file[_CREATED]) != (_NO_PRODUCT, _NO_DAY):
        raise GateError("the file carries a date or the name of its writer")
    _check_about(about)
    _check_dictionary(about, found)
    if len(frame) != released.size:
        raise GateError("the file has more or fewer rows than were released")
    columns = [frame[one.name] for one in found]
    for one, cells in zip(found, columns, strict=True):
        _check_cells(one, cells)
    if _written(found, columns) != file:
        raise GateError("the file holds something besides its labels and rows")


def cut(text: str, most: int, end: str = CUT) -> str:
    """The text in at most so many bytes of UTF-8, with a mark where whole characters are left out.

    An `end` that is longer tells two texts apart that begin alike.
    """
    whole = text.encode()
    if len(whole) <= most and end == CUT:
        return text
    return whole[: most - len(end.encode())].decode(errors="ignore").rstrip() + end


def _written(found: Sequence[Variable], columns: Sequence[Any]) -> bytes:
    """The bytes of a file, column by column, without its writer and its day."""
    import pandas as pd
    import pyreadstat

    names = [one.name for one in found]
    cells = dict(zip(names, columns, strict=True))
    frame = pd.DataFrame(cells, columns=names, dtype="float64")
    with TemporaryDirectory() as folder:  # the writer takes a path only; nobody else may look in
        path = Path(folder) / "released.sav"
        pyreadstat.write_sav(frame, path, **_dictionary(found))
        file = bytearray(path.read_bytes())
    file[_PRODUCT] = _NO_PRODUCT
    file[_CREATED] = _NO_DAY
    return bytes(file)


def _read(file: bytes) -> tuple[Any, Any]:
    """The rows, and what is said about them; GateError if it is no such file."""
    import pyreadstat

    try:
        return pyreadstat.read_sav(
            io.BytesIO(file), user_missing=True, disable_datetime_conversion=True
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
        raise GateError("the file cannot be read") from error


def _dictionary(found: Sequence[Variable]) -> dict[str, Any]:
    """What a file says about its variables, as the writer takes it."""
    return {
        "column_labels": {one.name: cut(wording(one.column.label), LONGEST_LABEL) for one in found},
        "variable_value_labels": {one.name: _value_labels(one) for one in found if one.codes},
        "missing_ranges": {one.name: _missing(one) for one in found if _missing(one)},
        "variable_measure": {one.name: _measure(one) for one in found},
        "variable_format": {one.name: _format(one) for one in found},
    }


def _value_labels(one: Variable) -> dict[float, str]:
    """The wording of each number; two that begin alike and are cut end with their numbers."""
    labels = {float(code.number): code.label for code in one.codes.values()}
    short = {number: cut(label, LONGEST_VALUE_LABEL) for number, label in labels.items()}
    often = Counter(short.values())
    return {
        number: label
        if often[label] == 1
        else cut(labels[number], LONGEST_VALUE_LABEL, f"{CUT} ({number:.0f})")
        for number, label in short.items()
    }


def _missing(one: Variable) -> list[dict[str, float]]:
    """The reasons for having no answer, as the one range that SPSS takes."""
    reasons = [float(code.number) for code in one.codes.values() if code.missing]
    return [{"lo": min(reasons), "hi": max(reasons)}] if reasons else []


def _measure(one: Variable) -> str:
    """The measurement level; the order of choices says nothing about their meaning."""
    if _is_coded(one):
        return "ordinal" if one.growing else "nominal"
    return "scale"


def _format(one: Variable) -> str:
    """How many digits are shown."""
    if _is_coded(one):
        return _RANGE if one.column.role == "quasi" else _CHOICE
    return _FORMATS[one.column.kind]


def _is_coded(one: Variable) -> bool:
    return bool(one.column.categories) or one.column.role == "quasi"


def _check_about(about: Any) -> None:
    """No label of the file, no notes, no sets of variables, and nothing but numbers."""
    if about.file_label or about.table_name:
        raise GateError("the file carries a label of its own")
    if about.notes:
        raise GateError("the file carries notes")
    if about.mr_sets:
        raise GateError("the file groups its variables")
    if any(not written.startswith("F") for written in about.original_variable_types.values()):
        raise GateError("a variable holds something else than numbers")


def _check_dictionary(about: Any, found: Sequence[Variable]) -> None:
    """The names, labels and levels that the columns have, and no others."""
    if about.column_names != [one.name for one in found]:
        raise GateError("the variables are not the expected ones")
    expected = _dictionary(found)
    read: Mapping[str, Mapping[str, Any]] = {
        "column_labels": about.column_names_to_labels,
        "variable_value_labels": about.variable_value_labels,
        "missing_ranges": about.missing_ranges,
        "variable_measure": about.variable_measure,
        "variable_format": about.original_variable_types,
    }
    for part, given in read.items():
        for one in found:
            if given.get(one.name) != expected[part].get(one.name):
                raise GateError(f"variable {one.name!r} is not as expected: {part}")


def _check_cells(one: Variable, cells: Any) -> None:
    """Each cell one of the codes, or one of the numbers that were released, or a blank."""
    allowed = {one.number(cell) for cell in (one.codes or one.cells.distinct)}
    odd = ~(cells.isin(allowed) | cells.isna())
    if odd.any():
        row = int(odd.to_numpy().argmax()) + 1
        raise GateError(f"variable {one.name!r} holds what is in no code list in row {row}")
