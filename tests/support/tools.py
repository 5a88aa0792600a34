"""Which programs of the machine the tests may use, and what happens without one."""

import os
import shutil
from pathlib import Path

import pytest


def nothing_may_be_left_out() -> bool:
    """Return whether a missing program is a failure (ZUGANG_TEST_COMPLETE=1)."""
    return os.environ.get("ZUGANG_TEST_COMPLETE") == "1"


def need(program: str, package: str, *folders: Path) -> Path:
    """Return where `program` is; leave the test out, or fail it where nothing may be left out."""
    for folder in folders:
        if (folder / program).exists():
            return folder / program
    found = shutil.which(program)
    if found:
        return Path(found)
    reason = f"{program} is missing (Debian package {package})"
    if nothing_may_be_left_out():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without the settings of zugang that happen to be set, plus `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZUGANG_")}
    return kept | more
