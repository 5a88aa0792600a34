"""Two walks on a phone without scripts: German made easy and away in the middle; Polish, helped."""

from functools import partial

from tests.journeys.conftest import Browse, Site
from tests.journeys.walker import Answers
from tests.journeys.words import said_in
from tests.support.service import Service

easy, polish = partial(said_in, "de_simple"), partial(said_in, "pl")
FOR_HER: Answers = {
    "filled_by": "other",
    "housing": "with_others",
    "municipality": "unna",
    "children": "2",
    "preferred_language": "pl",
    "interpreter": "yes",
    "contact_way": ("person",),
    "name": "Zofia",
    "other_person": "Ewa, 0176 04069012",
    "consent_help": "yes",
    "consent_evaluation": "no",
}


def test_german_made_easy__and_away_in_the_middle(
    open_service: Service, neutral_site: Site, browse: Browse
) -> None:
    phone = browse(open_service, "phone").open("/").press("Leichte Sprache")
    assert phone.language == ("de-simple", "ltr")
    phone.press("begin").answer("safe_now", "no").press("next")
    assert phone.heading == easy("Wo Sie leben")
    phone.answer("housing", "with_partner").press("next").answer("reasons", ("violence",))
    phone.press("next").press("back")
    assert [one.is_selected() for one in phone.fields("reasons")].count(True) == 1
    phone.follow(easy("Seite schnell verlassen"))
    assert phone.browser.current_url == neutral_site.address
    assert not phone.browser.get_cookies()
    phone.open("/")
    assert phone.heading == "Wir sind für Sie da"
    phone.press("begin")
    assert not [one for one in phone.fields("safe_now") if one.is_selected()]


def test_polish__somebody_writes_for_her(open_service: Service, browse: Browse) -> None:
    phone = browse(open_service, "phone").open("/").press("Polski")
    assert phone.language == ("pl", "ltr")
    phone.press("begin").walk(FOR_HER)
    asked = polish("Für wen füllen Sie das aus?")
    assert phone.answer_to(asked) == polish("Für eine andere Frau")
    assert phone.answer_to(polish("Wie viele Kinder leben bei Ihnen?")) == polish("2 Kinder")
    assert "Ewa, 0176 04069012" in phone.text
    phone.press("submit")
    assert phone.heading == polish("Ihre Nachricht ist angekommen")
    assert phone.language == ("pl", "ltr")
