"""The coordinator's pages of taxonomies: how answers count that could tell who a woman is."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import versions
from core.people import NotHers, Person
from core.web.access import requires, signed_in
from core.web.services import db, today
from exports.anonymise.leaves import (
    LONGEST_LABEL,
    Choices,
    Declaration,
    Periods,
    TaxonomyError,
    default,
    taxonomy_of,
)
from exports.anonymise.table import Column
from exports.pages import declaring_form
from exports.pages.declaring_form import Typed
from exports.release import declaring
from exports.release.batches import RECORDS
from exports.release.declaring import Declared

pages = Blueprint("taxonomies", __name__, url_prefix="/releases/taxonomies")

MISTAKES = {
    "misses": _l("Die Antwort „%(value)s“ steht auf keiner Stufe."),
    "twice": _l("Die Antwort „%(value)s“ steht auf zwei Stufen."),
    "unknown": _l("Die Antwort „%(value)s“ gibt es nicht."),
    "nameless": _l("Mehrere Antworten sind eine Stufe, der ein Name fehlt: %(value)s."),
    "names": _l("Eine Stufe hat zwei Namen: %(value)s."),
    "label": _l("Dieser Name ist zu lang oder hat unlesbare Zeichen: %(value)s."),
    "alike": _l("Zwei Stufen oder Bereiche würden gleich heißen: %(value)s."),
    "few": _l("Es braucht mindestens zwei Stufen."),
    "many": _l("Es gehen höchstens %(value)s Stufen."),
    "number": _l("Das ist keine Zahl, die hier passt: %(value)s."),
    "order": _l("Die Zahlen müssen größer werden. Diese wird es nicht: %(value)s."),
    "outside": _l("Es gibt eine Antwort, die kleiner oder größer ist als alle Stufen."),
    "period": _l("Bitte wählen Sie Monat, Quartal oder Halbjahr."),
    "kind": _l("Die Frage wird inzwischen auf andere Art beantwortet als in dieser Einteilung."),
    "shape": _l("Diese Einteilung lässt sich nicht lesen."),
}
LENGTHS = {
    "month": _l("nach Monaten"),
    "quarter": _l("nach Quartalen"),
    "half-year": _l("nach Halbjahren"),
}


@dataclass(frozen=True)
class Step:
    """A leaf as the list shows it: its label, and the choices where they are several."""

    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A quasi-identifier in the list; it has no steps where all that occurs counts by itself."""

    key: str
    column: Column
    steps: tuple[Step, ...]
    length: str
    mistake: str
    row: Declared | None
    who: str


@pages.get("")
@requires("releases")
def everything() -> str:
    """Show the quasi-identifiers of each questionnaire, with their leaves in order."""
    found = [(_title(name), _shown(name)) for name in RECORDS]
    return render_template("exports/taxonomies.html", questionnaires=found, lengths=LENGTHS)


@pages.get("/<quasi>")
@requires("releases")
def show(quasi: str) -> str:
    """Show how one of them counts, to be changed."""
    questionnaire, column = _find(quasi)
    how = _in_force(questionnaire, column)
    mistake = declaring.fault(how, column)
    given = {} if mistake and mistake.kind == "kind" else declaring_form.typed(how, column)
    return _page(quasi, column, given, mistake)


@pages.post("/<quasi>")
@requires("releases")
def take(quasi: str) -> str | Response:
    """Let what was typed count from now on, or what comes with zugang."""
    questionnaire, column = _find(quasi)
    who, day = signed_in(), today()
    if request.form.get("go") == "default":
        declaring.reset(db(), who, questionnaire, column, day)
        return redirect(url_for("taxonomies.everything"), 303)
    how, mistake = declaring_form.tried(column, request.form)
    if how is None:
        return _page(quasi, column, request.form, mistake)
    declaring.declare(db(), who, questionnaire, column, how, day)
    return redirect(url_for("taxonomies.everything"), 303)


def _page(quasi: str, column: Column, given: Typed, mistake: TaxonomyError | None) -> str:
    questionnaire = quasi.partition(".")[0]
    return render_template(
        "exports/taxonomy.html",
        quasi=quasi,
        title=_title(questionnaire),
        column=column,
        choices=declaring_form.in_order(_in_force(questionnaire, column), column),
        given=given,
        mistake=said(mistake, column) if mistake else "",
        lengths=LENGTHS,
        longest=LONGEST_LABEL,
    )


def _find(quasi: str) -> tuple[str, Column]:
    """Return a questionnaire and its quasi-identifier; raise NotHers."""
    questionnaire, _dot, question = quasi.partition(".")
    column = declaring.find(db(), questionnaire, question) if questionnaire in RECORDS else None
    if column is None:
        raise NotHers
    return questionnaire, column


def _in_force(questionnaire: str, column: Column) -> Declaration | None:
    return declaring.in_force(db(), questionnaire).get(column.name)


def _title(questionnaire: str) -> str:
    version = versions.all_of(db(), questionnaire)[0]
    return versions.form_of(db(), version.id, version.digest).title


def _shown(questionnaire: str) -> list[Shown]:
    declared, rows = declaring.in_force(db(), questionnaire), declaring.newest(db(), questionnaire)
    found = []
    for column in declaring.questions(db(), questionnaire):
        how, row = declared.get(column.name), rows.get(column.name)
        mistake = declaring.fault(how, column)
        found.append(
            Shown(
                f"{questionnaire}.{column.name}",
                column,
                _steps(how or default(column), column),
                how.length if isinstance(how, Periods) else "",
                said(mistake, column) if mistake else "",
                row,
                db().get_one(Person, row.person_id).name if row else "",
            )
        )
    return found


def _steps(how: Declaration | None, column: Column) -> tuple[Step, ...]:
    if how is None or isinstance(how, Periods):
        return ()
    if not isinstance(how, Choices):
        return tuple(map(Step, taxonomy_of(column, how, ()).labels[:-1]))
    reads = {item.code: item.label for item in column.categories}
    steps = []
    for leaf in how.leaves:
        choices = tuple(reads.get(code, code) for code in leaf.codes)
        steps.append(Step(leaf.label or choices[0], choices if len(choices) > 1 else ()))
    return tuple(steps)


def said(mistake: TaxonomyError, column: Column | None) -> str:
    """Return a mistake in words, with choices by what they say."""
    reads = {item.code: item.label for item in column.categories} if column else {}
    value = ", ".join(reads.get(code, code) for code in mistake.value.split(" "))
    value = value if mistake.kind in {"misses", "twice", "unknown", "nameless"} else mistake.value
    return str(MISTAKES[mistake.kind]) % {"value": value}
