"""Recordings belong to words: which text is read aloud by which of them."""

from datetime import date

import pytest

from core import recordings, voices
from core.recordings import NoRecording, NotMP3, Spoken
from tests.support.house import House
from xlsform.source import Workbook, convert, workbook

DAY = date(2026, 11, 23)
MP3 = b"ID3\x03"
TEXTS = {"label::Deutsch (de)": "Sind Sie sicher?", "label::English (en)": "Are you safe?"}
HINTS = {"hint::Deutsch (de)": "Jetzt gerade.", "hint::English (en)": "Right now."}


def asked(**more: str) -> Workbook:
    return workbook(
        "probe",
        {
            "survey": [
                {"type": "begin_group", "name": "one", "label::Deutsch (de)": "Eins"},
                {"type": "select_one yes_no", "name": "safe", **TEXTS, **HINTS, **more},
                {"type": "note", "name": "n", "label::Deutsch (de)": "Sie sagten ${safe}."},
                {"type": "end_group"},
            ],
            "choices": [
                {"list_name": "other", "name": "x", "label::Deutsch (de)": "Anderes"},
                {"list_name": "yes_no", "name": "yes", "label::Deutsch (de)": "Ja"},
                {"list_name": "yes_no", "name": "no", "label::Deutsch (de)": "Nein"},
            ],
            "settings": [{"default_language": "Deutsch (de)"}],
        },
    )


def german(book: Workbook) -> Spoken:
    return next(one for one in recordings.spoken(book) if one.language.tag == "de")


def cell(book: Workbook, language: str) -> str | None:
    return book.sheets["survey"][1].get(f"media::audio::{language}")


def test_spoken__is_question_hint_and_choices_in_each_language() -> None:
    said = {(one.question, one.language.tag): one.text for one in recordings.spoken(asked())}
    assert said == {
        ("safe", "de"): "Sind Sie sicher?\nJetzt gerade.\nJa\nNein",
        ("safe", "en"): "Are you safe?\nRight now.",
    }


def test_tied__a_recording_is_heard_with_its_words_alone(either_house: House) -> None:
    with either_house.database.transaction() as session:
        name = recordings.keep(session, german(asked()), MP3, DAY, draft=True)
        tied = recordings.tied(session, asked())
        other = recordings.tied(session, asked(**{"hint::Deutsch (de)": "Heute."}))
        assert recordings.content_of(session, name) == MP3
    assert cell(tied, "Deutsch (de)") == name
    assert cell(tied, "English (en)") is None
    assert cell(other, "Deutsch (de)") is None
    assert f"jr://audio/{name}" in convert(tied).xml


def test_tied__a_person_is_heard_before_a_computer_and_the_newest_before_older(
    house: House,
) -> None:
    one = german(asked())
    with house.database.transaction() as session:
        person = recordings.keep(session, one, MP3 + b"1", DAY, draft=False)
        recordings.keep(session, one, MP3 + b"2", date(2026, 12, 1), draft=True)
        assert cell(recordings.tied(session, asked()), "Deutsch (de)") == person
        newer = recordings.keep(session, one, MP3 + b"3", date(2026, 12, 2), draft=False)
        assert cell(recordings.tied(session, asked()), "Deutsch (de)") == newer
        again = recordings.keep(session, one, MP3 + b"3", date(2026, 12, 3), draft=False)
        assert again == newer


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"OggS", b"<html>", MP3 + b"0" * recordings.LARGEST]
)
def test_keep__takes_nothing_but_a_small_mp3(house: House, content: bytes) -> None:
    with house.database.transaction() as session:
        with pytest.raises(NotMP3):
            recordings.keep(session, german(asked()), content, DAY, draft=False)
        assert recordings.names(session) == {}


def test_content_of__says_when_there_is_none(house: House) -> None:
    with house.database.transaction() as session, pytest.raises(NoRecording):
        recordings.content_of(session, "0" * 32 + ".mp3")


@pytest.mark.parametrize("tag", sorted(voices.VOICES))
def test_speak__every_voice_reads_and_reads_longer_what_is_longer(house: House, tag: str) -> None:
    short, long = voices.speak("Anna", tag), voices.speak("Anna\n" * 4, tag)
    assert 1_000 < len(short) < len(long) < 100_000
    with house.database.transaction() as session:
        assert recordings.keep(session, german(asked()), short, DAY, draft=True).startswith("draft")


def test_speak__a_number_to_dial_is_read_by_digit() -> None:
    assert voices.speak("110", "de") == voices.speak("1 1 0.", "de")
    assert voices.speak("12", "de") != voices.speak("1 2.", "de")


def test_speak__says_when_nobody_speaks_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(voices.NoVoice):
        voices.speak("Hello", "tlh")
    monkeypatch.setenv("PATH", "")
    assert voices.missing() == ["espeak-ng", "lame"]
    with pytest.raises(voices.NoVoice):
        voices.speak("Hello", "en")
