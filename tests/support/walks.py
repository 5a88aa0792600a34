"""Walks that many tests begin with: a woman up to some page, a member of staff at her desk."""

import time
from collections.abc import Iterable

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.house import PASSPHRASE
from tests.support.visitor import Visitor

CHECK, RECEIVED = "Stimmt alles?", "Ihre Nachricht ist angekommen"
WAYS = ("phone", "sms", "messenger", "email", "person", "meeting", "letter")
LEAST = {"contact_way": ["phone"], "phone": "0176 040690", "consent_help": "yes"}
LONGEST = 30  # seconds that a file may take
Answers = dict[str, str | Iterable[str]]


def woman(app: Flask, language: str = "de") -> Visitor:
    """Return a browser that shows the first questions."""
    return Visitor(app, language).get("/").press("begin")


def walk_to(visitor: Visitor, heading: str, answers: Answers | None = None) -> Visitor:
    """Press "next" until the page with this heading, answering what `answers` knows of."""
    for _ in range(20):
        if visitor.heading == heading:
            return visitor
        asked = asked_on(visitor)
        visitor.press("next", **{n: a for n, a in (answers or LEAST).items() if n in asked})
        assert visitor.mistakes == [], visitor.heading
    raise LookupError(f"no page {heading!r}")


def walk_to_check(visitor: Visitor, answers: Answers | None = None) -> Visitor:
    """Answer all pages, the least that is needed unless `answers` says more."""
    return walk_to(visitor, CHECK, answers)


def asked_on(visitor: Visitor) -> set[str]:
    """Return the last parts of the names of the questions on a page."""
    names = visitor.page.xpath("//*[self::input or self::textarea or self::select]/@name")
    return {name.rpartition("-")[2] for name in names if name.startswith("q-")}


def value_of(visitor: Visitor, name: str) -> list[str]:
    """Return what a question on the page holds: the text in its box, or the chosen values."""
    field = visitor.field(name)
    form = next(visitor.page.find_class("question")[0].iterancestors("form"))
    return [text for key, text in form.form_values() if key == field and text is not None]


def staff(app: Flask, name: str, passphrase: str = PASSPHRASE) -> Visitor:
    """Return the browser of a member of staff who has just signed in."""
    visitor = Visitor(app).get("/staff/sign-in")
    return visitor.press("Anmelden", name=name, passphrase=passphrase)


def is_error_page(visitor: Visitor, status: int) -> bool:
    """Hold an error page to what every one of them promises."""
    assert visitor.response.status_code == status
    assert visitor.response.mimetype == "text/html"
    assert visitor.page.xpath("//a[@href='tel:110']")
    assert visitor.page.xpath("//a[@href='tel:116016']")
    assert visitor.page.xpath("//a[@class='exit'][@href='/exit']")
    assert visitor.page.findtext(".//title").partition(":")[2].strip()
    assert "Traceback" not in visitor.text
    assert "sqlalchemy" not in visitor.text.lower()
    return True


def _bytes_of(visitor: Visitor, **answers: bytes) -> bytes:
    form = visitor.page.xpath("//form[.//input[@name='page']]")[0]
    known = {name: text.encode() for name, text in form.form_values() if text is not None}
    known |= {visitor.field(name): text for name, text in answers.items()}
    return b"&".join(name.encode() + b"=" + text for name, text in known.items())


def send(visitor: Visitor, go: bytes = b"next", **answers: bytes) -> Visitor:
    """Post the page as it is, with these answers byte for byte."""
    body = _bytes_of(visitor, **answers) + b"&go=" + go
    return visitor.post("/", body, content_type="application/x-www-form-urlencoded")


def fetched(
    visitor: Visitor, button: str = "Arbeitsmappe herunterladen", **said: str
) -> TestResponse:
    """Return what she gets who asks for a file of released data and waits for it."""
    visitor.press(button, **said)
    until = time.monotonic() + LONGEST
    while visitor.heading == "Ihre Datei entsteht" and time.monotonic() < until:
        time.sleep(0.1)
        visitor.get(visitor.path)
    assert visitor.heading == "Ihre Datei ist fertig", visitor.text
    [place] = visitor.page.xpath("//a[contains(@href, '/content')]/@href")
    return visitor.get(place).response
