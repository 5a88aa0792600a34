"""A client answers alone: her counsellor gives her a link, she reads Turkish and has no scripts."""

from selenium.webdriver.common.by import By

from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.walker import Walker


def test_client__answers_in_turkish_without_scripts_by_the_link_of_her_counsellor(
    demo: Demo, browse: Browse
) -> None:
    desk = browse(demo.service, "desk", size=DESK)
    case = a_case(desk.sign_in("Nora Demo", demo.passphrases["Nora Demo"]))
    desk.press("agree")
    desk.press("link")
    address = desk.browser.find_element(By.TAG_NAME, "code").text
    assert desk.browser.find_element(By.CSS_SELECTOR, "svg.qr").is_displayed()

    phone = browse(demo.service, "phone").open(address)
    phone.press("language:tr")
    assert phone.language == ("tr", "ltr")
    assert phone.heading == "Yardımımız sizin için nasıldı?"
    assert phone.first_stop() == phone.browser.find_element(By.CSS_SELECTOR, "a.exit").text
    phone.press("begin")
    phone.walk({"way_found": "friends", "overall": "4", "age": "30_49", "may_link": "yes"})
    assert "30" in phone.answer_to("Kaç yaşındasınız?")
    phone.press("submit")
    assert phone.heading == "Yanıtlarınız bize ulaştı"
    assert phone.browser.current_url == address

    again = browse(demo.service, "again").open(address)
    assert not again.buttons("begin")
    desk.open(case)
    assert "Sie wurde befragt." in desk.text
    desk.follow("Hat sie erlaubt")
    assert desk.answer_to("Wie alt sind Sie?") == "30 bis 49 Jahre"


def a_case(desk: Walker) -> str:
    """The address of a case that nobody has been asked about yet."""
    links = desk.browser.find_elements(By.CSS_SELECTOR, "a.code")
    for address in [str(link.get_attribute("href")) for link in links]:
        if desk.open(address).buttons("agree"):
            return address
    raise LookupError("every client was asked")
