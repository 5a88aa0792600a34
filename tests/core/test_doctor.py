"""`zugang doctor` finds what is really wrong with a deployment, and says so in one line each."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import migrations
from core import rotation, secret, vault
from core.doctor import examine, machine, outside, stored
from core.doctor.findings import ERROR, OK, WARNING, Finding
from core.settings import Settings
from tests.conftest import Serve
from tests.core.lived_in import ID, run, saved
from tests.support.house import House, settings_for, submit

NOW = datetime.now(UTC)
HEAD = migrations.revisions()[-1]


def found(settings: Settings, now: datetime | None = None) -> dict[str, Finding]:
    return {one.what: one for one in examine(settings, HEAD, now or datetime.now(UTC))}


def level(settings: Settings, what: str, **more: datetime) -> str:
    return found(settings, **more)[what].level


def as_served(settings: Settings) -> Settings:
    """Give the files of a place the modes that `zugang serve` writes them with."""
    for path in settings.data.rglob("*"):
        path.chmod(0o600)
    settings.data.chmod(0o700)
    return settings


def test_examine__a_service_in_use_has_no_error_in_its_database(
    lived_in: House, tmp_path: Path
) -> None:
    saved(lived_in, tmp_path / "backup")
    lines = found(replace(as_served(lived_in.settings), second_factor_required=True))
    if lived_in.database.durable.dialect.name == "postgresql":  # the tests' own waits for no disk
        assert lines.pop("durable").text == "Answers could be lost: mend fsync."
    well = {"database", "durable", "time", "set-up", "old keys", "backup", "audit", "files"}
    assert {what: lines[what].level for what in well & lines.keys()} == dict.fromkeys(
        well & lines.keys(), OK
    )
    assert (lines["coordinators"].level, lines["second factors"].level) == (WARNING, WARNING)


def test_examine__an_empty_place_is_no_database_and_stays_empty(place: Settings) -> None:
    assert level(place, "database") == ERROR
    assert not place.data.exists()


def test_examine__a_database_that_is_away_is_told_without_its_url(tmp_path: Path) -> None:
    away = settings_for(tmp_path / "data", "postgresql://u:geheim@127.0.0.1:1/d")
    secret.read_or_make(away.data)
    finding = found(away)["database"]
    assert finding.level == ERROR
    assert "OperationalError" in finding.text
    assert "geheim" not in str(finding)


def test_shape__earlier_tables_are_found(place: Settings) -> None:
    secret.read_or_make(place.data)
    migrations.upgrade(place.database_url, migrations.revisions()[-2])
    lines = found(place)
    assert lines["database"].level == ERROR
    assert "durable" not in lines


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_data_folder__a_file_that_others_may_read_is_found(house: House, mode: int) -> None:
    (as_served(house.settings).data / "zugang.sqlite3").chmod(mode)
    finding = machine.data_folder(house.settings)
    assert finding.level == ERROR
    assert finding.text.endswith(f"chmod go= {house.settings.data}/zugang.sqlite3")


def test_data_folder__one_that_others_may_enter_is_found(house: House) -> None:
    assert machine.data_folder(as_served(house.settings)).level == OK
    house.settings.data.chmod(0o755)
    assert machine.data_folder(house.settings).level == ERROR


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_data_folder__a_file_of_somebody_else_is_found(house: House) -> None:
    os.chown(as_served(house.settings).data / "signing-key", 65534, 65534)
    assert "chown" in machine.data_folder(house.settings).text


@pytest.mark.parametrize(
    ("bind", "proxy", "expected"),
    [
        ("127.0.0.1:8000", "1", OK),
        ("localhost:8000", "1", OK),
        ("[::1]:8000", "1", OK),
        ("127.0.0.1:8000", "0", WARNING),
        ("0.0.0.0:8000", "1", ERROR),
        ("192.168.1.4:8000", "0", ERROR),
        ("example.org:8000", "1", ERROR),
    ],
)
def test_address__plain_http_stays_on_this_machine(
    tmp_path: Path, bind: str, proxy: str, expected: str
) -> None:
    chosen = settings_for(tmp_path, ZUGANG_BIND=bind, ZUGANG_BEHIND_PROXY=proxy)
    assert machine.address(chosen).level == expected


def test_disk__a_full_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings_for(tmp_path / "not" / "there")
    assert machine.disk(chosen).level == OK
    monkeypatch.setattr(machine, "_ROOM", 10**18)
    monkeypatch.setattr(machine, "_SHARE", 1)
    assert machine.disk(chosen).level == ERROR


def test_memory__too_little_for_every_process_is_found(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    chosen = settings_for(tmp_path, ZUGANG_WORKERS="4")
    needed = 4 * vault.COST.memory // 1024
    for kilobytes, expected in ((needed - 1, WARNING), (needed, OK)):
        meminfo.write_text(f"MemTotal: 9 kB\nMemAvailable: {kilobytes} kB\n")
        assert machine.memory(chosen, meminfo).level == expected


@pytest.mark.parametrize(("says", "expected"), [("yes", OK), ("no", WARNING), (None, WARNING)])
def test_clock__one_that_nobody_keeps_right_is_found(
    tmp_path: Path, says: str | None, expected: str
) -> None:
    program = tmp_path / "asked"
    if says is not None:
        program.write_text(f"#!/bin/sh\necho {says}\n")
        program.chmod(0o700)
    assert machine.clock(settings_for(tmp_path), str(program)).level == expected


def test_languages__texts_not_compiled_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text("")
    chosen = settings_for(tmp_path)
    assert "(xx)" in machine.languages(chosen, tmp_path).text
    (folder / "messages.mo").write_text("")
    assert machine.languages(chosen, tmp_path).level == OK
    os.utime(folder / "messages.mo", (1, 1))
    assert machine.languages(chosen, tmp_path).level == ERROR


@pytest.mark.parametrize(
    ("kind", "statement"),
    [("house", "PRAGMA secure_delete=OFF"), ("postgres_house", "SET synchronous_commit = off")],
)
def test_durable__what_a_power_cut_could_cost_is_found(
    request: pytest.FixtureRequest, kind: str, statement: str
) -> None:
    here: House = request.getfixturevalue(kind)
    with Session(here.database.durable) as session:
        session.execute(text(statement))
        finding = stored.durable(session, here.settings, NOW)
        session.connection().invalidate()
    assert finding.level == ERROR
    assert statement.split()[1].split("=", maxsplit=1)[0] in finding.text


def test_time__clocks_that_are_apart_are_found(postgres_house: House) -> None:
    secret.read_or_make(postgres_house.settings.data)
    late = datetime.now(UTC) - timedelta(seconds=60)
    assert level(postgres_house.settings, "time", now=late) == ERROR


def test_set_up__a_service_without_keys_is_found(place: Settings) -> None:
    secret.read_or_make(place.data)
    migrations.upgrade(place.database_url)
    assert level(place, "set-up") == ERROR


def test_second_factors__deferring_them_is_an_error(either_house: House) -> None:
    deferred = replace(either_house.settings, second_factor_required=False)
    assert level(deferred, "second factors") == ERROR


def test_old_keys__records_that_are_not_sealed_anew_are_counted(either_house: House) -> None:
    with either_house.database.transaction() as session:
        submit(session, "client", ID.format(1), {}, "county")
    with either_house.database.transaction() as session:
        rotation.rotate(session, 0, ["answers"], NOW.date())
    finding = found(either_house.settings)["old keys"]
    assert (finding.level, finding.text.split()[0]) == (WARNING, "1")


def test_backup__none_and_an_old_one_are_found(either_house: House, tmp_path: Path) -> None:
    assert level(either_house.settings, "backup") == WARNING
    saved(either_house, tmp_path / "backup")
    for days, expected in ((6, OK), (8, WARNING)):
        assert level(either_house.settings, "backup", now=NOW + timedelta(days=days)) == expected


def test_audit__a_changed_line_is_found(house: House) -> None:
    with house.database.durable.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET thing = 'person:99' WHERE id = 1")
    assert level(house.settings, "audit") == ERROR


def test_outside__a_service_without_a_proxy_is_seen_through(serve: Serve) -> None:
    levels = [one.level for one in outside.look(serve().address)]
    assert levels == [ERROR, ERROR, ERROR, OK]  # no TLS, no HSTS, no __Host-, nothing believed
    lines = list(outside.look(serve(ZUGANG_BEHIND_PROXY="1").address))
    assert [one.level for one in lines] == [ERROR, OK, OK, ERROR]
    assert "strangers" in lines[-1].text  # whoever speaks to it directly is taken for the proxy


def test_outside__one_that_does_not_answer_is_said_to_be_so() -> None:
    [finding] = outside.look("https://127.0.0.1:1/")
    assert finding.text == "https://127.0.0.1:1/ does not answer (ConnectionRefusedError)."


def test_command__ends_with_an_error_while_there_is_one(house: House) -> None:
    done = run(as_served(house.settings), "doctor")
    assert done.exit_code == 0, done.output
    house.settings.data.chmod(0o755)
    done = run(house.settings, "doctor")
    assert done.exit_code == 1
    assert f"error    files: Others may read {house.settings.data}:" in done.output
