"""What a range accepts, whatever its author wrote."""

import pytest

from xlsform.answers import AnswerError
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
