"""Environment → settings, or an error that names the variable."""

from pathlib import Path
from traceback import format_exception

import pytest

from core import settings
from core.settings import SettingsError


def test_read__an_empty_environment_serves_on_this_machine_only() -> None:
    chosen = settings.read({})
    assert (chosen.host, chosen.port, chosen.workers) == ("127.0.0.1", 8000, 2)
    assert chosen.database_url.startswith("sqlite:////")
    assert chosen.database_url.endswith("/instance/zugang.sqlite3")
    assert chosen.address == "http://127.0.0.1:8000"


def test_read__a_second_factor_is_required_unless_it_is_deferred() -> None:
    assert settings.read({}).second_factor_required
    assert not settings.read({"ZUGANG_SECOND_FACTOR": "deferred"}).second_factor_required


def test_read__every_municipality_belongs_to_one_part() -> None:
    parts = settings.read({}).parts
    assert len(parts) == 10
    assert (parts["luenen"], parts["unna"]) == ("north", "south")


@pytest.mark.parametrize(
    ("given", "scheme"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x", "sqlite:////tmp/x"),
    ],
)
def test_read__database_urls_of_both_kinds(given: str, scheme: str) -> None:
    assert settings.read({"ZUGANG_DATABASE_URL": given}).database_url == scheme


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZUGANG_BIND", "8000"),
        ("ZUGANG_BIND", "localhost:99999"),
        ("ZUGANG_BIND", "localhost:http"),
        ("ZUGANG_WORKERS", "0"),
        ("ZUGANG_WORKERS", "two"),
        ("ZUGANG_BEHIND_PROXY", "yes"),
        ("ZUGANG_EXIT_URL", "dwd.de"),
        ("ZUGANG_TIME_ZONE", "Mars/Olympus"),
        ("ZUGANG_DATABASE_URL", "mysql://secret@host/db"),
        ("ZUGANG_SECOND_FACTOR", "optional"),
        ("ZUGANG_DATABASE_URL", "postgresql://user@host:secret/db"),
        ("ZUGANG_DATABASE_URL", "postgresql://user:half@secret@host/db"),
        ("ZUGANG_NORTH", "unna"),
        ("ZUGANG_PROGRAMME", "2019"),
        ("ZUGANG_PROGRAMME", "2022-05..2019-06"),
        ("ZUGANG_TARGET", "0"),
        ("ZUGANG_K", "4"),
        ("ZUGANG_SHARE_PERCENT", "80"),
        ("ZUGANG_WEIGHTS", "age"),
        ("ZUGANG_WEIGHTS", "age=0"),
        ("ZUGANG_WEIGHTS", "age=101"),
        ("ZUGANG_KEEP_IDENTITY_MONTHS", "0"),
        ("ZUGANG_KEEP_DRAFTS_MONTHS", "121"),
        ("ZUGANG_KEEP_ACCOUNTS_MONTHS", "a year"),
    ],
)
def test_read__a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as error:
        settings.read({name: value})
    assert "secret" not in "".join(format_exception(error.value))


def test_read__a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://u:geheim@h/d\n")
    chosen = settings.read({"ZUGANG_DATABASE_URL_FILE": str(file)})
    assert chosen.database_url == "postgresql+psycopg://u:geheim@h/d"


def test_read__a_secret_stands_in_one_place_only(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://u:geheim@h/d")
    both = {"ZUGANG_DATABASE_URL": "sqlite:///x", "ZUGANG_DATABASE_URL_FILE": str(file)}
    with pytest.raises(SettingsError, match="ZUGANG_DATABASE_URL or ZUGANG_DATABASE_URL_FILE"):
        settings.read(both)


@pytest.mark.parametrize("content", [b"mysql://u:geheim@h/d", b"geheim\xff", None])
def test_read__what_is_in_the_file_of_a_secret_is_never_repeated(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "geheim"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="ZUGANG_DATABASE_URL") as error:
        settings.read({"ZUGANG_DATABASE_URL_FILE": str(file)})
    assert "geheim" not in "".join(format_exception(error.value))


def test_read__only_a_secret_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "phone"
    file.write_text("110")
    assert settings.read({"ZUGANG_PHONE_FILE": str(file)}).phone == ""


def test_settings__show_no_secret() -> None:
    chosen = settings.read({"ZUGANG_DATABASE_URL": "postgresql://u:geheim@h/d"})
    assert "geheim" not in repr(chosen)
    assert "geheim" in chosen.database_url
