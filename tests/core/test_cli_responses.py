"""`zugang responses import`: what was kept in Excel is stored once, all of it or nothing."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

import app
from core import audit, importing, keyring, records, vault, versions
from core.audit import Entry
from core.keyring import Grant, NotGranted, ServiceKey
from core.records import Response
from core.versions import Version
from exports.release import releases
from intake.referrals import CLOSED, NEW
from intake.retention import identities
from tests.support.house import House

WORD = "kanarie4711"
CASES = (
    ("id", "received", "Alter beim ersten Kontakt", "municipality", "reason", "closed", "tied_in",
     "notes"),
    (1, date(2024, 3, 1), "22 bis 29 Jahre", "Selm", "Kündigung; no_home", "yes", "Ja",
     f"{WORD} a"),
    (2, None, "no_answer", "schwerte", "notice costs", "no", None, f"{WORD} b"),
    (3, None, "", "Außerhalb des Kreises", "", "", "", ""),
)  # fmt: skip
CLIENTS = (("age", "prevented_by/legal", "quality", "wish"), ("18_21", 1, 4, WORD))
OFFICES = (("wave", "office"), (1, "Lünen"))


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", house.settings.database_url)


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with Session(house.database.durable) as opened:
        yield opened


def excel(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Return an Excel file with one sheet of these rows."""
    book, file = Workbook(), folder / "until-now.xlsx"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file


def run(questionnaire: str, file: Path, *options: str) -> Result:
    arguments = ["responses", "import", questionnaire, str(file), *options]
    return CliRunner().invoke(app.main, arguments)


def last(result: Result) -> str:
    return result.output.splitlines()[-1]


def stored(session: Session) -> list[Response]:
    session.expire_all()
    return list(session.scalars(select(Response).order_by(Response.received, Response.part)))


def answers(session: Session, house: House, response: Response) -> Mapping[str, str]:
    return records.open_answers(session, response, house.staff["Eva"].keys)


def imports(session: Session) -> list[tuple[int, str]]:
    lines = session.execute(select(Entry.person_id, Entry.thing).where(Entry.deed == "imported"))
    return [(line.person_id, line.thing) for line in lines]


def test_import__without_an_option_only_looks(session: Session, tmp_path: Path) -> None:
    done = run("case", excel(tmp_path, CASES))

    said = "3 rows could be stored, 0 problems; nothing is stored\n"
    assert (done.exit_code, done.output) == (0, said)
    assert (stored(session), imports(session)) == ([], [])


def test_import__documentations_go_to_the_part_of_their_municipality(
    session: Session, house: House, tmp_path: Path
) -> None:
    done = run("case", excel(tmp_path, CASES), "--store")

    assert (done.exit_code, done.output) == (0, "3 responses stored, 0 there already\n")
    first, *others = stored(session)
    assert (first.part, first.received, first.status, first.closed) == (
        "north", date(2024, 3, 1), CLOSED, date(2024, 3, 1)
    )  # fmt: skip
    assert [(one.part, one.status) for one in others] == [("county", NEW), ("south", NEW)]
    assert answers(session, house, first) == {
        "/data/client/age": "22_29",
        "/data/client/municipality": "selm",
        "/data/start/reason": "notice no_home",
        "/data/work/closed": "yes",
        "/data/outcome/tied_in": "yes",
    }
    hers = {"/data/more/notes": f"{WORD} a"}
    assert records.open_identity(session, first, house.staff["Nora"].keys) == hers
    with pytest.raises(NotGranted):
        records.open_identity(session, first, house.staff["Sonja"].keys)
    assert len(releases.waiting(session, house.staff["Eva"], "case", date.max)) == 3


@pytest.mark.parametrize(
    ("questionnaire", "rows"), [("client", CLIENTS), ("municipality", OFFICES)]
)
def test_import__interviews_belong_to_the_whole_county(
    questionnaire: str, rows: Sequence[Sequence[object]], session: Session, tmp_path: Path
) -> None:
    done = run(questionnaire, excel(tmp_path, rows), "--store")

    assert done.exit_code == 0
    assert [one.part for one in stored(session)] == [keyring.COUNTY]
    version = versions.current(session, questionnaire)
    assert [one.version_id for one in stored(session)] == [version.id]
    assert imports(session) == [(audit.SERVICE, f"version:{version.id}")]


def test_import__notes_of_a_closed_case_go_when_their_time_is_over(
    session: Session, house: House, tmp_path: Path
) -> None:
    run("case", excel(tmp_path, CASES), "--store")

    assert identities(session, house.settings, date.today()) == [date(2024, 3, 1)]  # noqa: DTZ011


def test_import__the_example_of_the_readme_can_be_stored(session: Session, tmp_path: Path) -> None:
    lines = (Path(__file__).parents[2] / "README.md").read_text().splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith("| id | received |"))
    head, _, *rows = [
        [cell.strip() for cell in line[1:-1].split("|")] for line in lines[begin : begin + 4]
    ]

    done = run("case", excel(tmp_path, (head, *rows)), "--store")

    assert (done.exit_code, done.output) == (0, "2 responses stored, 0 there already\n")
    assert [one.received for one in stored(session)] == [date(2025, 3, 1), date(2025, 3, 2)]


def test_import__with_numbers_the_same_file_is_stored_once(
    session: Session, tmp_path: Path
) -> None:
    run("case", excel(tmp_path, CASES[:3]), "--store")
    before = {one.id: one.answers for one in stored(session)}

    again = run("case", excel(tmp_path, CASES), "--store")

    assert (again.exit_code, again.output) == (0, "1 response stored, 2 there already\n")
    after = {one.id: one.answers for one in stored(session)}
    assert len(after) == 3
    assert before.items() < after.items()


def test_import__without_numbers_it_says_that_the_same_file_is_stored_twice(
    session: Session, tmp_path: Path
) -> None:
    file = excel(tmp_path, CLIENTS)
    told = "Without a column 'id', what is imported twice is stored twice."

    looked, first, again = run("client", file), *(run("client", file, "--store") for _ in "ab")

    assert all(one.output.startswith(told) for one in (looked, first, again))
    assert last(again) == "1 response stored, 0 there already"
    assert len(stored(session)) == 2


def test_response_id__depends_on_the_key_the_questionnaire_and_the_number() -> None:
    keys = [vault.derive(secret, "import") for secret in (b"a" * 32, b"b" * 32)]
    made = [
        importing.response_id(key, questionnaire, own)
        for key in keys
        for questionnaire in ("case", "client")
        for own in ("1", "2")
    ]

    assert len(set(made)) == 8
    assert made[0] == importing.response_id(keys[0], "case", "1")
    assert {uuid.UUID(one).version for one in made} == {4}


@pytest.mark.parametrize("options", [(), ("--store",)])
def test_import__one_bad_row_keeps_all_of_them_out(
    options: tuple[str, ...], session: Session, tmp_path: Path
) -> None:
    bad = (4, None, WORD, "Selm", "notice", "no", "Ja", WORD)

    done = run("case", excel(tmp_path, (*CASES, bad)), *options)

    first, end = done.output.splitlines()
    assert first.startswith(
        "error: sheet 'Sheet', row 5, column 'C': This is none of the choices. "
        "Write one of: under_18,"
    )
    assert end == "3 rows could be stored, 1 problem; nothing is stored"
    assert done.exit_code == 1
    assert (stored(session), imports(session)) == ([], [])


NO_THIRD = """
CREATE TRIGGER full BEFORE INSERT ON response WHEN (SELECT count(*) FROM response) = 2
BEGIN SELECT RAISE(ABORT, 'full'); END
"""


def test_import__a_database_that_fails_in_the_middle_keeps_nothing(
    session: Session, tmp_path: Path
) -> None:
    session.execute(text(NO_THIRD))
    session.commit()

    done = run("case", excel(tmp_path, CASES), "--store")

    assert done.exit_code == 1
    assert last(done) == "Error: The database failed (IntegrityError). Nothing is stored."
    assert (stored(session), imports(session)) == ([], [])


def test_import__a_part_of_the_county_without_a_key_keeps_all_rows_out(
    session: Session, tmp_path: Path
) -> None:
    south = select(ServiceKey.id).where(ServiceKey.purpose == "contact-south")
    session.execute(delete(Grant).where(Grant.service_key_id.in_(south)))
    session.execute(delete(ServiceKey).where(ServiceKey.purpose == "contact-south"))
    session.commit()

    done = run("case", excel(tmp_path, CASES), "--store")

    assert done.exit_code == 1
    assert last(done).endswith("the service is not set up. Nothing is stored.")
    assert (stored(session), imports(session)) == ([], [])


def test_import__no_word_of_a_cell_is_in_what_is_told_or_in_the_clear(
    session: Session, house: House, tmp_path: Path
) -> None:
    head = ("id", "received", "age", "municipality", "children", "reason", "reason/notice", WORD)
    words = excel(tmp_path, (head, *[(f"{WORD}{n}", *[f"{WORD} {n}"] * 7) for n in range(3)]))
    bad = [run("case", words), run("case", words, "--store")]
    (tmp_path / "none.xlsx").write_text(WORD)
    bad.append(run("case", tmp_path / "none.xlsx", "--store"))
    good = run("case", excel(tmp_path, (*CASES, (f"{WORD}9", *CASES[1][1:]))), "--store")

    assert [one.exit_code for one in (*bad, good)] == [1, 1, 1, 0]
    assert all(one.exception is None or isinstance(one.exception, SystemExit) for one in bad)
    assert WORD not in "".join(one.output for one in (*bad, good))
    assert len(stored(session)) == 4
    files = [one for one in house.settings.data.rglob("*") if one.is_file()]
    assert files
    assert [one for one in files if WORD.encode() in one.read_bytes()] == []


@pytest.mark.parametrize("questionnaire", ["referral", "none"])
def test_import__is_for_what_staff_document_alone(questionnaire: str, tmp_path: Path) -> None:
    done = run(questionnaire, excel(tmp_path, CLIENTS), "--store")

    assert done.exit_code == 2
    assert "Choose one of: case, client, municipality." in done.output


def test_import__of_a_questionnaire_that_nobody_may_begin_is_refused(
    session: Session, tmp_path: Path
) -> None:
    session.get_one(Version, versions.current(session, "client").id).retired = date(2026, 1, 1)
    session.commit()

    done = run("client", excel(tmp_path, CLIENTS), "--store")

    assert (done.exit_code, last(done)) == (
        1, "Error: No version of this questionnaire can be begun."
    )  # fmt: skip


def test_import__where_there_is_no_service_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", "")

    done = run("client", excel(tmp_path, CLIENTS), "--store")

    assert (done.exit_code, last(done)) == (
        1, "Error: There is no service here: is ZUGANG_DATA right?"
    )  # fmt: skip
    assert not (tmp_path / "none").exists()
