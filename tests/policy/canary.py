"""Canary words: typed into every field of a form, and looked for in files."""

import base64
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from werkzeug.datastructures import FileStorage

from tests.support import files
from tests.support.house import PASSPHRASE
from tests.support.visitor import Visitor

CHECK = "Stimmt alles?"


@dataclass
class Canary:
    """What is typed: a word of its own for every question, all of them with one beginning."""

    start: str = field(default_factory=lambda: f"kanarie{secrets.token_hex(6)}")
    number: str = field(default_factory=lambda: f"0176{secrets.randbelow(10**9):09}")
    typed: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)  # what a page showed once, and nobody keeps

    def word(self, name: str) -> str:
        return self.typed.setdefault(name, f"{self.start}-{name}-äöü-قطة")

    def for_field(self, control: Any) -> str:
        """The word for a text field of a page, in the form that its question takes."""
        name = str(control.get("name")).rpartition("-")[2]
        mode = control.get("inputmode")
        if mode == "numeric":
            return "1"
        if mode == "tel":
            return self.typed.setdefault(name, self.number)
        if control.get("class") == "short":
            return self.typed.setdefault(name, "19.7.2031")
        if name == "email":
            return self.typed.setdefault(name, f"{self.start}@example.org")
        return self.word(name)

    def file(self, name: str, head: bytes = files.JPEG) -> FileStorage:
        """A file that a browser sends under a telling name, with a word inside."""
        word = self.word(name)
        return files.file(head + word.encode() * 20, f"{word}.jpg")

    @property
    def traces(self) -> set[bytes]:
        """How the typed words could stand in a file."""
        number = self.number.encode()
        spaced = f"{self.number[:4]} {self.number[4:]}".encode()
        plain = [self.start.encode(), number, spaced, b"2031-07-19", b"19.7.2031"]
        plain += [PASSPHRASE.encode(), *(one.encode() for one in self.shown)]
        return {form for one in plain for form in encoded(one)}


def encoded(plain: bytes) -> Iterator[bytes]:
    yield plain
    yield plain.decode().encode("utf-16-le")
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        yield whole[4 if before else 0 : -4]


def found(traces: Iterable[bytes], *folders: Path) -> list[str]:
    """The files under `folders` (or the files themselves) that hold one of the traces."""
    traces = tuple(traces)
    hits, read = [], 0
    for file in (file for folder in folders for file in files_under(folder)):
        with suppress(FileNotFoundError):  # a running server tidies up: what is gone holds nothing
            content = file.read_bytes()
            read += 1
            hits += [f"{file}: {trace!r}" for trace in traces if trace in content]
            hits += [f"name of {file}" for trace in traces if trace in str(file).encode()]
    assert read
    return hits


def files_under(folder: Path) -> Iterator[Path]:
    """The plain files at or below `folder`; os.walk passes over folders that go meanwhile."""
    if folder.is_file():
        yield folder
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in names):
            if file.is_file() and not file.is_symlink():
                yield file


def fill(visitor: Visitor, canary: Canary) -> None:
    """Answer everything that a page asks: every text, every box, of the others the first or yes."""
    form = next(visitor.button("next").iterancestors("form"))
    answers: dict[str, list[str | FileStorage]] = {}
    for control in form.iter("input", "textarea"):
        name, kind = control.get("name"), control.get("type") or "text"
        value = control.get("value") or ""
        if not str(name).startswith("q-"):
            continue
        if control.tag == "textarea" or kind == "text":
            answers[name] = [canary.for_field(control)]
        elif kind == "file":
            head = files.SOUND if control.get("accept") == "audio/*" else files.JPEG
            answers[name] = [canary.file(name.rpartition("-")[2], head)]
        elif kind == "checkbox":
            answers.setdefault(name, []).append(value)
        elif name not in answers or value == "yes":
            answers[name] = [value]
    visitor.press("next", **cast("dict[str, Any]", answers))


def walk(visitor: Visitor, canary: Canary, until: str = CHECK) -> Visitor:
    for _ in range(40):
        if visitor.heading == until:
            return visitor
        fill(visitor, canary)
    raise AssertionError(f"stuck at {visitor.heading}: {visitor.mistakes}")
