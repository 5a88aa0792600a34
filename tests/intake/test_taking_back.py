"""A woman takes everything back: at once, as a whole, and whoever has it open is told."""

from threading import Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import Entry
from core.records import Response
from exports.release import releases
from intake import conversations, withdrawing
from intake.messages import Message, ReturnCode
from tests.intake.test_nothing_lost import (
    NOW,
    NUMBER,
    START,
    back,
    number_of,
    posted,
    sent,
    taken_up,
)
from tests.support.house import House
from tests.support.walks import staff


def test_withdraw__leads_back_as_every_post_and_says_so_once(app: Flask, house: House) -> None:
    _, number = sent(app)
    visitor = back(app, number).press("withdraw")
    assert posted(visitor, "withdrawn") == 303
    assert "Alles ist gelöscht" in visitor.get("/").text
    assert "Alles ist gelöscht" not in visitor.get("/").text
    assert visitor.heading == START
    with house.database.transaction() as session:
        for table in (Response, ReturnCode, Message):
            assert session.scalars(select(table)).all() == []
    assert back(app, number).heading == START


def test_withdraw__takes_along_what_is_written_in_the_same_moment(either_house: House) -> None:
    house, nora = either_house, either_house.staff["Nora"]
    taken_up(house)

    def withdraw() -> None:
        with house.database.transaction() as session:
            withdrawing.withdraw(session, NUMBER, NOW)

    withdrawal = Thread(target=withdraw)
    with house.database.transaction() as session:
        conversations.reply(session, nora, NUMBER, str(uuid4()), "Drossel", NOW)
        withdrawal.start()
        withdrawal.join(0.5)
        assert withdrawal.is_alive()  # until the reply is stored
    withdrawal.join()
    with house.database.transaction() as session:
        for table in (Response, ReturnCode, Message):
            assert session.scalars(select(table)).all() == []


@pytest.mark.parametrize("released", [False, True])
def test_withdraw__whoever_has_it_open_is_told_and_nobody_else(
    app: Flask, house: House, *, released: bool
) -> None:
    _, number = sent(app)
    case = number_of(house)
    nora, sonja = staff(app, "Nora"), staff(app, "Sonja")
    open_page = nora.get(f"/desk/{case}").press("Übernehmen").page
    if released:
        with house.database.transaction() as session:
            response = session.get_one(Response, case)
            eva = house.staff["Eva"]
            releases.freeze(session, eva, response.version_id, [response], {}, NOW.date())
    back(app, number).press("withdraw").press("withdrawn")
    nora.page = open_page
    nora.press("Eintragen", note="Amsel")
    for path in (f"/desk/cases/{case}", f"/desk/{case}", f"/desk/{case}/messages", ""):
        if path:
            nora.get(path)
        assert nora.response.status_code == 410
        assert "Diese Frau hat alles gelöscht, was hier stand." in nora.text
        assert sonja.get(path or f"/desk/{case}").response.status_code == 404
        assert "gelöscht" not in sonja.text
    with house.database.transaction() as session:
        assert session.scalars(select(Entry.id).where(Entry.deed == "refused")).all() == []
