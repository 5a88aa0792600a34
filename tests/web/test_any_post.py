"""Whatever is posted to a page with every type of question: it is read or refused, never an error.

The posts are valid ones that were damaged: names, values, bytes, order, number, encoding. The suite
tries a few hundred; `ZUGANG_TEST_POSTS=100000 .venv/bin/pytest tests/web/test_any_post.py` tries
that many.
"""

import os
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, current_app, request
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jinja2 import Template
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from core.web.reading import Section
from core.web.showing import PageView, bind, mistakes
from tests.support.house import NOW
from tests.xlsform.every import every_form
from tests.xlsform.test_every_field import ANSWERED
from xlsform.filling import Filling
from xlsform.questions import Page

FORM = every_form()
PAGE = FORM.pages[0]
POSTS = int(os.environ.get("ZUGANG_TEST_POSTS", "400"))
SEED = 20_261_125
NAMES = [question.name for question in PAGE.questions]
FILES = ("photo", "sound", "film", "letter")
TEMPLATE = '{% from "macros/questions.html" import question_page %}{{ question_page(view) }}'
NASTY = (
    "", " ", "\0", "\ufffd", "\u202e", "\u0660", "²", "½", "\U0001f4a1", "%", "%(typed)s",
    "{{ 7 }}",
    "</textarea><script>", "a" * 10_001, "9" * 400, "-", "-0", "1e400", "nan", "1,2,3", ":", ":::",
    "1:", ":selm", "0:selm", "remove", "OK", "\n\n", ";", ";;1 2", "24.12.2026", "99.99.9999",
    "14:30", "24:00", "12 am", "1 2 3 4 5", "51°", "N", "N N", "51°51'51\"N", "selm selm", "[2]",
)  # fmt: skip
HEADS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
    b"%PDF-",
    b"RIFF1234WEBP",
    b"\0",
    b"",
)

Pairs = list[tuple[str, str]]


def valid() -> Pairs:
    return [
        (f"q-g-{name}", value)
        for name, (sent, _, _) in ANSWERED.items()
        for value in ([sent] if isinstance(sent, str) else sent)
    ]


def text(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(NASTY)
    codes = (chance.randrange(0x110000 if chance.random() < 0.2 else 0x700) for _ in range(9))
    return "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)


def changed(pairs: Pairs, chance: random.Random) -> None:
    at = chance.randrange(len(pairs))
    pairs[at] = (pairs[at][0], text(chance))


def spoilt(pairs: Pairs, chance: random.Random) -> None:
    at = chance.randrange(len(pairs))
    name, value = pairs[at]
    cut = chance.randrange(len(value) + 1)
    pairs[at] = (name, value[:cut] + text(chance) + value[cut + chance.randrange(3) :])


def doubled(pairs: Pairs, chance: random.Random) -> None:
    pairs.insert(chance.randrange(len(pairs)), chance.choice(pairs))


def left_out(pairs: Pairs, chance: random.Random) -> None:
    if len(pairs) > 1:
        del pairs[chance.randrange(len(pairs))]


def swapped(pairs: Pairs, chance: random.Random) -> None:
    pairs.append((f"q-g-{chance.choice(NAMES)}", chance.choice(pairs)[1]))


def flooded(pairs: Pairs, chance: random.Random) -> None:
    if chance.random() < 0.02:
        pairs.extend([(f"q-g-{chance.choice(NAMES)}", text(chance))] * 900)


def renamed(pairs: Pairs, chance: random.Random) -> None:
    pairs.append(
        (chance.choice((text(chance), "q-", "q-g-", "q-g-i:2", "go", "page")), text(chance))
    )


DAMAGES: tuple[Callable[[Pairs, random.Random], None], ...] = (
    changed, spoilt, doubled, left_out, swapped, flooded, renamed,
)  # fmt: skip


def urlencoded(pairs: Pairs, chance: random.Random) -> tuple[bytes, str]:
    body = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(body) + 1)
        body = body[:at] + chance.choice((b"%", b"%FF", b"\xff\xfe", b"&=&", b"\0")) + body[at:]
    return body, "application/x-www-form-urlencoded"


def multipart(pairs: Pairs, chance: random.Random) -> tuple[bytes, str]:
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        head.format(name.replace('"', "%22")).encode(errors="replace")
        + b"\r\n\r\n"
        + value.encode()
        for name, value in pairs
        if "\n" not in name
    ]
    for name in chance.sample((*FILES, *NAMES), 3):
        said = head.format(f"q-g-{name}") + f'; filename="{chance.choice(("x.jpg", "", "ä/../b"))}"'
        content = chance.choice(HEADS) + chance.randbytes(chance.randrange(60))
        parts.append(said.encode() + b"\r\n\r\n" + content)
    body = b"".join(b"--xXx\r\n" + part + b"\r\n" for part in parts) + b"--xXx--\r\n"
    return body, "multipart/form-data; boundary=xXx"


def posts(number: int) -> Iterator[tuple[bytes, str]]:
    chance = random.Random(SEED)
    for _ in range(number):
        pairs = valid()
        for _ in range(chance.randrange(1, 12)):
            chance.choice(DAMAGES)(pairs, chance)
        if chance.random() < 0.1:
            chance.shuffle(pairs)
        yield (multipart if chance.random() < 0.4 else urlencoded)(pairs, chance)


@cache
def template(app: Flask) -> Template:
    return app.jinja_env.from_string(TEMPLATE)


def shown(page: Page, data: Any, filling: Filling) -> str:
    """Read a post, keep what could be read, and return the page with its mistakes."""
    form = bind(FORM, page, filling, "de", data)
    found = tuple(mistakes(page, form, filling, "de"))
    form.store()
    view = PageView(page=page, title="T", step=1, steps=2, form=form, mistakes=found)
    return template(current_app._get_current_object()).render(view=view)


def test_any_post__is_read_or_refused_and_shown_again(app: Flask) -> None:
    read = refused = files = 0
    for number, (body, kind) in enumerate(posts(POSTS)):
        with app.test_request_context("/", method="POST", data=body, content_type=kind):
            try:
                data = CombinedMultiDict([request.form, request.files])
            except RequestEntityTooLarge:  # more than 1,000 parts: answered with a page of its own
                continue
            filling = Filling(FORM, now=NOW, zone=NOW.tzinfo)
            page = shown(PAGE, data, filling)
            if number % 8 == 0:  # what was kept can be shown again, on the page and at the end
                again = shown(PAGE, None, filling)
                assert Section.of(PAGE, filling, "de", complete=True).rows
                files += 'value="remove"' in again
        page.encode()
        assert page.count('name="q-g-') >= len(NAMES) - 3
        wrong = 'class="summary"' in page
        read, refused = read + (not wrong), refused + wrong
    assert read
    assert refused
    assert files


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


ANYTHING = st.text(st.characters(codec=None), max_size=20)  # lone surrogates too


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.sampled_from(NAMES), ANYTHING | st.sampled_from(NASTY)), max_size=60))
@example([("moment", "\ud800")])
def test_any_post__of_any_letters_is_shown_again(asked: None, pairs: Pairs) -> None:
    data: MultiDict[str, str] = MultiDict((f"q-g-{name}", value) for name, value in pairs)
    filling = Filling(FORM, now=NOW, zone=NOW.tzinfo)

    assert shown(PAGE, data, filling).encode()
    assert shown(PAGE, None, filling).encode()
