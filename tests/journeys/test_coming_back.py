"""Coming back with the number: in Arabic, without scripts; a reply is read, all is taken back."""

import sqlite3
from contextlib import closing
from functools import partial

from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.walker import Answers, Walker
from tests.journeys.words import said_in

arabic = partial(said_in, "ar")
REFERRAL: Answers = {
    "municipality": "luenen",
    "preferred_language": "ar",
    "contact_way": ("sms",),
    "name": "سميرة",
    "phone": "٠١٧٦ ٠٤٠٦٩٠١٢",
    "may_call": "no",
    "consent_help": "yes",
}
MORE, REPLY = "انتقلتُ إلى أختي", "أهلاً سميرة"
SHOW = "Gelesen, Kontaktdaten zeigen"


def test_she__reads_the_reply_with_her_number_and_takes_everything_back(
    demo: Demo, browse: Browse
) -> None:
    phone = browse(demo.service, "phone").open("/").press("العربية")
    number = she_writes(phone)
    she_comes_back(phone, number)
    phone.answer("words", MORE).press("write")
    assert arabic("Ihre Nachricht ist gesendet.") in phone.text
    phone.press("leave")
    desk = browse(demo.service, "desk", size=DESK)
    she_is_answered(desk.sign_in("Nora Demo", demo.passphrases["Nora Demo"]))
    she_comes_back(phone, number)
    assert REPLY in phone.text
    assert arabic("Eine Dolmetscherin ist dabei.") in phone.text
    phone.press("withdraw").press("withdrawn")
    assert arabic("Alles ist gelöscht") in phone.text
    assert phone.language == ("ar", "rtl")
    phone.answer("number", number).press("return")
    assert arabic("Diese Nummer stimmt nicht. Bitte prüfen Sie jede Ziffer.") in phone.text
    desk.open("/desk/")
    assert "Zurückgenommen" in desk.text
    phone.open("/").close()  # the last title is the one that stays
    the_history_has_one_line_and_no_number(phone, number)


def she_writes(phone: Walker) -> str:
    phone.press("begin").walk(REFERRAL).press("submit")
    number = phone.browser.find_element("css selector", ".number .code").text
    assert phone.heading == arabic("Ihre Nachricht ist angekommen")
    phone.press("done")
    assert number not in phone.browser.page_source
    return number


def she_comes_back(phone: Walker, number: str) -> None:
    typed = number.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    phone.answer("number", typed).press("return")
    assert phone.heading == arabic("Ihre Nachrichten")
    assert phone.language == ("ar", "rtl")


def she_is_answered(desk: Walker) -> None:
    desk.follow("Sie hat geschrieben")
    assert MORE not in desk.text
    desk.press(SHOW)
    desk.follow("Nachrichten und Antworten")
    assert MORE in desk.text
    desk.answer("words", REPLY).answer("block", "interpreter").press("insert")
    desk.press("Antwort senden")
    assert "Sie hat es noch nicht gelesen." in desk.text


def the_history_has_one_line_and_no_number(phone: Walker, number: str) -> None:
    folder = phone.folder / "profile" / "Default"
    with closing(sqlite3.connect(folder / "History")) as history:
        seen = set(history.execute("SELECT url, title FROM urls"))
    assert {row for row in seen if row[0].startswith(phone.address)} == {
        (f"{phone.address}/", arabic("Kontakt"))
    }
    digits = number.replace(" ", "")
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert number.encode() not in content, file
            assert digits.encode() not in content, file
