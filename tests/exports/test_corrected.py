"""Answers corrected after their row went out: exact tables less what is out tell of no correction.

The attacker has the rows, and the rounded tables that were there before; here he even has these
as the batch keeps them, exact.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from core import periods, records, versions
from core.records import Response
from exports.release import releases, reporting
from exports.release.batches import Batch
from exports.tables.figures import count_of, load
from intake.referrals import WITHDRAWN
from tests.exports.ledger import AGES, eva, release
from tests.exports.test_reporting import SPRING, document
from tests.support.house import House, filled

HALF = "2020-01..2020-06"
HOMES = ("own_flat", "with_others", "street", "placed")
REASONS = ("notice", "costs", "separation")
ITEMS = ("quality", "wanted_help", "needs", "enough", "coping", "overall", "recommend", "return")
ENDS = ("tied_in", "secured_housing", "renewed_contact")
CORRECTED = {  # all of it something else than number 7 said before
    "client/gender": "male",
    "client/age": "65_plus",
    "client/children": "4",
    "client/municipality": "selm",
    "start/housing": "clinic",
    "start/target_group": "formerly",
    "start/reason": "costs violence",
    "start/known_earlier": "yes",
    "start/access": "self",
    "work/contacts": "8_plus",
    "work/measures": "9",
    "work/emphasis": "health",
    "outcome/tied_in": "yes",
    "outcome/secured_housing": "no",
    "outcome/renewed_contact": "yes",
}
Counts = Mapping[tuple[str, str, str], float]


def over(number: int, **more: str) -> dict[str, str]:
    """The documentation of one of many cases that are over."""
    given = {
        "client/gender": ("female", "male", "other", "female")[number // 2 % 4],
        "client/age": AGES[number % 5],
        "client/children": str(number % 3),
        "client/municipality": ("luenen", "unna", "kamen")[number % 3],
        "start/housing": HOMES[number % 4],
        "start/target_group": ("homeless", "threatened", "unacceptable")[number % 3],
        "start/reason": REASONS[number % 3],
        "start/known_earlier": ("yes", "no")[number % 2],
        "start/access": ("jobcenter", "web_form")[number % 2],
        "work/contacts": ("1_3", "4_7")[number % 2],
        "work/measures": str(number % 7),
        "work/emphasis": ("jobcenter", "search")[number % 2],
        "work/closed": "yes",
        "work/continued": ("no", "yes")[number % 2],
        "outcome/tied_in": ("yes", "no")[number % 2],
        "outcome/secured_housing": ("yes", "yes", "no")[number % 3],
        "outcome/renewed_contact": ("yes", "no", "no")[number % 3],
        **more,
    }
    return {f"/data/{path}": text for path, text in given.items() if text}


def heard(number: int, **more: str) -> dict[str, str]:
    """What a client said in one of many interviews."""
    given = {
        "housing/housing_now": ("own_flat", "with_others", "street")[number % 3],
        "person/age": AGES[number % 5],
        "person/children": str(number % 3),
        "housing/prevented_by": ("landlord", "arrears", "benefits")[number % 3],
        "more/lacking": ("time", "faster")[number % 2],
        **{f"satisfaction/{item}": str(2 + number % 3) for item in ITEMS},
        **more,
    }
    return {f"/data/{path}": text for path, text in given.items() if text}


def let_out_rows(house: House, number: int = 36) -> list[str]:
    """Document so many cases, and let their rows out."""
    ids = [document(house, SPRING, over(each)) for each in range(number)]
    batch = release(house, "case")
    assert batch is not None
    assert batch.size == number
    return ids


def correct(house: House, number: str, answers: Mapping[str, str]) -> None:
    with house.database.transaction() as session:
        response = session.get_one(Response, number)
        version = versions.version_of(session, response.version_id)
        records.correct(session, response, filled(session, version, answers))


def exact(house: House) -> reporting.Exact:
    with house.database.transaction() as session:
        asked, who = periods.read(HALF), house.staff["Karin"]
        return reporting.preview(session, who, asked, house.settings, "de")


def counted(house: House) -> Counts:
    return count_of(exact(house).figures)


def frozen(house: House, questionnaire: str = "case") -> dict[str, Any]:
    with house.database.transaction() as session:
        (batch,) = releases.batches(session, questionnaire)
        return dict(releases.content(eva(house), batch))


def rows(house: House, name: str, questionnaire: str = "case") -> Counter[str]:
    """How often each value of a column stands in a row that is out."""
    content = frozen(house, questionnaire)
    at = content["columns"].index(name)
    return Counter(row[at] for row in content["rows"])


def before(house: House) -> Counts:
    """The tables of the batch as they went out."""
    return count_of(load(frozen(house)["tables"]["de"]))


def less(counts: Counts, name: str, out: Counter[str]) -> dict[str, float]:
    """What a table tells more or less than rows."""
    lines = {line: count for (_, group, line), count in counts.items() if group == name}
    return {line: count - out[line] for line, count in lines.items() if count - out[line]}


def test_nothing_corrected__tables_are_those_of_the_rows(house: House) -> None:
    let_out_rows(house)
    assert counted(house) == before(house)
    assert exact(house).without == ()


def test_one_is_corrected__nothing_is_told_that_did_not_go_out(house: House) -> None:
    she = let_out_rows(house)[7]
    was = exact(house)
    correct(house, she, over(7, **CORRECTED))
    now = exact(house)
    for name in ENDS:
        assert less(count_of(now.figures), name, rows(house, name)) == {}
    assert now == was
    assert count_of(now.figures) == before(house)


@pytest.mark.parametrize("path", CORRECTED)
def test_one_is_corrected__in_one_answer(house: House, path: str) -> None:
    she = let_out_rows(house)[7]
    correct(house, she, over(7, **{path: CORRECTED[path]}))
    assert counted(house) == before(house)


def test_case_is_open_again__nothing_is_told_that_did_not_go_out(house: House) -> None:
    she = let_out_rows(house)[7]
    correct(house, she, over(7, **dict.fromkeys(CORRECTED, ""), **{"work/closed": "no"}))
    assert counted(house) == before(house)


def test_many_are_corrected__tables_are_still_those_that_went_out(house: House) -> None:
    for number, she in enumerate(let_out_rows(house)[::2]):
        correct(
            house, she, over(number, **{"outcome/renewed_contact": "yes", "work/measures": "9"})
        )
    found = counted(house)
    for name in ENDS:
        assert less(found, name, rows(house, name)) == {}
    # what is told within a part may stay out: the homes of those who were corrected are new
    assert found.items() <= before(house).items()
    assert {group for _, group, _ in before(house).keys() - found} <= {"prevention"}


def test_others_wait__they_alone_are_more_than_what_went_out(house: House) -> None:
    ids = let_out_rows(house)
    waiting = [over(each) for each in range(9)]
    for answers in waiting:
        document(house, SPRING, answers)
    correct(house, ids[7], over(7, **CORRECTED))
    found = exact(house)
    assert found.left_out == 0
    more = {key: count - before(house)[key] for key, count in count_of(found.figures).items()}
    assert more["clients", "all", "all"] == 9
    assert more["reason", "reason", "reason.violence"] == 0
    assert more["reason", "reason", "reason.costs"] == 3
    assert more["measures", "total", "total"] == sum(each % 7 for each in range(9))
    ends = Counter(answers["/data/outcome/renewed_contact"] for answers in waiting)
    shown = rows(house, "renewed_contact")
    assert less(count_of(found.figures), "renewed_contact", shown) == ends


def test_interview_is_corrected__tables_are_those_that_went_out(house: House) -> None:
    ids = [document(house, SPRING, heard(each), "client") for each in range(33)]
    assert release(house, "client") is not None
    was = exact(house)
    faces = {f"satisfaction/{item}": "1" for item in ITEMS}
    correct(house, ids[7], heard(7, **faces, **{"more/lacking": "childcare"}))
    now = exact(house)
    assert now == was  # the mean of the index, too
    for item in ITEMS:
        assert less(count_of(now.figures), item, rows(house, item, "client")) == {}


def without_class_of(house: House, she: str) -> list[str]:
    """Some woman of another class takes back; return who is left of the class of the one."""
    classes = frozen(house)["members"]
    other = next(some[0] for some in classes if she not in some)
    with house.database.transaction() as session:
        response = session.get_one(Response, other)
        response.status, response.answers = WITHDRAWN, b""
    return next(some for some in classes if she in some)


def test_a_class_is_gone__a_table_that_has_grown_stays_out(house: House) -> None:
    she = let_out_rows(house)[7]
    without_class_of(house, she)
    was = exact(house)
    correct(house, she, over(7, **CORRECTED))
    now = exact(house)
    changed = {group for _, group, _ in count_of(was.figures).keys() - count_of(now.figures)}
    assert changed >= {"reason", "access"}
    assert "Anlass" in now.without
    went_out, told = before(house), count_of(now.figures)
    assert {key for key, count in told.items() if count > went_out[key]} == set()
    for name in ENDS:
        assert less(told, name, Counter()) == less(count_of(was.figures), name, Counter())


def test_a_class_is_gone__an_answer_outside_the_range_of_her_class_stays_out(house: House) -> None:
    ids = let_out_rows(house)
    content = frozen(house)
    at = content["columns"].index("age")
    ranges = dict(zip(content["classes"], (row[at] for row in content["rows"]), strict=True))
    number = next(each for each, (_, last) in ranges.items() if last != "65_plus")
    she = content["members"][number][0]
    without_class_of(house, she)
    was = {group for _, group, _ in counted(house)}
    correct(house, she, over(ids.index(she), **{"client/age": "65_plus"}))
    found = exact(house)
    assert was - {group for _, group, _ in count_of(found.figures)} == {"age", "young"}
    assert any("Alter" in label for label in found.without)


def test_she_may_not_be_counted_any_more__her_class_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    she = let_out_rows(house)[7]
    whole = next(some for some in frozen(house)["members"] if she in some)
    monkeypatch.setattr(
        "exports.release.counting.documenting.agreed", lambda _, __, one: one.id != she
    )
    assert counted(house)["clients", "all", "all"] == 36 - len(whole)


def test_gender_is_in_no_row__of_the_age_of_women_a_correction_does_not_show(house: House) -> None:
    answers = [over(each, **{"client/gender": "female"}) for each in range(36)]
    ids = [document(house, SPRING, one) for one in answers]
    assert isinstance(release(house, "case"), Batch)
    assert "gender" in frozen(house)["untold"]
    groups = {group for _, group, _ in counted(house)}
    assert {"age", "gender"} <= groups
    aged = AGES[(AGES.index(answers[7]["/data/client/age"]) + 1) % 5]
    correct(house, ids[7], answers[7] | {"/data/client/age": aged})
    assert groups - {group for _, group, _ in counted(house)} in ({"age"}, {"age", "young"})
