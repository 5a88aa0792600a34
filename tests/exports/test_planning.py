"""What would go out next: told with its numbers to who decides, without them to who evaluates."""

from datetime import date, datetime

import pytest
from flask import Flask

from exports.anonymise.leaves import TaxonomyError
from exports.release import batches, releases
from tests.exports.ledger import case, receive, referral, release
from tests.exports.ledger_pages import LEDGER, PLAN, deliveries, fill, ledger, plan, planned
from tests.support.house import House
from tests.support.walks import staff

LET_OUT = "Jetzt freigeben"


def test_plan__tells_a_coordinator_every_number_that_then_stands_in_the_ledger(
    house: House, app: Flask
) -> None:
    fill(house, safety__safe_now="yes")
    visitor = plan(app, "Karin")
    line = planned(visitor)[0]
    assert line[:4] == ["Kontakt", "≈ 40", "ja", "40"]
    assert line[-1] == "Sind Sie im Moment sicher?"
    assert planned(visitor)[1][2:] == ["noch nicht", *"–––––"]
    assert "Freigeben kann, wer auswertet" in visitor.text
    with pytest.raises(LookupError):
        visitor.button(LET_OUT)

    release(house)
    (out,) = deliveries(ledger(app))
    assert [*line[3:]] == [out[2], out[3], out[5], out[6], out[7]]


def test_plan__is_reached_from_where_coordinators_and_evaluators_are(
    house: House, app: Flask
) -> None:
    assert staff(app, "Karin").get("/releases/").page.xpath(f"//a[@href='{PLAN}']")
    assert ledger(app).page.xpath(f"//a[@href='{PLAN}']")
    for name in ("Nora", "Ines"):
        assert staff(app, name).get(PLAN).response.status_code == 403


def test_plan__tells_evaluators_nothing_of_the_woman_who_came_in_last(
    house: House, app: Flask
) -> None:
    """Three in four said the same: with one more, the column stays out, and so says her answer."""
    answers = ["yes"] * 27 + ["no"] * 9
    receive(
        house,
        "referral",
        (referral(at, safety__safe_now=said) for at, said in enumerate(answers)),
    )
    hers, theirs = planned(plan(app)), planned(plan(app, "Karin"))
    receive(house, "referral", [referral(36, safety__safe_now="yes")])

    after = planned(plan(app, "Karin"))[0]
    assert (theirs[0][-1], after[-1]) == ("–", "Sind Sie im Moment sicher?")
    assert (theirs[0][3], after[3]) == ("36", "37")
    assert planned(plan(app)) == hers
    assert hers[0] == ["Kontakt", "≈ 35", "ja"]


def test_pages__do_not_move_with_who_comes_within_a_month(house: House, app: Flask) -> None:
    def told() -> list[list[str]]:
        overview = staff(app, "Eva").get("/results/").page.xpath("//tbody//text()")
        return [*planned(plan(app)), overview]

    fill(house, 28)
    before = told()
    today = datetime.now(house.settings.zone).date()
    receive(house, "referral", map(referral, range(28, 40)), today)
    assert told() == before


def test_plan__lets_out_once_she_has_said_that_she_is_sure(house: House, app: Flask) -> None:
    fill(house)
    visitor = plan(app).press(LET_OUT)
    assert visitor.mistakes == ["Bitte kreuzen Sie an, dass es jetzt hinaus soll."]
    assert visitor.page.xpath("//input[@name='sure']/@aria-describedby") == ["sure-mistake"]
    with house.database.transaction() as session:
        assert releases.batches(session, "referral") == []

    visitor.press(LET_OUT, sure="y")
    assert visitor.path == LEDGER
    assert len(deliveries(visitor)) == 1
    assert "Zurzeit ist nichts bereit." in visitor.get(PLAN).text
    audit = staff(app, "Karin").get("/staff/audit").text
    assert "freigegeben Lieferung 1" in audit


def test_plan__offers_nothing_to_let_out_while_too_few_wait(house: House, app: Flask) -> None:
    fill(house, 29)
    visitor = plan(app)
    assert planned(visitor)[0] == ["Kontakt", "≈ 30", "noch nicht"]
    with pytest.raises(LookupError):
        visitor.button(LET_OUT)


def unfit(*_arguments: object) -> None:
    raise TaxonomyError("misses", "age", "a18")


@pytest.mark.parametrize("name", ["Eva", "Karin"])
def test_plan__that_cannot_be_made_is_told_and_why_to_who_decides(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fill(house)
    monkeypatch.setattr(batches, "group", unfit)
    visitor = plan(app, name)
    assert "eine Einteilung passt nicht zu den Antworten, die warten" in visitor.text
    assert ("Es geht um „Wie alt sind Sie?“." in visitor.text) is (name == "Karin")
    assert ["nein: eine Einteilung passt nicht"] in [line[2:3] for line in planned(visitor)]


def test_plan__that_cannot_be_made_lets_nothing_out(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(house)
    visitor = plan(app)
    monkeypatch.setattr(batches, "group", unfit)
    visitor.press(LET_OUT, sure="y")
    with house.database.transaction() as session:
        assert releases.batches(session, "referral") == []


def test_plan__shows_each_half_year_of_what_comes_with_tables_by_itself(
    house: House, app: Flask
) -> None:
    for day, number in ((date(2020, 3, 1), 30), (date(2020, 9, 1), 36)):
        receive(house, "case", (case(each, each % 5) for each in range(number)), day)
    spring, autumn = "Januar 2020 bis Juni 2020", "Juli 2020 bis Dezember 2020"
    lines = [line for line in planned(plan(app, "Karin")) if "begonnen" in line[0]]
    assert [line[0].partition("begonnen ")[2] for line in lines] == [autumn, spring]
    assert [line[3] for line in lines] == ["36", "30"]
    plan(app).press(LET_OUT, sure="y")
    with house.database.transaction() as session:
        assert [one.size for one in releases.batches(session, "case")] == [36, 30]
