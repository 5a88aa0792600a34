"""The OpenRosa API: what a field client is offered, and what becomes of what it sends."""

from hashlib import md5
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import app_users, catalogues, recordings, records, staffing, versions
from core.app_users import AppUser
from core.audit import Entry
from core.records import CONFLICT, Attachment, Response
from surveys.arriving import Arrival
from tests.support.device import MANIFEST, Device, record, token_for
from tests.support.house import NOW, House
from tests.xlsform.builders import workbook_from
from xlsform.source import convert, read

QUESTIONNAIRE = Path(__file__).parents[2] / "surveys" / "questionnaires" / "client.md"
AGE = "<person><age>30_49</age></person>"
OTHER_AGE = "<person><age>22_29</age></person>"
GOOD = "<more><good>Kranich &amp; Amsel</good></more>"
BOMB = '<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>'
PICTURES = """
| survey |
| | type | name | label |
| | image | picture | Bild |
| | text | words | Worte |
| settings |
| | form_id | form_title |
| | client | Bilder |
"""


@pytest.fixture
def device(app: Flask, house: House) -> Device:
    return Device(app, token_for(house, house.staff["Ines"]))


def stored(house: House) -> list[tuple[str, str, dict[str, str]]]:
    """Return (id, status, what it says) of everything that was stored."""
    with house.database.transaction() as session:
        rows = session.scalars(select(Response).order_by(Response.id)).all()
        return [
            (row.id, row.status, dict(records.open_answers(session, row, house.staff["Eva"].keys)))
            for row in rows
        ]


def test_form_list__names_what_she_may_fill_in_with_the_hash_of_the_very_bytes(
    device: Device,
) -> None:
    forms = device.forms()
    assert device.response is not None
    assert set(forms) == {"client", "municipality"}
    assert device.response.content_type == "text/xml; charset=utf-8"
    assert device.response.headers["X-OpenRosa-Version"] == "1.0"
    client = forms["client"]
    assert (client["name"], client["version"]) == ("Ihre Meinung", "1")
    assert client["downloadUrl"].startswith("http://")
    content = device.download("client")
    assert client["hash"] == f"md5:{md5(content, usedforsecurity=False).hexdigest()}"
    assert device.download("client") == content
    instance = etree.fromstring(content).find(".//{*}instance")
    assert instance is not None
    assert dict(instance[0].attrib) == {"id": "client", "version": "1"}


def test_form_list__gives_the_one_that_is_asked_for(device: Device) -> None:
    assert len(device.get("/openrosa/formList?formID=municipality")) == 1
    assert len(device.get("/openrosa/formList?formID=referral")) == 0


def test_form__of_others_is_not_handed_out(device: Device) -> None:
    for path in ("forms/referral/1.xml", "forms/case/1.xml", "forms/client/9.xml"):
        device.get(f"/openrosa/{path}")
        assert device.response is not None
        assert device.response.status_code == 404


def test_manifest__names_the_recordings_with_the_hash_of_the_very_bytes(
    device: Device, house: House
) -> None:
    assert "manifestUrl" not in device.forms()["client"]
    with house.database.transaction() as session:
        name, content = recorded(session)
    client = device.forms()["client"]
    assert client["version"] == "2"
    [file] = device.get(client["manifestUrl"]).findall(f"{MANIFEST}mediaFile")
    said = {one.tag.removeprefix(MANIFEST): one.text or "" for one in file}
    assert said["filename"] == name
    assert said["hash"] == f"md5:{md5(content, usedforsecurity=False).hexdigest()}"
    assert device.client.get(said["downloadUrl"], headers=device.headers).data == content


def recorded(session: Session) -> tuple[str, bytes]:
    """Record what one question says, and publish; return the name and content of the file."""
    content = b"ID3 a voice"
    workbook = catalogues.translate(read(QUESTIONNAIRE))
    first = next(one for one in recordings.spoken(workbook) if one.question == "way_found")
    name = recordings.keep(session, first, content, NOW.date(), draft=False)
    versions.publish(session, "client", convert(recordings.tied(session, workbook)).xml)
    return name, content


@pytest.mark.parametrize("token", ["", "wrong"])
def test_api__lets_nobody_in_without_a_token(app: Flask, token: str) -> None:
    stranger = Device(app, token)
    for path in ("formList", "forms/client/1.xml", "forms/client/1/manifest"):
        stranger.get(f"/openrosa/{path}")
        assert stranger.response is not None
        assert stranger.response.status_code == 401
        assert stranger.response.headers["WWW-Authenticate"].startswith("Basic ")
    assert stranger.send(record(AGE)) == 401
    assert stranger.client.head("/openrosa/submission").status_code == 401


def test_token__is_none_any_more_when_it_is_ended_or_she_leaves(
    app: Flask, house: House, device: Device
) -> None:
    ines, day = house.staff["Ines"], NOW.date()
    other = Device(app, token_for(house, ines, "Telefon"))
    with house.database.transaction() as session:
        first = session.scalars(select(AppUser.id).where(AppUser.name == "Tablet")).one()
        app_users.end(session, ines, first, day)
    assert device.send(record(AGE)) == 401
    assert other.send(record(AGE)) == 201
    with house.database.transaction() as session:
        person = session.merge(ines.person)
        staffing.revoke(session, house.staff["Karin"].person.id, person, day)
    assert other.send(record(AGE, 2)) == 401


def test_head__says_how_much_may_come_at_once(device: Device) -> None:
    answer = device.client.head("/openrosa/submission", headers=device.headers)
    assert answer.status_code == 204
    assert answer.headers["Location"] == "http://localhost/openrosa/submission"
    assert int(answer.headers["X-OpenRosa-Accept-Content-Length"]) >= 10_000_000


def test_submission__is_stored_once_however_often_it_comes(device: Device, house: House) -> None:
    for _ in range(3):
        assert device.send(record(AGE + GOOD)) == 201
        assert device.told == "Die Befragung ist angekommen."
    [(number, status, said)] = stored(house)
    assert (number, status) == ("00000000-0000-4000-8000-000000000001", "new")
    assert said == {"/data/person/age": "30_49"}
    with house.database.transaction() as session:
        response = session.scalars(select(Response)).one()
        nora = house.staff["Nora"].keys
        assert records.open_identity(session, response, nora)["/data/more/good"] == (
            "Kranich & Amsel"
        )
        noted = session.scalars(select(Entry.thing).where(Entry.deed == "submitted")).all()
        assert noted == [f"response:{number}"]


def test_submission__that_differs_under_the_same_number_is_kept_beside(
    device: Device, house: House
) -> None:
    assert device.send(record(AGE)) == 201
    for _ in range(2):
        assert device.send(record(OTHER_AGE)) == 409
        assert "Beides ist aufgehoben" in device.told
    assert device.send(record(AGE)) == 201
    said = {status: answers["/data/person/age"] for _, status, answers in stored(house)}
    assert said == {"new": "30_49", CONFLICT: "22_29"}
    with house.database.transaction() as session:
        assert len(records.responses(session, "client")) == 1  # an interview counts once
        beside = session.scalars(select(Arrival.beside).where(Arrival.beside.is_not(None))).all()
        assert beside == ["00000000-0000-4000-8000-000000000001"]


def test_submission__under_the_number_of_another_device_changes_nothing(
    app: Flask, device: Device, house: House
) -> None:
    assert device.send(record(AGE)) == 201
    other = Device(app, token_for(house, house.staff["Ines"], "Telefon"))
    assert other.send(record(AGE)) == 409
    assert [answers["/data/person/age"] for _, _, answers in stored(house)] == ["30_49"] * 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("kein XML", 400),
        (record("").replace("<data", f"{BOMB}<data", 1), 400),
        (record(AGE).replace("uuid:00000000", "uuid:zzzz"), 400),
        (record(AGE).replace("orx:instanceID", "orx:otherID"), 400),
        (record("<person><age>hundert</age></person>"), 400),
        (record("<person><name>Amsel</name></person>"), 400),
        (record(AGE + AGE), 400),
        (record(AGE, version="2"), 404),
        (record(AGE, version="eins"), 404),
        (record(AGE, version=""), 404),
        (record("", form="referral"), 404),
        (record("", form="unknown"), 404),
        (record(AGE).encode("utf-16"), 400),
        (record("<more><good>" + "x" * 13_000_000 + "</good></more>"), 413),
    ],
)
def test_submission__that_is_none_is_refused_and_nothing_of_it_stays(
    device: Device, house: House, sent: str | bytes, status: int
) -> None:
    assert device.send(sent) == status
    assert device.told.startswith("Das wurde nicht angenommen. ")
    assert "hundert" not in device.told
    assert "Amsel" not in device.told
    assert stored(house) == []


def test_submission__from_a_page_of_somebody_else_is_refused(device: Device, house: House) -> None:
    del device.headers["X-OpenRosa-Version"]  # which no such page can send
    assert device.send(record(AGE)) == 400
    assert stored(house) == []


def pictures(house: House) -> None:
    with house.database.transaction() as session:
        versions.publish(session, "client", convert(workbook_from(PICTURES)).xml)


def test_files__come_with_the_record_or_after_it(device: Device, house: House) -> None:
    pictures(house)
    sent = record("<picture>1.jpg</picture>", version="2")
    assert device.send(sent) == 201
    for _ in range(2):
        assert device.send(sent, {"1.jpg": b"\xff\xd8 Reiher"}) == 201
    with house.database.transaction() as session:
        response = session.scalars(select(Response)).one()
        nora = house.staff["Nora"].keys
        assert records.open_file(session, response, "1.jpg", nora) == b"\xff\xd8 Reiher"


def test_files__that_the_record_does_not_name_are_refused(device: Device, house: House) -> None:
    pictures(house)
    sent = record("<picture>1.jpg</picture>", version="2")
    assert device.send(sent, {"2.jpg": b"x"}) == 400
    with house.database.transaction() as session:
        assert session.scalars(select(Attachment)).all() == []
    assert stored(house) == []
