"""What a wave of interviews with the municipalities may say.

There are ten municipalities and everybody knows them, so there is no sheet of records: an item is
summed up over at least five of them, coarsely, or withheld. Withheld items look alike, whatever the
reason, because the reason would be an answer too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.anonymise.table import CHOSEN, NOT_CHOSEN, Column, Value

MUNICIPALITIES = 5  # distinct ones an item needs
_EACH = 3  # municipalities behind every count that is not 0
BANDS = ("low", "middle", "high")
WITHHELD = "withheld"
HEADER = ("name", "label", "measure", "value", "municipalities")


class OpenWaveError(ValueError):
    """The wave is not complete: its interviews may not be summed up yet."""


@dataclass(frozen=True)
class Wave:
    """The interviews of one round, in the order they were held."""

    name: str
    complete: bool
    municipalities: Sequence[str]  # of each interview
    rows: Sequence[Sequence[Value]]  # of each interview, one value per column


@dataclass(frozen=True)
class Line:
    """One line of the sheet; `value` is None and `municipalities` blank where it is withheld."""

    name: str
    label: str
    measure: str
    value: float | None = None
    municipalities: int | None = None


def summary(columns: Sequence[Column], wave: Wave) -> tuple[Line, ...]:
    """The lines of a wave, item by item; raises OpenWaveError before the wave is complete."""
    if not wave.complete:
        raise OpenWaveError(f"wave {wave.name} is not complete")
    lines: list[Line] = []
    for place, column in enumerate(columns):
        answers: dict[str, str] = {}
        for municipality, row in zip(wave.municipalities, wave.rows, strict=True):
            value = row[place]
            if value is not None and value in column.codes - column.missing:
                answers[municipality] = value  # a later interview speaks for the municipality
        lines.extend(_lines(column, answers))
    return tuple(lines)


def cells(lines: Sequence[Line]) -> tuple[tuple[str | float | int | None, ...], ...]:
    """The lines as rows of a sheet, under HEADER."""
    return tuple(
        (line.name, line.label, line.measure, line.value, line.municipalities) for line in lines
    )


def _lines(column: Column, answers: Mapping[str, str]) -> list[Line]:
    """What one item may say about the answers by municipality."""
    if len(answers) < MUNICIPALITIES or len(set(answers.values())) < 2:
        return [_withheld(column)]
    if column.kind == "select_multiple":
        counts = Counter(answers.values())
        wanted = {CHOSEN: counts[CHOSEN], NOT_CHOSEN: counts[NOT_CHOSEN]}
        return _counts(column, wanted, len(answers)) or [_withheld(column)]
    if _is_scale(column):
        return _scale(column, answers)
    counts = Counter(answers.values())
    wanted = {item.label: counts[item.code] for item in column.categories if not item.missing}
    return _counts(column, wanted, len(answers)) or [_withheld(column)]


def _scale(column: Column, answers: Mapping[str, str]) -> list[Line]:
    """The mean to the nearest half, and the bands if they may be shown."""
    mean = sum(map(int, answers.values())) / len(answers)
    half = int(2 * mean + 0.5) / 2
    codes = [item.code for item in column.categories if not item.missing]
    counts = Counter(_band(codes.index(code), len(codes)) for code in answers.values())
    bands = {band: counts[band] for band in BANDS}
    first = Line(column.name, column.label, "mean", half, len(answers))
    return [first, *_counts(column, bands, len(answers))]


def _counts(column: Column, counts: Mapping[str, int], total: int) -> list[Line]:
    """A line per count; none at all if one is small, or if all gave the same answer."""
    if any(0 < count < _EACH for count in counts.values()) or total in counts.values():
        return []
    return [
        Line(column.name, column.label, measure, count, total) for measure, count in counts.items()
    ]


def _is_scale(column: Column) -> bool:
    """Whether the categories are whole numbers, from one end of a scale to the other."""
    codes = [item.code for item in column.categories if not item.missing]
    return len(codes) > 2 and all(code.isascii() and code.isdigit() for code in codes)


def _band(place: int, size: int) -> str:
    """The third of a scale of `size` points in which a point stands."""
    return BANDS[3 * (2 * place + 1) // (2 * size)]


def _withheld(column: Column) -> Line:
    return Line(column.name, column.label, WITHHELD)
