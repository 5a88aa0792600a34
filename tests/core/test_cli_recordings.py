"""`zugang recordings`: drafts by a computer voice, recordings by people, and what is missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

import app
from core import recordings, versions, voices
from tests.support.house import House


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUGANG_DATA", str(house.settings.data))
    monkeypatch.setenv("ZUGANG_DATABASE_URL", house.settings.database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app.main, ["recordings", *arguments])


def counts(language: str) -> str:
    lines = run("list").output.splitlines()
    return next(line for line in lines if line.split()[0] == language).partition(" ")[2].strip()


def heard(house: House, path: str, language: str) -> str:
    with Session(house.database.durable) as session:
        version = versions.current(session, "referral")
        question = versions.form_of(session, version.id).questions[path]
        return question.media(language).get("audio", "")


def test_draft__everything_is_read_once_and_a_person_comes_first(
    house: House, tmp_path: Path
) -> None:
    place, question = "/data/safety/safe_now", ("referral", "safe_now")
    assert counts("tr").startswith("0 by people, 0 drafts")
    assert heard(house, place, "tr") == ""
    done = run("draft", "tr")
    assert done.exit_code == 0, done.output
    number = int(done.output.splitlines()[-1].split()[0])
    assert number > 50
    assert counts("tr") == f"0 by people, {number} drafts, 0 missing"
    assert recordings.is_draft(heard(house, place, "tr"))
    assert heard(house, place, "de") == ""
    assert run("draft", "tr").output.splitlines()[-1].startswith("0 drafts are new.")

    file = tmp_path / "voice.mp3"
    file.write_bytes(voices.speak("Şu anda güvende misiniz?", "tr"))
    assert run("add", *question, "tr", str(file)).exit_code == 0
    assert counts("tr") == f"1 by people, {number - 1} drafts, 0 missing"
    assert not recordings.is_draft(heard(house, place, "tr"))


def test_list__prints_what_a_speaker_has_to_read() -> None:
    said = run("list", "--texts", "en").output
    assert "[referral safe_now]\n" in said
    assert "[municipality" not in said


def test_add__says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "voice.mp3"
    file.write_bytes(b"no sound")
    assert "This is no MP3" in run("add", "referral", "safe_now", "de", str(file)).output
    assert "no such question" in run("add", "referral", "nothing", "de", str(file)).output


def test_draft__says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = run("draft", "de")
    assert (done.exit_code, done.output) == (1, "Error: Install espeak-ng and lame first.\n")
