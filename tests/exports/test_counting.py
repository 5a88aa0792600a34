"""Whom tables of a half-year count, so that less the rows they tell of nobody."""

from collections import Counter
from itertools import cycle

import pytest
from sqlalchemy import select

from core import periods
from core.records import Response
from exports.release import hidden, reporting, verifying
from exports.release.counting import Exact
from exports.release.hidden import Hidden
from exports.tables.figures import count_of
from intake.referrals import WITHDRAWN
from tests.exports.ledger import AGES, case, eva, members, release
from tests.exports.test_reporting import (
    AUTUMN,
    CLIENTS,
    SPRING,
    clients,
    document,
    documented,
    let_out,
    out,
    report,
)
from tests.support.house import House

HALF = "2020-01..2020-06"


def exact(house: House) -> Exact:
    with house.database.transaction() as session:
        asked = periods.read(HALF)
        return reporting.preview(session, house.staff["Karin"], asked, house.settings, "de")


def counted(house: House) -> float:
    return count_of(exact(house).figures)[CLIENTS]


def ending(number: int, tied_in: str) -> dict[str, str]:
    """A case that is closed, and how it ended."""
    more = {"work/closed": "yes", "outcome/tied_in": tied_in}
    return case(number, number % 3) | {f"/data/{path}": text for path, text in more.items()}


def test_rounded__say_nothing_of_whom_no_row_shows(house: House) -> None:
    documented(house, SPRING, 29)
    assert report(house, HALF).figures == ()
    documented(house, SPRING, 1)
    assert release(house, "case") is not None
    before = report(house, HALF)
    assert clients(before) == 30
    documented(house, SPRING, 4)
    assert report(house, HALF) == before


def test_batch__is_of_one_half_year(house: House) -> None:
    documented(house, SPRING, 29)
    documented(house, AUTUMN, 29)
    assert release(house, "case") is None
    late = document(house, AUTUMN, case(0, 0))
    batch = release(house, "case")
    assert batch is not None
    assert batch.size == 30
    assert late in members(house, batch)


def test_exact__leave_out_few_who_wait_for_a_row(house: House) -> None:
    out(house, SPRING, 30)
    documented(house, SPRING, 3)
    found = exact(house)
    assert count_of(found.figures)[CLIENTS] == 30
    assert found.left_out == 3
    said = list(reporting.lines(found))
    assert "3 wait for a row and are not counted: the tables would tell of them." in said


def test_exact__count_those_who_wait_and_are_many_and_unlike(house: House) -> None:
    out(house, SPRING, 30)
    documented(house, SPRING, 8)
    found = exact(house)
    assert (count_of(found.figures)[CLIENTS], found.left_out) == (38, 0)


def test_exact__leave_out_many_who_wait_and_are_alike(house: House) -> None:
    out(house, SPRING, 30)
    for each in range(8):  # all of one target group
        document(house, SPRING, case(2 * each, 0))
    found = exact(house)
    assert (count_of(found.figures)[CLIENTS], found.left_out) == (30, 8)


def test_exact__count_few_where_no_row_of_the_half_year_is_out(house: House) -> None:
    out(house, AUTUMN, 30)
    documented(house, SPRING, 4)
    found = exact(house)
    assert (count_of(found.figures)[CLIENTS], found.left_out) == (4, 0)


def test_exact__have_no_table_of_a_question_that_few_said_anything_in(house: House) -> None:
    question = "Wohnungsnotfall beim ersten Kontakt"
    documented(house, SPRING, 4)
    assert question in exact(house).without
    documented(house, SPRING, 4)
    assert question not in exact(house).without


def test_exact__do_not_count_whose_class_went(house: House) -> None:
    out(house, SPRING, 30)
    with house.database.transaction() as session:
        one = session.scalars(select(Response)).first()
        assert one is not None
        one.status = WITHDRAWN
    assert counted(house) <= 30 - 5


def test_exact__say_what_nearly_all_have_in_common(house: House) -> None:
    for each in range(30):
        document(house, SPRING, ending(each, "yes"))
    found = exact(house)
    assert found.alike == ("Wie geplant vermittelt und angebunden?",)


def test_exact__leave_a_question_out_that_rows_do_not_show(house: House) -> None:
    for each in range(30):
        document(house, SPRING, ending(each, "yes"))
    batch = release(house, "case")
    assert batch is not None
    for each in range(32):
        document(house, SPRING, ending(each, ("yes", "no")[each // 2 % 2]))
    assert release(house, "case") is not None
    found = exact(house)
    assert found.without == ("Wie geplant vermittelt und angebunden?",)
    assert not any(group == "tied_in" for _, group, _ in count_of(found.figures))


def test_whom_exact_tables_counted__go_out_together(house: House) -> None:
    documented(house, SPRING, 33)
    let_out(house, HALF)
    documented(house, SPRING, 4)  # who comes later is in no table, and waits for others like her
    batch = release(house, "case")
    assert batch is not None
    assert batch.size == 33
    assert clients(report(house, HALF)) == 33
    with house.database.transaction() as session:
        assert list(verifying.verify(session, eva(house))) == []


def test_whom_exact_tables_counted__wait_while_one_would_be_left(house: House) -> None:
    documented(house, SPRING, 30)
    gone = document(house, SPRING, case(1, 1))
    let_out(house, HALF)
    with house.database.transaction() as session:
        session.delete(session.get_one(Response, gone))  # she took everything back
    assert release(house, "case") is None


def test_whom_exact_tables_counted__are_not_hidden_once_they_are_out(house: House) -> None:
    documented(house, SPRING, 33)
    for each in range(8):
        document(house, SPRING, case(each, 0) | {"/data/work/closed": "no"})
    let_out(house, HALF)
    with house.database.transaction() as session:
        (before,) = hidden.every(session, eva(house), "case").values()
    assert release(house, "case") is not None
    with house.database.transaction() as session:
        (after,) = hidden.every(session, eva(house), "case").values()
    groups = [sum(one.counts["target_group"].values()) for one in (before, after)]
    assert groups == [41, 0]


def of(values: str) -> dict[str, dict[str, int]]:
    return {"target_group": Counter(values)}


@pytest.mark.parametrize(
    ("left", "few"),
    [
        ("", False),
        ("aabb", True),  # fewer than k
        ("aaabb", False),
        ("aaaab", True),  # four of five
        ("aaaabb", False),
    ],
)
def test_leaves_few__looks_at_whom_a_batch_leaves(left: str, few: bool) -> None:
    counted = Hidden(of("abcde" + left), {}, (), (), ())
    assert hidden.leaves_few(counted, of("abcde"), 5, 0.75) is few


def test_leaves_few__looks_at_what_the_batch_shows() -> None:
    counted = Hidden(of("aaaabbb") | {"violence": Counter("aa")}, {}, (), (), ())
    assert not hidden.leaves_few(counted, {}, 5, 0.75)
    assert hidden.leaves_few(counted, of("bb"), 5, 0.75)


def test_leaves_few__does_not_mind_what_most_of_all_have() -> None:
    counted = Hidden(of("aaaaabc"), {"target_group": ["a"]}, (), (), ())
    assert not hidden.leaves_few(counted, of("bc"), 5, 0.75)


ITEMS = ("quality", "wanted_help", "needs", "enough", "coping", "overall", "recommend", "return")


def faces(*chosen: str) -> dict[str, str]:
    pairs = zip(ITEMS, cycle(chosen), strict=False)
    return {f"/data/satisfaction/{item}": face for item, face in pairs}


def test_exact__leave_out_few_who_said_nothing_but_what_is_shown_as_answered(house: House) -> None:
    for number in range(32):
        place = {"/data/person/age": AGES[number % 5], "/data/person/children": str(number % 3)}
        document(house, SPRING, place | faces("3", "4"), "client")
    assert release(house, "client") is not None
    document(
        house, SPRING, faces("1", "1", "2"), "client"
    )  # she pressed the faces only, and waits for a row
    found = exact(house)
    assert found.left_out == 1
    shown = count_of(found.figures)
    assert {shown["satisfaction", item, "1"] for item in ITEMS} == {0}
