"""The interviewer's page of devices."""

import json
import zlib
from base64 import b64decode

from flask import Flask
from sqlalchemy import select

from core import people
from core.app_users import AppUser
from surveys import collect
from tests.support.device import Device, record
from tests.support.house import House, join
from tests.support.walks import staff


def test_devices__one_is_added_counted_and_ended(app: Flask, house: House) -> None:
    ines = staff(app, "Ines").get("/interviews/devices")
    ines.press("Hinzufügen")
    assert ines.mistakes == ["Bitte ausfüllen."]
    ines.press("Hinzufügen", name=" Tablet 1 ")
    server, user, token = ines.page.xpath("//p[@class='recovery']/code/text()")
    assert (server, user) == ("http://localhost/openrosa", collect.ANYBODY)
    assert ines.page.xpath("//*[@role='img']/*[local-name()='svg']")
    tablet = Device(app, token)
    for number in (1, 2):
        assert tablet.send(record("", number)) == 201
    ines.get("/interviews/devices")
    assert token not in ines.text
    assert ines.page.xpath("normalize-space(//tbody/tr/th)") == "Tablet 1"
    assert "2 Befragungen" in ines.text
    assert "mit anderen Antworten" not in ines.text
    assert tablet.send(record("<person><age>30_49</age></person>", 2)) == 409
    ines.get("/interviews/devices")
    assert "2 Befragungen" in ines.text
    assert "1 weitere mit anderen Antworten" in ines.text
    ines.press("Sofort beenden Tablet 1")
    assert "beendet am" in ines.text
    assert tablet.send(record("", 3)) == 401


def test_devices__of_others_are_not_hers(app: Flask, house: House) -> None:
    staff(app, "Ines").get("/interviews/devices").press("Hinzufügen", name="Tablet")
    join(house, "Jana", people.INTERVIEWER)
    jana = staff(app, "Jana").get("/interviews/devices")
    assert "Tablet" not in jana.text
    with house.database.transaction() as session:
        [device] = session.scalars(select(AppUser))
    token = jana.page.xpath("//input[@name='csrf_token']/@value")[0]
    jana.post("/interviews/devices/end", {"device": str(device.id), "csrf_token": token})
    assert jana.response.status_code == 404
    assert device.ended is None


def test_collect__imports_what_stands_in_the_picture() -> None:
    text = collect.settings("https://zugang.example.org/openrosa", "secret", "zugang")
    read = json.loads(zlib.decompress(b64decode(text)))
    assert set(read) == {"general", "admin", "project"}
    general = read["general"]
    assert general["server_url"] == "https://zugang.example.org/openrosa"
    assert (general["username"], general["password"]) == ("zugang", "secret")
    assert general["delete_send"] is True
