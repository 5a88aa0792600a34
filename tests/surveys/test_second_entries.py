"""Entering again what chance has drawn: by somebody else, unseen, compared by evaluators."""

import pytest
from flask import Flask

import app as program
from core import people, records
from core.pseudonyms import pseudonym
from core.records import SECOND, Response
from surveys import second_entries
from surveys.agreement import lines
from surveys.second_entries import SecondEntry
from tests.support.entered import AGE, HOUSING, twice
from tests.support.house import House, join, settings_for
from tests.support.interviewing import HOME, arrive, begin, stored, to_the_end
from tests.support.visitor import Visitor


@pytest.fixture
def app(house: House) -> Flask:
    """The service, where chance draws everything."""
    chosen = settings_for(house.settings.data, ZUGANG_SECOND_ENTRY_PERCENT="100")
    return program.create_app(chosen)


def entered(app: Flask, **answers: str) -> Visitor:
    return to_the_end(begin(app), **answers).press("submit")


def test_second_entry__is_for_somebody_else_who_sees_nothing_of_the_first(
    house: House, app: Flask
) -> None:
    join(house, "Ina", people.INTERVIEWER)
    first = entered(app, age="30_49")
    assert "für eine zweite Eingabe ausgewählt" in first.text
    assert first.page.xpath("//button[@name='first']") == []

    other = arrive(app, "Ina").get(HOME)
    (button,) = other.page.xpath("//button[@name='first']")
    other.press(button.get("value"))
    assert other.page.xpath("//input[@checked]") == []
    to_the_end(other, age="50_64").press("submit")

    assert other.page.xpath("//button[@name='first']") == []
    assert [one["age"] for one in stored(house, "client")] == ["30_49"]
    with house.database.transaction() as session:
        (row,) = session.query(SecondEntry)
        assert session.get_one(Response, row.second_id).status == SECOND
        (first_id,) = second_entries.entered(
            session, session.get_one(Response, row.first_id).version_id
        )
        (pair,) = second_entries.pairs(session, house.staff["Eva"].keys, [first_id])
        assert [one["/data/person/age"] for one in pair] == ["30_49", "50_64"]


def test_second_entry__named_on_the_paper_is_named_on_the_desk(house: House, app: Flask) -> None:
    join(house, "Ina", people.INTERVIEWER)
    entered(app)
    with house.database.transaction() as session:
        (response,) = records.responses(session, "client")

    assert pseudonym(response.id) in arrive(app, "Ina").get(HOME).text


def test_second_entry__is_begun_by_one_alone(house: House, app: Flask) -> None:
    for name in ("Ina", "Inge"):
        join(house, name, people.INTERVIEWER)
    entered(app)
    ina, inge = arrive(app, "Ina").get(HOME), arrive(app, "Inge").get(HOME)
    (button,) = ina.page.xpath("//button[@name='first']")
    ina.press(button.get("value"))

    assert inge.press(button.get("value")).response.status_code == 409
    to_the_end(ina).press("discard")
    assert inge.get(HOME).press(button.get("value")).response.status_code == 200


def test_second_entry__of_her_own_is_refused(house: House, app: Flask) -> None:
    visitor = entered(app)
    with house.database.transaction() as session:
        (row,) = session.query(SecondEntry)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]

    visitor.post(HOME, data={"csrf_token": token, "first": row.first_id})

    assert visitor.response.status_code == 409


def test_second_entry__without_paper_is_spared(house: House, app: Flask) -> None:
    visitor = entered(app)
    visitor.get(visitor.page.xpath("//main//li/a/@href")[0]).press("spare")

    with house.database.transaction() as session:
        assert session.query(SecondEntry).all() == []
    assert "zweite Eingabe" not in visitor.text


def test_second_entry__is_drawn_at_the_rate_that_is_set(house: House) -> None:
    ines = house.staff["Ines"]
    with house.database.transaction() as session:
        assert not any(second_entries.draw(session, ines, "none", 0) for _ in range(50))


def test_agreement__of_a_form_is_about_every_coded_question(house: House, app: Flask) -> None:
    entered(app)
    with house.database.transaction() as session:
        (response,) = records.responses(session, "client")
        form = records.versions.form_of(session, response.version_id)
    one = {"/data/person/age": "30_49", "/data/housing/prevented_by": "legal search"}
    other = {"/data/person/age": "50_64", "/data/housing/prevented_by": "legal"}
    found = {(line.question.name, line.option): line for line in lines(form)}

    assert found["age", ""].told((one, other)) == ("30_49", "50_64")
    assert found["prevented_by", "legal"].is_same((one, other))
    assert found["prevented_by", "search"].told((one, other)) == ("1", "0")
    assert found["age", ""].told((one, {})) == ("30_49", "")
    assert not [name for name, _ in found if name == "good"]


def test_quality__tells_evaluators_how_well_both_entries_agree(house: House, app: Flask) -> None:
    both = (house.staff["Ines"], join(house, "Ina", people.INTERVIEWER))
    ages = [("30_49", "30_49")] * 2 + [("50_64", "50_64")] * 2
    with house.database.transaction() as session:
        for first, second in ages:
            twice(
                session, both, {AGE: first, HOUSING: "own_flat"}, {AGE: second, HOUSING: "street"}
            )
    entered(app, age="50_64", housing_now="own_flat")
    other = arrive(app, "Ina").get(HOME)
    other.press(other.page.xpath("//button[@name='first']/@value")[0])
    to_the_end(other, age="30_49", housing_now="own_flat").press("submit")

    page = arrive(app, "Eva").get("/results/quality")

    cells = {
        row[0].text_content().strip(): [cell.text_content().strip() for cell in row[1:]]
        for row in page.page.xpath("//tr[td]")
    }
    assert cells["Wie alt sind Sie?"] == ["80\xa0%", "0,6", "5"]
    assert cells["Wo wohnen oder schlafen Sie heute?"] == ["20\xa0%", "–", "–"]
    assert "5 Befragungen wurden zweimal eingegeben." in page.text
    assert page.page.xpath("//tr[@class='wrong']") == []


def test_quality__tells_of_kappa_how_many_it_is_of(house: House, app: Flask) -> None:
    both = (house.staff["Ines"], join(house, "Ina", people.INTERVIEWER))
    eva = arrive(app, "Eva")
    for ages in (("30_49", "30_49", "30_49", "30_49", "50_64"), ("30_49", "50_64") * 3):
        with house.database.transaction() as session:
            for age in ages:
                twice(session, both, {AGE: age}, {AGE: age})
        page = eva.get("/results/quality")

    assert "11 Befragungen wurden zweimal eingegeben." in page.text
    (row,) = page.page.xpath("//tr[th[normalize-space()='Wie alt sind Sie?']]")
    assert row.text_content().split() == ["Wie", "alt", "sind", "Sie?", "100", "%", "1,0", "6"]
