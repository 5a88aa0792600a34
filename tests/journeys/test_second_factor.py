"""A second factor is set up, used, lost and replaced: an app without scripts, a passkey with."""

import time
from collections.abc import Callable

import pyotp
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from tests.journeys.conftest import DESK, Browse
from tests.journeys.walker import Walker
from tests.support.service import Service

PASSPHRASE, NEW = "birke garten hafen segel wolke", "feder gras hummel jolle"
Serve = Callable[..., Service]


def set_up(service: Service, walker: Walker) -> None:
    """Come in by the first link of all, up to where a second factor is asked for."""
    path = service.printed(r"one-time link\): http://[^/]+(/\S+)")
    walker.open(path).answer("name", "Karin")
    walker.answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE)
    walker.press("Speichern und anmelden").follow("Ich habe ihn ausgedruckt")
    assert walker.heading == "Ihr Konto"
    assert "Bevor Sie anfangen" in walker.text
    walker.open("/staff/people")
    assert walker.heading == "Ihr Konto"


def codes(walker: Walker) -> list[str]:
    """Return the codes on the page that shows them once, and go on."""
    assert walker.heading == "Ihre Ersatz-Codes"
    found = [code.text for code in walker.browser.find_elements("css selector", "main code")]
    walker.follow("Ich habe sie")
    assert walker.heading == "Mitarbeitende"
    return found


def sign_in_again(walker: Walker, passphrase: str = PASSPHRASE) -> None:
    walker.press("Abmelden").sign_in("Karin", passphrase)
    assert walker.heading == "Zweiter Schritt"


def add_app(walker: Walker, name: str) -> str:
    """Add an app by typing its secret and return that."""
    walker.open("/staff/account").follow("Eine App einrichten")
    assert walker.browser.find_element("css selector", "svg.qr").is_displayed()
    walker.click(walker.browser.find_element("css selector", "main summary"))
    secret = walker.browser.find_element("css selector", "details code").text.replace(" ", "")
    walker.answer("name", name).answer("code", pyotp.TOTP(secret).now()).press("Einrichten")
    return secret


def remove(walker: Walker, name: str, passphrase: str = PASSPHRASE) -> None:
    link = f'a[aria-label="{name} entfernen"]'
    walker.open(walker.browser.find_element("css selector", link).get_attribute("href") or "")
    walker.answer("passphrase", passphrase).press("Entfernen")
    assert walker.heading == "Ihr Konto"
    assert name not in walker.text


def test_app__is_set_up_used_lost_and_replaced_without_scripts(
    serve: Serve, database_url: str, browse: Browse
) -> None:
    service = serve(database_url, ZUGANG_SECOND_FACTOR="required")
    walker = browse(service, "karin")
    set_up(service, walker)
    add_app(walker, "Altes Telefon")
    spare = codes(walker)
    sign_in_again(walker)
    walker.answer("code", "000000").press("Weiter")
    assert "Das stimmt nicht" in walker.text
    walker.answer("code", spare[0]).press("Weiter")
    assert "noch 9 Ersatz-Codes" in walker.text
    secret = add_app(walker, "Neues Telefon")
    remove(walker, "Altes Telefon")
    walker.follow("Passwort-Satz ändern")
    walker.answer("passphrase", "hallohallohallo").press("Stärke prüfen")
    assert "Stärke: sehr schwach" in walker.text
    walker.answer("old", PASSPHRASE).answer("passphrase", NEW).answer("again", NEW)
    walker.press("Ändern")
    assert walker.heading == "Ihr neuer Passwort-Satz gilt"
    sign_in_again(walker, NEW)
    next_one = pyotp.TOTP(secret).at(int(time.time()) + 30)
    walker.answer("code", next_one).press("Weiter")
    assert walker.heading == "Mitarbeitende"


def test_passkey__is_set_up_used_lost_and_replaced(serve: Serve, browse: Browse) -> None:
    service = serve(ZUGANG_SECOND_FACTOR="required")
    walker = browse(service, "karin", size=DESK, javascript=True)
    walker.address = service.address.replace("127.0.0.1", "localhost")
    device = VirtualAuthenticatorOptions(
        protocol=VirtualAuthenticatorOptions.Protocol.CTAP2,
        transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
        has_resident_key=True,
        has_user_verification=True,
        is_user_verified=True,
    )
    walker.browser.add_virtual_authenticator(device)
    set_up(service, walker)
    walker.follow("Einen Passkey einrichten").answer("name", "Altes Gerät").press("Einrichten")
    spare = codes(walker)
    for _ in range(2):
        sign_in_again(walker)
        walker.press("Mit Passkey anmelden")
        assert walker.heading == "Mitarbeitende"
    walker.browser.remove_virtual_authenticator()
    walker.browser.add_virtual_authenticator(device)  # another one: it knows nothing
    sign_in_again(walker)
    walker.click(walker.button("Mit Passkey anmelden"))
    walker.until(lambda: "Das hat nicht geklappt" in walker.text)
    walker.answer("code", spare[3]).press("Weiter")
    assert walker.heading == "Ihr Konto"
    walker.follow("Einen Passkey einrichten").answer("name", "Neues Gerät").press("Einrichten")
    assert "Neues Gerät" in walker.text
    remove(walker, "Altes Gerät")
    sign_in_again(walker)
    walker.press("Mit Passkey anmelden")
    assert walker.heading == "Mitarbeitende"
