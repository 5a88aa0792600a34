"""Expressions that cannot be read, and references to questions that are not there."""

import re
from collections.abc import Iterator

from xlsform.findings import Finding
from xlsform.lint.pieces import REFERENCE, readable
from xlsform.lint.structure import nearest
from xlsform.lint.subject import Cell, Subject
from xlsform.xpath import ExpressionError, compile_expression

_SHOWN = 24  # characters of an expression that are enough to find a place in it
_EMPTY = re.compile(r"\$\{\s*\}")
_MEDIA = ("media", "image", "big-image", "audio", "video")


def unreadable(subject: Subject) -> Iterator[Finding]:
    """Every expression can be read."""
    for _, _, cell in subject.expressions():
        if _is_half(cell.text):
            continue  # half_references tells better what is wrong
        try:
            compile_expression(readable(cell.text))
        except ExpressionError as error:
            rest = cell.text[error.position :].strip()[:_SHOWN]
            where = f"before “{rest}”" if rest else "at its end"
            yield cell.error(
                f"The expression cannot be read at character {error.position + 1}: {error}",
                f"Look at what stands {where}.",
            )


def half_references(subject: Subject) -> Iterator[Finding]:
    """A reference is closed, and names something."""
    for cell in _referring(subject):
        if _is_half(cell.text):
            yield cell.error("A reference to a question is not complete.", "Write it as in ${age}.")


def unknown_references(subject: Subject) -> Iterator[Finding]:
    """A reference names one question."""
    for cell in _referring(subject):
        for name in dict.fromkeys(found["name"].strip() for found in REFERENCE.finditer(cell.text)):
            if name and name not in subject.by_name:
                yield cell.error(
                    f"There is no question '{name}'.",
                    nearest(name, [*subject.by_name]) or "Look for its name on the sheet 'survey'.",
                )
            elif len(subject.by_name.get(name, ())) > 1:
                rows = " and ".join(str(entry.row) for entry in subject.by_name[name][:2])
                yield cell.error(
                    f"'{name}' may mean row {rows}.",
                    "Rename one of the questions to tell them apart.",
                )


def _referring(subject: Subject) -> Iterator[Cell]:
    """Yield the cells in which a question may be named."""
    for entry in subject.questions:
        named = (cell for column, cell in entry.cells.items() if column not in {"type", "name"})
        yield from (*named, *(cell for _, _, cell in entry.wordings()))
    for choices in subject.choices.values():
        for choice in choices:
            media = (cell for column, cell in choice.cells.items() if column.startswith(_MEDIA))
            yield from (*media, *(cell for _, _, cell in choice.wordings()))


def _is_half(text: str) -> bool:
    return text.rfind("${") > text.rfind("}") or bool(_EMPTY.search(text))
