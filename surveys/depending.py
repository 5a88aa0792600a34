"""What decides whether a question is asked, what it offers and what it starts with.

A question that leaves would tell what it depends on: asked only of women who wrote a certain word,
or who are of a certain age, its blanks say so of all others.
"""

import re
from collections.abc import Iterator

from xlsform.form import Form, Question
from xlsform.formulas import Formula
from xlsform.ordering import CALCULATE, lineage, matching, resolve

_CLOCK = re.compile(r"\b(today|now)\s*\(")


def depends_on(form: Form, question: Question) -> Iterator[Question]:
    """Yield the questions that a question depends on; a group counts as all that is in it."""
    paths = {f"{path}/" for path in _sources(form, question)} - {f"{question.path}/"}
    for one in form.questions.values():
        if any(f"{one.path}/".startswith(path) for path in paths):
            yield one


def worked_out(form: Form) -> frozenset[str]:
    """Return the paths of questions, of whatever type, that the form itself gives an answer to."""
    later = {action.path for some in form.actions.changes.values() for action in some}
    calculated = {step.path for step in form.steps if step.kind == CALCULATE}
    return form.actions.started | later | calculated


def asks_a_clock(form: Form, question: Question) -> bool:
    """Say whether a question depends on when it is asked."""
    return any(_CLOCK.search(formula.source) for formula in formulas(form, question))


def formulas(form: Form, question: Question) -> Iterator[Formula]:
    """Yield all that is worked out for a question and the groups around it."""
    around = frozenset(lineage(question.path))
    yield from (step.expression for step in form.steps if step.path in around)
    own = (question.constraint, question.required, *(formula for _, formula in question.locks))
    yield from (formula for formula in own if isinstance(formula, Formula))
    changes = (action for actions in form.actions.changes.values() for action in actions)
    for action in (*form.actions.start, *form.actions.instance, *changes):
        if action.path == question.path:
            yield action.expression


def _sources(form: Form, question: Question) -> Iterator[str]:
    """Yield the paths of all that is read for a question, or has to change for it to be set."""
    spots = tuple(form.template.spots)
    for formula in formulas(form, question):
        for reference in formula.references:
            yield from matching(resolve(reference, formula.path), spots)
    for trigger, actions in form.actions.changes.items():
        if trigger and any(action.path == question.path for action in actions):
            yield trigger
