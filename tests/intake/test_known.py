"""What a documentation takes over from the referral and the entries of a case."""

import pytest

from core import versions
from intake import documenting, known, referrals
from intake.entries import CONTACT, NOTE, Written
from tests.intake.test_documenting import AGE, DAY, FIRST, TOLD
from tests.support.house import House


def written(kind: str, **said: object) -> Written:
    return Written("x", FIRST, DAY, kind, 1, said)


@pytest.mark.parametrize("row", known.ROWS, ids=lambda row: row.documented)
def test_known__every_question_and_code_is_there_in_both_forms(
    house: House, row: known.Row
) -> None:
    with house.database.transaction() as session:
        asked, target = (
            versions.form_of(session, versions.current(session, name).id).questions[path]
            for name, path in (
                (referrals.QUESTIONNAIRE, row.asked),
                (documenting.QUESTIONNAIRE, row.documented),
            )
        )
    ours = {choice.value: choice.label for choice in asked.choices(None, "de")}
    theirs = {choice.value for choice in target.choices(None, "de")}
    same = set(row.same.split())
    assert same | set(row.other) <= (ours.keys() or same)  # a hidden question has no choices
    if theirs:
        assert same | set(row.other.values()) <= theirs


def test_from_referral__only_what_means_the_same_is_taken_over() -> None:
    assert known.from_referral(TOLD, "self") == {
        AGE: "no_answer",
        "/data/client/municipality": "selm",
        "/data/start/reason": "notice violence",
        known.ACCESS: "self",
    }


@pytest.mark.parametrize(
    ("contacts", "said", "band"),
    [
        (0, "", ""),
        (0, "4_7", "4_7"),
        (1, "", "1_3"),
        (3, "", "1_3"),
        (4, "1_3", "4_7"),
        (7, "8_plus", "8_plus"),
        (8, "dont_know", "8_plus"),
    ],
)
def test_from_entries__contacts_are_at_least_those_entered(
    contacts: int, said: str, band: str
) -> None:
    entered = [written(CONTACT) for _ in range(contacts)] + [written(NOTE)]
    assert known.from_entries(entered, {known.CONTACTS: said})[known.CONTACTS] == band


def test_from_entries__measures_are_counted_and_named() -> None:
    entered = [
        written(CONTACT, measures=["jobcenter", "arrears"]),
        written(CONTACT, measures=["jobcenter"]),
    ]
    said = {known.MEASURES: "2", known.EMPHASIS: "search"}
    found = known.from_entries(entered, said)
    assert found[known.MEASURES] == "3"
    assert found[known.EMPHASIS].split() == ["search", "jobcenter", "arrears"]
    assert known.from_entries([], {known.MEASURES: "5"})[known.MEASURES] == "5"
