"""What a questionnaire from a workbook may let out: no more than the one that comes with zugang.

Whoever evaluates publishes questionnaires, too. So what protects a woman is no choice of theirs.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from core import shipped
from core.records import SEALED_TO_CONTACT
from xlsform.findings import Finding
from xlsform.form import Form, Question

COLUMN = "bind::z:disclosure"
OPEN = "open"

# Kinds of answers that hold no more than the form itself offers; any other may tell who she is.
_CODED = frozenset({"select_one", "select_multiple", "rank", "integer", "decimal", "range"})
_NUMBERS = frozenset({"integer", "decimal", "range"})
_WORKED_OUT = frozenset({"calculate", "hidden", "metadata"})
_NOTHING_SAID = frozenset({"note", "acknowledge"})
_FOLDER = Path(__file__).parent / "questionnaires"


def faults(questionnaire: str, form: Form, rows: Mapping[str, int]) -> Iterator[Finding]:
    """Yield the questions that would let out too much; `rows` are those of the survey sheet."""
    known = _known(questionnaire)
    for question in form.questions.values():
        if question.disclosure in SEALED_TO_CONTACT:
            continue
        name = question.path.rpartition("/")[2]
        why = _why(question, known.get(name, OPEN))
        if why:
            allowed = sorted(SEALED_TO_CONTACT)
            mend = f"Write one of {', '.join(allowed)}."
            row = rows.get(name, 0)
            yield Finding("survey", row, COLUMN, f"'{name}' {why}.", mend, is_error=True)


def _why(question: Question, known: str) -> str:
    """Why a question may not go to who evaluates, "" if it may."""
    said = question.disclosure
    if question.type in _WORKED_OUT:  # from answers that are sealed, or the hour she gave them
        return f"is worked out, so it could tell what is sealed, but is '{said}'"
    if question.type not in _CODED | _NOTHING_SAID:
        return f"takes own words, a file or a place, but is '{said}'"
    if question.type in _NUMBERS and said == OPEN:
        return "takes a number, which could tell who she is, but is 'open'"
    if known not in {OPEN, said}:
        return f"is '{known}' in the questionnaire that comes with zugang, but is '{said}' here"
    return ""


@cache
def _known(questionnaire: str) -> Mapping[str, str]:
    """What becomes of each question of the questionnaire that comes with zugang."""
    rows = shipped.workbook(_FOLDER, questionnaire).sheets["survey"]
    return {row["name"]: row[COLUMN] for row in rows if row.get("name") and row.get(COLUMN)}
