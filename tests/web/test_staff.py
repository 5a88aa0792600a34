"""Staff pages: set-up, invitation, sign-in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import invitations, keyring, passphrases, people, records, recovery, vault
from core.audit import Entry
from core.invitations import Invitation
from core.people import Person
from core.records import Response
from core.vault import Cost
from tests.support.house import CHEAP, PASSPHRASE, House, settings_for, submit
from tests.support.houses import program, serving
from tests.support.visitor import Visitor
from tests.support.walks import staff

GONE, WELCOME = "Dieser Link gilt nicht mehr", "Willkommen"
ACCEPT, ID = "Speichern und anmelden", "00000000-0000-4000-8000-000000000001"
OWN = "feder gras hummel jolle"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations.accept, "__defaults__", (CHEAP,))


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A service that nobody has set up."""
    chosen = settings_for(tmp_path / "data", request.getfixturevalue(request.param))
    house = House(chosen, program.prepare(chosen))
    yield house
    house.database.close()


def set_up_link(house: House) -> str:
    with house.database.transaction() as session:
        token = invitations.invite_coordinator(session, datetime.now(house.settings.zone))
    assert token is not None
    return f"/staff/invitation/{token}"


def invited(app: Flask, name: str, role: str, part: str = "both") -> str:
    visitor = staff(app, "Karin")
    visitor.press("Einladen", name=name, role=role, part=part)
    assert visitor.heading == "Einladung"
    link = visitor.page.findtext(".//code")
    assert link is not None
    return str(link).removeprefix("http://localhost")


def test_set_up__the_link_works_once_and_the_recovery_key_opens_everything(empty: House) -> None:
    link = set_up_link(empty)
    for app in serving(empty):
        visitor = Visitor(app).get(link)
        assert visitor.heading == WELCOME
        visitor.press(ACCEPT, name="Karin", passphrase=OWN, again=OWN)
        assert visitor.heading == "Ihr Notschlüssel"
        code = " ".join(visitor.page.xpath("//ol[@class='words']/li/text()"))
        assert len(code.split()) == recovery.WORDS

        visitor.get(visitor.page.xpath("//main//a[@class='go']/@href")[0])
        assert visitor.path == "/staff/people"
        assert code not in visitor.text
        assert visitor.get(link).response.status_code == 410
        assert Visitor(app).get(link).heading == GONE
        assert staff(app, "Karin", OWN).path == "/staff/people"

    with Session(empty.database.durable) as session:
        submit(
            session, "referral", ID, {"/data/contact/name": "Amsel", "/data/person/age": "22_29"}
        )
        keys = keyring.collect(session, recovery.pair_of(code))
        response = session.get(Response, ID)
        assert response is not None
        assert records.open_identity(session, response, keys)["/data/contact/name"] == "Amsel"
        assert records.open_answers(session, response, keys)["/data/person/age"] == "22_29"


@pytest.mark.parametrize(
    ("typed", "mistakes"),
    [
        ({"passphrase": "elf zeichen", "again": "elf zeichen"}, ["mindestens 12 Zeichen"]),
        ({"passphrase": OWN, "again": f"{OWN}!"}, ["verschieden"]),
        ({"name": "", "passphrase": OWN, "again": OWN}, ["Bitte ausfüllen"]),
        ({"name": "  ", "passphrase": OWN, "again": OWN}, ["Bitte ausfüllen"]),
        ({"name": " Nora ", "passphrase": OWN, "again": OWN}, ["gibt es schon"]),
        ({"name": "x" * 101, "passphrase": OWN, "again": OWN}, ["passt hier nicht"]),
        ({"passphrase": "x" * 501, "again": "x" * 501}, ["passt hier nicht"] * 2),
        ({"passphrase": "a\u0308" * 6, "again": "a\u0308" * 6}, ["mindestens 12 Zeichen"]),
    ],
)
def test_accept__a_mistake_is_told_and_the_link_still_works(
    app: Flask, typed: dict[str, str], mistakes: list[str]
) -> None:
    link = invited(app, "Olga", people.EVALUATOR)
    visitor = Visitor(app).get(link).press(ACCEPT, **typed)
    assert visitor.response.status_code == 200
    assert visitor.heading == WELCOME
    assert len(visitor.mistakes) == len(mistakes)
    for told, part in zip(visitor.mistakes, mistakes, strict=True):
        assert part in told
    assert not {text for text in typed.values() if len(text) > 10} & set(
        visitor.page.xpath("//input[@type='password']/@value")
    )
    visitor.press(ACCEPT, name="Olga", passphrase=OWN, again=OWN)
    assert visitor.path == "/results/"


def test_accept__a_link_used_twice_is_gone(app: Flask) -> None:
    link = invited(app, "Olga", people.EVALUATOR)
    first, second = Visitor(app).get(link), Visitor(app).get(link)
    first.press(ACCEPT, passphrase=OWN, again=OWN)
    second.press(ACCEPT, passphrase="zwei hummeln im gras", again="zwei hummeln im gras")
    assert second.response.status_code == 410
    assert second.heading == GONE
    assert staff(app, "Olga", "zwei hummeln im gras").heading == "Anmelden"
    assert staff(app, "Olga", OWN).path == "/results/"


def test_accept__an_expired_link_is_gone(app: Flask, house: House) -> None:
    link = invited(app, "Olga", people.EVALUATOR)
    with house.database.transaction() as session:
        session.execute(update(Invitation).values(expires=int(datetime.now(UTC).timestamp()) - 60))
    visitor = Visitor(app).get(link)
    assert visitor.response.status_code == 410
    assert visitor.heading == GONE


def test_accept__a_made_up_link_is_gone(app: Flask) -> None:
    assert Visitor(app).get("/staff/invitation/made-up").response.status_code == 410


def test_invite__a_name_that_is_taken_is_told(app: Flask) -> None:
    visitor = staff(app, "Karin")
    visitor.press("Einladen", name="Nora", role=people.EVALUATOR)
    assert visitor.heading == "Mitarbeitende"
    assert visitor.mistakes == ["Diesen Namen gibt es schon. Bitte wählen Sie einen anderen."]


@pytest.mark.parametrize("role", ["queen", ""])
def test_invite__a_role_that_is_not_offered_is_refused(app: Flask, role: str) -> None:
    visitor = staff(app, "Karin").press("Einladen", name="Olga", role=role)
    assert visitor.mistakes == ["Diese Antwort steht nicht zur Auswahl."]
    assert "Olga" not in staff(app, "Karin").text


@pytest.mark.parametrize(
    ("role", "part", "held"),
    [
        (people.COUNSELLOR, "south", 3),
        (people.COUNSELLOR, "both", 4),
        (people.INTERVIEWER, "south", 0),
        (people.EVALUATOR, "south", 1),
        (people.COORDINATOR, "south", 5),
    ],
)
def test_invite__the_invited_gets_the_keys_of_her_role(
    app: Flask, house: House, role: str, part: str, held: int
) -> None:
    link = invited(app, "Olga", role, part)
    Visitor(app).get(link).press(ACCEPT, passphrase=OWN, again=OWN)
    with Session(house.database.durable) as session:
        who = passphrases.sign_in(session, "Olga", OWN)
        assert who is not None
        assert len(who.keys.held) == held
        assert who.person.part == (part if role == people.COUNSELLOR else "")


def test_people__who_has_not_come_yet_is_marked(app: Flask) -> None:
    invited(app, "Olga", people.COUNSELLOR, "south")
    visitor = staff(app, "Karin")
    rows = {
        row.findtext("./th//bdi"): [cell.text_content() for cell in row.findall("td")]
        for row in visitor.page.xpath("//tbody/tr")
    }
    assert rows["Olga"] == ["Beraterin", "Süden", "eingeladen", "nein"]
    assert rows["Nora"] == ["Beraterin", "Norden", "aktiv", "nein"]
    assert rows["Eva"] == ["Auswerterin", "", "aktiv", ""]


@pytest.mark.parametrize("name", ["Nora", "Nobody", "nora", "'; DROP TABLE person; --"])
def test_sign_in__a_wrong_passphrase_is_told_and_says_no_more(app: Flask, name: str) -> None:
    visitor = staff(app, name, "something else altogether")
    assert (visitor.heading, visitor.response.status_code) == ("Anmelden", 200)
    assert visitor.mistakes == ["Name oder Passwort-Satz stimmen nicht."]
    assert visitor.page.xpath("//input[@name='name']/@value") == [name]
    assert not visitor.page.xpath("//input[@type='password']/@value[. != '']")
    assert visitor.get("/desk/").heading == "Anmelden"


def test_sign_in__a_box_of_an_earlier_cost_is_wrapped_anew(
    app: Flask, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "COST", Cost(CHEAP.passes + 1, CHEAP.memory))
    assert staff(app, "Eva").path == "/results/"
    with Session(house.database.durable) as session:
        eva = session.scalars(select(Person).where(Person.name == "Eva")).one()
        assert eva.passes == CHEAP.passes + 1
    assert staff(app, "Eva").path == "/results/"


def test_sign_in__the_passphrase_of_another_does_not_open(app: Flask) -> None:
    link = invited(app, "Olga", people.EVALUATOR)
    Visitor(app).get(link).press(ACCEPT, passphrase=OWN, again=OWN)
    assert staff(app, "Olga", PASSPHRASE).mistakes
    assert staff(app, "Eva", OWN).mistakes


def test_sign_in__is_noted_with_who_came_in_and_who_was_refused(app: Flask, house: House) -> None:
    staff(app, "Eva")
    staff(app, "eva  ", "something else altogether")
    staff(app, "Eva", "something else altogether")
    staff(app, "birke garten hafen segel wolke", "Eva")
    eva = house.staff["Eva"].person.id
    with Session(house.database.durable) as session:
        query = select(Entry.person_id, Entry.deed, Entry.thing).order_by(Entry.id.desc()).limit(2)
        refused, came = session.execute(query).all()
    assert came == (eva, "signed-in", f"person:{eva}")
    assert refused == (eva, "refused", "sign-in")


def test_home__leads_to_sign_in_or_to_work(app: Flask) -> None:
    assert Visitor(app).get("/staff/").heading == "Anmelden"
    assert staff(app, "Eva").get("/staff/").path == "/results/"
