from collections.abc import Sequence
from dataclasses import replace

import pytest

from exports.anonymise.table import Category, Column, Value
from exports.tables.waves import HEADER, WITHHELD, Line, OpenWaveError, Wave, cells, summary

PLACES = ("Bergkamen", "Bönen", "Fröndenberg", "Holzwickede", "Kamen", "Lünen", "Schwerte")
SCALE = Column(
    "reachable",
    "Gut zu erreichen",
    "select_one",
    "open",
    (*(Category(str(n), f"Stufe {n}") for n in range(1, 5)), Category("refused", "–", True)),
)
KEEP = Column(
    "keep",
    "Soll bleiben",
    "select_one",
    "open",
    (Category("yes", "Ja"), Category("changed", "Verändert"), Category("no", "Nein")),
)
GAP = Column(
    "gaps.hidden",
    "Lücken – verdeckt",
    "select_multiple",
    "open",
    (Category("1", "verdeckt"), Category("0", "–")),
)


def lines(
    column: Column, answers: Sequence[Value], places: Sequence[str] = PLACES
) -> tuple[Line, ...]:
    held = places[: len(answers)]
    return summary((column,), Wave("1", True, held, [(answer,) for answer in answers]))


def measured(found: Sequence[Line]) -> dict[str, float | None]:
    return {line.measure: line.value for line in found}


def test_open_wave__says_nothing() -> None:
    with pytest.raises(OpenWaveError):
        summary((SCALE,), Wave("1", False, PLACES, [("1",)] * 7))


def test_scale__gives_the_mean_to_the_nearest_half_and_bands() -> None:
    found = lines(SCALE, ["1", "1", "1", "4", "4", "4"])
    assert measured(found) == {"mean": 2.5, "low": 3, "middle": 0, "high": 3}
    assert {line.municipalities for line in found} == {6}


def test_scale__with_a_small_band_gives_only_the_mean() -> None:
    assert measured(lines(SCALE, ["1", "1", "1", "1", "4", "4"])) == {"mean": 2.0}


def test_scale__with_everyone_in_one_band_gives_only_the_mean() -> None:
    assert measured(lines(SCALE, ["2", "3", "2", "3", "2", "3"])) == {"mean": 2.5}


@pytest.mark.parametrize(
    "answers",
    [
        ["1", "2", "3", "4"],  # too few municipalities
        ["4"] * 7,  # unanimous
        ["1", "2", "3", "4", "refused", None, "refused"],  # too few answers
    ],
)
def test_withheld__looks_the_same_whatever_the_reason(answers: list[Value]) -> None:
    assert lines(SCALE, answers) == (Line("reachable", "Gut zu erreichen", WITHHELD),)


def test_interviews__of_one_municipality_count_once_and_the_last_one_speaks() -> None:
    twice = ("Unna", "Unna", "Unna", "Unna", "Selm", "Werne")
    assert measured(lines(KEEP, ["yes"] * 6, twice)) == {WITHHELD: None}
    again = (*PLACES[:6], PLACES[0])
    changed = lines(SCALE, ["4", "1", "1", "1", "4", "4", "1"], again)
    assert measured(changed) == {"mean": 2.0}


def test_choice__is_counted_if_every_count_is_none_or_at_least_three() -> None:
    assert measured(lines(KEEP, ["yes"] * 3 + ["changed"] * 3)) == {
        "Ja": 3,
        "Verändert": 3,
        "Nein": 0,
    }
    assert measured(lines(KEEP, ["yes"] * 5 + ["no"] * 2)) == {WITHHELD: None}


def test_several_answers__count_who_chose_and_who_did_not() -> None:
    assert measured(lines(GAP, ["1"] * 3 + ["0"] * 4)) == {"1": 3, "0": 4}
    assert measured(lines(GAP, ["1"] * 1 + ["0"] * 6)) == {WITHHELD: None}


def test_number__is_never_summed_up() -> None:
    wave = replace(SCALE, kind="integer", categories=())
    assert measured(lines(wave, ["1", "2", "3", "4", "5", "6"])) == {WITHHELD: None}


def test_cells__stand_under_the_header() -> None:
    rows = cells(lines(KEEP, ["yes"] * 7))
    assert [dict(zip(HEADER, row, strict=True)) for row in rows] == [
        {
            "name": "keep",
            "label": "Soll bleiben",
            "measure": WITHHELD,
            "value": None,
            "municipalities": None,
        }
    ]
