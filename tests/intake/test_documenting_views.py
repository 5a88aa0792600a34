"""A counsellor documents a case: begins, is interrupted, corrects, closes."""

import pytest
from flask import Flask
from sqlalchemy import select

from core import records
from core.drafts import Draft
from core.records import Response
from intake import cases, documenting, entries, handing
from tests.intake.test_documenting import FIRST, begun
from tests.support.house import NOW, House
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, staff, value_of, walk_to

CASE = f"/desk/cases/{FIRST}"
DOCUMENTATION = f"{CASE}/documentation"
BEGIN, CORRECT = "Dokumentation beginnen", "Ergänzen oder berichtigen"
MISSING = "Die Dokumentation zum Abschluss fehlt noch."


@pytest.fixture
def nora(app: Flask, house: House) -> Visitor:
    with house.database.transaction() as session:
        begun(session, house.staff["Nora"])
        said = {"form": "office", "minutes": 30, "measures": ["jobcenter", "search"]}
        entries.write(session, house.staff["Nora"], FIRST, entries.CONTACT, said, NOW.date())
    return staff(app, "Nora").get(CASE)


def stored(house: House) -> list[dict[str, str]]:
    """The documentations as evaluators read them, by the names of the questions."""
    with house.database.transaction() as session:
        rows = records.responses(session, documenting.QUESTIONNAIRE)
        keys = house.staff["Eva"].keys
        opened = [records.open_answers(session, row, keys) for row in rows]
    return [{path.rpartition("/")[2]: text for path, text in one.items()} for one in opened]


def test_documentation__begins_with_what_is_known(nora: Visitor, house: House) -> None:
    assert "Noch ist nichts dokumentiert." in nora.text
    nora.press(BEGIN)
    assert nora.path == DOCUMENTATION
    assert value_of(nora, "age") == ["no_answer"]
    assert value_of(nora, "municipality") == ["selm"]
    nora.press("next", gender="female", children="4")
    assert value_of(nora, "reason") == ["notice", "violence"]
    nora.press("next", housing="own_flat")
    assert value_of(nora, "contacts") == ["1_3"]
    assert value_of(nora, "measures") == ["2"]
    assert sorted(value_of(nora, "emphasis")) == ["jobcenter", "search"]
    walk_to(nora, CHECK, {"notes": "Kranich"}).press("submit")
    assert nora.path == CASE
    assert "Dokumentation gespeichert" in nora.text
    assert stored(house) == [
        {
            "gender": "female",
            "age": "no_answer",
            "children": "4",
            "municipality": "selm",
            "housing": "own_flat",
            "reason": "notice violence",
            "access": "web_form",
            "contacts": "1_3",
            "measures": "2",
            "emphasis": "jobcenter search",
            "closed": "no",
        }
    ]


def test_documentation__is_read_again_with_its_notes_and_corrected(
    nora: Visitor, house: House
) -> None:
    walk_to(nora.press(BEGIN), CHECK, {"notes": "Kranich"}).press("submit")
    nora.get(DOCUMENTATION)
    assert "Kranich" in nora.text
    nora.press(CORRECT).press("next", gender="female")
    walk_to(nora, CHECK, {"notes": ""}).press("submit")
    assert "Geschlecht" not in nora.get(CASE).page.xpath("string(//details[dl])")
    assert [one["gender"] for one in stored(house)] == ["female"]
    assert "Kranich" not in nora.get(DOCUMENTATION).text


def test_documentation__what_is_unfinished_waits_for_her_alone(
    app: Flask, nora: Visitor, house: House
) -> None:
    nora.press(BEGIN).press("next", gender="female").press("pause")
    assert nora.path == CASE
    assert "das noch nicht gespeichert ist" in nora.text
    nora.press("Abmelden")
    again = staff(app, "Nora").get(DOCUMENTATION)
    assert again.heading == "Der Beginn"
    assert staff(app, "Sonja").get(DOCUMENTATION).response.status_code == 404
    assert stored(house) == []
    again.press("discard")
    assert "Noch ist nichts dokumentiert." in again.text
    with house.database.transaction() as session:
        assert session.scalars(select(Draft)).all() == []


def test_close__asks_what_came_of_it(nora: Visitor, house: House) -> None:
    nora.press("Abschließen")
    assert nora.path == DOCUMENTATION
    nora.press("pause")
    assert MISSING in nora.text
    nora.get(DOCUMENTATION)
    walk_to(nora, "Das Ergebnis", {"continued": "no"})
    nora.press("next", tied_in="yes", secured_housing="no", renewed_contact="no")
    walk_to(nora, CHECK, {"notes": ""}).press("submit")
    assert nora.path == CASE
    assert MISSING not in nora.text
    [said] = stored(house)
    assert (said["closed"], said["tied_in"], said["secured_housing"]) == ("yes", "yes", "no")


def test_close__in_the_middle_of_the_documentation_keeps_what_was_entered(
    nora: Visitor, house: House
) -> None:
    nora.press(BEGIN).press("next", gender="female").press("pause").press("Abschließen")
    assert nora.path == DOCUMENTATION
    assert value_of(nora, "gender") == ["female"]
    walk_to(nora, "Das Ergebnis", {"notes": ""})
    walk_to(nora, CHECK, {"notes": ""}).press("submit")
    assert [(one["closed"], one["gender"]) for one in stored(house)] == [("yes", "female")]


def test_closed__cannot_be_chosen_it_is_what_the_case_is(nora: Visitor, house: House) -> None:
    walk_to(nora.press(BEGIN), "Die Begleitung", {"notes": ""})
    assert not nora.page.xpath("//input[contains(@name, 'closed')]")
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    page = nora.page.xpath("//input[@name='page']/@value")[0]
    nora.post(DOCUMENTATION, {"csrf_token": token, "page": page, "q-work-closed": "yes"})
    walk_to(nora, CHECK, {"notes": ""}).press("submit")
    assert [one["closed"] for one in stored(house)] == ["no"]


def test_documentation__of_what_was_not_begun_takes_nothing(nora: Visitor, house: House) -> None:
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    nora.post(DOCUMENTATION, {"csrf_token": token, "go": "submit"})
    assert nora.path == DOCUMENTATION
    assert stored(house) == []


def test_hand_over__the_other_counsellor_sees_all_of_it(
    app: Flask, nora: Visitor, house: House
) -> None:
    walk_to(nora.press(BEGIN), CHECK, {"notes": "Kranich"}).press("submit")
    with house.database.transaction() as session:
        handing.hand_over(session, house.staff["Nora"], FIRST, "south", NOW)
    for path in (CASE, DOCUMENTATION):
        assert nora.get(path).response.status_code == 404
    sonja = staff(app, "Sonja").get(CASE)
    assert "Gespräch in der Beratungsstelle" in sonja.text
    assert "Kranich" in sonja.get(DOCUMENTATION).text
    walk_to(sonja.press(CORRECT), CHECK, {"notes": "Fink"}).press("submit")
    assert len(stored(house)) == 1


def test_documentation__is_not_a_referral(nora: Visitor, house: House) -> None:
    walk_to(nora.press(BEGIN), CHECK, {"notes": ""}).press("submit")
    with house.database.transaction() as session:
        [number] = [one for one in session.scalars(select(Response.id)) if one != FIRST]
        case = session.get_one(cases.Case, FIRST)
        assert len(cases.responses_of(session, case)) == 1
    assert nora.get(f"/desk/{number}").response.status_code == 404
    assert len(nora.get("/desk/").page.xpath("//tbody/tr")) == 1


def test_documentation__when_it_is_deleted_who_she_is_nothing_can_be_added(
    nora: Visitor, house: House
) -> None:
    walk_to(nora.press(BEGIN), CHECK, {"notes": ""}).press("submit")
    with house.database.transaction() as session:
        cases.close(session, house.staff["Nora"], FIRST, NOW.date())
        for one in session.scalars(select(Response)):
            one.identity = b""
    nora.get(DOCUMENTATION)
    assert "Es ist gelöscht, wer sie ist." in nora.text
    assert CORRECT not in nora.text
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    nora.post(DOCUMENTATION, {"csrf_token": token, "go": "begin"})
    assert nora.response.status_code == 404
