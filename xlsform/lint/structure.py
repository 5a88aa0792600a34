"""Rows of the sheet 'survey' that no form can be made of."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from xlsform.findings import Finding
from xlsform.lint.headers import is_fit
from xlsform.lint.subject import Cell, Entry, Subject
from xlsform.slots import MOST_INSTANCES

NAME = re.compile(r"[^\W\d][\w.\-]*")
_LONGEST = 40  # characters of a word that may be a slip of the pen

_NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}
_SELECTS = frozenset({"select_one", "select_multiple", "rank"})
_TYPES = frozenset(name.replace(" ", "_").lower() for name in QUESTION_TYPE_DICT)
_ENDS = {f"end_{kind}": f"begin_{kind}" for kind in ("group", "repeat", "loop")}
_NAMELESS = frozenset({"audit", *_ENDS})


def missing_columns(subject: Subject) -> Iterator[Finding]:
    """A sheet has the columns without which it says nothing."""
    for sheet, needed in _NEEDED.items():
        columns = subject.workbook.columns(sheet)
        for column in needed if columns else ():
            if not subject.has(sheet, column) and any(subject.workbook.sheets[sheet]):
                yield Cell(sheet, 1, column).error(
                    f"The sheet '{sheet}' has no column '{column}'.",
                    nearest(column, [*columns], "Did you mean it by '{}'?")
                    or f"Write '{column}' into its first row.",
                )


def formulas(subject: Subject) -> Iterator[Finding]:
    """A cell says what it says by itself, whatever stands in others."""
    for sheet, row, column in subject.workbook.worked_out:
        yield Cell(sheet, row, column).warning(
            "The cell holds a formula; what it gave when the file was stored is taken.",
            "Copy the cell and paste it as a value ('Paste special', 'Values').",
        )


def unfit_headers(subject: Subject) -> Iterator[Finding]:
    """A header that becomes a name in the form can be one."""
    for sheet in ("survey", "choices"):
        for header in subject.workbook.columns(sheet):
            if not is_fit(header, sheet):
                yield Cell(sheet, 1, header).error(
                    f"'{header[:60]}' cannot be the name of a column.",
                    "Begin with a letter; use letters, digits and '_', no spaces.",
                )


def unknown_types(subject: Subject) -> Iterator[Finding]:
    """A type is one of those that XLSForm knows."""
    known = [*_TYPES, *_ENDS, *_ENDS.values(), "select_one", "select_multiple", "rank"]
    for entry in subject.questions:
        cell = entry.cell("type")
        if not cell.text:
            if subject.has("survey", "type") and (entry.name or entry.texts):
                yield cell.error("This row has no type.", "Write what kind of question it is.")
        elif not entry.list_name and (entry.kind in _SELECTS or entry.kind not in known):
            yield cell.error(f"'{cell.text}' is no type of question.", _type_remedy(entry, known))


def _type_remedy(entry: Entry, known: list[str]) -> str:
    first = entry.kind.partition("_")[0]
    if entry.kind in _SELECTS or first in {"select", "rank"}:
        return "Write the name of its list behind it, as in 'select_one yes_no'."
    return nearest(entry.kind, known) or "Write a type of XLSForm, such as 'text' or 'integer'."


def unfit_names(subject: Subject) -> Iterator[Finding]:
    """Every question has a name that may stand in a file."""
    for entry in subject.questions:
        cell = entry.cell("name")
        if not entry.kind or entry.kind in _NAMELESS or not subject.has("survey", "name"):
            continue
        if not cell.text and entry.kind != "note":  # pyxform makes up a name for notes
            yield cell.error("The question has no name.", "Give it a short name, such as 'age'.")
        elif cell.text and not NAME.fullmatch(cell.text):
            yield cell.error(
                f"'{cell.text}' cannot be a name.",
                "Begin with a letter; use letters, digits and '_', no spaces.",
            )


def colliding_names(subject: Subject) -> Iterator[Finding]:
    """A name stands once in its group."""
    groups: list[dict[str, int]] = [{}]
    for entry in subject.questions:
        if entry.kind in _ENDS:
            groups = groups[:-1] or [{}]
            continue
        first = groups[-1].setdefault(entry.name, entry.row)
        if entry.name and first != entry.row:
            yield entry.cell("name").error(
                f"The name '{entry.name}' is taken by row {first}.", "Rename one of the two."
            )
        if entry.kind in _ENDS.values():
            groups.append({})


def unmatched_groups(subject: Subject) -> Iterator[Finding]:
    """Every group, and every repeat, that begins also ends."""
    open_groups: list[Entry] = []
    for entry in subject.questions:
        if entry.kind in _ENDS.values():
            open_groups.append(entry)
        elif entry.kind in _ENDS:
            if open_groups and open_groups[-1].kind == _ENDS[entry.kind]:
                open_groups.pop()
                continue
            yield entry.cell("type").error(
                f"'{entry.text('type')}' ends what no row before began.",
                f"Add the row with '{_ENDS[entry.kind]}' where it starts, or delete this row.",
            )
            return
    for entry in open_groups:
        yield entry.cell("type").error(
            f"'{entry.text('type')}' of '{entry.name}' never ends.",
            f"Add a row with '{entry.kind.replace('begin', 'end')}' behind its last question.",
        )


def unknown_lists(subject: Subject) -> Iterator[Finding]:
    """A list that a question chooses from is on the sheet 'choices'."""
    for entry in subject.questions:
        if entry.kind in _SELECTS and entry.list_name and not _is_listed(entry, subject):
            yield entry.cell("type").error(
                f"There is no list '{entry.list_name}' on the sheet 'choices'.",
                nearest(entry.list_name, [*subject.choices]) or "Add its choices there.",
            )


def _is_listed(entry: Entry, subject: Subject) -> bool:
    return entry.list_name in subject.choices or entry.list_name.startswith("${")


def endless_repeats(subject: Subject) -> Iterator[Finding]:
    """A repeat with a fixed count can be answered to its end."""
    for entry in subject.questions:
        cell = entry.cell("repeat_count")
        if cell.text.isdecimal() and int(cell.text[:12]) > MOST_INSTANCES:
            yield cell.error(
                f"The group would repeat {cell.text} times.", f"Write at most {MOST_INSTANCES}."
            )


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(word, known, 1)), "")


def nearest(word: str, known: Iterable[str], proposal: str = "Did you mean '{}'?") -> str:
    """Return a sentence that proposes the known word most like `word`, "" when none is."""
    short = (name for name in known if len(name) <= _LONGEST)  # looking long is not worth it
    found = _nearest(word[:_LONGEST], tuple(islice(short, 1_000)))
    return proposal.format(found) if found else ""
