"""The pages of the ledger as evaluators and coordinators read them."""

from flask import Flask

from tests.exports.ledger import receive, referral
from tests.support.house import House
from tests.support.visitor import Visitor
from tests.support.walks import staff

LEDGER, PLAN = "/results/ledger", "/results/ledger/plan"


def fill(house: House, number: int = 40, **more: str) -> list[str]:
    """Let women write; return the ids of what they wrote."""
    return receive(house, "referral", (referral(each, **more) for each in range(number)))


def ledger(app: Flask) -> Visitor:
    """The ledger as Eva sees it."""
    return staff(app, "Eva").get(LEDGER)


def plan(app: Flask, name: str = "Eva") -> Visitor:
    """The plan as somebody sees it."""
    return staff(app, name).get(PLAN)


def rows(visitor: Visitor, caption: str) -> list[list[str]]:
    """The rows of the table that is called so, without what stands there for phones alone."""
    for table in visitor.page.iter("table"):
        if table.find("caption").text_content().strip() == caption:
            for word in table.find_class("what"):
                word.drop_tree()
            lines = table.xpath("tbody/tr")
            return [[" ".join(cell.text_content().split()) for cell in line] for line in lines]
    raise LookupError(caption)


def deliveries(visitor: Visitor) -> list[list[str]]:
    """The lines of batches of records."""
    return rows(visitor, "Lieferungen, die neueste zuerst")


def planned(visitor: Visitor) -> list[list[str]]:
    """The lines of the plan."""
    return rows(visitor, "Was von jedem Fragebogen jetzt hinausginge")


def said(visitor: Visitor) -> str:
    """What the page itself says: around it stands a clock."""
    return str(visitor.page.find(".//main").text_content())
