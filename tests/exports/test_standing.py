"""Who takes back what she told takes her whole class along, and every promise can be worked out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core import keyring, vault
from exports.anonymise.rules import Rules
from exports.release import batches, releases, verifying
from exports.release.releases import Batch
from exports.release.standing import standing
from intake import withdrawing
from tests.exports.ledger import TODAY, eva, receive, referral, release, workbook
from tests.support.house import House

SHEET = "referral v1"


def take_back(house: House, response_id: str) -> None:
    with house.database.transaction() as session:
        withdrawing.withdraw(session, response_id, datetime(2026, 11, 27, tzinfo=UTC))


def faults(house: House) -> list[str]:
    with house.database.transaction() as session:
        return list(verifying.verify(session, eva(house)))


def put(house: House, batch: Batch, **changes: Any) -> None:
    """Change what a batch holds, as somebody with the database could: the key to seal is public."""
    with house.database.transaction() as session:
        row = session.get_one(Batch, batch.id)
        content = dict(releases.content(eva(house), row)) | changes
        key = session.get_one(keyring.ServiceKey, row.service_key_id)
        row.content = vault.seal(key.public, json.dumps(content).encode(), f"batch:{row.id}")


def content(house: House, batch: Batch) -> dict[str, Any]:
    with house.database.transaction() as session:
        return dict(releases.content(eva(house), session.get_one(Batch, batch.id)))


def frozen(house: House, number: int = 40) -> Batch:
    receive(house, "referral", (referral(each) for each in range(number)))
    batch = release(house)
    assert batch is not None
    return batch


def test_taken_back__her_whole_class_goes_and_nobody_elses(either_house: House) -> None:
    batch = frozen(either_house)
    before = content(either_house, batch)
    number, members = next((at, some) for at, some in enumerate(before["members"]) if some)
    rows = workbook(either_house).rows(SHEET)

    take_back(either_house, members[0])

    after = workbook(either_house)
    gone = [row for row, of in zip(rows, before["classes"], strict=True) if of == number]
    kept = [row for row, of in zip(rows, before["classes"], strict=True) if of != number]
    assert len(gone) == len(members) >= 5
    assert after.rows(SHEET) == kept
    assert "zurückgezogene Klassen 1" in after.readme
    assert min(after.classes(SHEET).values()) >= 5
    assert faults(either_house) == []


def test_taken_back__the_others_of_the_class_do_not_come_out_once_more(house: House) -> None:
    batch = frozen(house)
    members = content(house, batch)["members"][0]
    take_back(house, members[0])
    receive(house, "referral", (referral(each) for each in range(31)))
    second = release(house)
    assert second is not None
    again = {number for some in content(house, second)["members"] for number in some}
    assert not again & set(members)


def test_verify__finds_nothing_in_what_was_released(house: House) -> None:
    frozen(house)
    frozen(house, 33)
    assert faults(house) == []


def test_verify__finds_a_class_that_lost_a_row(house: House) -> None:
    batch = frozen(house)
    kept = content(house, batch)
    put(house, batch, rows=kept["rows"][1:], classes=kept["classes"][1:])
    assert any("more or fewer rows" in fault for fault in faults(house))


def test_verify__finds_two_classes_put_into_one(house: House) -> None:
    batch = frozen(house)
    put(house, batch, classes=[0] * len(content(house, batch)["rows"]))
    assert any("rows with different ranges" in fault for fault in faults(house))


def test_verify__finds_a_value_that_is_in_no_code_list(house: House) -> None:
    batch = frozen(house)
    kept = content(house, batch)
    rows = [list(row) for row in kept["rows"]]
    at = kept["columns"].index("safe_now")
    rows[0][at] = "Frau Demo"
    put(house, batch, rows=rows)
    (fault,) = (fault for fault in faults(house) if "no code" in fault)
    assert "Frau Demo" not in fault


def test_verify__finds_a_share_that_is_too_large(house: House) -> None:
    batch = frozen(house)
    kept = content(house, batch)
    at = kept["columns"].index("safe_now")
    few = kept["classes"][0]
    rows = [list(row) for row in kept["rows"]]
    for row, number in zip(rows, kept["classes"], strict=True):
        if number == few:
            row[at] = "no"
    put(house, batch, rows=rows)
    assert any("safe_now exceeds its share" in fault for fault in faults(house))


def test_verify__finds_rules_that_were_too_weak(house: House) -> None:
    batch = frozen(house)
    put(house, batch, k=3)
    assert any("made with k = 3" in fault for fault in faults(house))


def test_verify__finds_responses_that_the_ledger_does_not_name(house: House) -> None:
    batch = frozen(house)
    kept = content(house, batch)
    members = [list(some) for some in kept["members"]]
    members[0][0] = "00000000-0000-4000-8000-000000000000"
    put(house, batch, members=members)
    assert any("names other responses" in fault for fault in faults(house))


@pytest.mark.parametrize("k", [5, 8])
def test_rules__a_larger_k_makes_larger_classes(house: House, k: int) -> None:
    receive(house, "referral", (referral(each) for each in range(40)))
    with house.database.transaction() as session:
        batch = batches.release(session, eva(house), "referral", TODAY, Rules(k=k))
        assert batch is not None
        assert min(standing(session, eva(house), batch).sizes) >= k


def test_plan__says_what_would_go_out_and_changes_nothing(house: House) -> None:
    receive(house, "referral", (referral(each) for each in range(40)))
    with house.database.transaction() as session:
        planned = batches.plan(session, eva(house), "referral", TODAY)
        assert planned is not None
        assert releases.batches(session, "referral") == []
    batch = release(house)
    assert batch is not None
    assert batch.size == sum(map(len, planned.grouped.classes))
    assert content(house, batch)["loss"] == planned.grouped.loss


def test_plan__of_too_few_is_none(house: House) -> None:
    receive(house, "referral", (referral(each) for each in range(29)))
    with house.database.transaction() as session:
        assert batches.plan(session, eva(house), "referral", TODAY) is None
