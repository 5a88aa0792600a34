"""Every role × every address × every record: exactly what is permitted answers, nothing else tells.

A new address with a part that this file does not know fails here, until it is said whose it is.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

import exports.release.orders
from core import people, sampling, versions
from core.factors import TOTP, Factor
from core.people import Person
from core.web import access
from exports.release.free_texts import mark
from exports.release.orders import WORKBOOK, Wanted
from intake import cases
from surveys import interviews
from tests.support import house as building
from tests.support.house import House
from tests.support.houses import serving
from tests.support.visitor import Visitor
from tests.support.walks import staff

NOBODY = ""
WHO = ("Karin", "Nora", "Sonja", "Beate", "Ines", "Jana", "Eva", NOBODY)
AUTHORS = ("Ines", "Jana")  # each has begun an interview
OWNERS = ("Ines", "Nora")  # each has a second factor
REFERRALS = {
    "north": "00000000-0000-4000-8000-000000000001",
    "south": "00000000-0000-4000-8000-000000000002",
    "county": "00000000-0000-4000-8000-000000000003",
}
INTERVIEW = "00000000-0000-4000-8000-000000000004"
SAID = "/data/more/good"
NOTHING = "00000000-0000-4000-8000-00000000000f"  # there is no such record
NUMBER = "999999"  # of nothing
Things = Mapping[str, Mapping[str, set[str]]]
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


@pytest.fixture(scope="module")
def scene(sqlite_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with two of every kind of people and a record in each part of the county."""
    made = building.build(building.settings_for(tmp_path_factory.mktemp("matrix") / "data"))
    for name, role, part in (
        ("Nora", people.COUNSELLOR, "north"),
        ("Sonja", people.COUNSELLOR, "south"),
        ("Beate", people.COUNSELLOR, "both"),
        ("Ines", people.INTERVIEWER, ""),
        ("Jana", people.INTERVIEWER, ""),
        ("Eva", people.EVALUATOR, ""),
    ):
        building.join(made, name, role, part)
    with made.database.transaction() as session:
        for part, number in REFERRALS.items():
            building.submit(session, "referral", number, {"/data/contact/name": "Amsel"}, part)
        for part, name in (("north", "Nora"), ("south", "Sonja"), ("county", "Nora")):
            cases.take_up(session, made.staff[name], REFERRALS[part], building.NOW.date())
        building.submit(session, "client", INTERVIEW, {SAID: "Alles war gut."}, "county")
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def program(scene: House) -> Iterator[Flask]:
    yield from serving(scene)


@pytest.fixture(scope="module")
def things(scene: House, visitors: Mapping[str, Visitor]) -> Things:
    """Return for each argument of an address: what it may name, and who may see that."""
    assert visitors  # they signed in before they had a second factor
    counsellors = {"north": {"Nora", "Beate"}, "south": {"Sonja", "Beate"}}
    counsellors["county"] = counsellors["north"] | counsellors["south"]
    nobodys, no_number = {NOTHING: set[str](), INTERVIEW: set[str]()}, {NUMBER: set[str]()}
    with scene.database.transaction() as session:
        drafts = {draft_of(session, scene, name): {name} for name in AUTHORS}
        orders = {order_of(session, scene, "Eva"): {"Eva"}}
        factors = {factor_of(session, scene, name): {name} for name in OWNERS}
        staff = {str(who.person.id): {"Karin"} for who in scene.staff.values()}
        sampling.plan(session, scene.staff["Nora"], sampling.CLIENT, "K7M-2PX")
        planned = [unit.id for unit in sampling.due(session, sampling.CLIENT)]
        referrals = {REFERRALS[part]: who for part, who in counsellors.items()}
    return {
        "response_id": referrals | nobodys,
        "case_id": referrals | nobodys,
        "draft_id": drafts | nobodys,
        "factor_id": factors | no_number,
        "order_id": orders | no_number,
        "person_id": staff | no_number,
        "name": {"nothing.jpg": set()},
        "questionnaire": {"client": {"Eva"}, "referral": set(), "nothing": set()},
        "quasi": {"client.age": {"Karin"}, "client.nothing": set(), "nothing.age": set()},
        "text_id": {mark(INTERVIEW, SAID): counsellors["county"], NOTHING: set()},
        "unit_id": {unit: {"Ines", "Jana"} for unit in planned} | {NOTHING: set()},
        "number": {"1": {"Eva"}} | no_number,
    }


def draft_of(session: Session, scene: House, name: str) -> str:
    who = scene.staff[name]
    version = versions.current(session, interviews.offered(who.person)[0])
    first = building.first_page(version)
    return interviews.begin(session, who, version, first, building.NOW.date()).id


def order_of(session: Session, scene: House, name: str) -> str:
    person = scene.staff[name].person
    order = exports.release.orders.place(session, person, Wanted(WORKBOOK, "de", labels=True))
    exports.release.orders.hand_in(session, order, person, b"")
    return str(order.id)


def factor_of(session: Session, scene: House, name: str) -> str:
    person = scene.staff[name].person
    day = building.NOW.date()
    factor = Factor(person_id=person.id, kind=TOTP, name="App", sealed=b"", made=day)
    session.add(factor)
    session.flush()
    return str(factor.id)


@pytest.fixture(scope="module")
def visitors(program: Flask) -> Mapping[str, Visitor]:
    return {name: staff(program, name) if name else Visitor(program) for name in WHO}


def rules(app: Flask) -> list[Rule]:
    """The addresses that not everybody may open."""
    rows = app.url_map.iter_rules()
    return [row for row in rows if access.rule_of(app.view_functions[row.endpoint])]


def addresses(app: Flask, things: Things) -> Iterator[tuple[Rule, str, set[str]]]:
    """Yield every address that is filled in, with those for whom there is something."""
    for rule in rules(app):
        names = sorted(rule.arguments)
        known = [things[name].items() for name in names]
        for chosen in product(*known):
            values = {name: value for name, (value, _) in zip(names, chosen, strict=True)}
            may = set(WHO).intersection(*(who for _, who in chosen))
            built = rule.build(converted(rule, values), append_unknown=False)
            assert built is not None
            yield rule, built[1], may


def converted(rule: Rule, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the values as the address has them: numbers as numbers."""
    return {name: rule._converters[name].to_python(value) for name, value in values.items()}


def permitted(scene: House, name: str, app: Flask, rule: Rule) -> bool:
    permission = access.rule_of(app.view_functions[rule.endpoint])
    return bool(name) and scene.staff[name].person.may(str(permission))


def answer(visitor: Visitor, path: str) -> Any:
    return visitor.client.get(path, headers=visitor.headers)


def told(response: Any) -> str:
    return TOKEN.sub("", response.get_data(as_text=True))


@pytest.mark.parametrize("name", WHO)
def test_reading__exactly_what_is_permitted_answers(
    name: str,
    scene: House,
    program: Flask,
    things: Things,
    visitors: Mapping[str, Visitor],
) -> None:
    seen = set()
    for rule, path, may in addresses(program, things):
        if "GET" not in (rule.methods or ()):
            continue
        status = answer(visitors[name], path).status_code
        seen.add(status)
        if not name:
            assert status == 303, path
        elif not permitted(scene, name, program, rule):
            assert status == 403, path
        else:
            assert status == (200 if name in may else 404), path
    assert seen >= ({200, 403} if name else {303})


@pytest.mark.parametrize("name", ["Nora", "Ines", "Eva"])
def test_reading__what_is_not_hers_looks_as_if_it_did_not_exist(
    name: str,
    program: Flask,
    things: Things,
    visitors: Mapping[str, Visitor],
) -> None:
    visitor = visitors[name]
    compared = 0
    for rule, path, may in addresses(program, things):
        if "GET" not in (rule.methods or ()) or not rule.arguments or name in may:
            continue
        nothing = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", NOTHING, path)
        nothing = re.sub(r"/\d+(?=/|$)", f"/{NUMBER}", nothing)
        there, not_there = answer(visitor, path), answer(visitor, nothing)
        assert there.status_code == not_there.status_code
        assert told(there) == told(not_there), path
        assert dict(there.headers) == dict(not_there.headers) | {
            "Content-Length": there.headers["Content-Length"]
        }
        compared += path != nothing
    assert compared


@pytest.mark.parametrize("name", WHO)
def test_writing__nobody_does_what_her_role_may_not_do(
    name: str,
    scene: House,
    program: Flask,
    things: Things,
    visitors: Mapping[str, Visitor],
) -> None:
    visitor = visitors[name]
    page = visitor.get("/staff/").page
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    tried = 0
    for rule, path, _ in addresses(program, things):
        if "POST" in (rule.methods or ()) and not permitted(scene, name, program, rule):
            response = visitor.client.post(path, data={"csrf_token": token})
            assert response.status_code == (403 if name else 303), path
            if not name:
                assert response.headers["Location"].endswith("/staff/sign-in")
            tried += 1
    assert tried


@pytest.mark.parametrize("name", ["Sonja", "Jana", "Ines"])
def test_writing__nobody_changes_what_is_not_hers(
    name: str,
    scene: House,
    program: Flask,
    things: Things,
    visitors: Mapping[str, Visitor],
) -> None:
    visitor = visitors[name]
    token = visitor.get("/staff/").page.xpath("//input[@name='csrf_token']/@value")[0]
    tried = 0
    for rule, path, may in addresses(program, things):
        reads = "POST" not in (rule.methods or ())
        if reads or not rule.arguments or name in may:
            continue
        if permitted(scene, name, program, rule):
            response = visitor.client.post(path, data={"csrf_token": token, "go": "next"})
            assert response.status_code == 404, path
            tried += 1
    assert tried


def test_matrix__has_somebody_of_every_role(scene: House) -> None:
    with scene.database.transaction() as session:
        roles = {person.role for person in session.query(Person)}
    assert roles == set(people.PERMISSIONS)
