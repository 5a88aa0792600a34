"""What the clients of the bench do: open the first page, or walk the whole journey.

The walk knows pages only by their HTML: it answers whatever the form asks, so that it survives a
change of the questionnaire.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus

from bench.load import Client, LoadError

MOST_STEPS = 40

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_TAG = re.compile(r"<(input|select|option|textarea|button)\b((?:[^>\"]|\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')

# The last part of a field's name → what to write; anything else gets WORD.
WRITTEN = {"phone": "0176 04069012", "email": "a@example.org", "date": ""}
WORD = "Mina"
GO = ("submit", "next", "begin")  # the button to press, the first that is there


@dataclass(frozen=True)
class Answered:
    """A form filled in, ready to be sent once the token is put in front."""

    body: bytes
    go: str


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def _fields(form: str) -> Iterator[tuple[str, str]]:
    """Yield a (name, value) for every question of `form` and hidden field, but not the token."""
    picked: set[str] = set()
    selecting = ""
    for kind, text in _TAG.findall(form):
        given = _attributes(text)
        name, value = given.get("name", ""), given.get("value", "")
        if kind == "select":
            selecting = name
        elif kind == "option":
            name = selecting
        if kind in {"button", "select"} or name in picked or name == "csrf_token":
            continue
        if kind == "option" or given.get("type") in {"radio", "checkbox"}:
            if not value:
                continue
        elif given.get("type") != "hidden":
            value = _written(name, given)
        picked.add(name)
        yield name, value


def _written(name: str, given: dict[str, str]) -> str:
    if given.get("inputmode") in {"numeric", "decimal"}:
        return "1"
    return WRITTEN.get(re.split(r"[-_]", name)[-1], WORD)


@lru_cache(maxsize=256)
def answer(page: bytes) -> Answered | None:
    """Return `page` filled in, or None where it has nothing left to send: the confirmation."""
    text = page.decode()
    for form in _FORM.findall(text):
        given = [_attributes(rest) for kind, rest in _TAG.findall(form) if kind == "button"]
        buttons = {button.get("value") for button in given if button.get("name") == "go"}
        for go in GO:
            if go in buttons:
                pairs = [*_fields(form), ("go", go)]
                body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
                return Answered(body.encode(), go)
    return None


def _get(
    host: str, cookies: dict[bytes, bytes] | None = None, path: str = "/", language: str = "de"
) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n"
        f"Accept-Language: {language}\r\nUser-Agent: bench\r\n"
    ).encode() + _cookie_line(cookies or {})


def _post(host: str, cookies: dict[bytes, bytes], body: bytes, language: str) -> bytes:
    head = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept-Encoding: gzip\r\n"
        f"Accept-Language: {language}\r\nUser-Agent: bench\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + _cookie_line(cookies) + body


def _cookie_line(cookies: dict[bytes, bytes]) -> bytes:
    if not cookies:
        return b"\r\n"
    return b"Cookie: " + b"; ".join(b"=".join(pair) for pair in cookies.items()) + b"\r\n\r\n"


def first_page(host: str, path: str = "/", language: str = "de") -> Client:
    """Open one page as somebody who was never here."""
    yield _get(host, path=path, language=language)


def journey(host: str, language: str = "de") -> Client:
    """Open, answer every page, check, submit, and see the confirmation."""
    cookies: dict[bytes, bytes] = {}
    reply = yield _get(host, language=language)
    before = b""
    sent = False
    for _ in range(MOST_STEPS):
        cookies |= reply.cookies
        page = reply.body
        token = _TOKEN.search(page)
        plain = page.replace(token[1], b"") if token else page
        filled = None if sent else answer(plain)
        if filled is None:
            break
        if plain == before or token is None:
            raise LoadError(f"the journey is stuck on {_title(page)}")
        before = plain
        body = b"csrf_token=" + token[1] + b"&" + filled.body
        reply = yield _post(host, cookies, body, language)
        if reply.status != 303:
            raise LoadError(f"a post was answered with {reply.status} instead of 303")
        cookies |= reply.cookies
        sent = filled.go == "submit"
        reply = yield _get(host, cookies, language=language)
    ending = answer(reply.body.replace(_token(reply.body), b""))
    if not sent or (ending is not None and ending.go != "begin"):  # another message may follow
        raise LoadError(f"the journey ended on {_title(reply.body)}")


def _token(page: bytes) -> bytes:
    found = _TOKEN.search(page)
    return found[1] if found else b"\0"


def _title(page: bytes) -> str:
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.decode(), re.DOTALL)
    mistakes = re.findall(r'<a href="#[^"]*">(.*?)</a>', page.decode(), re.DOTALL)
    return f"{heading[1].strip() if heading else 'a page without heading'} {mistakes}"
