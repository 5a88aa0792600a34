"""The keys page: who holds which, new keys, sealing anew, another recovery key; and recovering."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import keyring, recovery, resealing, staffing
from core.keyring import PURPOSES, ServiceKey
from core.records import Response
from core.resealing import Waiting
from core.web.staff import keys as page
from tests.support.house import CHEAP, PASSPHRASE, House, submit
from tests.support.visitor import Visitor
from tests.support.walks import staff

OWN = "feder gras hummel jolle"
IN = "Mit dem Notschlüssel hinein"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing.recover, "__defaults__", (CHEAP,))


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with Session(house.database.durable) as opened:
        yield opened


def referrals(house: House, count: int) -> None:
    with house.database.transaction() as session:
        for n in range(count):
            number = f"00000000-0000-4000-8000-{n:012}"
            submit(session, "referral", number, {"/data/contact/name": "Amsel"})


def table(visitor: Visitor, purpose: str) -> dict[str, list[str]]:
    """Return what the page says about who holds the keys for a purpose."""
    rows = visitor.page.xpath(f"//section[@aria-labelledby='{purpose}']//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {first: rest for first, *rest in cells}


def code_on(visitor: Visitor) -> str:
    return " ".join(visitor.page.xpath("//ol[@class='words']/li/text()"))


def waiting(session: Session, house: House) -> Waiting:
    return resealing.waiting(session, keyring.collect(session, house.staff["Karin"].pair))


def generations(session: Session) -> int:
    return len(session.scalars(select(ServiceKey.id)).all()) // len(PURPOSES)


@pytest.mark.parametrize("name", ["Karin", "Nora", "Ines", "Eva"])
def test_overview__everybody_sees_who_holds_which_key(app: Flask, name: str) -> None:
    visitor = staff(app, name).get("/staff/keys")
    assert visitor.heading == "Schlüssel"
    found = table(visitor, "contact-north")
    assert set(found) == {"Karin", "Nora", "Notschlüssel auf Papier"}
    assert {giver for _, giver in found.values()} == {"Karin"}
    assert set(table(visitor, "answers")) == {*found, "Sonja", "Eva"}
    buttons = {one.text_content().strip() for one in visitor.page.iter("button")}
    assert ("Schlüssel wechseln" in buttons) == (name == "Karin")


def test_overview__a_grant_that_nobody_gave_stands_out(app: Flask, house: House) -> None:
    with house.database.transaction() as session:
        eva, karin = house.staff["Eva"], house.staff["Karin"]
        keyring.pass_on(session, karin.keys, ["contact-north"], eva.pair.public)
        keyring.pass_on(session, karin.keys, ["contact-south"], b"k" * 32)
    visitor = staff(app, "Nora").get("/staff/keys")
    asked = "Das gehört nicht zur Aufgabe. Bitte fragen Sie nach."
    assert table(visitor, "contact-north")[f"Eva {asked}"] == ["nicht notiert", ""]
    assert table(visitor, "contact-south")[f"Unbekannt {asked}"] == ["nicht notiert", ""]
    assert len(visitor.page.find_class("more")) == 2


def test_rotate__what_came_before_is_sealed_anew_at_a_press(
    app: Flask, house: House, session: Session
) -> None:
    referrals(house, 3)
    visitor = staff(app, "Karin").get("/staff/keys").press("Schlüssel wechseln")
    assert generations(session) == 2
    assert "0 von 3 Einträgen" in visitor.text
    visitor.press("Alles neu verschließen")
    assert "3 von 3 Einträgen" in visitor.text
    assert "Fertig" in visitor.text
    assert visitor.page.xpath("//progress[@max='3'][@value='3']")
    assert waiting(session, house) == Waiting(mine=0, others=0, done=3)
    nora = staff(app, "Nora")
    assert "Amsel" in nora.get(nora.page.xpath("//tbody//a/@href")[0]).text


def test_reseal__what_takes_long_goes_on_at_the_next_press(
    app: Flask, house: House, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SECONDS", 0)
    monkeypatch.setattr(page, "_ROWS", 2)
    referrals(house, 5)
    visitor = staff(app, "Karin").get("/staff/keys").press("Schlüssel wechseln")
    for done, button in ((2, "Alles neu verschließen"), (4, "Weiter"), (5, "Weiter")):
        visitor.press(button)
        assert f"{done} von 5 Einträgen" in visitor.text
        assert waiting(session, house).done == done
        session.rollback()


def test_reseal__what_somebody_changed_is_counted_and_offers_no_endless_way(
    app: Flask, house: House
) -> None:
    referrals(house, 2)
    with house.database.transaction() as session:
        number = session.scalars(select(Response.id).limit(1)).one()
        session.execute(update(Response).where(Response.id == number).values(identity=b"x" * 300))
    visitor = staff(app, "Karin").get("/staff/keys").press("Schlüssel wechseln")
    visitor.press("Alles neu verschließen")
    assert "1 Eintrag ließ sich nicht öffnen" in visitor.text
    with pytest.raises(LookupError):
        visitor.button("Weiter")


def test_reprint__the_words_are_shown_once_and_the_old_paper_is_dead(
    app: Flask, house: House, session: Session
) -> None:
    visitor = staff(app, "Karin").get("/staff/keys/recovery")
    visitor.press("Neuen Notschlüssel zeigen")
    code = code_on(visitor)
    assert generations(session) == 2
    assert len(keyring.collect(session, recovery.pair_of(code)).held) == 2 * len(PURPOSES)
    assert not keyring.collect(session, recovery.pair_of(house.recovery_code)).held
    visitor.get("/staff/keys")
    assert not visitor.page.find_class("words")


def recover(app: Flask, words: str, name: str = "Olga", again: str = OWN) -> Visitor:
    visitor = Visitor(app).get("/staff/sign-in")
    link = visitor.page.xpath("//a[contains(., 'Niemand kann sich mehr anmelden?')]/@href")
    visitor.get(link[0])
    assert visitor.heading == IN
    return visitor.press("Hinein", words=words, name=name, passphrase=OWN, again=again)


@pytest.mark.parametrize("name", ["Olga", "Karin"])
def test_recover__who_has_the_words_is_coordinator_and_everybody_sees_it(
    app: Flask, house: House, name: str
) -> None:
    referrals(house, 1)
    visitor = recover(app, house.recovery_code.lower(), name)
    assert visitor.heading == "Ihr Notschlüssel"
    code = code_on(visitor)
    assert code != house.recovery_code
    visitor.get("/staff/keys")
    assert table(visitor, "answers")[name]
    assert "0 von 1 Einträgen" in visitor.text
    for who in ("Nora", "Eva"):
        assert f"kam {name} mit dem Notschlüssel hinein" in staff(app, who).get("/staff/keys").text
    assert staff(app, name, OWN).path == "/staff/people"
    assert (staff(app, "Karin").path == "/staff/people") == (name != "Karin")
    assert recover(app, house.recovery_code, "Nele").mistakes == [
        "Dieser Notschlüssel gilt hier nicht. Vielleicht gibt es einen neueren."
    ]
    assert recover(app, code, "Nele").heading == "Ihr Notschlüssel"


def test_recover__a_mistake_is_named_and_nothing_secret_comes_back(
    app: Flask, house: House
) -> None:
    words = house.recovery_code.split()
    swapped = [*words[:-1], "Apfel" if words[-1] != "Apfel" else "Birke"]
    for typed, told in (
        ([*words[:6], "Quatsch", *words[7:]], "Das 7. Wort kenne ich nicht. Bitte prüfen Sie es."),
        (words[:-1], "Ein Notschlüssel hat 18 Wörter, hier sind es 17."),
        (swapped, "Ein Wort ist falsch oder steht an der falschen Stelle."),
    ):
        visitor = recover(app, " ".join(typed))
        assert [one for one in visitor.mistakes if not one.startswith(told)] == []
        assert not visitor.page.xpath("//input[@type='password']/@value[. != '']")
    assert recover(app, house.recovery_code, again=f"{OWN}!").mistakes
    assert recover(app, house.recovery_code, name="Nora").mistakes
    assert recover(app, "").mistakes == ["Bitte ausfüllen."]
    assert staff(app, "Olga", OWN).heading == "Anmelden"
    assert staff(app, "Nora", PASSPHRASE).path == "/desk/"


def test_recover__who_guesses_waits(app: Flask) -> None:
    seen = [recover(app, recovery.new_code()).mistakes[0] for _ in range(12)]
    assert "gilt hier nicht" in seen[0]
    assert "zu viele Versuche" in seen[-1]
