"""The women's journey, from the first page to the confirmation."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core import keyring, records, recovery, versions
from core.records import Response
from core.web.journey import Run
from core.web.sessions import SealedSession
from intake import referrals
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import CHECK, LEAST, RECEIVED, value_of, walk_to, walk_to_check, woman

START, FIRST = "Wir sind für Sie da", "Sind Sie gerade sicher?"
WAYS, CONTACT, LAST = "Ein sicherer Weg zu Ihnen", "So erreichen wir Sie", "Zum Schluss"
CLOCK = re.compile(r"\d\d:\d\d Uhr")  # until when her words are kept: a minute on, it is later


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


def stored(house: House) -> list[Response]:
    with house.database.transaction() as session:
        return list(session.scalars(select(Response)))


def opened(house: House) -> dict[str, str]:
    """Return all answers of the one referral there is."""
    [response] = stored(house)
    with house.database.transaction() as session:
        keys = keyring.collect(session, recovery.pair_of(house.recovery_code))
        identity = records.open_identity(session, response, keys)
        return dict(identity) | dict(records.open_answers(session, response, keys))


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_journey__the_least_that_is_needed_arrives(
    either_app: Flask, either_house: House, language: str
) -> None:
    visitor = woman(either_app, language)
    for _ in range(20):
        if visitor.page.xpath("//button[@value='submit']"):
            break
        asked = {
            name.rpartition("-")[2]: name
            for name in visitor.page.xpath("//*[starts-with(@name, 'q-')]/@name")
        }
        visitor.press("next", **{name: text for name, text in LEAST.items() if name in asked})
        assert visitor.mistakes == []
    visitor.press("submit")
    assert visitor.response.status_code == 200
    assert visitor.page.get("lang") == language
    answers = {path.rpartition("/")[2]: text for path, text in opened(either_house).items()}
    assert answers == {
        "contact_way": "phone",
        "phone": "0176 040690",
        "consent_help": "yes",
        "access": "web_form",
    }


def test_journey__what_was_answered_arrives_as_it_was_written(
    either_app: Flask, either_house: House
) -> None:
    words = 'Erste Zeile\nzweite Zeile <b> & "Wörter" in العربية 🙂'
    answers = LEAST | {
        "municipality": "selm",
        "reasons": ["notice", "violence"],
        "deadline_date": "24.12.2026",
        "age": "22_29",
        "words": words,
    }
    walk_to_check(woman(either_app), answers).press("submit")
    found = opened(either_house)
    assert found["/data/more/words"] == words
    assert found["/data/reason/reasons"] == "notice violence"
    assert found["/data/deadline/deadline_date"] == "2026-12-24"
    [response] = stored(either_house)
    assert response.part == "north"


def test_journey__without_a_way_back_to_her_nothing_goes_on(app: Flask) -> None:
    visitor = walk_to(woman(app), WAYS).press("next")
    assert visitor.heading == WAYS
    assert visitor.mistakes == [
        "Bitte wählen Sie mindestens einen Weg. Sonst können wir Ihnen nicht antworten."
    ]


def test_journey__without_a_way_back_to_her_nothing_is_sent(app: Flask, house: House) -> None:
    visitor = walk_to(woman(app), WAYS)
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/", {"csrf_token": token, "go": "check"})
    assert visitor.heading == CHECK
    assert "Hier fehlt noch etwas." in visitor.text
    visitor.press("submit")
    assert visitor.heading == WAYS
    assert visitor.mistakes
    assert stored(house) == []


def test_journey__without_her_yes_nothing_is_sent(app: Flask, house: House) -> None:
    visitor = walk_to(woman(app), LAST).press("next", consent_help="no")
    assert visitor.heading == LAST
    assert "Ohne Ihr Ja" in visitor.mistakes[0]
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    visitor.post("/", {"csrf_token": token, "go": "check"}).press("submit")
    assert visitor.heading == LAST
    assert stored(house) == []


def test_journey__back_keeps_what_was_typed(either_app: Flask) -> None:
    visitor = walk_to(woman(either_app), CONTACT)
    visitor.press("back", phone="12", name="Amsel")
    assert visitor.heading == WAYS
    visitor.press("next")
    assert visitor.heading == CONTACT
    assert value_of(visitor, "phone") == ["12"]
    assert value_of(visitor, "name") == ["Amsel"]


@pytest.mark.parametrize(("tag", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("uk", "ltr")])
def test_journey__another_language_keeps_what_was_typed(
    app: Flask, tag: str, direction: str
) -> None:
    visitor = walk_to(woman(app), CONTACT)
    visitor.press(f"language:{tag}", phone="12", safety_note="Nicht am Mittwoch")
    assert (visitor.page.get("lang"), visitor.page.get("dir")) == (tag, direction)
    assert value_of(visitor, "phone") == ["12"]
    assert value_of(visitor, "safety_note") == ["Nicht am Mittwoch"]
    visitor.press("next")
    assert visitor.mistakes
    assert value_of(visitor, "phone") == ["12"]


def test_journey__another_language_keeps_what_could_not_be_read(app: Flask) -> None:
    visitor = walk_to(woman(app), "Was passiert ist").press("next", reasons=["notice"])
    visitor.press("language:en", deadline_date="31.2.2026")
    assert visitor.page.get("lang") == "en"
    assert value_of(visitor, "deadline_date") == ["31.2.2026"]
    visitor.press("language:de").press("next")
    assert visitor.mistakes == ["Bitte schreiben Sie ein Datum, zum Beispiel 24.12.2026."]


def test_journey__a_change_from_the_check_page_leads_back_there(app: Flask) -> None:
    visitor = walk_to_check(woman(app)).press("page:/data/person")
    assert visitor.heading == "Sie und Ihre Familie"
    visitor.press("next", age="50_64")
    assert visitor.heading == CHECK
    assert "50 bis 64 Jahre" in visitor.text


def test_journey__a_change_that_asks_for_more_leads_there_first(app: Flask) -> None:
    visitor = walk_to_check(woman(app)).press("page:/data/ways")
    visitor.press("next", contact_way=["email"])
    visitor = visitor.press("submit") if visitor.heading == CHECK else visitor
    assert visitor.heading == CONTACT
    visitor.press("next", email="amsel@example.org")
    assert visitor.heading == CHECK


def test_journey__reloading_a_page_changes_nothing(app: Flask) -> None:
    visitor = walk_to(woman(app), CONTACT)
    first, again = visitor.response.text, visitor.get("/").response.text
    assert CLOCK.search(first)
    assert CLOCK.sub("", again) == CLOCK.sub("", first)


def test_received__stays_through_reload_and_another_language(
    either_app: Flask, either_house: House
) -> None:
    visitor = walk_to_check(woman(either_app)).press("submit")
    assert visitor.heading == RECEIVED
    assert visitor.get("/").heading == RECEIVED
    visitor.press("language:en")
    assert visitor.page.get("lang") == "en"
    assert visitor.heading not in {RECEIVED, START}
    assert visitor.press("language:de").heading == RECEIVED
    assert len(stored(either_house)) == 1


def test_received__sending_again_is_still_received_and_stored_once(
    either_app: Flask, either_house: House
) -> None:
    visitor = walk_to_check(woman(either_app))
    form = visitor.page.xpath("//form")[0]
    data = dict(form.form_values()) | {"go": "submit"}
    for _ in range(3):
        visitor.post("/", data)
        assert (visitor.response.status_code, visitor.heading) == (200, RECEIVED)
    assert len(stored(either_house)) == 1


def test_received__shows_nothing_that_she_wrote(app: Flask) -> None:
    visitor = walk_to_check(woman(app), LEAST | {"words": "zaunkoenig"}).press("submit")
    page = visitor.response.get_data(as_text=True)
    assert "zaunkoenig" not in page
    assert "0176" not in page


def test_received__another_message_is_a_new_one(app: Flask, house: House) -> None:
    visitor = walk_to_check(woman(app)).press("submit")
    visitor.press("begin")
    walk_to_check(visitor).press("submit")
    assert visitor.heading == RECEIVED
    assert len(stored(house)) == 2


def test_submit__pressed_twice_at_the_same_moment_is_received_twice_and_stored_once(
    either_app: Flask, either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = walk_to_check(woman(either_app))
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    data = dict(visitor.page.xpath("//form")[0].form_values()) | {"go": "submit"}
    both_are_here = Barrier(2)
    take = Run.take

    def take_together(run: Run, *posted: Any) -> object:
        outcome = take(run, *posted)
        both_are_here.wait(timeout=20)
        return outcome

    monkeypatch.setattr(Run, "take", take_together)

    def press(_number: int) -> str:
        other = Visitor(either_app)
        other.client.set_cookie("session", cookie.value)
        return other.post("/", data).heading

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, range(2))) == [RECEIVED, RECEIVED]
    assert len(stored(either_house)) == 1


def test_received__only_after_the_row_is_on_disk(
    either_app: Flask, either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = walk_to_check(woman(either_app))

    def fail(*_rest: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr("sqlalchemy.orm.Session.commit", fail)
        visitor.press("submit")
        assert visitor.response.status_code == 500
    assert visitor.get("/").heading == CHECK
    assert stored(either_house) == []
    assert visitor.press("submit").heading == RECEIVED


def test_received__nobody_is_told_that_nothing_was_sent_when_it_was(
    either_app: Flask, either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = walk_to_check(woman(either_app))

    def fail(_session: SealedSession) -> None:
        raise OperationalError("UPDATE web_session", {}, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(SealedSession, "save", fail)  # after the commit of the referral
        visitor.press("submit")
    assert visitor.response.status_code == 503
    assert "Es wurde nichts gesendet." not in visitor.text
    assert len(stored(either_house)) == 1
    assert visitor.get("/").press("submit").heading == RECEIVED
    assert len(stored(either_house)) == 1


def test_questionnaire__is_the_one_she_began_with(app: Flask, house: House) -> None:
    visitor = walk_to(woman(app), CONTACT)
    with house.database.transaction() as session:
        old = versions.current(session, referrals.QUESTIONNAIRE)
        xform = old.xform.replace("So erreichen wir Sie", "Anders")
        assert versions.publish(session, referrals.QUESTIONNAIRE, xform).number == 2
    assert visitor.get("/").heading == CONTACT
    walk_to_check(visitor).press("submit")
    assert [response.version_id for response in stored(house)] == [old.id]
    new = walk_to(woman(app), "Anders")
    assert new.heading == "Anders"
