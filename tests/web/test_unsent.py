"""What staff sends when the session is over is kept, and sent once she is back."""

from collections.abc import Iterator

import pytest
from flask import Flask, session

from core.web import unsent
from core.web.sessions import UNSENT
from tests.support.clock import HOUR, MINUTE, let_pass
from tests.support.house import PASSPHRASE, House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff, value_of

STILL = "Ihre Eingabe ist noch da"
WORD = "Sie kam\r\nam Mittwoch <b>zaunkönig</b>"
EXTEND = "Verlängern (öffnet ein neues Fenster)"


@pytest.fixture
def either_app(either_house: House) -> Iterator[Flask]:
    yield from serving(either_house)


@pytest.fixture
def kept(app: Flask) -> Visitor:
    """Ines, whose session ended before she sent a page of an interview."""
    return typed(app, idle=True)


def interview(app: Flask) -> Visitor:
    """Return the browser of Ines at a page where she can write."""
    visitor = staff(app, "Ines").press("client")
    while not visitor.page.xpath("//textarea[contains(@name, 'good')]"):
        visitor.press("next")
    return visitor


def typed(app: Flask, *, idle: bool) -> Visitor:
    visitor = interview(app)
    if idle:
        let_pass(app, 31 * MINUTE)
    return visitor.press("next", good=WORD)


def back(visitor: Visitor, name: str = "Ines") -> Visitor:
    return visitor.press("Anmelden", name=name, passphrase=PASSPHRASE)


def nothing_waits(visitor: Visitor) -> bool:
    return "Hier wartet nichts" in visitor.get("/staff/unsent").text


def same_browser(visitor: Visitor) -> Visitor:
    """Return another window of a browser."""
    window = Visitor(visitor.client.application)
    window.client = visitor.client
    return window


def test_unsent__is_kept_offered_and_sent_and_nothing_is_lost(either_app: Flask) -> None:
    visitor = typed(either_app, idle=True)
    assert visitor.heading == "Anmelden"
    assert STILL in visitor.text
    back(visitor)
    assert visitor.heading == STILL
    assert "Befragungen, geschrieben am" in visitor.text
    visitor.press("Jetzt senden")
    assert visitor.path.startswith("/interviews/")
    visitor.press("back")
    assert value_of(visitor, "good") == [WORD.replace("\r\n", "\n")]
    assert visitor.get("/staff/").path == "/interviews/"


def test_unsent__ended_elsewhere_is_kept_too(app: Flask) -> None:
    visitor = interview(app)
    staff(app, "Ines").get("/staff/sessions").press("others")
    visitor.press("next", good=WORD)
    assert STILL in visitor.text
    assert back(visitor).heading == STILL


def test_unsent__signed_out_in_another_window_is_kept_too(either_app: Flask) -> None:
    visitor = interview(either_app)
    same_browser(visitor).get("/staff/").press("Abmelden")
    visitor.press("next", good=WORD)
    assert STILL in visitor.text
    assert back(visitor).heading == STILL
    visitor.press("Jetzt senden").press("back")
    assert value_of(visitor, "good") == [WORD.replace("\r\n", "\n")]


def test_unsent__who_has_signed_in_again_in_another_window_just_sends(either_app: Flask) -> None:
    visitor = interview(either_app)
    let_pass(either_app, 31 * MINUTE)
    back(same_browser(visitor).get("/interviews/"))
    visitor.press("next", good=WORD)
    assert visitor.path.startswith("/interviews/")
    visitor.press("back")
    assert value_of(visitor, "good") == [WORD.replace("\r\n", "\n")]


def test_unsent__another_person_never_sees_it(either_app: Flask) -> None:
    visitor = typed(either_app, idle=True)
    back(visitor, "Eva")
    assert visitor.heading != STILL
    assert nothing_waits(visitor)
    assert "zaunkönig" not in visitor.text
    visitor.press("Abmelden")
    assert STILL not in visitor.text
    assert back(visitor).path == "/interviews/"


def test_unsent__another_person_cannot_send_what_was_open_before_her(app: Flask) -> None:
    visitor = interview(app)
    let_pass(app, 31 * MINUTE)
    back(same_browser(visitor).get("/interviews/"), "Nora")
    visitor.press("next", good=WORD)
    assert visitor.response.status_code == 400
    assert nothing_waits(same_browser(visitor))


def test_unsent__can_be_dropped(kept: Visitor) -> None:
    back(kept).press("Verwerfen")
    assert kept.path == "/interviews/"
    assert nothing_waits(kept)


def test_unsent__waits_twelve_hours(app: Flask, kept: Visitor) -> None:
    let_pass(app, 11 * HOUR)
    assert STILL in kept.get("/staff/sign-in").text
    let_pass(app, HOUR)
    assert STILL not in kept.get("/staff/sign-in").text
    assert back(kept).path == "/interviews/"


def test_unsent__waits_twelve_hours_also_after_half_a_second_factor(app: Flask) -> None:
    visitor = interview(app)
    same_browser(visitor).get("/staff/account/app")
    same_browser(visitor).get("/staff/account/passkey")
    let_pass(app, 11 * HOUR)
    assert STILL in visitor.press("next", good=WORD).text


def test_unsent__waits_no_longer_for_being_looked_at(
    kept: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsent, "STAFF_LIFETIME", 0)
    assert STILL not in kept.get("/staff/sign-in").text
    assert back(kept).path == "/interviews/"


def test_unsent__what_could_not_be_sent_waits_on(app: Flask, kept: Visitor) -> None:
    back(kept)
    window = same_browser(kept).get(kept.page.xpath("//main//form/@action")[0])
    for field in kept.page.xpath("//input[@name='csrf_token']"):
        field.set("value", "wrong")
    kept.press("Jetzt senden")
    assert kept.response.status_code == 400
    assert window.get("/staff/").heading == STILL


def test_unsent__sent_from_its_own_page_meanwhile_waits_no_more(app: Flask, kept: Visitor) -> None:
    back(kept)
    kept.get(kept.page.xpath("//main//form/@action")[0]).press("next", good="doch anders")
    assert kept.get("/staff/").path == "/interviews/"


def test_unsent__several_pages_wait_side_by_side_each_once(app: Flask) -> None:
    first = interview(app)
    second = same_browser(first).get("/interviews/").press("client")
    let_pass(app, 31 * MINUTE)
    for visitor in (first, second, first):
        page, response = visitor.page, visitor.response
        visitor.press("next")
        visitor.page, visitor.response = page, response  # back in the browser
    third = back(same_browser(first).get("/staff/sign-in"))
    assert len(third.page.xpath("//main//section")) == 2


def test_unsent__keeps_no_passphrase(app: Flask) -> None:
    visitor = staff(app, "Karin")
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    let_pass(app, 31 * MINUTE)
    typed = {"name": "Olga", "passphrase": "geheim", "again": "geheim", "recovery_code": "geheim"}
    visitor.post("/staff/people", typed | {"csrf_token": token, "role": "evaluator"})
    back(visitor, "Karin")
    fields = {
        field.get("name"): field.get("value")
        for field in visitor.page.xpath("//form[.//button[.='Jetzt senden']]//input")
    }
    del fields["csrf_token"]  # of the page that offers it
    assert len(visitor.page.xpath("//form[.//button[.='Jetzt senden']]//input")) == 3
    assert fields == {"name": "Olga", "role": "evaluator"}
    assert "Mitarbeitende, geschrieben am" in visitor.text


def test_unsent__keeps_nothing_of_her_account(app: Flask) -> None:
    visitor = staff(app, "Ines").get("/staff/account/passphrase")
    let_pass(app, 31 * MINUTE)
    button = visitor.page.xpath("//main//button[@class='go']")[0].text_content()
    visitor.press(button, old=PASSPHRASE, passphrase="geheim", again="geheim")
    assert visitor.heading == "Anmelden"
    assert STILL not in visitor.text


def test_unsent__a_question_may_be_called_like_a_secret(app: Flask) -> None:
    with app.test_request_context(
        "/interviews/x", method="POST", data={"q-postcode": "59423", "postcode": "59423"}
    ):
        unsent.keep()
        (one,) = unsent.waiting()
        assert [tuple(pair) for pair in one.fields] == [("q-postcode", "59423")]


def test_unsent__is_no_more_than_a_megabyte(app: Flask) -> None:
    held: dict[str, object] = {}
    for name in "abc":
        data = {f"q-{name}": name * 600_000}
        with app.test_request_context(f"/interviews/{name}", method="POST", data=data):
            session[UNSENT] = held
            unsent.keep()
            held = session[UNSENT]
    assert list(held) == ["/interviews/c"]


def test_unsent__a_form_from_another_site_is_not_kept(app: Flask) -> None:
    visitor = interview(app)
    let_pass(app, 31 * MINUTE)
    visitor.headers["Sec-Fetch-Site"] = "cross-site"
    visitor.press("next", good=WORD)
    assert visitor.response.status_code == 400
    del visitor.headers["Sec-Fetch-Site"]
    assert STILL not in visitor.get("/staff/sign-in").text


def test_unsent__a_page_with_nothing_typed_leaves_nothing(app: Flask) -> None:
    visitor = staff(app, "Ines")
    let_pass(app, 31 * MINUTE)
    visitor.press(EXTEND)
    assert visitor.heading == "Anmelden"
    assert STILL not in visitor.text
