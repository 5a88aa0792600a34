"""A page filled in by its HTML alone: what a browser would send, with an answer to everything."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zlib import crc32

from werkzeug.datastructures import FileStorage, MultiDict

from bench.corpus.answering import candidates
from xlsform.form import Question
from xlsform.questions import SELECTS

_CHOSEN = {"radio", "checkbox"}
# A file of each kind: an ending, and bytes that begin as such files do.
_FILES = {
    "image": ("png", b"\x89PNG\r\n\x1a\n"),
    "audio": ("wav", b"RIFF\x24\0\0\0WAVEfmt "),
    "video": ("mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    "file": ("pdf", b"%PDF-1.7\n"),
}


def filled(
    form: Any, asked: Mapping[str, Question], tries: Mapping[str, int], way: int = 0
) -> MultiDict[str, Any]:
    """Return what to send for a form element: `asked` are the questions by the names of fields.

    What holds a value already keeps it, until `tries` says how often an answer was not accepted.
    Another `way` begins with other choices.
    """
    data: MultiDict[str, Any] = MultiDict(
        (name, text) for name, text in form.form_values() if text is not None
    )
    for name, question in asked.items():
        controls = form.xpath(".//*[@name=$name]", name=name)
        held = any(text.strip() for text in data.getlist(name))
        if controls and (tries.get(name) or not held):
            begin = crc32(f"{way} {name}".encode()) if way and question.type in SELECTS else 0
            data.setlist(name, answers(question, controls, begin + tries.get(name, 0)))
    return data


def answers(question: Question, controls: list[Any], tries: int) -> list[Any]:
    """Return what to send for one question: options, a file, or texts, one for each box."""
    first = controls[0]
    kind = first.get("type", "")
    if any(one.get("type") == "file" for one in controls):
        if len(controls) > 1:
            return []  # a file is there already, and could be deleted
        ending, content = _FILES[question.type]
        return [FileStorage(BytesIO(content), filename=f"answer.{ending}")]
    if first.tag == "select" and len(controls) > 1:
        return _ranked(controls, tries)
    if first.tag == "select" or kind in _CHOSEN or first.get("list"):
        return _chosen(_offered(controls), tries, question.type)
    texts = candidates(question)
    text = texts[tries % len(texts)]
    return text.split(" ", 1) if len(controls) > 1 else [text]


def _offered(controls: list[Any]) -> list[str]:
    """Return the values of the buttons, of the select, or of the list that a box suggests."""
    first = controls[0]
    if first.get("list"):
        options = first.xpath("//datalist[@id=$name]/option", name=first.get("list"))
    elif first.tag == "select":
        options = first.findall("option")
    else:
        options = [one for one in controls if one.get("type") in _CHOSEN]
    values = (one.get("value", (one.text or "").strip()) for one in options)
    return [value for value in values if value]


def _chosen(values: list[str], tries: int, kind: str) -> list[str]:
    """Return one value after the other; of a question with several answers, ever more of them."""
    if values and kind == "select_multiple":
        return values[: 1 + tries % len(values)]
    return [values[tries % len(values)]] if values else []


def _ranked(selects: list[Any], tries: int) -> list[str]:
    """Return a number for each option, the first option first; with `tries` another one."""
    places = len(selects)
    return [_offered([select])[(place + tries) % places] for place, select in enumerate(selects)]
