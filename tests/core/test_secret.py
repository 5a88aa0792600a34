"""The signing key of a deployment."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core import secret


def test_read_or_make__is_made_once_and_then_stays(tmp_path: Path) -> None:
    first = secret.read_or_make(tmp_path / "data")
    assert len(first) == 32
    assert secret.read_or_make(tmp_path / "data") == first


def test_read_or_make__two_deployments_have_two_keys(tmp_path: Path) -> None:
    assert secret.read_or_make(tmp_path / "one") != secret.read_or_make(tmp_path / "two")


def test_read_or_make__only_the_service_may_read_it(tmp_path: Path) -> None:
    secret.read_or_make(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "signing-key").stat().st_mode) == 0o600


def test_read_or_make__many_at_the_same_time_get_one_whole_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret.read_or_make, [tmp_path / "data"] * 40))
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["signing-key"]
