"""How long a case waited until somebody took it up: counted of those who agreed, never of few."""

from datetime import date, timedelta

from core import records, versions
from core.records import Submission
from exports.tables.figures import count_of
from intake import cases
from intake.cases import CaseResponse
from tests.exports.ledger import case, referral
from tests.exports.test_counting import exact
from tests.exports.test_reporting import SPRING, document
from tests.support.house import House, filled


def accompanied(house: House, number: int, days: int, consent: str = "yes") -> None:
    """Let a woman refer herself, be taken up so many days later, and be documented."""
    answers = referral(number, more__consent_evaluation=consent)
    with house.database.transaction() as session:
        version = versions.current(session, "referral")
        told = f"00000000-0000-4000-8000-{number:012}"
        asked = Submission(told, version.id, "north", SPRING)
        records.submit(session, asked, filled(session, version, answers))
        cases.take_up(session, house.staff["Nora"], told, SPRING + timedelta(days))
    documentation = document(house, date(2020, 4, 1), case(number, number % 3))
    with house.database.transaction() as session:
        session.add(CaseResponse(response_id=documentation, case_id=told))


def waited(house: House) -> dict[str, float]:
    counts = count_of(exact(house).figures)
    return {line: count for (_, group, line), count in counts.items() if group == "waited"}


def test_waited__each_case_is_in_one_line(house: House) -> None:
    for number, days in enumerate((0, 2, 5, 9, 9)):
        accompanied(house, number, days)
    assert waited(house) == {"0": 1, "1": 1, "4": 1, "8": 2}


def test_waited__counts_nobody_who_did_not_agree(house: House) -> None:
    for number, days in enumerate((0, 0, 2, 2, 5)):
        accompanied(house, number, days)
    accompanied(house, 5, 9, consent="no")
    assert waited(house) == {"0": 2, "1": 2, "4": 1, "8": 0}


def test_waited__says_nothing_of_few(house: House) -> None:
    for number in range(4):
        accompanied(house, number, 2)
    assert waited(house) == {}
