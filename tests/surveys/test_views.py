"""The interviewer's pages: begin, be interrupted, go on another day, submit."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from core import people, retention
from core.drafts import Draft
from tests.support.house import House, join
from tests.support.interviewing import HOME, arrive, begin, draft_ids, stored, to_the_end, today
from tests.support.visitor import Visitor


def test_interview__begun_and_interrupted_goes_on_after_a_new_sign_in(
    house: House, app: Flask
) -> None:
    first = begin(app).press("next", way_found="web", waiting="days")
    first.press("next", reachable="4")
    first.press("pause", quality="3")
    assert first.path == HOME

    again = arrive(app).get(HOME)
    (link,) = again.page.xpath("//main//li/a/@href")
    again.get(link)
    assert again.heading == "Ihre Zufriedenheit"
    again.press("back")
    assert again.page.xpath("//input[@checked]/@value") == ["4"]
    to_the_end(again, housing_now="own_flat", age="30_49", good="Sie hat zugehört")
    again.press("submit")

    assert "Gespeichert und versiegelt" in again.text
    assert stored(house, "client") == [
        {
            "way_found": "web",
            "waiting": "days",
            "reachable": "4",
            "quality": "3",
            "housing_now": "own_flat",
            "age": "30_49",
        }
    ]
    assert draft_ids(house, sent=False) == []


def test_interview__comes_back_where_a_page_was_only_read(app: Flask) -> None:
    begin(app).press("next", way_found="web")

    again = arrive(app).get(HOME)
    again.get(again.page.xpath("//main//li/a/@href")[0])

    assert again.heading == "Der Kontakt mit der Beraterin"


def test_draft__is_nothing_that_others_could_open(house: House, app: Flask) -> None:
    join(house, "Ina", people.INTERVIEWER)
    path = begin(app).path
    other = arrive(app, "Ina")
    assert other.get(path).response.status_code == 404
    assert other.get(HOME).page.xpath("//main//li/a") == []
    token = other.page.xpath("//input[@name='csrf_token']/@value")[0]
    other.post(path, data={"csrf_token": token, "go": "submit"})
    assert other.response.status_code == 404
    for name in ("Karin", "Eva", "Nora"):
        assert arrive(app, name).get(path).response.status_code == 403
    assert Visitor(app).get(path).path == "/staff/sign-in"
    assert len(draft_ids(house)) == 1


def test_submit__pressed_again_on_a_page_kept_open_stores_once(house: House, app: Flask) -> None:
    visitor = to_the_end(begin(app), age="30_49")
    check, path = visitor.page, visitor.path
    visitor.press("submit")

    token = check.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post(path, data={"csrf_token": token, "go": "submit"})

    assert visitor.heading.startswith("Gesendet:")
    assert len(stored(house, "client")) == 1


def test_submitted__cannot_be_read_by_who_entered_it_when_its_time_is_over(
    house: House, app: Flask
) -> None:
    visitor = to_the_end(begin(app), age="30_49")
    path = visitor.path
    visitor.press("submit")
    with house.database.transaction() as session:
        session.execute(update(Draft).values(submitted=today(house) - timedelta(days=14)))
    visitor.get(HOME)
    assert visitor.page.xpath("//main//li/a") == []
    retention.once_a_day(house.database, house.settings, today(house), [retention.DRAFTS])

    assert visitor.get(path).response.status_code == 404
    for other in (path.replace("/interviews/", "/desk/"), "/desk/", "/results/"):
        assert visitor.get(other).response.status_code == 403


def test_overview__offers_what_her_role_may_enter(app: Flask) -> None:
    offered = arrive(app).get(HOME).page.xpath("//button[@name='questionnaire']/@value")

    assert offered == ["client", "municipality"]


@pytest.mark.parametrize(
    ("name", "questionnaire"),
    [("Ines", "case"), ("Ines", "referral"), ("Ines", ""), ("Ines", "../x")],
)
def test_begin__of_a_form_that_is_not_hers_finds_nothing(
    house: House, app: Flask, name: str, questionnaire: str
) -> None:
    visitor = arrive(app, name).get(HOME)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]

    visitor.post(HOME, data={"csrf_token": token, "questionnaire": questionnaire})

    assert visitor.response.status_code == 404
    assert draft_ids(house) == []


def test_municipality__a_wave_that_cannot_be_is_told_and_kept_as_typed(app: Flask) -> None:
    visitor = begin(app, "municipality").press("next", wave="0", office="unna")
    assert visitor.mistakes == ["Bitte geben Sie eine Zahl von 1 bis 99 ein."]
    visitor.press("next", wave="eins", office="unna")

    assert len(visitor.mistakes) == 1
    assert visitor.page.xpath("//input[@type='text']/@value") == ["eins"]
    assert visitor.page.xpath("//input[@checked]/@value") == ["unna"]
    assert visitor.press("next", wave="1").heading == "Zusammenarbeit"


def test_check__shows_every_answer_and_leads_to_change_one(house: House, app: Flask) -> None:
    visitor = to_the_end(begin(app), age="30_49", housing_now="own_flat", wish="mehr Zeit")
    for shown in ("30 bis 49 Jahre", "In meiner eigenen Wohnung", "mehr Zeit"):
        assert shown in visitor.text

    visitor.press("page:/data/person").press("next", age="50_64")
    assert visitor.heading == "Stimmt alles?"
    visitor.press("submit")

    assert [one["age"] for one in stored(house, "client")] == ["50_64"]


def test_interview__in_another_language_keeps_its_answers(house: House, app: Flask) -> None:
    visitor = begin(app).press("next", way_found="web")
    visitor.press("language:ar", reachable="2")

    assert visitor.page.get("dir") == "rtl"
    assert visitor.page.xpath("//*[@id='entering']/@dir") == ["auto"]  # the staff's own words
    assert visitor.page.xpath("//input[@checked]/@value") == ["2"]
    visitor.press("pause")
    assert len(draft_ids(house)) == 1
