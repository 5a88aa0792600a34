"""From an empty service to the first referral opened: coordinator, counsellor, and the woman."""

from tests.journeys.conftest import DESK, Browse
from tests.journeys.walker import Answers, Walker
from tests.support.service import Service

PASSPHRASE = "birke garten hafen segel wolke"
REFERRAL: Answers = {
    "safe_now": "no",
    "municipality": "luenen",
    "contact_way": ("phone",),
    "name": "Mina",
    "phone": "0176 04069012",
    "leave_word": "no",
    "withheld_number": "yes",
    "say_who": "no",
    "who_answers": "mein Mann",
    "safety_note": "nicht am Mittwoch anrufen",
    "consent_help": "yes",
}


def test_set_up__a_referral_sent_before_the_counsellor_came_is_opened_by_her(
    service: Service, browse: Browse
) -> None:
    phone = browse(service, "phone").open("/")
    assert "keine Nachrichten annehmen" in phone.text
    assert "116 016" in phone.text
    coordinator = browse(service, "coordinator", size=DESK)
    the_service_is_set_up(coordinator, service.printed(r"one-time link\): (\S+)"))
    link = a_counsellor_is_invited(coordinator)
    phone.open("/").press("begin").walk(REFERRAL).press("submit")
    assert phone.heading == "Ihre Nachricht ist angekommen"
    she_comes_in_and_reads(browse(service, "counsellor", size=DESK), link)
    coordinator.open("/staff/people")
    assert coordinator.row("Nora") == ["Beraterin", "Norden", "aktiv", "nein"]


def the_service_is_set_up(coordinator: Walker, link: str) -> None:
    coordinator.open(link).answer("name", "Karin")
    coordinator.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE)
    coordinator.press("Speichern und anmelden")
    assert coordinator.heading == "Ihr Notschlüssel"
    words = coordinator.browser.find_elements("css selector", ".words li")
    assert len({word.text for word in words}) > 10
    coordinator.follow("Ich habe ihn ausgedruckt")
    assert coordinator.row("Karin")[2] == "aktiv"
    coordinator.open(link)
    assert coordinator.heading == "Dieser Link gilt nicht mehr"


def a_counsellor_is_invited(coordinator: Walker) -> str:
    coordinator.open("/staff/people")
    coordinator.answer("name", "Nora").answer("role", "counsellor").answer("part", "north")
    coordinator.press("Einladen")
    return coordinator.browser.find_element("css selector", ".recovery code").text


def she_comes_in_and_reads(counsellor: Walker, link: str) -> None:
    counsellor.open(link).answer("passphrase", PASSPHRASE).answer("again", "something else")
    counsellor.press("Speichern und anmelden")
    assert "verschieden" in counsellor.text
    counsellor.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE)
    counsellor.press("Speichern und anmelden")
    assert counsellor.heading == "Eingang"
    counsellor.follow(counsellor.browser.find_element("css selector", "tbody a").text)
    assert "wie Sie sicher Kontakt aufnehmen" in counsellor.text
    assert "0176 04069012" not in counsellor.text
    counsellor.press("Gelesen, Kontaktdaten zeigen")
    assert counsellor.answer_to("Ihre Telefonnummer") == "0176 04069012"
    assert counsellor.answer_to("Dürfen wir sagen, wer wir sind?") == "Nein, bitte nicht"
    note = counsellor.answer_to("Worauf sollen wir sonst noch achten?")
    assert note == "nicht am Mittwoch anrufen"
