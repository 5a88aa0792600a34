"""What a questionnaire from a workbook may let out: no more than the one that comes with zugang.

Whoever evaluates publishes questionnaires, too. So what protects a woman is no choice of theirs. A
question under a new name may ask for anything: it is taken for one that others know the answer to,
or is only counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from core import sampling, shipped
from core.records import SEALED_TO_CONTACT
from surveys import alone, depending
from xlsform.findings import Finding
from xlsform.form import Form, Question
from xlsform.questions import UNSEEN

COLUMN = "bind::z:disclosure"
OPEN = "open"
OF_ONES_OWN = frozenset({"quasi", "table"})  # what a question that zugang does not bring may be

# Kinds of answers that hold no more than the form itself offers; any other may tell who she is.
_CODED = frozenset({"select_one", "select_multiple", "rank", "integer", "decimal", "range"})
_NUMBERS = frozenset({"integer", "decimal", "range"})
_NOTHING_SAID = frozenset({"note", "acknowledge"})
_NOTHING = frozenset[str]()
_FOLDER = Path(__file__).parent / "questionnaires"


def faults(questionnaire: str, form: Form, rows: Mapping[str, int]) -> Iterator[Finding]:
    """Yield the questions that would let out too much; `rows` are those of the survey sheet."""
    known = _known(questionnaire)
    is_office = questionnaire == sampling.MUNICIPALITY  # an office is no woman
    worked_out = depending.worked_out(form)
    often = Counter(question.name for question in form.questions.values())
    for question in form.questions.values():
        if question.disclosure in SEALED_TO_CONTACT:
            continue
        name, new = question.name, OPEN if is_office else ""
        before = known.get(name, new) if often[name] == 1 else new  # a twin may ask for anything
        why, more = _why(question, before, is_asked=question.path not in worked_out)
        mend = f"Write one of {', '.join(sorted(SEALED_TO_CONTACT | more))}."
        if not why and not is_office:
            why = _leans(form, question)
            mend = f"Ask it without that. Or write one of {', '.join(sorted(SEALED_TO_CONTACT))}."
        if why:
            row = rows.get(name, 0)
            yield Finding("survey", row, COLUMN, f"'{name}' {why}.", mend, is_error=True)


def _why(question: Question, known: str, *, is_asked: bool) -> tuple[str, frozenset[str]]:
    """Why a question may not go to who evaluates, "" if it may; what else it may be than sealed.

    `known` is what it is in the questionnaire that comes with zugang, "" if it is not there.
    """
    said = question.disclosure
    # from answers that are sealed, or the hour she gave them
    if question.type in UNSEEN or not is_asked:
        return f"is worked out, so it could tell what is sealed, but is '{said}'", _NOTHING
    if question.type not in _CODED | _NOTHING_SAID:
        return f"takes own words, a file or a place, but is '{said}'", _NOTHING
    if question.type in _NUMBERS and said == OPEN:
        return "takes a number, which could tell who she is, but is 'open'", OF_ONES_OWN
    if not known and said not in OF_ONES_OWN:
        return f"is not in the questionnaire that comes with zugang, but is '{said}'", OF_ONES_OWN
    if known not in {"", OPEN, said}:
        why = f"is '{known}' in the questionnaire that comes with zugang, but is '{said}' here"
        return why, frozenset({known})
    return "", _NOTHING


def _leans(form: Form, question: Question) -> str:
    """What a question tells of others that should stay in, "" if nothing."""
    kept = SEALED_TO_CONTACT
    if question.disclosure not in OF_ONES_OWN:
        kept |= OF_ONES_OWN  # their exact value never stands in a row, nor should her blank say it
    for other in depending.depends_on(form, question):
        if other.disclosure in kept and not _says_who_fills_it_in(form, other):
            return f"depends on '{other.name}', which is '{other.disclosure}', and would tell of it"
    if depending.asks_a_clock(form, question):
        return "depends on the day on which it is asked, and would tell of it"
    return ""


def _says_who_fills_it_in(form: Form, question: Question) -> bool:
    """Whether it only says that she answers alone, as zugang itself writes it."""
    is_ours = question.path == alone.ALONE and question.type == "hidden"
    return is_ours and not any(depending.formulas(form, question))


@cache
def _known(questionnaire: str) -> Mapping[str, str]:
    """What becomes of each question of the questionnaire that comes with zugang."""
    rows = shipped.workbook(_FOLDER, questionnaire).sheets["survey"]
    return {row["name"]: row[COLUMN] for row in rows if row.get("name") and row.get(COLUMN)}
