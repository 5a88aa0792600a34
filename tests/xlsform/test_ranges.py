"""What a range accepts, whatever its author wrote."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsform.answers import AnswerError, canonical_decimal, is_canonical, shown
from xlsform.answers.ranges import Range


def test_range__knows_its_numbers_whichever_way_they_run() -> None:
    assert Range.of({"start": "0", "end": "1", "step": "0.25"}).values() == [
        "0", "0.25", "0.5", "0.75", "1",
    ]  # fmt: skip
    assert Range.of({"start": "3", "end": "1", "step": "1"}).values() == ["3", "2", "1"]
    assert Range.of({"start": "1", "end": "10", "step": "4"}).values() == ["1", "5", "9"]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"start": "", "end": "viel", "step": "0"},
        {"start": "1e9999999", "end": "nan", "step": "-1"},
    ],
)
def test_range__what_an_author_left_out_or_muddled_is_as_usual(odd: dict[str, str]) -> None:
    usual = Range.of(odd)

    assert (usual.bounds, usual.step, usual.count) == (("1", "10"), 1, 10)


@pytest.mark.parametrize(
    ("typed", "problem", "values"),
    [
        ("11", "range", {"low": "0", "high": "10"}),
        ("-1", "range", {"low": "0", "high": "10"}),
        ("0,7", "step", {"low": "0", "high": "10", "step": "0.5"}),
        ("viel", "decimal", {}),
    ],
)
def test_range__says_what_does_not_fit(typed: str, problem: str, values: dict[str, str]) -> None:
    with pytest.raises(AnswerError) as refusal:
        Range.of({"start": "0", "end": "10", "step": "0.5"}).read(typed)
    assert (refusal.value.problem, refusal.value.values) == (problem, values)


def test_range__of_whole_numbers_reads_no_others() -> None:
    whole = Range.of({"start": "0", "end": "10", "step": "1", "type": "integer"})

    assert whole.read("\u0667") == "7"
    with pytest.raises(AnswerError, match="integer"):
        whole.read("7,0")


def decimals(least: int, most: int) -> st.SearchStrategy[str]:
    return st.decimals(least, most, places=3).map(canonical_decimal)


@given(
    decimals(-9999, 9999),
    decimals(-9999, 9999),
    decimals(1, 50),
    st.sampled_from(["de", "en", "ar"]),
)
def test_range__every_number_is_read_as_it_is_shown(
    start: str, end: str, step: str, language: str
) -> None:
    accepted = Range.of({"start": start, "end": end, "step": step})
    for index in {0, 1, accepted.count // 2, accepted.count - 1} & set(range(accepted.count)):
        way = 1 if accepted.start <= accepted.end else -1
        value = canonical_decimal(accepted.start + way * index * Decimal(step))
        assert accepted.read(shown("range", value, language)) == value
        assert is_canonical("range", value)
