"""Builders: taxonomies that somebody declares, and batches of documentations made with them."""

from typing import Any

from core import versions
from core.people import SignedIn
from exports.anonymise import declared
from exports.anonymise.leaves import Declaration
from exports.anonymise.table import Column
from exports.release import declaring
from exports.release.releases import Batch
from tests.exports.ledger import TODAY, case, receive, release
from tests.support.house import House

TWO = {
    "leaves": [
        {"codes": ["street", "placed", "clinic", "other"], "label": "keine eigene Wohnung"},
        {"codes": ["own_flat", "with_parents", "with_others"], "label": "in einer Wohnung"},
    ]
}
BANDS = {"from": [0, 1, 3]}


def karin(house: House) -> SignedIn:
    return house.staff["Karin"]


def column(house: House, questionnaire: str, question: str) -> Column:
    with house.database.transaction() as session:
        found = declaring.find(session, questionnaire, question)
        assert found is not None
        return found


def declare(house: House, question: str, stored: Any, questionnaire: str = "case") -> None:
    asked = column(house, questionnaire, question)
    with house.database.transaction() as session:
        how = declared.read(question, stored)
        declaring.declare(session, karin(house), questionnaire, asked, how, TODAY)


def in_force(house: House, questionnaire: str = "case") -> dict[str, Declaration]:
    with house.database.transaction() as session:
        return declaring.in_force(session, questionnaire)


def cases(house: House, start: int = 0) -> Batch:
    receive(house, "case", (case(number, number % 5) for number in range(start, start + 30)))
    batch = release(house, "case")
    assert batch is not None
    return batch


def add_choice(house: House) -> None:
    """Publish a version of the documentation with one more way to live."""
    with house.database.transaction() as session:
        xform = versions.current(session, "case").xform
        item = xform.index("<item>", xform.index('<instance id="housing">'))
        one = "<item><itextId>housing-0</itextId><name>hotel</name></item>"
        versions.publish(session, "case", xform[:item] + one + xform[item:])
