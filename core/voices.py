"""Computer voices: espeak-ng speaks a text, lame makes an MP3 of it, which every phone can play."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PROGRAMS = ("espeak-ng", "lame")
_SECONDS = 60  # longer than the longest text takes by far
_NUMBER = re.compile(r"\d{3,}")


class NoVoice(RuntimeError):
    """Nothing on this machine speaks this language."""


@dataclass(frozen=True)
class Voice:
    """A voice of espeak-ng, and how many words it speaks in a minute."""

    name: str
    words: int = 140


VOICES: Mapping[str, Voice] = MappingProxyType(
    {
        "de": Voice("de"),
        "de-simple": Voice("de", words=110),
        "en": Voice("en-gb"),
        "ku": Voice("ku"),
        "pl": Voice("pl"),
        "ro": Voice("ro"),
        "sq": Voice("sq"),
        "sr-Latn": Voice("sr"),
        "tr": Voice("tr"),
        "it": Voice("it"),
        "fr": Voice("fr-fr"),
        "bg": Voice("bg"),
        "ru": Voice("ru"),
        "uk": Voice("uk"),
        "ar": Voice("ar"),
        "fa": Voice("fa"),
    }
)


def missing() -> list[str]:
    """Return the programs that are needed and not there."""
    return [program for program in _PROGRAMS if shutil.which(program) is None]


def speak(text: str, tag: str) -> bytes:
    """Return an MP3 in which a computer voice reads `text`, in the language with this tag.

    One line is one breath. Raises `NoVoice`, also when a program stops with an error.
    """
    voice = VOICES.get(tag)
    if voice is None or missing():
        raise NoVoice(tag)
    espeak = ("espeak-ng", "-v", voice.name, "-s", str(voice.words), "-b", "1", "--stdin")
    wave = _run((*espeak, "--stdout"), _legible(text).encode())
    return _run(("lame", "--quiet", "-m", "m", "--resample", "16", "-b", "24", "-", "-"), wave)


def _legible(text: str) -> str:
    """Return the text as one would say it: a full stop after each line, telephone numbers by digit.

    A number of three digits or more is one to dial: nobody says "one hundred and ten" for 110.
    """
    lines = (line.strip() for line in text.splitlines())
    stopped = (line if line.endswith((".", "?", "!", "؟", ":")) else f"{line}." for line in lines)
    return _NUMBER.sub(lambda number: " ".join(number[0]), "\n".join(stopped))


def _run(command: tuple[str, ...], given: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 -- our own programs, and the text comes by a pipe
            command, input=given, capture_output=True, check=True, timeout=_SECONDS
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise NoVoice(command[0]) from error
    return done.stdout
