"""Batches: what is released stays, and two releases differ by whole classes."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core import database, versions
from exports.anonymise.grouping import Grouping, anonymise
from exports.release import batches, releases
from tests.exports.ledger import (
    AGES,
    HOMES,
    TODAY,
    Row,
    case,
    eva,
    members,
    receive,
    referral,
    release,
    workbook,
)
from tests.support.house import House

SHEET = "referral v1"


def frozen(row: Row) -> tuple[tuple[str, Any], ...]:
    return tuple(row.items())


def test_release__later_ones_keep_every_row_in_its_place(house: House) -> None:
    receive(house, "referral", (referral(number) for number in range(35)))
    release(house)
    before = workbook(house).rows(SHEET)
    receive(house, "referral", (referral(7 * number, person__age="") for number in range(40)))
    release(house)
    after = workbook(house)

    assert after.rows(SHEET)[: len(before)] == before
    assert len(after.rows(SHEET)) == 75


def test_release__later_numbers_do_not_rename_earlier_ranges(house: House) -> None:
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    release(house, "case")
    before = workbook(house).rows("case v1")
    receive(house, "case", (case(number, 2 + number % 7) for number in range(40)))
    release(house, "case")

    after = workbook(house).rows("case v1")
    assert after[:30] == before
    assert {row["children"] for row in after[30:]} - {row["children"] for row in before}


def test_release__two_differ_by_whole_classes_of_five_or_more(house: House) -> None:
    seen: Counter[Any] = Counter()
    for count in (30, 33, 41):
        receive(house, "referral", (referral(3 * number) for number in range(count)))
        release(house)
        now = workbook(house)
        rows = now.rows(SHEET)
        new = Counter(map(frozen, rows)) - seen
        assert sum(new.values()) == count
        assert min(now.classes(SHEET, map(dict, new.elements())).values()) >= 5
        seen = Counter(map(frozen, rows))


def test_release__between_two_downloads_that_release_nothing_no_byte_changes(house: House) -> None:
    receive(house, "referral", (referral(number) for number in range(35)))
    release(house)
    before = workbook(house).file
    receive(house, "referral", [referral(1), referral(2, more__consent_evaluation="no")])
    release(house)

    assert workbook(house).file == before


def test_release__who_is_held_back_waits_and_comes_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_class_finds_no_place(*given: Any) -> Grouping:
        *classes, last = anonymise(*given).classes
        return Grouping(tuple(classes), last)

    ids = set(receive(house, "referral", (referral(number) for number in range(40))))
    monkeypatch.setattr(batches, "anonymise", one_class_finds_no_place)
    first = release(house)
    monkeypatch.undo()
    assert first is not None
    held_back = ids - members(house, first)
    assert len(held_back) >= 5
    assert f"{first.size} Zeilen" in workbook(house).readme
    assert f"wartend {len(held_back)}," in workbook(house).readme

    assert release(house) is None  # they alone are no batch
    receive(house, "referral", (referral(number) for number in range(30)))
    second = release(house)

    assert second is not None
    assert held_back < members(house, second)


def test_release__answers_to_an_older_version_wait_for_enough_of_their_own(house: House) -> None:
    old = set(receive(house, "referral", (referral(number) for number in range(12))))
    with house.database.transaction() as session:
        version = versions.current(session, "referral")
        versions.publish(session, "referral", version.xform.replace("Kontakt", "Kontakt neu"))
    new = set(receive(house, "referral", (referral(number) for number in range(30))))
    batch = release(house)

    assert batch is not None
    assert members(house, batch) == new
    assert workbook(house).records == ["referral v2"]
    with house.database.transaction() as session:
        waiting = {
            one.response.id for one in releases.waiting(session, eva(house), "referral", TODAY)
        }
    assert waiting == old


def test_release__a_column_ruled_by_one_value_is_withheld_and_named(house: House) -> None:
    receive(
        house,
        "referral",
        (referral(number, safety__safe_now="no" if number < 33 else "yes") for number in range(40)),
    )
    release(house)
    first = workbook(house)

    assert "zurückgehaltene Spalten: safe_now" in first.readme
    assert "safe_now" not in first.header(SHEET)
    assert "safe_now" not in {line["name"] for line in first.codebook}

    receive(house, "referral", (referral(number) for number in range(30)))
    release(house)
    second = workbook(house)
    column = [row["safe_now"] for row in second.rows(SHEET)]
    assert set(column[:40]) == {None}
    assert set(column[40:]) == {"Ja, ich bin sicher", "Nein, ich bin nicht sicher"}


def test_release__a_choice_that_nearly_all_made_is_withheld_alone(house: House) -> None:
    receive(
        house,
        "client",
        (
            {
                "/data/person/age": AGES[number % 5],
                "/data/housing/housing_now": HOMES[number % 5],
                "/data/housing/prevented_by": ("protection legal", "protection search")[number % 2],
            }
            for number in range(40)
        ),
    )
    release(house, "client")
    read = workbook(house)

    assert "zurückgehaltene Spalten: prevented_by.protection\n" in read.readme
    assert "prevented_by.protection" not in read.header("client v1")
    assert {row["prevented_by.legal"] for row in read.rows("client v1")} == {"0", "1"}


def test_release__no_sensitive_value_rules_a_class(house: House) -> None:
    receive(
        house,
        "referral",
        (
            referral(number, safety__safe_now="yes" if number % 10 < 3 else "no")
            for number in range(60)
        ),
    )
    release(house)
    read = workbook(house)
    assert "safe_now" in read.of_role(SHEET, "sensitive")
    shares = Counter(
        (tuple(row[name] for name in read.of_role(SHEET, "quasi")), row["safe_now"])
        for row in read.rows(SHEET)
    )
    classes = read.classes(SHEET)
    assert max(count / classes[group] for (group, _), count in shares.items()) <= 0.75


def test_release__the_order_of_rows_cannot_be_worked_out(house: House, tmp_path: Path) -> None:
    receive(house, "referral", (referral(number) for number in range(60)))
    orders = [released_order(house, tmp_path / f"{number}.sqlite3") for number in range(2)]

    assert Counter(orders[0]) == Counter(orders[1])
    assert orders[0] != orders[1]


def released_order(house: House, copy: Path) -> tuple[Any, ...]:
    """Release in a copy of the house's database: the same state, released once more."""
    with closing(database.connect(f"sqlite:///{copy}", b"k" * 32)) as other:
        with house.database.durable.connect() as source, other.durable.connect() as target:
            source.connection.driver_connection.backup(target.connection.driver_connection)  # type: ignore[union-attr]
        with other.transaction() as session:
            batch = batches.release(session, eva(house), "referral", TODAY)
            assert batch is not None
            rows: Sequence[Any] = releases.content(eva(house), batch)["rows"]  # type: ignore[assignment]
            return tuple(map(str, rows))
