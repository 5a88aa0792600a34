"""`zugang report` and `zugang release period`: files whole or not at all, and plain messages."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.exports.ledger import zugang
from tests.exports.test_reporting import SPRING, documented
from tests.support.house import House

HALF = "2020-01..2020-06"


def run(house: House, secret: Path, name: str, *arguments: str | Path) -> Result:
    return zugang(house, *arguments, "--as", name, "--passphrase-file", secret)


@pytest.mark.parametrize(("name", "begins"), [("report.xlsx", b"PK"), ("report.pptx", b"PK")])
def test_report__is_written_and_says_that_it_is_rounded(
    house: House, secret: Path, tmp_path: Path, name: str, begins: bytes
) -> None:
    documented(house, SPRING, 13)
    out = tmp_path / name
    result = run(house, secret, "Eva", "report", "--period", HALF, "--out", out)
    assert result.exit_code == 0, result.output
    assert f"written: {out}" in result.output
    assert f"zugang release period {HALF}" in result.output
    assert out.read_bytes().startswith(begins)


def test_release_period__makes_the_report_exact(house: House, secret: Path, tmp_path: Path) -> None:
    documented(house, SPRING, 13)
    assert (
        "13"
        in run(house, secret, "Karin", "release", "period", HALF, "--preview").output.split("\n")[1]
    )
    result = run(house, secret, "Karin", "release", "period", HALF, "--reason", "Bericht")
    assert (result.exit_code, result.output) == (0, f"released: {HALF}\n")
    out = tmp_path / "report.xlsx"
    result = run(house, secret, "Eva", "report", "--period", HALF, "--out", out)
    assert "rounded" not in result.output


def test_release_period__is_not_the_evaluators_to_decide(house: House, secret: Path) -> None:
    result = run(house, secret, "Eva", "release", "period", HALF, "--reason", "Neugier")
    assert result.exit_code == 1
    assert "may not" in result.output


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("2020", "2019-06..2019-12"),
        ("2020-02..2020-06", "half-years"),
        ("2031-01..2031-06", "half"),
    ],
)
def test_report__of_an_unknown_period_writes_nothing(
    house: House, secret: Path, tmp_path: Path, period: str, message: str
) -> None:
    out = tmp_path / "report.xlsx"
    result = run(house, secret, "Eva", "report", "--period", period, "--out", out)
    assert result.exit_code == 1
    assert message in result.output
    assert not out.exists()


def test_report__into_a_folder_that_is_not_there_leaves_nothing(
    house: House, secret: Path, tmp_path: Path
) -> None:
    out = tmp_path / "missing" / "report.xlsx"
    result = run(house, secret, "Eva", "report", "--period", HALF, "--out", out)
    assert result.exit_code == 1
    assert "cannot be written: No such file or directory" in result.output


def test_report__in_an_unknown_format_says_which_there_are(
    house: House, secret: Path, tmp_path: Path
) -> None:
    result = run(house, secret, "Eva", "report", "--period", HALF, "--out", tmp_path / "r.docx")
    assert result.exit_code == 1
    assert ".xlsx or .pptx" in result.output


def test_report__where_the_disk_is_full_keeps_what_was_there(
    house: House, secret: Path, tmp_path: Path
) -> None:
    full = Path("/dev/full")  # writing there fails as on a full disk
    out = tmp_path / "report.xlsx"
    out.write_bytes(b"of last week")
    (tmp_path / ".report.xlsx.part").symlink_to(full)
    result = run(house, secret, "Eva", "report", "--period", HALF, "--out", out)
    assert result.exit_code == 1
    assert "No space left on device" in result.output
    assert out.read_bytes() == b"of last week"
