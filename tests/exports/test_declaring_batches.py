"""A batch is made with the taxonomies that count that day, and keeps them."""

import io
import json
from typing import Any
from zipfile import ZipFile

import pytest

from core import keyring, vault
from exports.anonymise.leaves import TaxonomyError
from exports.cli import MISFIT
from exports.files import assembly
from exports.release import batches, declaring, outgoing, releases
from exports.release.releases import Batch
from tests.exports.declarations import BANDS, TWO, add_choice, cases, declare, karin
from tests.exports.ledger import TODAY, case, eva, receive, release, workbook, zugang
from tests.exports.test_standing import content, faults, put
from tests.support.house import House

REFUSAL = "The taxonomy of 'housing' misses the choice 'hotel'."


# -- what is kept ----------------------------------------------------------------------------------


def test_batch__is_made_with_what_counts_and_keeps_it(house: House) -> None:
    declare(house, "housing", TWO)
    declare(house, "children", BANDS)
    batch = cases(house)
    kept = content(house, batch)
    assert kept["taxonomies"]["housing"] == TWO
    assert kept["taxonomies"]["children"]["from"] == [0, 1, 3]
    assert kept["taxonomies"]["age"]["leaves"][0] == {"codes": ["under_18"]}

    read = workbook(house)
    ranges = {row["housing"] for row in read.rows("case v1")}
    both = "keine eigene Wohnung … in einer Wohnung"
    assert ranges <= {"keine eigene Wohnung", "in einer Wohnung", both}
    counts = {"0", "1–2", "3+", "0–2", "1+", "0+"}
    assert {row["children"] for row in read.rows("case v1")} <= counts
    line = next(one for one in read.codebook if one["name"] == "housing")
    assert str(line["categories"]) == (
        "street placed clinic other = keine eigene Wohnung; "
        "own_flat with_parents with_others = in einer Wohnung"
    )
    line = next(one for one in read.codebook if one["name"] == "children")
    assert (line["categories"], line["missing"]) == ("0; 1–2; 3+", "keine Angabe")
    assert faults(house) == []


def test_batch__a_later_declaration_changes_only_later_ones(either_house: House) -> None:
    cases(either_house)
    before = workbook(either_house).rows("case v1")
    declare(either_house, "housing", TWO)
    cases(either_house, 7)
    cases(either_house, 11)
    read = workbook(either_house)
    assert read.records == ["case v1", "case v1 b"]
    assert read.rows("case v1") == before
    assert len(read.rows("case v1 b")) == 60
    assert read.header("case v1") == read.header("case v1 b")
    assert not {row["housing"] for row in before} & {
        row["housing"] for row in read.rows("case v1 b")
    }
    assert {line["questionnaire version"] for line in read.codebook} == {"case v1", "case v1 b"}
    assert min(read.classes("case v1 b").values()) >= 5
    assert faults(either_house) == []


def test_batch__going_back_returns_to_the_first_table(house: House) -> None:
    cases(house)
    declare(house, "housing", TWO)
    cases(house, 7)
    with house.database.transaction() as session:
        asked = declaring.find(session, "case", "housing")
        assert asked is not None
        declaring.reset(session, karin(house), "case", asked, TODAY)
    cases(house, 11)
    read = workbook(house)
    assert read.records == ["case v1", "case v1 b"]
    assert [len(read.rows(title)) for title in read.records] == [60, 30]


def test_batch__of_before_has_the_order_of_the_choices(house: House) -> None:
    old = cases(house)
    kept = content(house, old)
    del kept["taxonomies"]
    at = kept["columns"].index("housing")
    rows = [[*row] for row in kept["rows"]]
    for row in rows:
        row[at] = ["own_flat", "street"]  # of the questionnaire's order, not of ETHOS
    put_whole(house, old, kept | {"rows": rows})
    new = cases(house, 7)
    read = workbook(house)
    assert read.records == ["case v1", "case v1 b"]
    assert {row["housing"] for row in read.rows("case v1")} == {"Eigene Wohnung … Auf der Straße"}
    assert len(read.rows("case v1 b")) == new.size
    assert faults(house) == []


def put_whole(house: House, batch: Batch, kept: dict[str, Any]) -> None:
    """Put this in place of what a batch holds, keys included."""
    with house.database.transaction() as session:
        row = session.get_one(Batch, batch.id)
        key = session.get_one(keyring.ServiceKey, row.service_key_id)
        row.content = vault.seal(key.public, json.dumps(kept).encode(), f"batch:{row.id}")


def test_files__for_statistics_follow_the_declaration(house: House) -> None:
    cases(house)
    declare(house, "housing", TWO)
    declare(house, "children", BANDS)
    cases(house, 7)
    with house.database.transaction() as session:
        archive = ZipFile(io.BytesIO(assembly.files(session, eva(house))))
    assert {"case-v1.sav", "case-v1-b.sav", "case-v1-b.csv"} <= set(archive.namelist())
    book = json.loads(archive.read("case-v1-b-codebook.json"))
    about = {one["name"]: one for one in book["variables"]}
    assert [one["label"] for one in about["housing"]["leaves"]] == [
        "keine eigene Wohnung",
        "in einer Wohnung",
        "keine Angabe",
    ]
    places = {one["label"]: one["number"] for one in about["children"]["ranges"]}
    whole = {"0": 1001, "0–2": 1002, "0+": 1003, "1–2": 2002, "1+": 2003, "3+": 3003}
    assert places == {label: whole[label] for label in places}
    assert about["housing"]["version"] == "1"


# -- what a taxonomy misses ------------------------------------------------------------------------


def test_plan__of_a_version_with_a_choice_more_freezes_nothing(house: House) -> None:
    declare(house, "housing", TWO)
    add_choice(house)
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    with house.database.transaction() as session:
        with pytest.raises(TaxonomyError, match=REFUSAL):
            batches.plan(session, eva(house), "case", TODAY)
        found = outgoing.publish(session, eva(house), TODAY, batches.DEFAULT)
        assert (found.batches, found.misfits) == ([], ["case"])
    with house.database.transaction() as session:
        assert releases.batches(session, "case") == []
        assert releases.count(session, "case", TODAY).released == 0
        how = declaring.in_force(session, "case")["housing"]
        told = declaring.fault(how, declaring.questions(session, "case")[2])
    assert told is not None
    assert (told.kind, told.value) == ("misses", "hotel")


def test_plan__goes_on_once_the_choice_has_its_leaf_and_older_versions_stay(house: House) -> None:
    declare(house, "housing", TWO)
    first = cases(house)
    before = workbook(house).rows("case v1")
    add_choice(house)
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    with_hotel = {"leaves": [*TWO["leaves"], {"codes": ["hotel"]}]}
    declare(house, "housing", with_hotel)
    second = release(house, "case")
    assert second is not None
    assert first.version_id != second.version_id
    read = workbook(house)
    assert read.records == ["case v1", "case v2"]
    assert read.rows("case v1") == before
    assert {line["questionnaire version"] for line in read.codebook} == {"case v1", "case v2"}
    housing = [str(one["categories"]) for one in read.codebook if one["name"] == "housing"]
    assert ["hotel = " in text for text in housing] == [False, True]
    assert faults(house) == []


def test_plan__answers_to_an_older_version_go_out_without_the_later_choice(house: House) -> None:
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    add_choice(house)
    declare(house, "housing", {"leaves": [*TWO["leaves"], {"codes": ["hotel"]}]})
    batch = release(house, "case")
    assert batch is not None
    assert content(house, batch)["taxonomies"]["housing"] == TWO
    assert workbook(house).records == ["case v1"]
    assert faults(house) == []


def test_plan__a_number_outside_the_bands_freezes_nothing(house: House) -> None:
    declare(house, "children", {"from": [1, 2]})
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    with house.database.transaction() as session:
        with pytest.raises(TaxonomyError, match="An answer to 'children' lies outside"):
            batches.release(session, eva(house), "case", TODAY)
        assert releases.batches(session, "case") == []


def test_commands__say_plainly_what_a_taxonomy_misses(
    house: House, secret: Any, tmp_path: Any
) -> None:
    add_choice(house)
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    who = ("--as", "Eva", "--passphrase-file", secret)
    out = tmp_path / "out.xlsx"
    said = zugang(house, "release", "publish", *who)
    assert said.exit_code == 1
    assert said.output.splitlines()[-1] == f"Error: case: nothing new, {MISFIT}"
    said = zugang(house, "export", "workbook", "--out", out, *who)
    assert said.output.splitlines()[-1] == f"case: nothing new, {MISFIT}"
    assert out.exists()
    said = zugang(house, "release", "plan", *who)
    assert f"case: about 30 wait, and stay in: {MISFIT}" in said.output.splitlines()
    said = zugang(house, "release", "plan", "--as", "Karin", "--passphrase-file", secret)
    assert f"case: about 30 wait, and stay in: {REFUSAL}" in said.output.splitlines()
    with house.database.transaction() as session:
        assert releases.batches(session, "case") == []


# -- verifying -------------------------------------------------------------------------------------


def test_verify__finds_a_range_that_ends_in_no_leaf(house: House) -> None:
    declare(house, "housing", TWO)
    batch = cases(house)
    kept = content(house, batch)
    at = kept["columns"].index("housing")
    rows = [[*row] for row in kept["rows"]]
    for row in rows:
        row[at] = ["street", "street"]
    put(house, batch, rows=rows)
    assert faults(house) == [f"batch {batch.id}: housing holds what is no leaf"]


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        ({"leaves": TWO["leaves"][:1]}, "The taxonomy of 'housing' misses the choice 'own_flat'."),
        ({"period": "month"}, "is for days"),
        ({}, "The taxonomy of 'housing' cannot be read."),
    ],
)
def test_verify__finds_a_taxonomy_that_was_tampered_with(
    house: House, stored: Any, fault: str
) -> None:
    batch = cases(house)
    kept = content(house, batch)
    put(house, batch, taxonomies=kept["taxonomies"] | {"housing": stored})
    assert any(fault in one for one in faults(house))


def test_verify__finds_what_is_no_number_where_numbers_occur(house: House) -> None:
    batch = cases(house)
    kept = content(house, batch)
    at = kept["columns"].index("children")
    rows = [[*row] for row in kept["rows"]]
    for row in rows:
        row[at] = ["two", "two"]
    put(house, batch, rows=rows)
    assert f"batch {batch.id}: children holds what is no leaf" in faults(house)
