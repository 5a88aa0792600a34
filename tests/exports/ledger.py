"""Builders: responses that wait for a release, and a workbook as who gets it reads it."""

import io
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

import app
from core import keyring, records, versions
from core.ledger import Member
from core.people import SignedIn
from core.records import Submission
from exports.files import assembly
from exports.release import batches
from exports.release.releases import Batch
from intake.cases import Case, CaseResponse
from intake.referrals import OPENED
from tests.support.house import PASSPHRASE, House, filled
from tests.support.visitor import Visitor
from tests.support.walks import fetched

CAME, TODAY = date(2026, 10, 23), date(2026, 11, 23)  # what came this month does not count yet
AGES = ("18_21", "22_29", "30_49", "50_64", "65_plus", "refused")
HOMES = ("own_flat", "with_partner", "with_others", "street", "placed")
REASONS = ("notice", "costs", "separation", "violence", "defects", "thrown_out")
TOWNS = ("luenen", "unna", "kamen", "schwerte", "selm")
PARTS = ("north", "south", keyring.COUNTY)
OFFICES = ("bergkamen", "kamen", "luenen", "selm", "unna", "werne", "schwerte")

BESIDE = (
    "README",
    "several answers",
    "open words",
    "municipalities",
    "codebook",
    "indicators",
    "charts",
)

Row = dict[str, Any]


def referral(number: int, **more: str) -> dict[str, str]:
    """The answers of one of many women, all of them a little different."""
    given = {
        "safety/safe_now": ("yes", "no")[number % 2],
        "living/housing": HOMES[number % 5],
        "reason/reasons": REASONS[number % 6],
        "place/municipality": TOWNS[number % 5],
        "person/age": AGES[number % 6],
        "person/children": str(number % 3),
        "language/preferred_language": ("tr", "ar", "uk")[number % 3],
        "contact/name": f"Frau {number}",
        "more/consent_evaluation": "yes",
    }
    given |= {path.replace("__", "/"): text for path, text in more.items()}
    return {f"/data/{path}": text for path, text in given.items() if text}


def case(number: int, children: int) -> dict[str, str]:
    """The documentation of one of many cases."""
    return {
        "/data/client/age": AGES[number % 5],
        "/data/client/children": str(children),
        "/data/start/housing": ("own_flat", "with_others", "street")[number % 3],
        "/data/start/target_group": ("homeless", "threatened")[number % 2],
        "/data/work/measures": str(number % 7),
    }


def office(name: str, wave: str = "1", **more: str) -> dict[str, str]:
    """The answers of one office."""
    given = {"place/wave": wave, "place/office": name}
    given |= {path.replace("__", "/"): text for path, text in more.items()}
    return {f"/data/{path}": text for path, text in given.items() if text}


def receive(
    house: House,
    questionnaire: str,
    all_answers: Iterable[Mapping[str, str]],
    day: date = CAME,
    *,
    taken_up: bool = True,
) -> list[str]:
    """Store responses as the web forms would, and return their ids; referrals are taken up."""
    ids = []
    with house.database.transaction() as session:
        version = versions.current(session, questionnaire)
        for number, answers in enumerate(all_answers):
            part = PARTS[number % 3] if questionnaire == "referral" else keyring.COUNTY
            ids.append(str(uuid.uuid4()))
            submission = Submission(ids[-1], version.id, part, day)
            records.submit(session, submission, filled(session, version, answers))
            if taken_up and questionnaire == "referral":
                session.add(Case(id=ids[-1], part=part, status=OPENED, opened=day))
                session.flush()
                session.add(CaseResponse(response_id=ids[-1], case_id=ids[-1]))
    return ids


def release(house: House, questionnaire: str = "referral") -> Batch | None:
    """Release what waits, as a download does."""
    with house.database.transaction() as session:
        return batches.release(session, eva(house), questionnaire, TODAY)


def close(house: House, wave: str = "1") -> Batch | None:
    """Close a wave of interviews with the offices."""
    with house.database.transaction() as session:
        return batches.close_wave(session, eva(house), wave, TODAY)


def workbook(house: House) -> "Read":
    """The workbook of everything released."""
    with house.database.transaction() as session:
        return Read(assembly.workbook(session, eva(house)))


def members(house: House, batch: Batch) -> set[str]:
    """The ids of the responses that went out in a batch."""
    with house.database.transaction() as session:
        query = select(Member.response_id).where(Member.batch_id == batch.id)
        return set(session.scalars(query))


def arrive(app: Flask, name: str = "Eva") -> Visitor:
    """Somebody signed in on the evaluators' page."""
    visitor = Visitor(app).get("/staff/sign-in")
    return visitor.press("Anmelden", name=name, passphrase=PASSPHRASE).get("/results/")


def download(app: Flask) -> bytes:
    """The workbook from the evaluators' page, made at once."""
    return bytes(fetched(arrive(app)).data)


def zugang(house: House, *arguments: str | Path, typed: str | None = None) -> Result:
    """What the command says to these arguments, in a house."""
    environment = {
        "ZUGANG_DATA": str(house.settings.data),
        "ZUGANG_DATABASE_URL": house.settings.database_url,
    }
    return CliRunner().invoke(app.main, list(map(str, arguments)), env=environment, input=typed)


def eva(house: House) -> SignedIn:
    return house.staff["Eva"]


class Read:
    """A workbook as its readers see it."""

    def __init__(self, file: bytes) -> None:
        self.file = file
        self.book: Workbook = load_workbook(io.BytesIO(file))
        self.codebook = self.rows("codebook")

    @property
    def readme(self) -> str:
        cells = (cell for row in self.book["README"].values for cell in row)
        return "\n".join(str(cell) for cell in cells if cell is not None)

    @property
    def records(self) -> list[str]:
        """The titles of the sheets with one row a person."""
        return [title for title in self.book.sheetnames if title not in BESIDE]

    def rows(self, title: str) -> list[Row]:
        header, *rows = self.book[title].values
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]

    def header(self, title: str) -> list[str]:
        return [str(name) for name in next(iter(self.book[title].values))]

    def of_role(self, title: str, role: str) -> list[str]:
        """The columns of a sheet that the codebook calls quasi, sensitive or open."""
        return [
            str(line["name"])
            for line in self.codebook
            if (line["questionnaire version"], line["role"]) == (title, role)
        ]

    def classes(self, title: str, rows: Iterable[Row] | None = None) -> Counter[tuple[Any, ...]]:
        """How many rows share each combination of quasi-identifiers."""
        quasi = self.of_role(title, "quasi")
        rows = self.rows(title) if rows is None else rows
        return Counter(tuple(row[name] for name in quasi) for row in rows)

    def texts(self, *titles: str) -> set[str]:
        """Every text in these sheets."""
        cells = (cell for title in titles for row in self.book[title].values for cell in row)
        return {cell for cell in cells if isinstance(cell, str)}
