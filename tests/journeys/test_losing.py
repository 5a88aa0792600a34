"""What is lost is got back, in a real browser without scripts: a passphrase, the only holder."""

import pytest

from tests.conftest import Serve
from tests.journeys.conftest import DESK, Browse
from tests.journeys.walker import Answers, Walker
from tests.support.service import Service

FIRST, SECOND = "birke garten hafen segel wolke", "feder gras hummel jolle"
IN = "Speichern und anmelden"


@pytest.fixture
def empty(serve: Serve) -> Service:
    """A service that nobody has set up, on SQLite."""
    return serve()


def referral(phone: Walker, name: str) -> None:
    answers: Answers = {
        "municipality": "luenen",
        "contact_way": ("phone",),
        "name": name,
        "phone": "0176 04069012",
        "consent_help": "yes",
    }
    phone.open("/").press("begin").walk(answers).press("submit")
    assert phone.heading == "Ihre Nachricht ist angekommen"


def comes_in(walker: Walker, link: str, passphrase: str, name: str = "") -> Walker:
    walker.open(link)
    if name:
        walker.answer("name", name)
    walker.answer("passphrase", passphrase).answer("again", passphrase)
    return walker.press(IN)


def sets_up(coordinator: Walker, service: Service) -> str:
    """Set the service up as Karin; return the words of the recovery key."""
    link = service.printed(r"one-time link\): (\S+)")
    comes_in(coordinator, link, FIRST, "Karin")
    words = words_on(coordinator)
    coordinator.follow("Ich habe ihn ausgedruckt")
    return words


def words_on(walker: Walker) -> str:
    """Return the words as somebody writes them off the sheet: small, four letters, numbered."""
    words = walker.browser.find_elements("css selector", ".words li")
    return "\n".join(f"{n}. {word.text.lower()[:4]}" for n, word in enumerate(words, 1))


def invites(coordinator: Walker, name: str, role: str) -> str:
    coordinator.open("/staff/people")
    coordinator.answer("name", name).answer("role", role).press("Einladen")
    return link_on(coordinator)


def link_on(walker: Walker) -> str:
    return walker.browser.find_element("css selector", ".recovery code").text


def test_losing__a_passphrase_costs_the_interviewer_nothing(empty: Service, browse: Browse) -> None:
    coordinator, ines = (browse(empty, who, size=DESK) for who in ("coordinator", "ines"))
    sets_up(coordinator, empty)
    comes_in(ines, invites(coordinator, "Ines", "interviewer"), FIRST)
    ines.press("client").answer("way_found", "web").press("next").press("pause")
    assert "begonnen am" in ines.text

    coordinator.open("/staff/people").follow("Ines").follow("Neuen Link geben")
    assert "1 begonnene Befragung bleibt ihr erhalten" in coordinator.text
    coordinator.press("Link anlegen")
    ines.open("/interviews/")
    assert ines.heading == "Anmelden"
    ines.sign_in("Ines", FIRST)
    assert "stimmen nicht" in ines.text

    comes_in(ines, link_on(coordinator), SECOND)
    ines.follow("begonnen am")
    while not ines.fields("way_found"):
        ines.press("back")
    assert [
        one.get_attribute("value") for one in ines.fields("way_found") if one.is_selected()
    ] == ["web"]


def test_losing__the_only_holder_is_gone_and_the_paper_opens_the_way(
    empty: Service, browse: Browse
) -> None:
    phone = browse(empty, "phone")
    karin, olga, nora = (browse(empty, who, size=DESK) for who in ("karin", "olga", "nora"))
    words = sets_up(karin, empty)
    karin.close()
    referral(phone, "Mina davor")

    olga.open("/staff/").follow("Niemand kann sich mehr anmelden?")
    olga.answer("words", words.replace("7. ", "7. x")).answer("name", "Olga")
    olga.answer("passphrase", SECOND).answer("again", SECOND).press("Hinein")
    assert "Das 7. Wort kenne ich nicht" in olga.text
    olga.answer("words", words).answer("passphrase", SECOND).answer("again", SECOND).press("Hinein")
    assert olga.heading == "Ihr Notschlüssel"
    assert words_on(olga) != words
    olga.follow("Ich habe ihn ausgedruckt")
    assert "kam Olga mit dem Notschlüssel hinein" in olga.text
    assert "0 von 1 Einträgen" in olga.text
    olga.press("Alles neu verschließen")
    assert "1 von 1 Einträgen" in olga.text

    referral(phone, "Mina danach")
    comes_in(nora, invites(olga, "Nora", "counsellor"), FIRST)
    rows = nora.open("/desk/").browser.find_elements("css selector", "tbody a")
    texts = [nora.open(link).text for link in [str(row.get_attribute("href")) for row in rows]]
    assert len(texts) == 2
    for name in ("Mina davor", "Mina danach"):
        assert sum(name in text for text in texts) == 1
