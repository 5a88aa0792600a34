import io
import os
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from exports.formats.bundle import pack

ROOT = Path(__file__).parents[2]
FILES = {"records.sav": b"\x00\xff" * 500, "codebook.json": b"{}\n", "README.txt": b""}


def test_pack__holds_each_file_under_its_name_in_order_without_a_day() -> None:
    with ZipFile(io.BytesIO(pack(FILES))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert archive.namelist() == sorted(FILES)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not archive.comment
        assert not any(entry.comment or entry.extra for entry in archive.infolist())


def test_pack__the_same_files_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pack(FILES)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda _=None: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert pack(dict(reversed(FILES.items()))) == first
    code = (
        "import sys; from exports.formats.bundle import pack;"
        "from tests.exports.test_bundle import FILES; sys.stdout.buffer.write(pack(FILES))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"TZ": "XXX-14", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        umask=0o077,
    )
    assert made.stdout == first


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../records.sav",
        "/records.sav",
        "a/b.sav",
        "a\\b.sav",
        "C:records.sav",
        ".hidden",
        "-records.sav",
        "records.",
        "records..sav",
        "records sav",
        "records.sav\n",
        "rec\x00ords.sav",
        "größe.sav",
        "\u202egnp.sav",
        "nul",
        "CON.txt",
        "com1.sav",
        "a" * 101,
    ],
)
def test_pack__refuses_a_name_that_is_not_safe(name: str) -> None:
    with pytest.raises(ValueError, match="no safe name"):
        pack(FILES | {name: b""})


def test_pack__refuses_names_that_differ_in_case_alone() -> None:
    with pytest.raises(ValueError, match="case"):
        pack(FILES | {"readme.TXT": b""})
