"""The counsellors' pages of open words: one retells, another one checks, nobody else looks."""

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import Entry
from exports.release.paraphrases import Paraphrase
from tests.exports.ledger import receive
from tests.exports.telling import GOOD, WISH, approve, interviews, row_of, texts, told, write
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff

LIST = "/desk/words"
HAND_OVER, APPROVE = "Zur Prüfung geben", "Ja, das darf an die Auswertung"
RETOLD = "Die Beratung war gut."


def on_the_text(app: Flask, house: House, name: str) -> Visitor:
    """Somebody at the one text there is."""
    visitor = staff(app, name).get(LIST)
    (link,) = visitor.page.xpath("//td/a/@href")
    return visitor.get(link)


def statuses(house: House) -> list[str]:
    with house.database.transaction() as session:
        return list(session.scalars(select(Paraphrase.status)))


def test_pages__lead_from_the_words_to_an_approved_paraphrase(house: House, app: Flask) -> None:
    interviews(house, 1)
    nora = on_the_text(app, house, "Nora")
    assert told(0) in nora.text
    assert "Was war gut an der Hilfe?" in nora.text
    nora.press(HAND_OVER, words=RETOLD, topics=["contact", "respect"])
    assert (nora.path, nora.heading) == (LIST, "Offene Worte")
    assert "1 von Ihnen prüft jemand anders" in nora.text
    assert nora.page.xpath("//td/a") == []
    sonja = on_the_text(app, house, "Sonja")
    for shown in (told(0), RETOLD, "Kontakt und Erreichbarkeit, Respekt"):
        assert shown in sonja.text
    assert sonja.press(APPROVE).path == LIST
    assert statuses(house) == ["approved"]


def test_text__sent_back_tells_why_and_keeps_the_words(house: House, app: Flask) -> None:
    interviews(house, 1)
    write(house, texts(house)[0])
    sonja = on_the_text(app, house, "Sonja").press("Zurückgeben")
    assert sonja.mistakes == ["Bitte ausfüllen."]
    sonja.press("Zurückgeben", why="Der Ort steht noch da.")
    nora = on_the_text(app, house, "Nora")
    assert "Der Ort steht noch da." in nora.text
    assert nora.page.xpath("//textarea")[0].text == "Die Beratung war gut (0)."
    nora.press(HAND_OVER)
    on_the_text(app, house, "Sonja").press("Beiseitelegen")
    assert statuses(house) == ["set-aside"]


def test_text__that_cannot_be_told_is_proposed_to_be_set_aside(house: House, app: Flask) -> None:
    interviews(house, 1)
    on_the_text(app, house, "Nora").press("Beiseitelegen vorschlagen")
    sonja = on_the_text(app, house, "Sonja")
    assert "Vorschlag: beiseitelegen." in sonja.text
    with pytest.raises(LookupError):
        sonja.button(APPROVE)


def test_write__loses_nothing_when_something_is_missing(house: House, app: Flask) -> None:
    interviews(house, 1)
    nora = on_the_text(app, house, "Nora").press(HAND_OVER, words=RETOLD)
    assert nora.mistakes == ["Bitte wählen Sie mindestens ein Thema."]
    assert nora.page.xpath("//textarea")[0].text == RETOLD
    nora.press(HAND_OVER, words="", topics=["money"])
    assert nora.mistakes == ["Bitte ausfüllen."]
    assert nora.page.xpath("//input[@name='topics'][@checked]/@value") == ["money"]
    nora.press(HAND_OVER, words="a" * 2001)
    assert len(nora.page.xpath("//textarea")[0].text) == 2001
    assert statuses(house) == []


def test_write__is_told_when_somebody_was_faster(house: House, app: Flask) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    nora = on_the_text(app, house, "Nora")
    write(house, text, name="Sonja")
    nora.press(HAND_OVER, words="Zu spät.", topics=["other"])
    assert nora.response.status_code == 409
    assert "Jemand anders war schneller" in nora.text
    assert nora.page.xpath("//textarea")[0].text == "Zu spät."
    row = row_of(house, text)
    assert row is not None
    assert row.writer_id == house.staff["Sonja"].person.id


def test_check__is_told_when_something_has_changed(house: House, app: Flask) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    write(house, text)
    sonja = on_the_text(app, house, "Sonja")
    approve(house, text)
    sonja.press(APPROVE)
    assert sonja.response.status_code == 409
    assert told(0) not in sonja.text
    assert "Inzwischen hat sich hier etwas geändert." in sonja.text
    assert sonja.get(f"{LIST}/{text.id}").response.status_code == 404


def test_check__of_her_own_words_is_refused(house: House, app: Flask) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    write(house, text)
    nora = staff(app, "Nora").get(f"{LIST}/{text.id}")
    assert "Das haben Sie geschrieben." in nora.text
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    for go in ("approve", "send-back", "set-aside"):
        data = {"csrf_token": token, "go": go, "turn": "1", "why": "Anders."}
        assert nora.post(f"{LIST}/{text.id}", data=data).response.status_code == 403
    assert statuses(house) == ["written"]


@pytest.mark.parametrize("turn", ["-1", "99999999999999999999", "x"])
def test_take__what_no_form_of_ours_would_send_changes_nothing(
    house: House, app: Flask, turn: str
) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    nora = staff(app, "Nora").get(LIST)
    token = nora.page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "words": RETOLD, "topics": "other", "turn": turn}
    assert nora.post(f"{LIST}/{text.id}", data={**data, "go": "write"}).response.status_code == 200
    assert nora.post(f"{LIST}/{text.id}", data={**data, "go": "x"}).heading == "Text nacherzählen"
    assert statuses(house) == []


@pytest.mark.parametrize("name", ["Karin", "Ines", "Eva"])
def test_pages__are_for_counsellors_alone(house: House, app: Flask, name: str) -> None:
    interviews(house, 1)
    (text,) = texts(house)
    visitor = staff(app, name)
    for path in (LIST, f"{LIST}/{text.id}"):
        assert visitor.get(path).response.status_code == 403
        assert told(0) not in visitor.text


def test_opening__is_noted_and_stands_in_no_address(house: House, app: Flask) -> None:
    (number,) = interviews(house, 1)
    visitor = on_the_text(app, house, "Nora")
    assert number not in visitor.path
    with house.database.transaction() as session:
        query = select(Entry.person_id).where(Entry.thing == f"response:{number}")
        query = query.where(Entry.deed == "opened")
        assert list(session.scalars(query)) == [house.staff["Nora"].person.id]


def test_pages__show_as_text_what_reads_like_a_page(house: House, app: Flask) -> None:
    said = "<b>gut</b> \u202e شكرا"
    receive(house, "client", [{GOOD: said}])
    visitor = on_the_text(app, house, "Nora")
    (shown,) = visitor.page.xpath("//section[1]/p")
    assert (shown.text_content(), shown.get("dir")) == (said, "auto")


def test_list__counts_each_question_by_itself(house: House, app: Flask) -> None:
    receive(house, "client", [{GOOD: "Gut.", WISH: "Mehr Zeit."}, {WISH: "Mehr Zeit."}])
    rows = staff(app, "Nora").get(LIST).page.xpath("//tbody/tr")
    found = {row.findtext("th/bdi"): row.find("td").text_content().split()[1] for row in rows}
    assert found["Was war gut an der Hilfe?"] == "1"
    assert found["Was sollen wir anders machen?"] == "2"
    assert found["Was hat Ihnen gefehlt?"] == "0"
