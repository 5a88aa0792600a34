"""The rules of the house that no other tool holds."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}

# Assembled, so that this file does not name what it forbids.
REGISTRIES = re.compile("|".join((r"pypi\.or" + "g", "python" + r"hosted\.org", "index" + "-url")))
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}])/(?:work/(?:main|shared)|ro" + r"ot/\.|home/\w+/|opt/\w+/|Users/\w+/)"
)
MERGE_MARKS = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that is, or is about to be, part of the project."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(ROOT / name for name in sorted({*names} - {""}) if (ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Return {path: text} of every tracked text file."""
    found = {}
    for path in tracked():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
    return found


def python_files() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".py")}


def test_files__python_is_short_enough_to_see_whole() -> None:
    lengths = {name: text.count("\n") for name, text in python_files().items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_files__names_say_what_is_inside() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if VAGUE & set(re.split(r"[^a-z]+", str(path.relative_to(ROOT)).lower()))
    ]
    assert vague == []


def test_code__classes_have_telling_names() -> None:
    defined = re.compile(r"^\s*class (\w+)", re.MULTILINE)
    words = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
    vague = [
        f"{name}: {definition}"
        for name, text in python_files().items()
        for definition in defined.findall(text)
        if VAGUE & {word.lower() for word in words.findall(definition)}
    ]
    assert vague == []


@pytest.mark.parametrize("forbidden", [REGISTRIES, MACHINE_PATHS, MERGE_MARKS])
def test_files__hold_nothing_of_the_machine_they_were_made_on(forbidden: re.Pattern[str]) -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in texts().items()
        for match in forbidden.finditer(text)
    ]
    assert found == []


def test_files__no_secret_or_data_is_tracked() -> None:
    names = {path.name for path in tracked()}
    endings = {path.suffix for path in tracked()}
    assert not endings & {".sqlite3", ".db", ".mo", ".log", ".pyc"}
    assert "demo-accounts.json" not in names


def test_readme__has_the_table_of_settings_word_for_word() -> None:
    from core import settings

    assert texts()["README.md"].count(settings.markdown()) == 1


def test_readme__names_no_setting_that_does_not_exist() -> None:
    from core import variables

    known = {row.name for row in variables.TABLE} | {"ZUGANG_TEST_COMPLETE"}
    known |= {row.file for row in variables.TABLE if row.secret}
    assert set(re.findall(r"\bZUGANG_[A-Z_]+\b", texts()["README.md"])) <= known


def test_readme__says_why_of_every_package() -> None:
    required = re.search(
        r"^dependencies = \[(.*?)^\]", texts()["pyproject.toml"], re.MULTILINE | re.DOTALL
    )
    assert required is not None
    packages = re.findall(r'"([a-z0-9-]+)', required[1])
    assert [name for name in packages if f"**{name}**" not in texts()["README.md"]] == []


def test_templates__never_switch_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false")
    assert [
        n for n, t in texts().items() if n.endswith((".html", ".xml")) and unsafe.search(t)
    ] == []
