"""The demo's records, opened and counted, are the tables of the first interim report."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date

import pytest

from core import database, keyring, records
from core.demo_cases import cases
from exports.tables.indicators import largest_remainder
from tests.core.demo_run import Demo, answer
from tests.support import house


def percents(counts: Sequence[int]) -> list[int]:
    return list(largest_remainder(counts))


def share(part: int, whole: int) -> int:
    return percents([part, whole - part])[0]


@pytest.mark.parametrize("questionnaire", ["case", "referral"])
def test_clients__are_63(demo: Demo, questionnaire: str) -> None:
    assert len(demo.answers[questionnaire]) == 63


def test_clients__are_59_women_and_4_men(demo: Demo) -> None:
    gender = demo.counted("case", "gender")

    assert gender == {"female": 59, "male": 4}
    assert percents([gender["female"], gender["male"]]) == [94, 6]


def test_children__in_the_households_are_39(demo: Demo) -> None:
    assert sum(map(int, demo.values("case", "children"))) == 39


def test_children__stand_in_the_referrals_as_far_as_these_ask(demo: Demo) -> None:
    exact = demo.counted("case", "children")
    asked = demo.counted("referral", "children")

    assert {number: asked[number] for number in "012"} == {n: exact[n] for n in "012"}
    assert asked["3plus"] == 63 - sum(exact[number] for number in "012")


def test_women__a_third_of_those_who_told_their_age_is_under_30(demo: Demo) -> None:
    told = [
        answer(one, "age")
        for one in demo.answers["case"]
        if answer(one, "gender") == "female" and answer(one, "age") != "no_answer"
    ]
    young = [age for age in told if age in {"under_18", "18_21", "22_29"}]

    assert (len(young), len(told)) == (19, 57)
    assert share(len(young), len(told)) == 33


def test_ages__are_the_same_in_the_referrals(demo: Demo) -> None:
    documented, told = demo.counted("case", "age"), demo.counted("referral", "age")

    assert told.pop("refused") == documented.pop("no_answer") == 2
    assert told == documented


@pytest.mark.parametrize("questionnaire", ["case", "referral"])
def test_housing__at_first_contact_is_the_table_of_the_report(
    demo: Demo, questionnaire: str
) -> None:
    found = demo.counted(questionnaire, "housing")
    parents = found.pop("with_parents")
    with_others = found.pop("with_others") + parents

    assert (with_others, parents) == (20, 4)
    assert found == {"own_flat": 29, "street": 4, "placed": 6, "clinic": 3, "other": 1}
    assert percents([29, with_others, 4, 6, 3, 1]) == [46, 32, 6, 9, 5, 2]


def test_clients__known_from_earlier_contact_are_21(demo: Demo) -> None:
    known = demo.counted("case", "known_earlier")

    assert known == {"yes": 21, "no": 42}
    assert share(known["yes"], 63) == 33


def test_access__is_by_the_services_that_the_report_names(demo: Demo) -> None:
    ways = demo.counted("case", "access")

    assert set(ways) == {"housing_office", "jobcenter", "homeless_help", "other_service"}
    assert sum(ways.values()) == 63


@pytest.mark.parametrize("questionnaire", ["case", "referral"])
def test_catchment__is_every_municipality_but_froendenberg(demo: Demo, questionnaire: str) -> None:
    assert set(demo.counted(questionnaire, "municipality")) == {
        "bergkamen",
        "boenen",
        "holzwickede",
        "kamen",
        "luenen",
        "schwerte",
        "selm",
        "unna",
        "werne",
    }


def test_measures__are_122_and_several_for_some(demo: Demo) -> None:
    measures = [int(number) for number in demo.values("case", "measures")]

    assert sum(measures) == 122
    assert min(measures) >= 1


def test_closed_cases__are_36_and_say_how_they_ended(demo: Demo) -> None:
    closed = [one for one in demo.answers["case"] if answer(one, "closed") == "yes"]
    yes = {
        name: sum(answer(one, name) == "yes" for one in closed)
        for name in ("tied_in", "secured_housing", "renewed_contact")
    }

    assert (len(closed), share(len(closed), 63)) == (36, 57)
    assert yes == {"tied_in": 22, "secured_housing": 18, "renewed_contact": 5}
    assert [share(yes[name], 36) for name in ("tied_in", "secured_housing")] == [61, 50]
    assert share(36 - yes["renewed_contact"], 36) == 86


def test_open_cases__say_nothing_about_an_end(demo: Demo) -> None:
    still_open = [one for one in demo.answers["case"] if answer(one, "closed") == "no"]

    assert len(still_open) == 27
    assert {answer(one, name) for one in still_open for name in ("tied_in", "renewed_contact")} == {
        ""
    }


def test_clients__accompanied_further_into_2020_are_19_of_the_open_cases(demo: Demo) -> None:
    further = [one for one in demo.answers["case"] if answer(one, "continued") == "yes"]

    assert len(further) == 19
    assert {answer(one, "closed") for one in further} == {"no"}


def test_contacts__are_the_table_of_the_report(demo: Demo) -> None:
    contacts = demo.counted("case", "contacts")

    assert contacts == {"1_3": 25, "4_7": 12, "8_plus": 26}
    assert percents([25, 12, 26]) == [40, 19, 41]


def test_referrals__and_cases_are_of_the_same_people(demo: Demo) -> None:
    def people_in(questionnaire: str) -> Counter[tuple[str, ...]]:
        children = {str(number): "3plus" for number in range(3, 21)}
        rows = (
            [answer(one, name) for name in ("housing", "municipality", "children", "age")]
            for one in demo.answers[questionnaire]
        )
        return Counter(
            (place, town, children.get(count, count), age if age[0].isdigit() else "")
            for place, town, count, age in rows
        )

    assert people_in("referral") == people_in("case")


def test_receipts__lie_in_the_seven_months_of_the_report(demo: Demo) -> None:
    days = {one.received for name in ("referral", "case") for one in demo.responses[name]}

    assert min(days) >= date(2019, 6, 1)
    assert max(days) <= date(2019, 12, 31)
    assert {day.month for day in days} == {6, 7, 8, 9, 10, 11, 12}


def test_interviews__are_with_36_clients_and_ten_offices(demo: Demo) -> None:
    assert len(demo.answers["client"]) == 36
    assert len(set(demo.values("municipality", "office"))) == 10


def test_referrals__go_to_the_part_of_the_county_where_she_is(demo: Demo) -> None:
    parts = {"north": set[str](), "south": set[str]()}
    for response, answers in zip(demo.responses["referral"], demo.answers["referral"], strict=True):
        parts[response.part].add(answer(answers, "municipality"))

    assert parts["north"] == {"bergkamen", "kamen", "luenen", "selm", "werne"}
    assert parts["south"] == {"boenen", "holzwickede", "schwerte", "unna"}


def test_referrals__keep_their_contact_data_from_the_other_part_and_the_evaluator(
    demo: Demo,
) -> None:
    south = next(one for one in demo.responses["referral"] if one.part == "south")
    opened = {}
    url = house.settings_for(demo.data).database_url
    with closing(database.connect(url)) as found, found.transaction() as session:
        for name in ("Sonja Demo", "Nora Demo", "Eva Demo", "Ines Demo"):
            try:
                identity = records.open_identity(session, south, demo.staff[name].keys)
            except keyring.NotGranted:
                continue
            opened[name] = answer(identity, "name")

    assert opened.keys() == {"Sonja Demo"}
    assert re.fullmatch(r"Demo \d+", opened["Sonja Demo"])


def test_cases__are_the_same_ones_every_time() -> None:
    assert cases() == cases()
    assert len(set(cases())) == 63
