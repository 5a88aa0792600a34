"""The first row of a sheet: which question each column answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsform.findings import Finding
from xlsform.form import Form, Question
from xlsform.ordering import CALCULATE
from xlsform.questions import UNSEEN, UPLOADS
from xlsform.reading import takes_answers
from xlsform.rows.cells import Unfit, check
from xlsform.texts import folded
from xlsform.workbooks.grids import Grid, letters

RECEIVED, OWN = "received", "id"  # columns about a response itself
_LANGUAGE = "de"  # of labels that stand for questions
_DELETE = "Delete the column."


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, counted from 0."""

    place: int

    @property
    def letters(self) -> str:
        """The name that Excel gives it."""
        return letters(self.place + 1)


@dataclass(frozen=True, slots=True)
class Asked(Column):
    """A column that answers a question, or says of one `code` whether it is chosen."""

    question: Question
    code: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet, and what is wrong with its first row."""

    asked: tuple[Asked, ...]
    own: Mapping[str, Column]  # by RECEIVED and OWN
    findings: tuple[Finding, ...]

    def of(self, path: str) -> str:
        """Return the letters of the first column that answers a question, "" for none."""
        found = (one.letters for one in self.asked if one.question.path == path)
        return next(found, "")


def columns(form: Form, sheet: str, grid: Grid) -> Columns:
    """Return what the first row of a sheet says.

    A question goes by its name, its path, or its German label; a choice of several has a column of
    its own under the name of the question, a slash, and the code of the choice.
    """
    head = _Head(form)
    findings = []
    for place, name in enumerate(_names(grid)):
        try:
            check(name)
            if name.strip():
                head.add(place, name.strip())
            else:
                _refuse_cells(grid, place)
        except Unfit as error:
            where = (sheet, 1, letters(place + 1))
            findings.append(Finding(*where, error.message, error.mend, is_error=True))
    return Columns(tuple(head.asked), head.own, tuple(findings))


def _names(grid: Grid) -> Iterator[str]:
    """Yield the cells of the first row, and "" above cells to the right of them."""
    yield from grid[0]
    yield from [""] * (max(map(len, grid)) - len(grid[0]))


def _refuse_cells(grid: Grid, place: int) -> None:
    if any(row[place].strip() for row in grid[1:] if len(row) > place):
        said = "The column has cells, but no name in the first row."
        raise Unfit(said, "Write it there, or delete the column.")


class _Head:
    """Finds the questions that are meant by names, each once."""

    def __init__(self, form: Form) -> None:
        self.asked: list[Asked] = []
        self.own: dict[str, Column] = {}
        self._form = form
        seen = {question.path for question in form.visible_questions}
        worked_out = {step.path for step in form.steps if step.kind == CALCULATE}
        self._answered = {
            path
            for path, one in form.questions.items()
            if path in seen - worked_out and one.type not in UNSEEN and takes_answers(one)
        }

    def add(self, place: int, name: str) -> None:
        """Take the column under a name; raise Unfit."""
        if name in {RECEIVED, OWN}:
            _refuse_double(filter(None, [self.own.get(name)]))
            self.own[name] = Column(place)
            return
        column = self._column(place, name)
        others = (one for one in self.asked if one.question is column.question)
        _refuse_double(one for one in others if one.code in {"", column.code} or not column.code)
        self.asked.append(column)

    def _column(self, place: int, name: str) -> Asked:
        if (question := self._question(name)) is not None:
            return Asked(place, question)
        name, _, code = name.rpartition("/")
        several = self._question(name) if name else None
        if several is None or several.type != "select_multiple":
            said = "No question has this name, path or German label."
            raise Unfit(said, "Correct it, or delete the column.")
        if code not in several.static_choices:
            mend = f"Write one of: {', '.join(several.static_choices)}."
            raise Unfit(f"'{several.name}' has no such choice.", mend)
        return Asked(place, several, code)

    def _question(self, name: str) -> Question | None:
        every = self._form.questions.values()
        root = f"/{self._form.root_name}/"
        for found in (
            [one for one in every if one.name == name],
            [one for one in every if one.path in {name, root + name}],
            [one for one in every if folded(one.label(_LANGUAGE)) == folded(name)],
        ):
            if found:
                return self._fitting(found)
        return None

    def _fitting(self, found: Sequence[Question]) -> Question:
        """Return the one question that a row can answer; raise Unfit."""
        answered = [one for one in found if one.path in self._answered]
        if len(answered) > 1:
            raise Unfit("Several questions are called so.", f"Write {_either(answered)}.")
        if not answered:
            raise Unfit(f"Nobody answers '{found[0].name}': it is read or worked out.", _DELETE)
        (question,) = answered
        if question.type in UPLOADS:
            raise Unfit(f"'{question.name}' is answered by a file, which no cell holds.", _DELETE)
        if self._form.template.is_repeated(question.path):
            said = f"'{question.name}' is asked several times, and a row has one answer."
            raise Unfit(said, "Delete the column, and enter such responses by hand.")
        return question


def _refuse_double(others: Iterable[Column]) -> None:
    for other in others:
        said = f"Column '{other.letters}' says the same already."
        raise Unfit(said, "Delete one of the two.")


def _either(questions: Iterable[Question]) -> str:
    return " or ".join(one.path for one in questions)
