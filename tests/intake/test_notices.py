"""Notices: a real mail server gets them, and no word of what a woman wrote is in them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import app as program
from core import audit, notices, staffing
from core.notices import Notice
from core.people import Person
from core.records import Response
from core.web import mailing
from core.web.services import services_of
from intake import cases, handing, overdue
from tests.support.house import NOW, House, settings_for, submit
from tests.support.postbox import Postbox, postbox
from tests.support.service import free_port
from tests.support.walks import LEAST, staff, walk_to_check, woman

NORTH = LEAST | {"municipality": "selm", "words": "Kranich", "name": "Amsel"}
URL = "https://kontakt.example.org"
ID = "00000000-0000-4000-8000-000000000001"
Connect = Callable[[House, str], House]
Serve = Callable[[House], Flask]
TELLING = ("kranich", "amsel", "selm", "wohn", "frau", "gewalt", "hilfe", "norden", "north", "0176")


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


@pytest.fixture
def connected() -> Iterator[Connect]:
    """A function that gives a house a mail server; Nora and Karin want notices."""
    made: list[House] = []

    def connect(house: House, url: str) -> House:
        made.append(_connected(house, url))
        return made[-1]

    yield connect
    for one in made:
        one.database.close()


@pytest.fixture
def served() -> Iterator[Serve]:
    """A function that makes the web application of a house."""
    made: list[Flask] = []

    def serve(house: House) -> Flask:
        made.append(program.create_app(house.settings))
        return made[-1]

    yield serve
    for one in made:
        services_of(one).database.close()


def _connected(house: House, url: str) -> House:
    chosen = settings_for(
        house.settings.data,
        house.settings.database_url,
        ZUGANG_SMTP_URL=url,
        ZUGANG_MAIL_FROM="zugang@example.org",
        ZUGANG_URL=URL,
    )
    with house.database.transaction() as session:
        for name in ("Nora", "Karin"):
            address = {"mail": f"{name.lower()}@example.org"}
            session.execute(update(Person).where(Person.name == name).values(address))
    return House(chosen, audit.connect(chosen), house.recovery_code, house.staff)


def deliver(house: House, later: int = 0) -> int:
    return notices.deliver(house.database, house.settings, NOW + timedelta(seconds=later))


def tell(house: House, part: str = "north") -> None:
    with house.database.transaction() as session:
        notices.tell(session, part, NOW)


def look(house: House) -> None:
    with house.database.transaction() as session:
        notices.looked(session, house.staff["Nora"].person.id, NOW)


def rows(house: House) -> list[Notice]:
    with Session(house.database.durable) as session:
        return list(session.scalars(select(Notice)))


def test_referral__is_told_by_mail_without_a_word_of_it(
    house: House, box: Postbox, connected: Connect, served: Serve
) -> None:
    wired = connected(house, box.url)
    made = served(wired)
    walk_to_check(woman(made), NORTH).press("submit")
    services = services_of(made)
    now = datetime.now(wired.settings.zone)
    assert mailing.go_round(services, overdue.look, now) == 1
    assert mailing.go_round(services, overdue.look, now + timedelta(hours=1)) == 0
    assert box.to == ["nora@example.org"]
    [message], [raw] = box.messages, box.raw
    assert message["Subject"] == "Neuigkeiten / News"
    assert f"{URL}/staff/" in str(message.get_payload(decode=True))
    assert not [word for word in TELLING if word in raw.decode().lower()]


def test_news__come_once_until_she_has_looked(
    house: House, box: Postbox, connected: Connect, served: Serve
) -> None:
    wired = connected(house, box.url)
    made = served(wired)
    for _ in range(3):
        tell(wired)
        deliver(wired)
    assert box.to == ["nora@example.org"]
    staff(made, "Nora").get("/desk/")
    tell(wired)
    assert [deliver(wired, 3599), deliver(wired, 3600), deliver(wired, 99_999)] == [0, 1, 0]


def test_news__are_told_to_the_part_a_case_is_handed_over_to(house: House) -> None:
    with house.database.transaction() as session:
        submit(session, "referral", ID, {}, "north")
        cases.take_up(session, house.staff["Nora"], ID, NOW.date())
        assert rows(house) == []
        handing.hand_over(session, house.staff["Nora"], ID, "south", NOW)
    sonja = house.staff["Sonja"].person.id
    assert [row.person_id for row in rows(house)] == [sonja]


def test_news__are_no_news_to_who_looked_before_they_went_out(
    house: House, box: Postbox, connected: Connect, served: Serve
) -> None:
    wired = connected(house, box.url)
    tell(wired)
    staff(served(wired), "Nora").get("/desk/")
    assert deliver(wired) == 0
    assert box.raw == []


def test_looked__waits_for_what_is_told_at_the_same_moment(
    either_house: House, box: Postbox, connected: Connect
) -> None:
    wired = connected(either_house, box.url)
    tell(wired)
    deliver(wired)
    found: list[str] = []

    def open_inbox() -> None:
        with wired.database.transaction() as session:
            notices.looked(session, wired.staff["Nora"].person.id, NOW)
            found.extend(session.scalars(select(Response.id)))

    looking = Thread(target=open_inbox)
    with wired.database.transaction() as session:
        submit(session, "referral", ID, {}, "north")
        notices.tell(session, "north", NOW)
        looking.start()
        looking.join(0.5)
        assert looking.is_alive()  # until the referral is stored: then she sees it
    looking.join()
    assert found == [ID]


def test_deliver__what_came_in_while_a_message_went_out_is_not_lost(
    house: House, box: Postbox, connected: Connect
) -> None:
    wired = connected(house, box.url)
    tell(wired)
    box.meanwhile = lambda: (look(wired), tell(wired))
    assert deliver(wired) == 1
    box.meanwhile = lambda: None
    assert [deliver(wired, 3599), deliver(wired, 99_999)] == [1, 0]


def test_news__reach_who_takes_up_that_part_and_wants_to_know(
    either_house: House, box: Postbox, connected: Connect
) -> None:
    wired = connected(either_house, box.url)
    tell(wired, "south")
    assert deliver(wired) == 0  # Sonja wants none
    tell(wired, "county")
    assert deliver(wired) == 1
    assert box.to == ["nora@example.org"]


def test_deliver__what_the_server_refuses_is_tried_again_and_sent_once(
    either_house: House, box: Postbox, caplog: pytest.LogCaptureFixture, connected: Connect
) -> None:
    wired = connected(either_house, box.url)
    tell(wired)
    box.refuses = True
    assert [deliver(wired), deliver(wired, 30), deliver(wired, 61)] == [0, 0, 0]
    assert [one.tries for one in rows(wired)] == [2]
    assert "nora@" not in caplog.text
    box.refuses = False
    assert [deliver(wired, 100), deliver(wired, 300), deliver(wired, 99_999)] == [0, 1, 0]
    with wired.database.transaction() as session:
        assert notices.unsent(session, NOW + timedelta(days=1), 3600) == 0


def test_deliver__a_server_that_is_away_costs_nothing_but_time(
    house: House, connected: Connect, served: Serve
) -> None:
    wired = connected(house, f"smtp://127.0.0.1:{free_port()}")
    walk_to_check(woman(served(wired)), NORTH).press("submit")
    assert notices.deliver(wired.database, wired.settings, datetime.now(wired.settings.zone)) == 0
    with wired.database.transaction() as session:
        later = datetime.now(wired.settings.zone) + timedelta(hours=2)
        assert notices.unsent(session, later, 3600) == 1


def test_deliver__of_several_processes_one_sends(
    either_house: House, box: Postbox, connected: Connect
) -> None:
    wired = connected(either_house, box.url)
    tell(wired)
    threads = [Thread(target=deliver, args=(wired,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box.raw) == 1


def test_overdue__tells_the_coordinator_after_two_working_days_until_somebody_reads(
    either_house: House, box: Postbox, connected: Connect, served: Serve
) -> None:
    wired = connected(either_house, box.url)
    with wired.database.transaction() as session:
        submit(session, "referral", ID, {}, "north")
        session.execute(update(Response).values(received=date(2026, 11, 26)))  # a Thursday
    for day, told in ((30, 0), (31, 1)):  # Friday and Monday are the two
        now = datetime(2026, 11, 1, 9, tzinfo=wired.settings.zone) + timedelta(days=day - 1)
        with wired.database.transaction() as session:
            overdue.look(session, now)
        assert notices.deliver(wired.database, wired.settings, now) == told
    assert box.to == ["karin@example.org"]
    made = served(wired)
    karin = staff(made, "Karin").get("/staff/people")
    assert "wartet seit mehr als zwei Werktagen" in karin.text
    with wired.database.transaction() as session:
        cases.take_up(session, wired.staff["Nora"], ID, now.date())
        overdue.look(session, now)
    assert "wartet seit mehr als zwei Werktagen" not in karin.get("/staff/people").text


def test_account__takes_an_address_and_gives_it_up(app: Flask) -> None:
    nora = staff(app, "Nora").get("/staff/account")
    for wrong in ("nora", "a@[b.de", "a@b.de, c@d.de", "a@b.de\r\nBcc: x@y.de"):
        nora.press("Speichern", mail=wrong)
        assert nora.mistakes == ["Bitte prüfen Sie die E-Mail-Adresse."]
    nora.press("Speichern", mail=" nora@example.org ")
    assert nora.page.xpath("//input[@name='mail']/@value") == ["nora@example.org"]
    karin = staff(app, "Karin").get("/staff/people")
    assert "Norden: Keine Beraterin bekommt eine E-Mail" not in karin.text
    assert "Süden: Keine Beraterin bekommt eine E-Mail" in karin.text
    assert "nora@example.org" not in karin.response.get_data(as_text=True)
    nora.press("Speichern", mail="")
    assert nora.page.xpath("//input[@name='mail']/@value") in ([], [""])
    assert not staff(app, "Eva").get("/staff/account").page.xpath("//input[@name='mail']")


def test_leaving__takes_her_address_along(house: House, box: Postbox, connected: Connect) -> None:
    wired = connected(house, box.url)
    tell(wired)
    with wired.database.transaction() as session:
        nora = session.scalars(select(Person).where(Person.name == "Nora")).one()
        staffing.revoke(session, wired.staff["Karin"].person.id, nora, NOW.date())
        assert nora.mail == ""
    assert rows(wired) == []


def test_form__says_where_nobody_reads(app: Flask, house: House) -> None:
    with house.database.transaction() as session:
        nora = session.scalars(select(Person).where(Person.name == "Nora")).one()
        staffing.revoke(session, house.staff["Karin"].person.id, nora, NOW.date())
    there = walk_to_check(woman(app), NORTH)
    assert "Für Ihren Ort ist im Moment keine Beraterin da." in there.text
    assert there.page.xpath("//div[@class='notice']//a[@href='tel:116016']")
    assert there.press("submit").heading == "Ihre Nachricht ist angekommen"
    south = walk_to_check(woman(app), NORTH | {"municipality": "unna"})
    assert "keine Beraterin da" not in south.text
    assert "Norden: Hier gibt es keine Beraterin." in staff(app, "Karin").get("/staff/people").text
    with house.database.transaction() as session:
        sonja = session.scalars(select(Person).where(Person.name == "Sonja")).one()
        staffing.revoke(session, house.staff["Karin"].person.id, sonja, NOW.date())
    assert "keine Beraterin da" in woman(app).text  # at once: nobody is there for any place
