"""Tables within a part of all: they tell of no few, and never that most of them say the same."""

from collections.abc import Sequence

import pytest

from exports.tables.figures import count_of
from tests.exports.ledger import AGES, release
from tests.exports.test_reporting import SPRING, document, let_out, report
from tests.support.house import House

HALF = "2020-01..2020-06"
YES, NO = ("prevention", "prevention", "yes"), ("prevention", "prevention", "no")
HOMES = ("street", "with_others", "placed", "clinic")


def over(house: House, housing: str, secured: Sequence[str]) -> None:
    """Document cases that are over: what they began with, and whether a home is secured."""
    for number, said in enumerate(secured):
        answers = {
            "/data/client/age": AGES[number % 5],
            "/data/client/children": str(number % 3),
            "/data/client/gender": ("female", "male", "female", "other")[number % 4],
            "/data/start/housing": housing or HOMES[number % 4],
            "/data/start/target_group": ("homeless", "threatened", "unacceptable")[number % 3],
            "/data/work/closed": "yes",
            "/data/outcome/tied_in": ("yes", "no")[number % 2],
            "/data/outcome/secured_housing": said,
            "/data/outcome/renewed_contact": ("yes", "no")[number % 2],
        }
        document(house, SPRING, answers)


def counts(house: House) -> dict[tuple[str, str, str], float]:
    return count_of(report(house, HALF).figures)


MIXED = ("yes", "yes", "no")
FEW_WITH_A_HOME = (["no", "yes"], MIXED * 14)
ALL_OF_THEM_LOST_IT = (["no"] * 11, MIXED * 10)
FEW_WITHOUT = (MIXED * 14, ["no", "yes", "no"])
OTHERS_ALIKE = (MIXED * 5 + ("no",) * 7, ["yes"] * 10)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("with_home", "without"),
    [FEW_WITH_A_HOME, ALL_OF_THEM_LOST_IT, FEW_WITHOUT, OTHERS_ALIKE],
)
def test_prevention__is_not_told_of_few_or_of_those_alike(
    house: House, with_home: Sequence[str], without: Sequence[str], exact: bool
) -> None:
    over(house, "own_flat", with_home)
    over(house, "", without)
    assert release(house, "case")
    if exact:
        let_out(house, HALF)
    found = counts(house)
    assert ("closed", "closed", "yes") in found
    assert not {YES, NO} & found.keys()


@pytest.mark.parametrize("exact", [False, True])
def test_prevention__is_told_of_many_who_differ(house: House, exact: bool) -> None:
    over(house, "own_flat", MIXED * 7)
    over(house, "", MIXED * 7)
    assert release(house, "case")
    if exact:
        let_out(house, HALF)
    found = counts(house)
    assert (found[YES], found[NO]) == ((14, 7) if exact else (15, 5))
