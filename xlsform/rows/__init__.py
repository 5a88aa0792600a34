"""Responses that were written into the rows of a sheet: a column a question, a row a response.

What is wrong is told by its place and its kind, never with what stands in a cell.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import partial

from xlsform.filling import Filling, Problem
from xlsform.findings import Finding
from xlsform.form import Form
from xlsform.rows.cells import Cells, Unfit, check, day, in_order, ticked
from xlsform.rows.columns import OWN, RECEIVED, Asked, Column, Columns, columns
from xlsform.workbooks import Grid

__all__ = ["MOST", "Filled", "Reading", "read"]

MOST = 2_000  # rows: they are stored at once, and meanwhile nobody else can store anything
_LANGUAGE = "de"  # of what the author says about a condition


@dataclass(frozen=True, slots=True)
class Filled:
    """A row without a fault: its own number in the file ("" for none), its day, its answers."""

    own: str
    received: date
    filling: Filling


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows without a fault, and all faults of the others and of the first row."""

    rows: tuple[Filled, ...]
    findings: tuple[Finding, ...]
    is_numbered: bool = False  # whether the rows have numbers of their own


def read(form: Form, sheet: str, grid: Grid, today: date, zone: tzinfo) -> Reading:
    """Return the responses in the rows of a sheet, of which the first one names the columns."""
    filled = [
        (number, row)
        for number, row in enumerate(grid[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not filled:
        said, mend = "The sheet holds no answers.", "Write them below the first row."
        return Reading((), (_fault(sheet, 0, "", said, mend),))
    if len(filled) > MOST:
        said, mend = f"There are more than {MOST:,} rows.", "Make several files of them."
        return Reading((), (_fault(sheet, filled[MOST][0], "", said, mend),))
    reader = _Reader(form, sheet, columns(form, sheet, grid), today, zone)
    rows = [reader.row(number, row) for number, row in filled]
    return Reading(
        tuple(row for row in rows if row is not None),
        tuple(reader.findings),
        OWN in reader.columns.own,
    )


class _Reader:
    """Reads the rows of one sheet, and gathers what is wrong with them."""

    def __init__(self, form: Form, sheet: str, head: Columns, today: date, zone: tzinfo) -> None:
        self.columns = head
        self.findings = list(head.findings)
        self._form = form
        self._sheet = sheet
        self._today = today
        self._zone = zone
        self._cells = Cells(form)
        self._numbers: dict[str, int] = {}  # the row of each number
        # What the form begins with, nobody has said.
        self._emptied = dict.fromkeys(
            one.path
            for one in form.visible_questions
            if one.path in form.defaulted
            and not one.read_only
            and not form.template.is_repeated(one.path)
        )

    def row(self, number: int, cells: tuple[str, ...]) -> Filled | None:
        """Return what a row says, None when something is wrong with it.

        What follows from the answers is looked at only when every one of them could be read.
        """
        before = len(self.findings)
        received = self._received(number, cells)
        own = self._own(number, cells)
        now = datetime.combine(received, time(), self._zone)
        given = self._given(number, cells, now)
        if len(self.findings) > before:
            return None
        filling = self._filling(given, now)
        for path, message, mend in _faults(filling, given):
            self._find(number, self.columns.of(path), message, mend)
        return Filled(own, received, filling) if len(self.findings) == before else None

    def _received(self, number: int, cells: tuple[str, ...]) -> date:
        column = self.columns.own.get(RECEIVED)
        if column is None:
            return self._today
        text = self._read(number, cells, column, day)
        found = date.fromisoformat(text) if text else self._today
        if found > self._today:
            mend = "Write the day on which the answers were given."
            self._find(number, column.letters, "This day lies in the future.", mend)
        return found

    def _own(self, number: int, cells: tuple[str, ...]) -> str:
        column = self.columns.own.get(OWN)
        if column is None:
            return ""
        own = self._read(number, cells, column, _number)
        first = self._numbers.setdefault(own, number)
        if own and first != number:
            said = f"Row {first} has the same number."
            self._find(number, column.letters, said, "Give each row its own.")
        return own

    def _given(self, number: int, cells: tuple[str, ...], now: datetime) -> dict[str, str]:
        """Return {path: text} of every question that has a column, "" for a blank."""
        given: dict[str, str] = {}
        for column in self.columns.asked:
            question = column.question
            said = self._read(number, cells, column, partial(self._answer, column, now))
            if column.code:
                said = in_order(question, [*given.get(question.path, "").split(), said])
            given[question.path] = said
        return given

    def _answer(self, column: Asked, now: datetime, cell: str) -> str:
        if column.code:
            return column.code if ticked(cell) else ""
        return self._cells.answer(column.question, cell, now)

    def _read(
        self, number: int, cells: tuple[str, ...], column: Column, read: Callable[[str], str]
    ) -> str:
        """Return what a cell says, "" for nothing and for a fault, which is noted."""
        try:
            return read(cells[column.place] if column.place < len(cells) else "")
        except Unfit as error:
            self._find(number, column.letters, error.message, error.mend)
            return ""

    def _filling(self, given: Mapping[str, str], now: datetime) -> Filling:
        filling = Filling(self._form, now=now, zone=self._zone, language=_LANGUAGE)
        for path in {**self._emptied, **given}:
            filling.set(path, given.get(path, ""))
        filling.recalculate()
        replaced = [path for path, text in given.items() if filling.text(path) != text]
        for path in replaced:  # set by another answer, as it is before she who fills it in comes
            filling.set(path, given[path])
        if replaced:
            filling.recalculate()
        return filling

    def _find(self, row: int, column: str, message: str, mend: str) -> None:
        self.findings.append(_fault(self._sheet, row, column, message, mend))


def _fault(sheet: str, row: int, column: str, message: str, mend: str) -> Finding:
    return Finding(sheet, row, column, message, mend, is_error=True)


def _number(cell: str) -> str:
    check(cell)
    if not cell.strip():
        raise Unfit("The row has no number.", "Give it one, or delete the column.")
    return cell.strip()


def _faults(filling: Filling, given: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what does not fit together: the path of the question, what is wrong, how to mend it."""
    told = set()
    for path, text in given.items():
        asked = filling.is_relevant(path)
        if text and not (asked and filling.text(path) == text):
            told.add(path)
            name = filling.form.questions[path].name
            said = f"'{name}' has another answer" if asked else f"'{name}' is not asked"
            mend = "Empty the cell, or correct the others."
            yield path, f"{said} beside the other answers of this row.", mend
    for path, problem in filling.problems().items():
        if path not in told:
            yield path, *_said(problem)


def _said(problem: Problem) -> tuple[str, str]:
    # The author's own words come without a filling, and so without answers in them.
    question = problem.question
    if problem.kind == "required":
        mend = question.required_message(_LANGUAGE) or "Write one."
        return f"'{question.name}' needs an answer.", mend
    if problem.kind == "constraint":
        mend = question.constraint_message(_LANGUAGE) or "Look it up in the questionnaire."
        return f"The answer does not meet the condition of '{question.name}'.", mend
    said = f"'{question.name}' has no such choice beside the other answers of this row."
    return said, "Empty the cell, or correct the others."
