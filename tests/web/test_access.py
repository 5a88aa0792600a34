"""Every view says who may call it, and the others are sent away."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import Forbidden

from core import people
from core.people import Person
from core.web import access
from core.web.staff.signing_in import HOMES
from tests.support.visitor import Visitor
from tests.support.walks import staff

ID = "00000000-0000-4000-8000-000000000001"
ROLES = {
    "Karin": people.COORDINATOR,
    "Nora": people.COUNSELLOR,
    "Ines": people.INTERVIEWER,
    "Eva": people.EVALUATOR,
}
SERVED = {
    "zugang.css",
    "entering.js",
    "leaving.js",
    "location.js",
    "passkey.js",
    "puzzle.js",
    "staying.js",
}
PUBLIC = {
    "alone.show",
    "alone.take",
    "intake.show",
    "intake.take",
    "intake.leave",
    "partner.show",
    "partner.take",
    "media.file",
    "openrosa.form_list",  # these ask for the token of a device instead
    "openrosa.form",
    "openrosa.manifest",
    "openrosa.submission",
    "staff.home",
    "staff.sign_in",
    "staff.sign_out",
    "staff.choose_language",
    "staff.accept",
    "second_step.ask",
    "recovery.begin",
}


def reading(app: Flask) -> dict[str, str]:
    """Return {path: permission} of every page that staff may open."""
    found = {}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            permission = access.rule_of(app.view_functions[rule.endpoint])
            if permission and "GET" in (rule.methods or ()):
                numbers = set(re.findall(r"<int[^:]*:(\w+)>", rule.rule))
                values = {name: 1 if name in numbers else ID for name in rule.arguments}
                found[adapter.build(rule.endpoint, values)] = permission
    return found


def test_views__every_one_says_who_may_call_it(app: Flask) -> None:
    rules = {name: access.rule_of(view) for name, view in app.view_functions.items()}
    known = {access.PUBLIC} | set().union(*people.PERMISSIONS.values())
    assert {name: rule for name, rule in rules.items() if rule not in known} == {}
    public = {name for name, rule in rules.items() if rule == access.PUBLIC}
    assert public - SERVED == PUBLIC


def test_guard__a_view_that_says_nothing_answers_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for visitor in (Visitor(app), staff(app, "Karin")):
        assert visitor.get("/forgotten").response.status_code == 500
        assert "secret" not in visitor.text


def test_guard__who_is_signed_out_is_led_to_sign_in(app: Flask) -> None:
    pages = reading(app)
    assert len(pages) >= 5
    for path in pages:
        visitor = Visitor(app).get(path)
        assert (visitor.path, visitor.heading) == ("/staff/sign-in", "Anmelden"), path


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_guard__each_role_lands_on_its_page(app: Flask, name: str, role: str) -> None:
    visitor = staff(app, name)
    with app.test_request_context():
        home = app.url_for(HOMES[role], _external=False)
    assert visitor.path == home
    assert visitor.response.status_code == 200


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_guard__each_role_gets_no_further_than_its_own_pages(
    app: Flask, name: str, role: str
) -> None:
    visitor = staff(app, name)
    seen = {}
    for path, permission in reading(app).items():
        status = visitor.get(path).response.status_code
        seen[path] = status
        if permission in people.PERMISSIONS[role]:
            assert status in {200, 404}, path
        else:
            assert status == 403, path
            assert visitor.heading == "Kein Zugriff"
    assert 403 in seen.values()
    assert 200 in seen.values()


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_guard__the_pages_offered_are_the_pages_allowed(app: Flask, name: str, role: str) -> None:
    visitor = staff(app, name)
    links = [link.get("href") for link in visitor.page.xpath("//nav//a")]
    assert links
    for link in links:
        assert visitor.get(link).response.status_code == 200


def test_guard__who_has_left_is_signed_out_at_once(app: Flask) -> None:
    visitor = staff(app, "Ines")
    with app.extensions["zugang"].database.transaction() as session:
        session.execute(update(Person).where(Person.name == "Ines").values(left=date(2026, 11, 23)))
    assert visitor.get("/interviews/").path == "/staff/sign-in"
    assert visitor.get("/staff/").path == "/staff/sign-in"


def test_signed_in__with_nobody_at_the_keyboard_there_is_nothing_to_see(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(Forbidden):
        access.signed_in()
