"""The counsellors' desk."""

import pytest
from flask import Flask
from sqlalchemy import select

from core import versions
from core.audit import Entry
from core.pseudonyms import pseudonym
from core.records import Response
from intake import referrals
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import LEAST, staff, walk_to_check, woman

SHOW = "Gelesen, Kontaktdaten zeigen"
LEAST_NORTH = LEAST | {"municipality": "selm", "safety_note": "Nicht <b>klingeln</b>\nbitte"}


def sent(app: Flask, house: House) -> str:
    """Send a referral to the north and return the address of its page."""
    walk_to_check(woman(app), LEAST_NORTH).press("submit")
    return f"/desk/{number_of(house)}"


def number_of(house: House) -> str:
    with house.database.transaction() as session:
        return str(session.scalars(select(Response.id)).one())


def rows(visitor: Visitor) -> list[list[str]]:
    return [
        [cell.text_content().strip() for cell in row] for row in visitor.page.xpath("//tbody/tr")
    ]


def test_inbox__is_empty_at_first(app: Flask) -> None:
    assert "Zurzeit liegt keine Nachricht vor." in staff(app, "Nora").text


def test_inbox__lists_referrals_without_their_content(app: Flask, house: House) -> None:
    sent(app, house)
    visitor = staff(app, "Nora")
    [[code, urgency, place, age, status]] = rows(visitor)
    assert (urgency, place.split(), age, status) == ("", ["Selm", "Norden"], "0 Tage", "neu")
    assert code == pseudonym(number_of(house))
    assert "0176" not in visitor.response.get_data(as_text=True)
    assert rows(staff(app, "Sonja")) == []


def test_referral__shows_what_she_wrote_and_how_to_reach_her(app: Flask, house: House) -> None:
    path = sent(app, house)
    visitor = staff(app, "Nora").get(path)
    assert "0176" not in visitor.text
    visitor.press(SHOW)
    answers = {
        term.text_content(): term.getnext().text_content() for term in visitor.page.xpath("//dl/dt")
    }
    assert answers["Ihre Telefonnummer"] == "0176 040690"
    assert answers["Worauf sollen wir sonst noch achten?"] == LEAST_NORTH["safety_note"]
    assert answers["In welcher Stadt oder Gemeinde sind Sie im Moment?"] == "Selm"
    assert not visitor.page.xpath("//dd//b")
    assert rows(visitor.get("/desk/"))[0][4] == "geöffnet"


def test_referral__is_shown_in_the_counsellors_language(app: Flask, house: House) -> None:
    walk_to_check(woman(app, "de"), LEAST_NORTH).press("submit")
    visitor = staff(app, "Nora")
    visitor.get(visitor.page.xpath("//tbody//a/@href")[0])
    assert "Anruf" in visitor.text


def test_referral__what_is_safe_comes_before_the_number(app: Flask, house: House) -> None:
    safe = {"say_who": "only_me", "who_answers": "mein Mann", "leave_word": "no"}
    walk_to_check(woman(app), LEAST_NORTH | safe).press("submit")
    visitor = staff(app, "Nora")
    text = visitor.get(visitor.page.xpath("//tbody//a/@href")[0]).press(SHOW).text
    number = text.index("0176 040690")
    for note in ("Nicht <b>klingeln</b>", "mein Mann", "Nur, wenn ich selbst", "keine Nachricht"):
        assert text.index(note) < number


def test_referral__every_safety_note_is_a_question_of_the_form(house: House) -> None:
    with house.database.transaction() as session:
        version = versions.current(session, referrals.QUESTIONNAIRE)
        asked = versions.form_of(session, version.id).questions.keys()
        assert asked >= referrals.SAFETY | referrals.CONTACT


@pytest.mark.parametrize(("name", "status"), [("Sonja", 404), ("Eva", 403), ("Karin", 403)])
def test_referral__is_not_shown_to_others(app: Flask, house: House, name: str, status: int) -> None:
    path = sent(app, house)
    visitor = staff(app, name).get(path)
    assert visitor.response.status_code == status
    assert "0176" not in visitor.text
    with house.database.transaction() as session:
        assert session.scalars(select(Entry).where(Entry.deed == "opened")).all() == []


@pytest.mark.parametrize(
    "path", ["/desk/00000000-0000-4000-8000-000000000009", "/desk/1", "/desk/%27"]
)
def test_referral__one_that_is_not_there_has_a_page(app: Flask, path: str) -> None:
    visitor = staff(app, "Nora").get(path)
    assert (visitor.response.status_code, visitor.heading) == (404, "Seite nicht gefunden")


def test_referral__every_opening_is_noted(app: Flask, house: House) -> None:
    path = sent(app, house)
    staff(app, "Nora").get(path).get(path)
    with house.database.transaction() as session:
        deeds = session.scalars(select(Entry.thing).where(Entry.deed == "opened")).all()
    assert deeds == [f"response:{path.removeprefix('/desk/')}"] * 2


def test_referral__one_that_was_changed_is_said_to_be_so(app: Flask, house: House) -> None:
    path = sent(app, house)
    with house.database.transaction() as session:
        [response] = session.scalars(select(Response))
        response.answers = response.identity
    visitor = staff(app, "Nora").get(path)
    assert visitor.response.status_code == 409
    assert visitor.heading == "Ein Eintrag lässt sich nicht öffnen"
    assert "0176" not in visitor.text


def test_referral__contact_data_are_shown_once_the_safety_note_was_read(
    app: Flask, house: House
) -> None:
    path = sent(app, house)
    visitor = staff(app, "Nora").get(path)
    assert "Nicht <b>klingeln</b>" in visitor.text
    assert "0176 040690" not in visitor.text
    assert "0176 040690" in visitor.press(SHOW).text
    assert "0176 040690" in visitor.get(path).text
    assert "0176 040690" not in staff(app, "Nora").get(path).text
    with house.database.transaction() as session:
        [thing] = session.scalars(select(Entry.thing).where(Entry.deed == "shown"))
    assert thing == f"response:{path.removeprefix('/desk/')}"


@pytest.mark.parametrize(
    ("ways", "may_call", "safe"),
    [(["phone"], "", True), (["sms"], "yes", True), (["sms"], "no", False), (["sms"], "", False)],
)
def test_referral__says_whether_a_call_is_safe(
    app: Flask, ways: list[str], may_call: str, safe: bool
) -> None:
    answers = LEAST_NORTH | {"contact_way": ways} | ({"may_call": may_call} if may_call else {})
    walk_to_check(woman(app), answers).press("submit")
    visitor = staff(app, "Nora")
    visitor.get(visitor.page.xpath("//tbody//a/@href")[0])
    for _ in ("before the number is shown", "and after"):
        assert ("Nicht anrufen: Am Telefon ist sie nicht sicher." in visitor.text) is not safe
        if visitor.page.xpath(f"//button[.='{SHOW}']"):
            visitor.press(SHOW)
    assert ("Diese Nummer nicht anrufen." in visitor.text) is not safe


def test_inbox__the_most_urgent_comes_first_and_a_search_finds_what_she_wrote(app: Flask) -> None:
    for more in (
        {"municipality": "selm", "name": "Amsel"},
        {"municipality": "luenen", "name": "Drossel", "safe_now": "no", "children": "2"},
    ):
        walk_to_check(woman(app), LEAST | more).press("submit")
    visitor = staff(app, "Nora")
    assert [row[2].split()[0] for row in rows(visitor)] == ["Lünen", "Selm"]
    assert rows(visitor)[0][1].split() == ["Jetzt", "nicht", "sicher", "Kinder"]
    for words, place in (
        ("amsel", "Selm"),
        ("lünen drossel", "Lünen"),
        ("176 040690 dro", "Lünen"),
    ):
        assert [row[2].split()[0] for row in rows(visitor.press("Zeigen", words=words))] == [place]
    assert visitor.path == "/desk/"
    assert rows(visitor.press("Zeigen", words="amsel", show="closed")) == []
    assert len(rows(visitor.press("Zeigen", words="", show="free"))) == 2


def case(app: Flask, house: House) -> Visitor:
    return staff(app, "Nora").get(sent(app, house)).press("Übernehmen")


def test_case__is_taken_up_with_the_same_code(app: Flask, house: House) -> None:
    visitor = case(app, house)
    assert visitor.heading == f"Fall {pseudonym(number_of(house))}"
    assert "0176" not in visitor.text
    assert "0176 040690" in visitor.press(SHOW).text
    assert visitor.path == f"/desk/cases/{number_of(house)}"
    assert "Niemand hat den Fall" in visitor.press("Zurückgeben").text
    assert "Niemand hat den Fall" not in visitor.press("Übernehmen").text


def test_case__says_what_was_done_the_newest_first(app: Flask, house: House) -> None:
    visitor = case(app, house)
    kinds = visitor.page.xpath("//input[@name='kind']/@value")
    assert kinds == ["attempt", "contact", "note", "step", "access"]
    write(visitor, kind="attempt", way="sms", outcome="word_left")
    write(
        visitor,
        kind="contact",
        form="visit",
        minutes="40",
        who="Mit <i>ihr</i>",
        measures="arrears",
    )
    assert "Besuch bei ihr" in visitor.text
    for said in (
        "Nachricht hinterlassen",
        "40 Minuten",
        "Mit <i>ihr</i>",
        "Mietschulden und Anträge",
    ):
        assert said in visitor.text
    write(visitor, kind="contact", form="visit", minutes="viele")
    assert visitor.mistakes
    write(visitor, kind="nothing")
    assert visitor.response.status_code == 400


def test_case__the_next_step_is_on_top_of_the_inbox_until_it_is_done(
    app: Flask, house: House
) -> None:
    visitor = case(app, house)
    write(visitor, kind="step", day="2026-01-31", note="Jobcenter anrufen")
    write(visitor, kind="step", day="2999-01-31", note="Später")
    assert "31.01.2026: Jobcenter anrufen" in visitor.get("/desk/").text
    assert "Später" not in visitor.text
    visitor.get(f"/desk/cases/{number_of(house)}").press("Erledigt")
    assert "Heute zu tun" not in visitor.get("/desk/").text


def test_case__a_second_message_goes_to_the_case_with_its_code(app: Flask, house: House) -> None:
    visitor = case(app, house)
    code = visitor.heading.removeprefix("Fall ")
    walk_to_check(woman(app), LEAST).press("submit")
    visitor.get("/desk/").press("Zeigen", show="free")
    path = visitor.page.xpath("//tbody//a/@href")[0]
    assert visitor.get(path).press("Zu diesem Fall legen", words="AAA-AAA").mistakes
    visitor.get(path).press("Zu diesem Fall legen", words=code.lower())
    assert visitor.heading == f"Fall {code}"
    assert len(visitor.page.xpath("//a[starts-with(., 'Ganze Nachricht')]")) == 2


def test_case__handed_over_it_is_the_other_counsellors(app: Flask, house: House) -> None:
    visitor = case(app, house)
    path = visitor.path
    write(visitor, kind="note", note="Der Kranich")
    visitor.press("south")
    assert rows(visitor) == []
    assert visitor.get(path).response.status_code == 404
    sonja = staff(app, "Sonja").press("Zeigen", words="kranich")
    assert len(rows(sonja)) == 1
    assert "Der Kranich" in sonja.get(path).text
    assert "0176 040690" in sonja.press(SHOW).press("Abschließen").get(path).text


def write(visitor: Visitor, kind: str, **said: str) -> None:
    """Add an entry to the case on the page."""
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    path = visitor.path.removesuffix("/entries")
    fields = {f"{kind}-{name}": value for name, value in said.items()}
    visitor.post(f"{path}/entries", {"csrf_token": token, "kind": kind} | fields)


def test_case__came_by_the_way_of_the_referral_until_a_counsellor_knows_better(
    app: Flask, house: House
) -> None:
    visitor = case(app, house)
    assert way_of(visitor) == "Eigene Meldung über das Formular im Internet"
    chosen = "//select[@name='access-access']/option[@selected]/@value"
    assert visitor.page.xpath(chosen) == ["web_form"]
    for way, words in (("jobcenter", "Jobcenter"), ("self", "Eigene Meldung auf anderem Weg")):
        write(visitor, kind="access", access=way)
        assert way_of(visitor) == words
        assert visitor.page.xpath(chosen) == [way]
    assert len(visitor.page.xpath("//h3[contains(., 'Weg in die Beratung')]")) == 1
    assert "Eigene Meldung auf anderem Weg" in rows(visitor.get("/desk/"))[0][4]


def way_of(visitor: Visitor) -> str:
    [said] = visitor.page.xpath("//dt[text()='Weg in die Beratung']/following-sibling::dd[1]")
    return str(said.text_content())
