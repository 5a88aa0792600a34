"""The ledger: what waits, what is out, and that nothing goes out twice."""

import json
from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import keyring, records, vault
from core.audit import Entry
from core.ledger import Member
from core.records import Response
from exports.release import releases
from exports.release.releases import Batch, Count
from intake.cases import CaseResponse
from tests.exports.ledger import TODAY, eva, receive, referral, release
from tests.support.house import House


def members(house: House) -> set[str]:
    with house.database.transaction() as session:
        return set(session.scalars(select(Member.response_id)))


def several(count: int, **more: str) -> Iterable[dict[str, str]]:
    return [referral(number, **more) for number in range(count)]


def test_batch__needs_thirty_that_wait(either_house: House) -> None:
    receive(either_house, "referral", several(29))
    assert release(either_house) is None
    assert members(either_house) == set()

    receive(either_house, "referral", several(1))
    batch = release(either_house)

    assert batch is not None
    assert batch.size == len(members(either_house)) == 30


@pytest.mark.parametrize("said", ["no", "", "maybe"])
def test_batch__holds_nobody_who_did_not_agree(house: House, said: str) -> None:
    agreed = set(receive(house, "referral", several(30)))
    receive(house, "referral", several(20, more__consent_evaluation=said))
    release(house)

    assert members(house) == agreed


def test_batch__holds_no_referral_that_nobody_has_taken_up(house: House) -> None:
    """Whoever writes thirty of them beside one woman's would know which row is hers."""
    receive(house, "referral", several(30), taken_up=False)
    receive(house, "referral", several(1))
    assert release(house) is None
    with house.database.transaction() as session:
        assert releases.count(session, "referral", TODAY) == Count(1, 0)


@pytest.mark.parametrize("questionnaire", ["referral", "client"])
def test_batch__holds_nobody_who_came_since_the_month_began(
    house: House, questionnaire: str
) -> None:
    """Else whoever lets out every day would see with whom a batch became possible."""
    said = referral(0) if questionnaire == "referral" else {"/data/person/age": "30_49"}
    receive(house, questionnaire, [said] * 29, date(2026, 10, 31))
    receive(house, questionnaire, [said] * 11, date(2026, 11, 1))
    with house.database.transaction() as session:
        counts = [
            releases.count(session, questionnaire, date(2026, month, day)).received
            for month, day in ((10, 31), (11, 1), (11, 30), (12, 1))
        ]
    assert counts == [0, 29, 29, 40]
    assert release(house, questionnaire) is None


def test_batch__holds_one_referral_of_a_woman_who_wrote_several(either_house: House) -> None:
    """As many rows of a class would all be hers, and the class would hide her no more."""
    first, *_others = women = receive(either_house, "referral", several(30))
    again = receive(either_house, "referral", several(3), taken_up=False)
    with either_house.database.transaction() as session:
        session.add_all(CaseResponse(response_id=one, case_id=first) for one in again)
    assert release(either_house) is not None
    out = members(either_house)

    assert len(out & {first, *again}) == 1
    assert out - {first, *again} == {*women} - {first}
    with either_house.database.transaction() as session:  # and none of them comes later
        assert releases.count(session, "referral", TODAY) == Count(30, 30)


def test_batch__does_not_count_those_who_did_not_agree(house: House) -> None:
    receive(house, "referral", several(29))
    receive(house, "referral", several(40, more__consent_evaluation="no"))

    assert release(house) is None


def test_batch__leaves_nobody_for_a_second_one(house: House) -> None:
    receive(house, "referral", several(45))
    release(house)

    assert release(house) is None
    assert len(members(house)) == 45


def test_response__cannot_enter_two_batches(either_house: House) -> None:
    receive(either_house, "referral", several(30))
    release(either_house)
    with either_house.database.transaction() as session:
        responses = records.responses(session, "referral")

    with pytest.raises(IntegrityError):
        freeze(either_house, responses[:5])
    assert batch_count(either_house) == 1


def test_release__of_two_at_once_goes_out_once(either_house: House) -> None:
    receive(either_house, "referral", several(30))
    with either_house.database.transaction() as session:
        seen = releases.waiting(session, eva(either_house), "referral", TODAY)
    release(either_house)  # somebody else was faster

    with pytest.raises(IntegrityError):
        freeze(either_house, [one.response for one in seen])
    assert batch_count(either_house) == 1


def freeze(house: House, members: Sequence[Response]) -> None:
    with house.database.transaction() as session:
        releases.freeze(session, eva(house), members[0].version_id, members, {}, TODAY)


def batch_count(house: House) -> int:
    with house.database.transaction() as session:
        return session.scalar(select(func.count(Batch.id))) or 0


def test_waiting__stands_in_an_order_that_says_nothing_of_the_day(house: House) -> None:
    ids = receive(house, "referral", several(12))
    with house.database.transaction() as session:
        seen = [one.response.id for one in releases.waiting(session, eva(house), "referral", TODAY)]

    assert seen == sorted(ids)


def test_content__opens_for_holders_of_the_answers_key_alone(house: House) -> None:
    receive(house, "referral", several(30))
    batch = release(house)
    assert batch is not None

    assert len(list(releases.content(house.staff["Nora"], batch)["rows"])) == 30  # type: ignore[call-overload]
    with pytest.raises(keyring.NotGranted):
        releases.content(house.staff["Ines"], batch)


def test_content__of_another_batch_does_not_open(house: House) -> None:
    receive(house, "referral", several(30))
    first = release(house)
    receive(house, "referral", several(30))
    second = release(house)
    assert first is not None
    assert second is not None
    second.content = first.content

    with pytest.raises(vault.Tampered):
        releases.content(eva(house), second)


def test_members__are_not_written_class_by_class(house: House) -> None:
    receive(house, "referral", several(30))
    release(house)

    with house.database.transaction() as session:
        query = text("SELECT response_id FROM batch_member ORDER BY rowid")
        written = list(session.scalars(query))
    assert written == sorted(written)


def test_freeze__notes_who_released_it(house: House) -> None:
    receive(house, "referral", several(30))
    batch = release(house)
    assert batch is not None

    with house.database.transaction() as session:
        noted = session.scalars(select(Entry).where(Entry.deed == "released")).all()
    assert [(one.person_id, one.thing) for one in noted] == [
        (eva(house).person.id, f"batch:{batch.id}")
    ]


def test_batch__says_nothing_of_its_rows_in_the_clear(house: House) -> None:
    receive(house, "referral", several(30))
    batch = release(house)
    assert batch is not None
    rows = releases.content(eva(house), batch)["rows"]

    assert "own_flat" in json.dumps(rows)
    assert b"own_flat" not in batch.content


@pytest.mark.parametrize(
    ("received", "released", "waiting", "sum_shown"),
    [(0, 0, 0, 0), (2, 0, 0, 0), (3, 0, 5, 5), (63, 63, 0, 63), (65, 63, 0, 63), (67, 63, 5, 68)],
)
def test_count__is_told_to_the_nearest_five(
    received: int, released: int, waiting: int, sum_shown: int
) -> None:
    count = Count(received, released)

    assert (count.about_waiting, count.about_received) == (waiting, sum_shown)
