"""The ledger on a page: what is out, what is new to whom, and whether it holds."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from core import people
from exports.release import releases
from intake import withdrawing
from tests.exports.ledger import (
    OFFICES,
    TODAY,
    arrive,
    close,
    eva,
    office,
    receive,
    release,
    workbook,
)
from tests.exports.ledger_pages import LEDGER, PLAN, deliveries, fill, ledger, rows, said
from tests.exports.telling import finish, interviews, texts
from tests.exports.telling import release as release_words
from tests.exports.test_reporting import let_out
from tests.support.house import House, join
from tests.support.visitor import Visitor
from tests.support.walks import fetched, staff

VERIFY = "Versprechen nachrechnen"


def news(visitor: Visitor) -> list[str]:
    (heading,) = visitor.page.xpath("//h2[@id='news']")
    found = heading.xpath("following-sibling::*")
    section = found[: [one.tag for one in found].index("h2")]
    return [" ".join(one.text_content().split()) for block in section for one in block.iter("li")]


def someone(house: House) -> str:
    """Who is in a class of the only batch."""
    with house.database.transaction() as session:
        (batch,) = releases.batches(session, "referral")
        return str(releases.content(eva(house), batch)["members"][0][0])  # type: ignore[index]


def take_back(house: House, response_id: str, day: date = TODAY) -> None:
    with house.database.transaction() as session:
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        withdrawing.withdraw(session, response_id, at)


def file_day(visitor: Visitor) -> date:
    """The day that the page says the last file is of."""
    said = visitor.text.partition("Seit Ihrer letzten Datei vom ")[2].partition(":")[0]
    return datetime.strptime(said, "%d.%m.%Y").replace(tzinfo=UTC).date()


# -- what is out -----------------------------------------------------------------------------------


def test_ledger__is_reached_from_the_evaluators_page_and_says_when_nothing_is_out(
    house: House, app: Flask
) -> None:
    visitor = arrive(app)
    assert visitor.page.xpath(f"//a[@href='{LEDGER}']")
    visitor.get(LEDGER)
    assert visitor.heading == "Verzeichnis der Lieferungen"
    assert visitor.text.count("Noch nichts.") == 4
    assert "Sie haben noch keine Datei geholt." in visitor.text


@pytest.mark.parametrize("name", ["Karin", "Nora", "Ines"])
def test_ledger__is_for_evaluators_alone(house: House, app: Flask, name: str) -> None:
    visitor = staff(app, name)
    token = visitor.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "sure": "y"}
    fill(house)
    assert visitor.client.get(LEDGER).status_code == 403
    assert visitor.client.post(f"{LEDGER}/verify", data=data).status_code == 403
    assert visitor.client.post(PLAN, data=data).status_code == 403
    with house.database.transaction() as session:
        assert releases.batches(session, "referral") == []


def test_ledger__says_of_a_batch_what_the_readme_sheet_says(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    with house.database.transaction() as session:
        (batch,) = releases.batches(session, "referral")
        content = releases.content(eva(house), batch)
    sizes = [len(members) for members in content["members"]]  # type: ignore[attr-defined]
    (line,) = deliveries(ledger(app))
    assert line == [
        "Nr. 1 23.11.2026",
        "Kontakt, Fassung 1",
        str(sum(sizes)),
        f"{len(sizes)}, kleinste: {min(sizes)}",
        "k = 5, Anteil bis 75 %",
        str(content["held_back"]),
        f"{float(str(content['loss'])):.0%}".replace("%", " %"),
        "–",
    ]
    readme = workbook(house).readme
    assert f"{sum(sizes)} Zeilen in {len(sizes)} Klassen" in readme
    assert f"Informationsverlust {content['loss']:.3f}" in readme


def test_ledger__names_a_column_that_stays_out_as_the_question_reads(
    house: House, app: Flask
) -> None:
    fill(house, safety__safe_now="yes")
    release(house)
    assert "zurückgehaltene Spalten: safe_now" in workbook(house).readme
    (line,) = deliveries(ledger(app))
    assert line[-1] == "Sind Sie im Moment sicher?"


def test_ledger__shows_the_newest_batch_first(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    fill(house, 33)
    release(house)
    assert [line[0].split()[1] for line in deliveries(ledger(app))] == ["2", "1"]


def test_ledger__does_not_say_how_many_wait(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    before = said(ledger(app))
    fill(house, 29)
    assert said(ledger(app)) == before


def test_ledger__draws_the_loss_beside_its_number_and_nobody_hears_the_bar(
    house: House, app: Flask
) -> None:
    fill(house)
    release(house)
    visitor = ledger(app)
    (bar,) = visitor.page.xpath("//svg")
    assert bar.get("aria-hidden") == "true"
    drawn, whole = (float(one.get("width")) for one in bar.iter("rect"))
    assert whole == 100
    assert f"{drawn:.0f} %" == deliveries(visitor)[0][6]


def test_ledger__every_table_has_a_caption_and_heads(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    receive(house, "municipality", (office(name) for name in OFFICES[:5]))
    close(house)
    interviews(house, 5)
    finish(house, texts(house))
    release_words(house)
    let_out(house, "2020-01..2020-06")
    tables = list(ledger(app).page.iter("table"))
    assert len(tables) == 4
    for table in tables:
        assert table.find("caption").text_content().strip()
        heads = table.xpath("thead/tr/th[@scope='col']")
        for line in table.xpath("tbody/tr"):
            assert [cell.tag for cell in line] == ["th"] + ["td"] * (len(heads) - 1)
            assert line[0].get("scope") == "row"


def test_ledger__of_a_round_says_no_more_than_its_sheet(house: House, app: Flask) -> None:
    answers = [office(name, effect__relief=str(1 + at % 4)) for at, name in enumerate(OFFICES)]
    receive(house, "municipality", [*answers[:5], *(office(name) for name in OFFICES[5:])])
    close(house)
    most = max(line["municipalities"] or 0 for line in workbook(house).rows("municipalities"))
    (line,) = rows(ledger(app), "Abgeschlossene Runden, die neueste zuerst")
    assert most == 5 < len(OFFICES)
    assert line == ["1", "23.11.2026", "1", "5"]


def test_ledger__of_a_round_that_may_say_nothing_has_no_number(house: House, app: Flask) -> None:
    receive(house, "municipality", (office(name) for name in OFFICES[:5]))
    close(house)
    (line,) = rows(ledger(app), "Abgeschlossene Runden, die neueste zuerst")
    assert line[-1] == "–"


def test_ledger__counts_open_words_by_question(house: House, app: Flask) -> None:
    interviews(house, 5)
    finish(house, texts(house))
    release_words(house)
    (line,) = rows(ledger(app), "Lieferungen offener Worte, die neueste zuerst")
    asked = "Was war gut an der Hilfe?"
    assert [line[0], line[1], line[3]] == [asked, "Befragung von Klientinnen", "5"]


def test_ledger__says_who_let_a_period_out_and_not_why(house: House, app: Flask) -> None:
    let_out(house, "2020-01..2020-06", "Für den Beirat")
    visitor = ledger(app)
    caption = "Zeiträume, deren Zahlen genau heraus sind, die neueste Freigabe zuerst"
    assert rows(visitor, caption) == [["Januar 2020 bis Juni 2020", "27.11.2026", "Karin"]]
    assert "Beirat" not in visitor.text


def test_ledger__speaks_english_too(house: House, app: Flask) -> None:
    fill(house, safety__safe_now="yes")
    release(house)
    visitor = staff(app, "Eva")
    visitor.headers = {"Accept-Language": "en"}
    assert visitor.get(LEDGER).heading == "Ledger of batches"
    (line,) = rows(visitor, "Batches, the newest first")
    assert line[4] == "k = 5, share up to 75 %"
    assert line[-1] == "Are you safe at the moment?"


# -- what is new -----------------------------------------------------------------------------------


def test_news__since_her_last_file_is_what_is_not_in_it(house: House, app: Flask) -> None:
    fill(house)
    fetched(arrive(app))
    visitor = ledger(app)
    assert "Seit Ihrer letzten Datei vom" in visitor.text
    assert news(visitor) == []
    assert "Nichts." in visitor.text

    fill(house, 33)
    release(house)
    (delivery,) = news(ledger(app))
    assert delivery.startswith("Lieferung 2 mit ")
    newest, older = (line[0] for line in deliveries(ledger(app)))
    assert newest == "Nr. 2 neu 23.11.2026"
    assert "neu" not in older

    fetched(arrive(app), "Alles herunterladen: Excel, SPSS und CSV")
    assert news(ledger(app)) == []
    let_out(house, "2020-01..2020-06")
    assert news(ledger(app)) == ["Genaue Zahlen: Januar 2020 bis Juni 2020"]


def test_news__the_file_of_somebody_else_is_not_hers(house: House, app: Flask) -> None:
    join(house, "Emil", people.EVALUATOR)
    fill(house)
    fetched(arrive(app))
    assert "Seit Ihrer letzten Datei vom" in ledger(app).text
    assert "Sie haben noch keine Datei geholt." in staff(app, "Emil").get(LEDGER).text


def test_news__a_class_that_went_is_told_to_who_has_it_in_a_file(house: House, app: Flask) -> None:
    fill(house)
    fetched(arrive(app))
    day = file_day(ledger(app))
    take_back(house, someone(house), day)
    visitor = ledger(app)
    (said,) = news(visitor)
    assert said.startswith("Aus Lieferung 1 ist 1 Klasse weggefallen.")
    assert "weggefallen: 1" in deliveries(visitor)[0][3]


def test_news__a_class_that_went_before_the_file_is_not_new(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    take_back(house, someone(house), date(2019, 6, 1))
    fetched(arrive(app))
    visitor = ledger(app)
    assert news(visitor) == []
    assert "weggefallen: 1" in deliveries(visitor)[0][3]


def test_news__since_a_day_tells_what_came_out_and_never_when_a_class_went(
    house: House, app: Flask
) -> None:
    fill(house)
    release(house)
    visitor = staff(app, "Eva").get(f"{LEDGER}?since=2026-11-23")
    (said,) = news(visitor)
    assert said.startswith("Lieferung 1 mit ")
    assert news(visitor.get(f"{LEDGER}?since=2026-11-24")) == []

    take_back(house, someone(house), date(2026, 11, 25))
    days = {tuple(news(visitor.get(f"{LEDGER}?since=2026-11-{day}"))) for day in (24, 25, 26)}
    assert days == {()}


@pytest.mark.parametrize("typed", ["", "gestern", "2026-13-40", "%00", "ü"])
def test_news__a_day_that_is_none_counts_as_not_chosen(
    house: House, app: Flask, typed: str
) -> None:
    visitor = staff(app, "Eva").get(f"{LEDGER}?since={typed}")
    assert visitor.response.status_code == 200
    assert "Sie haben noch keine Datei geholt." in visitor.text


# -- whether it holds ------------------------------------------------------------------------------


def test_verify__says_that_every_promise_holds(house: House, app: Flask) -> None:
    fill(house)
    release(house)
    visitor = ledger(app).press(VERIFY)
    assert visitor.page.xpath("//*[@role='status']/p/text()") == ["Jedes Versprechen hält."]
    assert len(deliveries(visitor)) == 1
