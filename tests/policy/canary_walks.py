"""Where canary words are typed: as a woman, for one, as staff, and where no form of ours would."""

from typing import cast
from urllib.parse import urlsplit

from flask import Flask

from core import people
from tests.policy.canary import Canary, walk
from tests.support.device import Device, record
from tests.support.house import PASSPHRASE
from tests.support.remote import Remote
from tests.support.visitor import Visitor


def open_browser(remote: Remote, name: str = "") -> Visitor:
    visitor = Visitor(cast("Flask", remote))
    if name:
        visitor.get("/staff/sign-in").press("Anmelden", name=name, passphrase=PASSPHRASE)
    return visitor


def women(remote: Remote, canary: Canary) -> None:
    """One sends everything and comes back; one stops half-way, with a number not accepted."""
    sent = walk(open_browser(remote).get("/").press("begin"), canary).press("submit")
    come_back(remote, canary, sent.page.find_class("code")[0].text_content())
    unfinished = walk(open_browser(remote).get("/").press("begin"), canary, "So erreichen wir Sie")
    unfinished.press("next", name=canary.word("unfinished"), phone=f"{canary.start} 12")
    assert unfinished.mistakes
    unfinished.press("next", name=canary.word("unfinished again"))


def come_back(remote: Remote, canary: Canary, number: str) -> None:
    """She writes, changes how to reach her, and stops in the middle of changing it again."""
    canary.shown |= {number, number.replace(" ", "")}
    visitor = open_browser(remote).get("/").press("return", number=number)
    visitor.press("write", words=canary.word("message"))
    visitor.press("contact").press("next", contact_way=["person"])
    visitor.press("next", other_person=canary.word("other person"), name=canary.word("new name"))
    visitor.press("submit").press("contact").press("next", contact_way=["phone"])
    visitor.press("next", phone="1", name=canary.word("unfinished name"))
    assert visitor.mistakes


def for_women(remote: Remote, canary: Canary) -> str:
    """A partner and a counsellor: each sends one, and leaves one half-way; return the address."""
    karin = open_browser(remote, "Karin").get("/staff/partners")
    karin.press("Adresse machen", name="Jobcenter", way="jobcenter")
    address = urlsplit(karin.page.findtext(".//code")).path
    for visitor, begin in (
        (open_browser(remote).get(address), "begin"),
        (open_browser(remote, "Nora").get("/desk/new"), "Weiter"),
    ):
        walk(visitor.press(begin), canary).press("submit")
        walk(visitor.get(visitor.path).press(begin), canary, "So erreichen wir Sie")
        visitor.press("next", name=canary.word("unfinished"), phone=f"{canary.start} 12")
        assert visitor.mistakes
    return address


def interviews(remote: Remote, canary: Canary) -> None:
    """Every kind is sent once and left unfinished once."""
    for name, questionnaire in (("Ines", "client"), ("Ines", "municipality")):
        visitor = open_browser(remote, name)
        walk(visitor.get("/interviews/").press(questionnaire), canary).press("submit")
        assert visitor.page.find_class("good")
        walk(visitor.get("/interviews/").press(questionnaire), canary)
        visitor.get("/interviews/")
    draft = open_browser(remote, "Ines").get("/interviews/").press("municipality")
    draft.press("next", wave=canary.word("typed")).press("pause", wave=canary.word("typed again"))


def in_the_field(remote: Remote, canary: Canary) -> None:
    """A device sends an interview, another one under its number, and what is none."""
    page = "/interviews/devices"
    added = open_browser(remote, "Ines").get(page).press("Hinzufügen", name="Tablet").page
    token = added.xpath("//p[@class='recovery']/code/text()")[-1]
    canary.shown |= {token}
    device = Device(cast("Flask", remote), token)
    for name, status in (("field", 201), ("field again", 409)):
        assert device.send(record(f"<more><good>{canary.word(name)}</good></more>")) == status
    age = f"<person><age>{canary.word('field age')}</age></person>"
    assert device.send(record(age, 2)) == 400
    assert device.send(canary.word("no record")) == 400


def documentation(remote: Remote, canary: Canary) -> None:
    """A case is documented; its documentation is corrected and left half-way."""
    nora = open_browser(remote, "Nora")
    number = nora.get("/desk/").page.xpath("//th/a[@class='code']/@href")[-1]
    nora.get(number).press("Übernehmen")
    walk(nora.press("Dokumentation beginnen"), canary).press("submit")
    nora.press("Ergänzen oder berichtigen")
    walk(nora, canary, "Notizen").press("next", notes=canary.word("notes again"))


def staff(remote: Remote, canary: Canary) -> None:
    """A wrong sign-in, an invitation, a new passphrase with a slip."""
    stranger = open_browser(remote).get("/staff/sign-in")
    stranger.press("Anmelden", name=canary.word("stranger"), passphrase=canary.word("guess"))
    karin = open_browser(remote, "Karin").get("/staff/people")
    karin.press("Einladen", name="Ida", role=people.EVALUATOR)
    link = urlsplit(karin.page.findtext(".//code")).path
    ida = open_browser(remote).get(link)
    new, again = canary.word("passphrase"), canary.word("slip")
    ida.press("Speichern und anmelden", passphrase=new, again=again)
    ida.press("Speichern und anmelden", passphrase=new, again=new)
    assert ida.path == "/results/"


def bad_input(remote: Remote, canary: Canary) -> None:
    """What no form of ours would send."""
    word = canary.word("bad")
    browser = open_browser(remote).get("/").press("begin")
    page = browser.page.xpath("//input[@name='page']/@value")[0]
    for path in ("/", "/interviews/", "/staff/sign-in"):
        browser.post(path, data={"csrf_token": word, "page": page, "go": word, "q-x": word})
        assert browser.response.status_code in {303, 400}
        browser.post(path, data=word.encode(), content_type="text/plain")
        assert browser.response.status_code == 415
        browser.post(path, data=word.encode() + b"=\xff\xfe", content_type="application/json")
        browser.post(path, data={"q-x": word * 60_000})
        assert browser.response.status_code == 413
    browser.headers |= {"Referer": f"http://x/{canary.start}", "User-Agent": canary.start}
    browser.get(f"/{canary.start}").get(f"/?q={canary.start}")
    browser.client.set_cookie("session", canary.start)
    browser.get("/")
