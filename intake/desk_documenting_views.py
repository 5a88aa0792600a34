"""The documentation of a case, page by page: at contact, as it goes on, at closing."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import versions
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.web.access import requires, signed_in
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language
from core.web.reading import fill, heading, sections_of
from core.web.services import db, now, today
from core.web.shelves import InDraft
from intake import cases, desk_views, documenting, known
from intake.cases import Case
from xlsform.form import Form
from xlsform.reading import takes_answers, wording

pages = Blueprint("documenting", __name__, url_prefix="/desk/cases/<uuid:case_id>/documentation")
pages.register_error_handler(NotHers, desk_views.gone)

BEFORE = "before"  # what the documentation said when she began, kept beside the journey


@pages.get("")
@requires("referrals")
def show(case_id: object) -> str:
    """Show the page where she stands, or the documentation as it is stored."""
    case = cases.find(db(), signed_in(), str(case_id))
    kept = shelf_of(case.id).read()
    if kept is None:
        return _stored(case)
    run, title = _run(kept), _title(case)
    if run.at_check:
        return render_template("desk/run_check.html", sections=run.check(), title=title)
    return render_template("desk/run_page.html", view=run.page(), title=title)


@pages.post("")
@requires("referrals")
def take(case_id: object) -> Response:
    """Begin, take what was entered, or throw it away; on the last step, store it."""
    case = cases.find(db(), signed_in(), str(case_id))
    shelf, go = shelf_of(case.id), request.form.get("go")
    kept = shelf.read()
    if kept is None:
        if go == "begin":
            begin(case)
        return redirect(url_for("documenting.show", case_id=case.id), 303)
    if go == "discard":
        shelf.drop()
    elif _take(case.id, shelf, kept) or go == "pause":
        return redirect(url_for("cases.show", case_id=case.id), 303)
    return redirect(url_for("documenting.show", case_id=case.id), 303)


def begin(case: Case) -> None:
    """Begin or go on with the documentation of a case; raise `NotHers` when it is too late."""
    response = documenting.of_case(db(), case)
    if not documenting.is_possible(db(), case, response):
        raise NotHers
    said: Mapping[str, str] = {}
    if response is None:
        version = versions.current(db(), documenting.QUESTIONNAIRE)
    else:
        version = versions.version_of(db(), response.version_id)
        said = documenting.opened(db(), signed_in(), response)
    journey = Journey(version.id, version.digest)
    form = form_of(journey)
    journey.answers = documenting.proposed(db(), signed_in(), case, form, said)
    shelf_of(case.id).write(journey.dump() | {BEFORE: said})


def begin_at_closing(case: Case) -> None:
    """Ask how a case ended that was just closed; what she has begun already is told so."""
    shelf = shelf_of(case.id)
    kept = shelf.read()
    if kept is None:
        begin(case)
    else:
        shelf.write({**kept, "answers": {**kept["answers"], known.CLOSED: "yes"}, "place": ""})


def shelf_of(case_id: str) -> InDraft:
    """Return where she keeps what she has begun of the documentation of a case."""
    return InDraft(documenting.about(case_id))


def state_of(case: Case) -> dict[str, Any]:
    """Return what a case page says of its documentation."""
    response = documenting.of_case(db(), case)
    state = {
        "stored": response is not None,
        "begun": shelf_of(case.id).read() is not None,
        "possible": documenting.is_possible(db(), case, response),
        "whole": False,
        "blank": [],
    }
    if response is not None:
        answers = documenting.opened(db(), signed_in(), response)
        state["whole"] = documenting.is_complete(response, answers)
        state["blank"] = _blank(versions.form_of(db(), response.version_id), answers)
    return state


def _take(case_id: str, shelf: InDraft, kept: Mapping[str, Any]) -> bool:
    run = _run(kept)
    if run.take(request.form) is not Outcome.SUBMIT:
        shelf.write(run.journey.dump() | {BEFORE: kept[BEFORE]})
        return False
    documenting.store(
        db(), signed_in(), case_id, run.filling, run.journey.version_id, kept[BEFORE], today()
    )
    shelf.drop()
    return True


def _run(kept: Mapping[str, Any]) -> Run:
    journey = Journey.load(kept)
    name = signed_in().person.name
    # no seconds: a documentation has no files
    return Run(journey, form_of(journey), language().tag, now(), seconds=0, username=name)


def _stored(case: Case) -> str:
    sections = []
    response = documenting.of_case(db(), case)
    if response is not None:
        answers = documenting.opened(db(), signed_in(), response)
        form = versions.form_of(db(), response.version_id)
        sections = list(sections_of(form, answers, language().tag, now()))
    return render_template(
        "desk/documentation.html",
        case=case,
        code=pseudonym(case.id),
        sections=sections,
        possible=documenting.is_possible(db(), case, response),
    )


def _blank(form: Form, answers: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return by page the questions that are still to be answered; notes are none."""
    tag = language().tag
    filling = fill(form, answers, tag, now())
    found = []
    for page in filling.path():
        open_ones = [
            wording(question, tag, filling)[0]
            for question in filling.visible(page)
            if takes_answers(question)
            and question.disclosure != "free"
            and not filling.text(question.path)
        ]
        if open_ones:
            found.append((heading(page, filling, tag), open_ones))
    return found


def _title(case: Case) -> str:
    version = versions.current(db(), documenting.QUESTIONNAIRE)
    title = versions.form_of(db(), version.id, version.digest).title
    return f"{title} {pseudonym(case.id)}"
