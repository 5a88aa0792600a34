"""What ODK Validate, which comes with pyxform, refuses: no forms, so they prove nothing."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyxform

VALIDATOR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
_AT_ONCE = 100
_PATIENCE = 120  # seconds for so many
_LISTED_AFTER = "The following files failed validation:"


def can_judge() -> bool:
    """Say whether a Java is there to run the validator."""
    return shutil.which("java") is not None and VALIDATOR.exists()


def invalid(xmls: Mapping[int, str]) -> set[int]:
    """Return the keys of the forms that ODK Validate does not accept; none without a Java."""
    found: set[int] = set()
    if not can_judge():
        return found
    with TemporaryDirectory(prefix="zugang-judge-") as folder:
        files = {str(Path(folder, f"{key}.xml")): key for key in xmls}
        for file, key in files.items():
            Path(file).write_text(xmls[key], encoding="utf-8")
        names = list(files)
        for start in range(0, len(names), _AT_ONCE):  # one Java for many files
            found |= {files[name] for name in _failing(names[start : start + _AT_ONCE])}
    return found


def _failing(files: Iterable[str]) -> set[str]:
    """Return those of `files` that fail; each alone where all of them together take too long."""
    wanted = list(files)
    command = ["java", "-Djava.awt.headless=true", "-jar", str(VALIDATOR), *wanted]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return set(wanted) if len(wanted) == 1 else set().union(*(_failing([f]) for f in wanted))
    listed = done.stderr.partition(_LISTED_AFTER)[2].split()
    return set(wanted) & set(listed)
