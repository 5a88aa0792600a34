"""What has its time: accounts that nobody uses, and doing it once a day."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import keyring, retention
from core.audit import Entry
from core.people import Person
from core.retention import ACCOUNTS, Rule
from tests.core.lived_in import run
from tests.support.house import NOW, House
from tests.support.walks import staff

TODAY = NOW.date()
YEAR_AGO = date(2025, 11, 23)


def last_seen(house: House, days: dict[str, date]) -> None:
    with house.database.transaction() as session:
        for person in session.scalars(select(Person)):
            person.seen = days.get(person.name, TODAY)


def there(house: House) -> set[str]:
    with Session(house.database.durable) as session:
        return {person.name for person in session.scalars(select(Person)) if person.comes_in}


def keep(house: House, day: date = TODAY) -> retention.Ended:
    return retention.once_a_day(house.database, house.settings, day, [ACCOUNTS])


def test_due__is_the_first_day_on_which_it_is_so_many_months_ago() -> None:
    for offset, months in product(range(1500), (1, 6, 12, 13)):
        since = date(2023, 1, 1) + timedelta(days=offset)
        due = retention.due(since, months)
        assert retention.before(due, months) >= since
        assert retention.before(due - timedelta(days=1), months) < since


def test_accounts__one_that_nobody_used_for_a_year_is_closed(either_house: House) -> None:
    last_seen(either_house, {"Nora": YEAR_AGO, "Eva": YEAR_AGO + timedelta(days=1)})
    with Session(either_house.database.durable) as session:
        before = keyring.newest(session, "contact-north").id
    assert keep(either_house) == {ACCOUNTS.what: [YEAR_AGO]}
    assert there(either_house) == {"Karin", "Sonja", "Ines", "Eva"}
    with Session(either_house.database.durable) as session:
        assert keyring.newest(session, "contact-north").id > before
        lines = session.scalars(select(Entry).where(Entry.deed == "revoked")).all()
        assert [(line.person_id, line.thing) for line in lines] == [
            (0, f"person:{either_house.staff['Nora'].person.id}")
        ]


def test_accounts__the_last_coordinators_stays(either_house: House) -> None:
    last_seen(either_house, {"Karin": YEAR_AGO})
    assert keep(either_house) == {ACCOUNTS.what: []}
    assert "Karin" in there(either_house)


def test_accounts__one_that_was_never_used_yet_stays(either_house: House) -> None:
    with either_house.database.transaction() as session:
        for person in session.scalars(select(Person)):
            person.seen = None
    assert keep(either_house) == {ACCOUNTS.what: []}


def test_once_a_day__is_done_by_the_first_who_asks(either_house: House) -> None:
    assert keep(either_house) != {}
    last_seen(either_house, {"Nora": YEAR_AGO})
    assert keep(either_house) == {}
    assert "Nora" in there(either_house)
    assert keep(either_house, TODAY + timedelta(days=1)) == {ACCOUNTS.what: [YEAR_AGO]}


def test_once_a_day__what_failed_is_done_at_the_next_turn(either_house: House) -> None:
    def fail(*_: object) -> list[date]:
        raise ZeroDivisionError

    last_seen(either_house, {"Nora": YEAR_AGO})
    rules = [ACCOUNTS, Rule("what fails", fail)]
    with pytest.raises(ZeroDivisionError):
        retention.once_a_day(either_house.database, either_house.settings, TODAY, rules)
    assert "Nora" in there(either_house)
    assert keep(either_house) == {ACCOUNTS.what: [YEAR_AGO]}


def test_command__lists_what_is_due_and_changes_nothing(either_house: House) -> None:
    last_seen(either_house, {"Nora": YEAR_AGO})
    done = run(either_house.settings, "retention", "--dry-run")
    assert done.output.splitlines() == [
        "contact parts of closed referrals: 0 due",
        "referrals taken back: 0 due",
        "paraphrases of texts that are gone: 0 due",
        "drafts that nobody went on with: 0 due",
        "accounts that nobody uses: 1 due, from 2025-11-23 to 2025-11-23",
    ]
    assert "Nora" in there(either_house)
    done = run(either_house.settings, "retention", "--now")
    assert done.output.splitlines()[-1].startswith("accounts that nobody uses: 1 done")
    assert "Nora" not in there(either_house)


@pytest.mark.parametrize("options", [(), ("--dry-run", "--now")])
def test_command__wants_to_know_which(house: House, options: tuple[str, ...]) -> None:
    assert run(house.settings, "retention", *options).exit_code == 2


def test_seen__is_the_day_of_the_last_sign_in(app: Flask, house: House) -> None:
    last_seen(house, {"Nora": YEAR_AGO, "Eva": YEAR_AGO})
    staff(app, "Nora")
    with Session(house.database.durable) as session:
        seen = {person.name: person.seen for person in session.scalars(select(Person))}
    assert seen["Nora"] == datetime.now(house.settings.zone).date()
    assert seen["Eva"] == YEAR_AGO
