"""A case from the first look to its end: reached, documented, handed over, closed."""

from datetime import date, timedelta

from selenium.webdriver.common.by import By

from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.test_leaving import SHORT
from tests.journeys.walker import Walker

HER_NAME, HER_NUMBER = "Amsel", "0176 04069012"
SAFETY = "nicht am Mittwoch"
REFERRAL = dict(SHORT) | {
    "municipality": "selm",
    "age": "30_49",
    "children": "2",
    "housing": "own_flat",
    "reasons": ["notice"],
    "name": HER_NAME,
    "phone": HER_NUMBER,
    "safety_note": SAFETY,
    "consent_evaluation": "yes",
}
SHOW = "Gelesen, Kontaktdaten zeigen"
NOTES = "Sie möchte in der Nähe der Schule bleiben."


def test_case__from_the_first_look_to_its_end(demo: Demo, browse: Browse) -> None:
    browse(demo.service, "phone").open("/").press("begin").walk(REFERRAL).press("submit")
    nora = at_the_desk(demo, browse, "Nora Demo")
    case = she_is_taken_up(nora)
    what_is_done_is_entered(nora)
    the_case_is_documented(nora)
    nora.open(case)
    opened(nora, "In einen anderen Bereich übergeben").press("south")
    assert nora.heading == "Eingang"
    nothing_is_left_to_see(nora, case)
    sonja = at_the_desk(demo, browse, "Sonja Demo").open(case)
    all_of_it_is_there(sonja)
    it_is_closed_with_what_was_achieved(sonja)
    nothing_is_left_to_see(nora, case)


def at_the_desk(demo: Demo, browse: Browse, name: str) -> Walker:
    desk = browse(demo.service, name.partition(" ")[0], size=DESK)
    return desk.sign_in(name, demo.passphrases[name]).open("/desk/")


def opened(walker: Walker, summary: str) -> Walker:
    """Open what stands folded under this heading."""
    path = f"//summary[normalize-space()='{summary}']"
    walker.click(walker.browser.find_element(By.XPATH, path))
    return walker


def she_is_taken_up(nora: Walker) -> str:
    """Read how to reach her safely, then her number; return the address of her case."""
    nora.answer("words", HER_NAME).press_go()
    nora.open(str(nora.browser.find_element(By.CSS_SELECTOR, "a.code").get_attribute("href")))
    assert SAFETY in nora.text
    assert HER_NUMBER not in nora.text
    nora.press(SHOW)
    assert nora.text.index(SAFETY) < nora.text.index(HER_NUMBER)
    nora.press("Übernehmen")
    assert nora.heading.startswith("Fall ")
    return nora.browser.current_url


def what_is_done_is_entered(nora: Walker) -> None:
    attempt = opened(nora, "Versuch, sie zu erreichen").answer("attempt-outcome", "not_reached")
    attempt.press_in("attempt")
    contact = opened(nora, "Kontakt").answer("contact-minutes", "45")
    contact.answer("contact-measures", ["jobcenter", "arrears"])
    contact.press_in("contact")
    day = date.today() + timedelta(days=7)  # noqa: DTZ011 - the day on her own wall
    step = opened(nora, "Nächster Schritt").answer("step-note", "Bescheid ansehen")
    type_day(step, day)
    step.press_in("step")
    for said in ("Nicht erreicht", "45 Minuten", "Mietschulden und Anträge", "Bescheid ansehen"):
        assert said in nora.text, said


def type_day(walker: Walker, day: date) -> None:
    field = walker.fields("step-day")[0]
    shown = {"date": f"{day:%m%d%Y}"}.get(str(field.get_attribute("type")), f"{day:%d.%m.%Y}")
    field.send_keys(shown)


def the_case_is_documented(nora: Walker) -> None:
    nora.press("Dokumentation beginnen")
    assert chosen(nora, "age") == ["30_49"]
    assert value(nora, "children") == "2"
    nora.answer("gender", "female").press("next")
    assert chosen(nora, "reason") == ["notice"]
    assert chosen(nora, "access") == ["web_form"]
    nora.press("next")
    assert chosen(nora, "contacts") == ["1_3"]
    assert value(nora, "measures") == "2"
    assert chosen(nora, "emphasis") == ["jobcenter", "arrears"]
    nora.press("pause")
    assert "das noch nicht gespeichert ist" in nora.text
    nora.follow("Weitermachen").press("next").answer("notes", NOTES).press("next").press("submit")
    assert "Dokumentation gespeichert" in nora.text


def chosen(walker: Walker, name: str) -> list[str]:
    return [str(f.get_attribute("value")) for f in walker.fields(name) if f.is_selected()]


def value(walker: Walker, name: str) -> str:
    return str(walker.fields(name)[0].get_attribute("value"))


def nothing_is_left_to_see(nora: Walker, case: str) -> None:
    for address in (case, f"{case}/documentation"):
        assert nora.open(address).heading == "Seite nicht gefunden"
    nora.open("/desk/").answer("words", HER_NAME).press_go()
    assert nora.browser.find_elements(By.CSS_SELECTOR, "a.code") == []


def all_of_it_is_there(sonja: Walker) -> None:
    for said in ("Nicht erreicht", "45 Minuten", "Bescheid ansehen", SAFETY):
        assert said in sonja.text, said
    assert HER_NUMBER in sonja.press(SHOW).text
    assert NOTES in sonja.follow("Dokumentation ansehen").text
    sonja.follow("Zum Fall")


def it_is_closed_with_what_was_achieved(sonja: Walker) -> None:
    opened(sonja, "Den Fall abschließen").press("Abschließen")
    while sonja.heading != "Das Ergebnis":
        sonja.press("next")
    sonja.answer("tied_in", "yes").answer("secured_housing", "yes").press("next")
    sonja.press("next").press("submit")
    assert "fehlt noch" not in sonja.text
    assert "Wird die Klientin" in sonja.browser.page_source  # what she left blank is named
    sonja.follow("Dokumentation ansehen")
    assert sonja.answer_to("Wie geplant vermittelt und angebunden?") == "Ja"
    assert sonja.answer_to("Geschlecht") == "Weiblich"
