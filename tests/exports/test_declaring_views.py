"""The coordinator's pages of taxonomies: what they show, take, refuse and keep."""

from typing import Any

import pytest
from flask import Flask

from core import versions
from exports.anonymise.leaves import PERIODS, SENTENCES, Bands, Periods
from exports.anonymise.table import Column
from exports.pages import declaring_form
from exports.pages.declaring_views import LENGTHS, MISTAKES
from exports.release import declaring, releases
from tests.exports.declarations import TWO, add_choice, declare, in_force
from tests.exports.ledger import arrive, case, receive
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff
from xlsform import source

LIST = "/releases/taxonomies"
HOUSING, CHILDREN = f"{LIST}/case.housing", f"{LIST}/case.children"
HOMELESS = ("street", "placed", "clinic", "other")
HOUSED = ("with_others", "with_parents", "own_flat")
JOINED = {f"place-{code}": "1" for code in HOMELESS} | {f"place-{code}": "20" for code in HOUSED}
MOVED = """
| survey |
| | type | name  | label           | bind::z:disclosure |
| | date | moved | Eingezogen am   | quasi              |
| settings |
| | form_id | form_title   | namespaces                       |
| | client  | Ihre Meinung | z="https://zugang.example/ns"    |
"""


def karin(app: Flask) -> Visitor:
    return staff(app, "Karin")


def steps(visitor: Visitor, key: str) -> list[str]:
    items = visitor.page.xpath(f"//section[@aria-labelledby='{key}']/ol/li")
    return [" ".join(item.text_content().split()) for item in items]


def values(visitor: Visitor) -> dict[str, str]:
    boxes = visitor.page.xpath("//main//input[@type='text']")
    return {str(box.get("name")): str(box.get("value")) for box in boxes}


@pytest.mark.parametrize("name", ["Eva", "Nora", "Ines"])
def test_pages__are_for_coordinators_alone(house: House, app: Flask, name: str) -> None:
    visitor = staff(app, name)
    token = visitor.get("/staff/account").page.xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "go": "save", **JOINED}
    for answer in (
        visitor.client.get(LIST),
        visitor.client.get(HOUSING),
        visitor.client.post(HOUSING, data=data),
    ):
        assert answer.status_code == 403
    with house.database.transaction() as session:
        assert declaring.newest(session, "case") == {}


def test_list__shows_every_quasi_identifier_with_its_leaves_in_order(app: Flask) -> None:
    visitor = karin(app).get("/releases/")
    assert visitor.page.xpath(f"//a[@href='{LIST}']")
    visitor.get(LIST)
    housing = steps(visitor, "case.housing")
    assert (housing[0], housing[-1]) == ("Auf der Straße", "Eigene Wohnung")
    assert steps(visitor, "referral.children")[:2] == ["Kein Kind", "1 Kind"]
    assert steps(visitor, "case.children") == []
    assert "jede Zahl, die vorkommt, für sich" in visitor.text
    assert not visitor.page.xpath("//section[@aria-labelledby='referral.municipality']")


def test_choices__are_put_in_order_and_joined(house: House, app: Flask) -> None:
    visitor = karin(app).get(HOUSING)
    assert next(iter(values(visitor).items())) == ("place-street", "1")
    labels = {"label-street": "ohne  Wohnung ", "label-own_flat": "mit Wohnung"}
    visitor.press("Speichern", **JOINED, **labels)
    assert visitor.path == LIST
    without, having = steps(visitor, "case.housing")
    assert without == (
        "ohne Wohnung (Auf der Straße; Ordnungsrechtlich untergebracht; "
        "Vor der Entlassung aus einer Klinik; Sonstiges)"
    )
    assert having.startswith("mit Wohnung (Eigene Wohnung; Bei Freunden, ")
    assert "von Karin" in visitor.text
    again = values(visitor.get(HOUSING))
    assert {again[f"place-{code}"] for code in HOMELESS} == {"1"}
    assert {again[f"place-{code}"] for code in HOUSED} == {"2"}
    assert again["label-street"] == "ohne Wohnung"
    assert again["label-own_flat"] == "mit Wohnung"
    assert "geändert Einteilung case.housing" in visitor.get("/staff/audit").text


def test_choices__a_label_that_the_choice_has_anyway_is_none(house: House, app: Flask) -> None:
    karin(app).get(HOUSING).press("Speichern", **{"label-street": "Auf der Straße"})
    how: Any = in_force(house)["housing"]
    assert [leaf.label for leaf in how.leaves] == [""] * 7


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"place-street": ""}, "Die Antwort „Auf der Straße“ steht auf keiner Stufe."),
        ({"place-street": "eins"}, "Die Antwort „Auf der Straße“ steht auf keiner Stufe."),
        (JOINED, "Mehrere Antworten sind eine Stufe, der ein Name fehlt: Auf der Straße, "),
        (
            JOINED | {"label-street": "arm", "label-placed": "fremd"},
            "Eine Stufe hat zwei Namen: arm / fremd.",
        ),
        (
            JOINED | {"label-street": "so", "label-own_flat": "so"},
            "Zwei Stufen oder Bereiche würden gleich heißen: so.",
        ),
        ({"label-street": "x" * 101}, "Dieser Name ist zu lang"),
        (dict.fromkeys(JOINED, "1") | {"label-street": "alle"}, "mindestens zwei Stufen"),
    ],
)
def test_choices__a_mistake_is_told_and_what_was_typed_stays(
    house: House, app: Flask, typed: dict[str, str], mistake: str
) -> None:
    visitor = karin(app).get(HOUSING).press("Speichern", **typed)
    assert visitor.path == HOUSING
    assert visitor.mistakes[0].startswith(mistake) or mistake in visitor.mistakes[0]
    assert typed.items() <= values(visitor).items()
    with house.database.transaction() as session:
        assert declaring.newest(session, "case") == {}


def test_numbers__get_bands(house: House, app: Flask) -> None:
    visitor = karin(app).get(CHILDREN)
    visitor.press("Speichern", bounds=" 1, 2;4  6 ", below="1", top="20")
    assert steps(visitor, "case.children") == ["≤ 0", "1", "2–3", "4–5", "6–20"]
    assert in_force(house)["children"] == Bands((1, 2, 4, 6), below=True, top=20)
    visitor.get(CHILDREN)
    assert values(visitor) == {"bounds": "1, 2, 4, 6", "top": "20"}
    assert visitor.page.xpath("//input[@name='below']/@checked")


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"bounds": "1, drei"}, "Das ist keine Zahl, die hier passt: drei."),
        ({"bounds": "1, 2.5"}, "Das ist keine Zahl, die hier passt: 2.5."),
        ({"bounds": "3, 2"}, "Die Zahlen müssen größer werden. Diese wird es nicht: 2."),
        ({"bounds": "1, 2", "top": "1"}, "Diese wird es nicht: 1."),
        ({"bounds": ""}, "Es braucht mindestens zwei Stufen."),
        ({"bounds": ", ".join(map(str, range(70)))}, "Es gehen höchstens 60 Stufen."),
    ],
)
def test_numbers__a_mistake_is_told_and_what_was_typed_stays(
    house: House, app: Flask, typed: dict[str, str], mistake: str
) -> None:
    visitor = karin(app).get(CHILDREN).press("Speichern", **typed)
    assert mistake in visitor.mistakes[0]
    assert typed.items() <= values(visitor).items()
    assert "children" not in in_force(house)


def test_days__are_counted_by_longer_periods(house: House, app: Flask) -> None:
    with house.database.transaction() as session:
        made = source.convert(source.read_bytes(MOVED.encode(), ".md", "client"))
        versions.publish(session, "client", made.xml)
    visitor = karin(app).get(LIST)
    assert "jeder Tag, der vorkommt, für sich" in visitor.text
    visitor.get(f"{LIST}/client.moved").press("Speichern")
    assert visitor.mistakes == ["Bitte wählen Sie Monat, Quartal oder Halbjahr."]
    visitor.press("Speichern", period="quarter")
    assert "nach Quartalen" in visitor.text
    assert in_force(house, "client")["moved"] == Periods("quarter")
    chosen = visitor.get(f"{LIST}/client.moved").page.xpath("//option[@selected]/@value")
    assert chosen == ["quarter"]


def test_default__comes_back_and_the_audit_says_who(house: House, app: Flask) -> None:
    declare(house, "housing", TWO)
    visitor = karin(app).get(HOUSING).press("Zurück zur Vorgabe")
    assert steps(visitor, "case.housing")[0] == "Auf der Straße"
    assert "Zurückgesetzt am" in visitor.text
    assert in_force(house)["housing"] == declaring.shipped("case")["housing"]
    audit = visitor.get("/staff/audit").text
    assert audit.count("geändert Einteilung case.housing") == 2


def test_list__marks_a_taxonomy_that_misses_a_choice(house: House, app: Flask) -> None:
    declare(house, "housing", TWO)
    assert "passt nicht mehr zum Fragebogen" not in karin(app).get(LIST).text
    add_choice(house)
    visitor = karin(app).get(LIST)
    assert "Diese Einteilung passt nicht mehr zum Fragebogen." in visitor.text
    told = "Die Antwort „Eigene Wohnung (hotel)“ steht auf keiner Stufe."
    assert told in visitor.text
    visitor.get(HOUSING)
    assert visitor.mistakes == [told]
    assert next(iter(values(visitor).items())) == ("place-hotel", "")
    visitor.press("Speichern", **{"place-hotel": "1"})
    assert "passt nicht mehr zum Fragebogen" not in visitor.text


def test_list__marks_a_question_that_asks_for_something_else_now(house: House, app: Flask) -> None:
    declare(house, "children", {"from": [0, 1]})
    with house.database.transaction() as session:
        form = MOVED.replace("client", "case").replace("moved", "children")
        versions.publish(
            session, "case", source.convert(source.read_bytes(form.encode(), ".md", "case")).xml
        )
    visitor = karin(app).get(LIST)
    assert "auf andere Art beantwortet" in visitor.text
    assert "auf andere Art beantwortet" in visitor.get(CHILDREN).mistakes[0]
    visitor.press("Speichern", period="month")
    assert in_force(house)["children"] == Periods("month")


@pytest.mark.usefixtures("at_once")
def test_download__says_that_not_all_can_be_released_and_the_plan_says_to_whom_it_may_why(
    house: House, app: Flask
) -> None:
    declare(house, "housing", TWO)
    add_choice(house)
    receive(house, "case", (case(number, number % 3) for number in range(30)))
    visitor = arrive(app).press("Arbeitsmappe herunterladen")
    assert visitor.heading == "Ihre Datei ist fertig"
    assert "Nicht alle neuen Antworten sind in der Datei" in visitor.text
    plan, why = "/results/ledger/plan", "steht auf keiner Stufe"
    assert why not in visitor.get(plan).text
    deciding = karin(app).get(plan)
    assert why in deciding.text
    [way] = deciding.page.xpath("//a[text()='Einteilung ändern']/@href")
    assert why in deciding.get(way).text
    with house.database.transaction() as session:
        assert releases.batches(session, "case") == []


@pytest.mark.parametrize("quasi", ["case.gender", "case", "municipality.office", "case.nothing"])
def test_pages__of_what_is_no_quasi_identifier_there_are_none(app: Flask, quasi: str) -> None:
    visitor = karin(app)
    token = visitor.get(LIST).page.xpath("//input[@name='csrf_token']/@value")[0]
    assert visitor.client.get(f"{LIST}/{quasi}").status_code == 404
    data = {"csrf_token": token, "go": "default"}
    assert visitor.client.post(f"{LIST}/{quasi}", data=data).status_code == 404


def test_words__there_are_some_for_every_mistake_and_period() -> None:
    assert MISTAKES.keys() == SENTENCES.keys()
    assert LENGTHS.keys() == PERIODS.keys()


def test_typed__of_every_declaration_makes_it_again() -> None:
    rent, moved = Column("rent", "", "decimal", "quasi"), Column("moved", "", "date", "quasi")
    for column, how in (
        (rent, Bands((-5, 437.5), below=True, top=900)),
        (rent, Bands((0, 1))),
        (moved, Periods("month")),
    ):
        assert declaring_form.tried(column, declaring_form.typed(how, column)) == (how, None)
