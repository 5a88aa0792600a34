"""`zugang export workbook`: the same file without a browser, for whom it is for."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from core.ledger import Member
from exports.release import releases
from tests.exports.ledger import Read, receive, referral, workbook, zugang
from tests.support.house import PASSPHRASE, House


def run(house: House, *arguments: str | Path, typed: str | None = None) -> Result:
    return zugang(house, "export", "workbook", *arguments, typed=typed)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results.xlsx"


def released(house: House) -> int:
    with house.database.transaction() as session:
        return len(releases.batches(session, "referral"))


def test_workbook__is_released_and_written(either_house: House, secret: Path, out: Path) -> None:
    receive(either_house, "referral", (referral(number) for number in range(30)))

    result = run(either_house, "--as", "Eva", "--passphrase-file", secret, "--out", out)

    assert (result.exit_code, result.output) == (0, f"written: {out}\n")
    assert len(Read(out.read_bytes()).rows("referral v1")) == 30
    assert out.read_bytes() == workbook(either_house).file


def test_passphrase__is_asked_for_without_showing_it(house: House, out: Path) -> None:
    result = run(house, "--as", "Eva", "--out", out, typed=f"{PASSPHRASE}\n")

    assert result.exit_code == 0
    assert PASSPHRASE not in result.output
    assert Read(out.read_bytes()).records == []


@pytest.mark.parametrize(
    ("name", "passphrase", "message"),
    [
        ("Eva", "falsch falsch falsch", "The name or the passphrase is wrong."),
        ("Eva", "", "The name or the passphrase is wrong."),
        ("Niemand", PASSPHRASE, "The name or the passphrase is wrong."),
        ("Karin", PASSPHRASE, "This account may not do that."),
        ("Nora", PASSPHRASE, "This account may not do that."),
        ("Ines", PASSPHRASE, "This account may not do that."),
    ],
)
def test_workbook__is_for_evaluators_who_know_their_passphrase(
    house: House, secret: Path, out: Path, name: str, passphrase: str, message: str
) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))
    secret.write_text(passphrase)

    result = run(house, "--as", name, "--passphrase-file", secret, "--out", out)

    assert (result.exit_code, result.output) == (1, f"Error: {message}\n")
    assert not out.exists()
    assert released(house) == 0


def test_workbook__that_cannot_be_written_is_told_plainly(
    house: House, secret: Path, tmp_path: Path
) -> None:
    out = tmp_path / "nowhere" / "results.xlsx"

    result = run(house, "--as", "Eva", "--passphrase-file", secret, "--out", out)

    assert result.exit_code == 1
    assert result.output == f"Error: {out} cannot be written: No such file or directory.\n"


def test_workbook__leaves_only_after_the_release_is_in_the_ledger(
    house: House, secret: Path, out: Path
) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))

    def power_cut(_session: Any) -> None:
        raise OSError("no space left")

    event.listen(Session, "before_commit", power_cut)
    try:
        result = run(house, "--as", "Eva", "--passphrase-file", secret, "--out", out)
    finally:
        event.remove(Session, "before_commit", power_cut)

    assert result.exit_code == 1
    assert not out.exists()
    assert released(house) == 0


def run_release(house: House, secret: Path, name: str, who: str = "Eva") -> Result:
    return zugang(house, "release", name, "--as", who, "--passphrase-file", secret)


def test_release__is_planned_published_and_verified(house: House, secret: Path) -> None:
    assert "referral: about 0 wait" in run_release(house, secret, "plan").output
    assert run_release(house, secret, "publish").output == "nothing is ready\n"

    receive(house, "referral", (referral(number) for number in range(30)))
    planned = run_release(house, secret, "plan", "Karin").output
    assert "referral: 30 rows in" in planned
    assert "case: about 0 wait" in planned
    planned = run_release(house, secret, "plan").output
    assert "referral: about 30 wait, a batch of them is ready" in planned
    assert "rows" not in planned
    assert released(house) == 0

    assert run_release(house, secret, "publish").output == "batch 1: referral\n"
    assert released(house) == 1
    result = run_release(house, secret, "verify")
    assert (result.exit_code, result.output) == (0, "every promise holds\n")


def test_verify__names_what_is_broken_and_fails(house: House, secret: Path) -> None:
    receive(house, "referral", (referral(number) for number in range(30)))
    run_release(house, secret, "publish")
    with house.database.transaction() as session:
        session.execute(delete(Member))
    result = run_release(house, secret, "verify")
    assert result.exit_code == 1
    assert result.output == "batch 1: the ledger names other responses\n"
