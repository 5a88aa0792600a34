"""What holds of every view, every address and every response, found by walking the URL map.

Who may call which view is held by tests/web/test_access.py and test_matrix.py; this file holds what
all of them have in common, so that a page added tomorrow cannot do without.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from flask import Flask, request
from lxml import html
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from core import people
from core.web import access, unsent
from core.web.forms import StaffForm
from tests.policy.test_house import python_files, texts
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff, woman

ID = "00000000-0000-4000-8000-000000000001"
NOBODY, EXIT = "", "/exit"
WHO = (NOBODY, "Karin", "Nora", "Ines", "Eva")
KEPT = (".css", ".js")  # their addresses change with what they say
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
SCRIPTED = {"script-src": "'self'", "connect-src": "'self'"}
# What an address may hold: numbers that say nothing, and the token of a one-time link.
IN_ADDRESSES = {
    "case_id",
    "draft_id",
    "factor_id",
    "key_id",
    "name",  # of a file, which is ours: a number and the kind
    "number",
    "order_id",
    "person_id",
    "quasi",  # which question of which questionnaire
    "questionnaire",  # which one it is; devices ask for it
    "release_id",
    "response_id",
    "text_id",  # made from a response and a question, and tells neither
    "token",
    "unit_id",
}
# What may stand behind the question mark. The search in the audit asks for codes, numbers and days.
IN_QUESTIONS = {"coming", "done", "formID", "page", "period", "since"}  # two months; a day
SEARCHES = {"core/web/staff/audit.py"}


@pytest.fixture
def visitors(app: Flask) -> Mapping[str, Visitor]:
    """Somebody of every role, each with a browser of her own."""
    return {name: staff(app, name) if name else Visitor(app) for name in WHO}


def addresses(app: Flask, method: str) -> dict[str, str]:
    """Return {address: endpoint} of all that can be called this way, the way out last."""
    found = {}
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            built = rule.build(
                {
                    name: 1 if isinstance(kind, IntegerConverter) else ID
                    for name, kind in rule._converters.items()
                },
                append_unknown=False,
            )
            assert built is not None
            found[built[1]] = rule.endpoint
    return dict(sorted(found.items(), key=lambda one: one[0] == EXIT))


def is_whole(response: TestResponse, *, kept: bool = False, tls: bool = False) -> bool:
    """Hold a response to what every one of them carries."""
    headers = response.headers
    assert len(headers.getlist("Content-Security-Policy")) == 1
    rules = headers["Content-Security-Policy"].split(";")
    policy = dict(rule.strip().partition(" ")[::2] for rule in rules)
    framed = POLICY | {"frame-ancestors": "'self'"}  # the preview, on a page of ours
    framing = POLICY | SCRIPTED | {"frame-src": "'self'"}
    assert policy in (POLICY, POLICY | SCRIPTED, framed, framing)
    device = headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "payment=()"} < set(device)
    assert {"geolocation=()", "geolocation=(self)"} & set(device)
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert ("immutable" in headers["Cache-Control"]) == kept
    assert ("no-store" in headers["Cache-Control"]) != kept
    assert ("Strict-Transport-Security" in headers) == tls
    for cookie in headers.getlist("Set-Cookie"):
        parts = set(cookie.split("; "))
        assert {"HttpOnly", "Path=/", "SameSite=Strict"} < parts
        assert cookie.startswith("__Host-session=" if tls else "session=")
        assert ("Secure" in parts) == tls
        assert not any(part.startswith("Domain") for part in parts)
    return True


def runs_nothing_inline(page: html.HtmlElement) -> bool:
    """Hold a page to what its policy would stop, silently, in a browser."""
    assert not page.xpath(
        "//*[@style] | //style | //script[not(@src)] | //@href[starts-with(.,'j')]"
    )
    assert not [one for node in page.iter("*") for one in node.attrib if one.startswith("on")]
    return True


# -- views -----------------------------------------------------------------------------------------


def test_views__every_one_declares_a_permission_that_somebody_has_or_is_public(app: Flask) -> None:
    known = {access.PUBLIC} | set().union(*people.PERMISSIONS.values())
    assert [n for n, view in app.view_functions.items() if access.rule_of(view) not in known] == []


def test_views__nothing_changes_but_by_a_post(app: Flask) -> None:
    """The guard against forged forms looks at posts, so there is no other way to change things."""
    methods = set().union(*(rule.methods or () for rule in app.url_map.iter_rules()))
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_views__every_post_without_a_token_is_refused(
    app: Flask, visitors: Mapping[str, Visitor]
) -> None:
    posts = addresses(app, "POST")
    assert len(posts) >= 12
    for visitor in visitors.values():
        for path in posts:
            for data in ({}, {"csrf_token": ""}, {"csrf_token": "made.up.token"}):
                answer = visitor.client.post(path, data={"go": "next"} | data)
                assert answer.status_code == 400, path
            assert is_whole(answer)


def test_views__every_post_with_the_token_of_somebody_else_is_refused(
    app: Flask, visitors: Mapping[str, Visitor]
) -> None:
    token = staff(app, "Sonja").page.xpath("//input[@name='csrf_token']/@value")[0]
    for visitor in visitors.values():
        for path in addresses(app, "POST"):
            assert visitor.client.post(path, data={"csrf_token": token}).status_code == 400, path


def test_forms__no_field_that_opens_something_is_ever_kept(app: Flask) -> None:
    """What staff sends too late waits in her session, but for these."""
    forms, secret = [StaffForm], set()
    for form in forms:
        forms += form.__subclasses__()
        names = (name for name, one in vars(form).items() if isinstance(one, UnboundField))
        secret |= {name for name in names if getattr(form, name).field_class is PasswordField}
    assert {"passphrase", "again", "old"} <= secret
    assert [name for name in secret | {"code", "answer"} if unsent.may_be_kept(name)] == []


# -- addresses -------------------------------------------------------------------------------------


def test_addresses__hold_ids_and_one_time_tokens_only(app: Flask) -> None:
    named = set().union(*(rule.arguments for rule in app.url_map.iter_rules()))
    assert named <= IN_ADDRESSES
    typed = {
        (argument, type(converter).__name__)
        for rule in app.url_map.iter_rules()
        for argument, converter in rule._converters.items()
    }
    free = {argument for argument, kind in typed if kind == "UnicodeConverter"}
    assert free <= {"token", "name", "quasi", "questionnaire"}


def test_addresses__nothing_is_asked_behind_a_question_mark_but_what_is_known() -> None:
    read = re.compile(r"""request\.args(?:\.get\(|\[)["'](\w+)["']""")
    whole = re.compile(r"request\.(?:args|values)\b(?!\.get\(|\[)|request\.values")
    code = {n: t for n, t in python_files().items() if not n.startswith("tests/")}
    assert {name for text in code.values() for name in read.findall(text)} <= IN_QUESTIONS
    assert {name for name, text in code.items() if whole.search(text)} <= SEARCHES


# -- templates -------------------------------------------------------------------------------------


def test_templates__every_one_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    assert len(names) >= 30
    assert [app.jinja_env.get_template(name).name for name in names] == names


def test_templates__hold_no_script_and_no_style() -> None:
    inline = re.compile(r"(?i)<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:")
    found = [n for n, t in texts().items() if n.startswith("templates/") and inline.search(t)]
    assert found == []


# -- responses -------------------------------------------------------------------------------------


def test_responses__every_one_to_everybody_carries_all_headers(
    app: Flask, visitors: Mapping[str, Visitor]
) -> None:
    seen = set()
    for visitor in visitors.values():
        for path, endpoint in addresses(app, "GET").items():
            for method in ("get", "head", "options"):
                answer = getattr(visitor.client, method)(path)
                kept = endpoint.endswith(KEPT) and method != "options"
                assert is_whole(answer, kept=kept), path
                if answer.mimetype == "text/html" and answer.data:
                    assert runs_nothing_inline(html.fromstring(answer.data)), path
                seen.add(answer.status_code)
    assert {200, 302, 303, 403, 404, 410} <= seen


def test_responses__also_the_failures_carry_all_headers(app: Flask) -> None:
    @app.get("/failing")
    @access.public
    def fail() -> str:
        raise ZeroDivisionError

    client = woman(app).client
    answers = [
        client.get("/nothing"),
        client.get("/%00"),
        client.get("/failing"),
        client.delete("/"),
        client.post("/", data={"go": "next"}),
        client.post("/", data=b"{}", content_type="application/json"),
        client.post("/", data={"q-a": "a" * 2_000_000}),
    ]
    with app.extensions["zugang"].database.durable.begin() as connection:
        connection.exec_driver_sql("DROP TABLE web_session")
    answers.append(client.get("/"))
    assert [one.status_code for one in answers] == [404, 404, 500, 405, 400, 415, 413, 503]
    assert all(is_whole(answer) for answer in answers)


@pytest.fixture
def behind_tls(house: House) -> Iterator[Flask]:
    """The service where a proxy speaks TLS for it."""
    settings = replace(house.settings, behind_proxy=True)
    yield from serving(House(settings, house.database))


def test_responses__behind_tls_say_so_and_bind_the_cookie_to_the_host(behind_tls: Flask) -> None:
    visitor = Visitor(behind_tls)
    visitor.client.environ_base["wsgi.url_scheme"] = "https"
    for path, endpoint in addresses(behind_tls, "GET").items():
        answer = visitor.client.get(path)
        assert is_whole(answer, kept=endpoint.endswith(KEPT), tls=True), path


def seen_by(app: Flask) -> dict[str, str]:
    """Return what the service believes of a visitor whose request names a proxy's headers."""
    believed = {}

    @app.get("/seen")
    @access.public
    def see() -> str:
        believed.update(address=str(request.remote_addr), host=request.host, scheme=request.scheme)
        return ""

    forwarded = {"For": "198.51.100.7", "Host": "zugang.example", "Proto": "https"}
    headers = {f"X-Forwarded-{name}": value for name, value in forwarded.items()}
    app.test_client().get("/seen", headers=headers)
    return believed


def test_proxy__is_believed_where_the_settings_say_so(behind_tls: Flask) -> None:
    assert seen_by(behind_tls) == {
        "address": "198.51.100.7",
        "host": "zugang.example",
        "scheme": "https",
    }


def test_proxy__is_believed_nowhere_else(app: Flask) -> None:
    assert seen_by(app) == {"address": "127.0.0.1", "host": "localhost", "scheme": "http"}
