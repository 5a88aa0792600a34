"""The coordinator's page of a questionnaire that people published: what it changes, her yes."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import approving
from core.people import NotHers, Person
from core.versions import Version
from core.web.access import requires, signed_in
from core.web.services import db, today
from core.web.words import QUESTIONNAIRES
from surveys import publishing

pages = Blueprint("approving", __name__, url_prefix="/releases/questionnaires")


@pages.get("/<questionnaire>/<int:number>")
@requires("releases")
def show(questionnaire: str, number: int) -> str:
    """Show what a version asks that no version asked before it whose answers count."""
    version = _find(questionnaire, number)
    return render_template(
        "exports/approving.html",
        version=version,
        title=QUESTIONNAIRES[questionnaire],
        publisher=db().get_one(Person, version.person_id).name,
        before=approving.before(db(), version),
        changes=publishing.changes_of(db(), version),
        is_waiting=approving.is_waiting(version),
    )


@pages.post("/<questionnaire>/<int:number>")
@requires("releases")
def approve(questionnaire: str, number: int) -> Response:
    """Let answers to a version into rows and tables."""
    approving.approve(db(), signed_in().person.id, _find(questionnaire, number), today())
    return redirect(url_for("releases.overview"), 303)


def _find(questionnaire: str, number: int) -> Version:
    version = publishing.find(db(), questionnaire, number)
    if not approving.is_asked_for(version):
        raise NotHers
    return version
