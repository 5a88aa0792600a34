"""The evaluators' page of questionnaires: a workbook is looked at and becomes version N."""

import io

from flask import Blueprint, g, redirect, render_template, request, send_file, session, url_for
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core import approving, people, uploads, versions
from core.people import NotHers
from core.uploads import Receipt
from core.versions import Version
from core.web.access import requires, signed_in
from core.web.files import SITTING
from core.web.forms import StaffForm
from core.web.services import db, today
from core.web.words import QUESTIONNAIRES
from surveys import publishing, translating
from surveys.publishing import Proposal
from surveys.trying import Trial
from xlsform import source, workbooks
from xlsform.workbooks import READERS, Book

pages = Blueprint("publishing", __name__, url_prefix="/results/questionnaires")

# Under an address of its own, for it speaks every language: the pages of evaluators do not.
trial = Blueprint("trial", __name__, url_prefix="/trial")

TRIAL = "trial"  # in the session: how far she has come in trying it out
PROPOSAL = "proposal"  # in the session: which questionnaire, and where the file waits
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(StaffForm):
    """A workbook, and which questionnaire it is to be."""

    questionnaire = SelectField(choices=[SelectChoice(*one) for one in QUESTIONNAIRES.items()])
    workbook = FileField(render_kw={"accept": ",".join(READERS)})


@pages.get("")
@requires("questionnaires")
def everything() -> str:
    """List the questionnaires with their versions, and offer to send a workbook."""
    return _list(UploadForm())


@pages.post("")
@requires("questionnaires")
def propose() -> str | Response:
    """Look at a workbook; one that can run waits to be published."""
    form = UploadForm()
    sent = form.workbook.data
    if not form.validate() or not isinstance(sent, FileStorage) or not sent.filename:
        return _list(form)
    content, name = sent.stream.read(), form.text("questionnaire")
    if request.form.get("go") == "translations":
        proposal = publishing.propose_translations(db(), name, sent.filename, content)
    else:
        proposal = publishing.propose(name, sent.filename, content)
    if proposal.form is None:
        shown = {"proposal": proposal, "names": QUESTIONNAIRES, "outdated": ()}
        return render_template("surveys/proposal.html", **shown)
    _forget()
    receipt = uploads.keep(db(), "workbook.xlsx", proposal.content, SITTING)
    kept = {"name": receipt.name, "id": receipt.id, "key": receipt.key}
    session[PROPOSAL] = {"questionnaire": proposal.questionnaire, **kept}
    return redirect(url_for("publishing.show"), 303)


@pages.get("/proposal")
@requires("questionnaires")
def show() -> str:
    """Show what waits to be published: what is to be said about it, and what it changes."""
    if PROPOSAL not in session:
        return everything()
    proposal = _waiting()
    newest = versions.all_of(db(), proposal.questionnaire)[0]
    before = publishing.workbook_of(db(), newest)
    return render_template(
        "surveys/proposal.html",
        proposal=proposal,
        names=QUESTIONNAIRES,
        changes=publishing.changes(before, proposal),
        outdated=publishing.outdated(before, proposal),
    )


@pages.post("/proposal")
@requires("questionnaires")
def decide() -> Response:
    """Publish what waits, or throw it away."""
    if request.form.get("go") == "publish":
        publishing.publish(db(), signed_in(), _waiting(), today())
    _forget()
    return redirect(url_for("publishing.everything"), 303)


@trial.get("/")
@requires("questionnaires")
def show_trial() -> str:
    """Show a page of what waits, as those who answer will see it; it may stand in our frame."""
    if PROPOSAL not in session:
        return everything()
    page = _trial().show()
    g.framed = True
    return page


@trial.post("/")
@requires("questionnaires")
def take_trial() -> Response:
    """Take what was typed or pressed; no answer is kept."""
    _trial().take()
    return redirect(url_for("trial.show_trial"), 303)


@trial.get("/phone")
@requires("questionnaires")
def phone() -> str:
    """Show the same as large as on a phone."""
    if PROPOSAL not in session:
        return everything()
    g.framing = True
    name = QUESTIONNAIRES[session[PROPOSAL]["questionnaire"]]
    return render_template("surveys/phone.html", name=name)


@pages.post("/<questionnaire>/<int:number>")
@requires("questionnaires")
def retire(questionnaire: str, number: int) -> Response:
    """Let a version be begun no more, or again."""
    version = publishing.find(db(), questionnaire, number)
    day = None if version.retired else today()
    versions.retire(db(), signed_in().person.id, version, day)
    return redirect(url_for("publishing.everything"), 303)


@pages.get("/<questionnaire>/<int:number>.xlsx")
@requires("questionnaires")
def download(questionnaire: str, number: int) -> Response:
    """Hand out the workbook of a version, to change it in Excel."""
    workbook = publishing.workbook_of(db(), publishing.find(db(), questionnaire, number))
    if workbook is None:
        raise NotHers
    return _file(source.to_book(workbook), f"{questionnaire}-{number}.xlsx")


@pages.get("/<questionnaire>/<int:number>/translations.xlsx")
@requires("questionnaires")
def translations(questionnaire: str, number: int) -> Response:
    """Hand out the texts of a version as a table for translators."""
    workbook = publishing.workbook_of(db(), publishing.find(db(), questionnaire, number))
    if workbook is None:
        raise NotHers
    return _file(translating.table(workbook), f"{questionnaire}-{number}-translations.xlsx")


def _file(book: Book, name: str) -> Response:
    content = io.BytesIO(workbooks.render(book, ".xlsx"))
    return send_file(content, mimetype=EXCEL, as_attachment=True, download_name=name)


def _list(form: UploadForm) -> str:
    found = {name: versions.all_of(db(), name) for name in QUESTIONNAIRES}
    every = [version for one in found.values() for version in one]
    return render_template(
        "surveys/questionnaires.html",
        form=form,
        names=QUESTIONNAIRES,
        versions=found,
        with_workbook={one.id for one in every if publishing.has_workbook(db(), one)},
        current={one.id for one in map(_current, found.values()) if one is not None},
        unseen={one.id for one in every if approving.is_waiting(one)},
        staff={person.id: person.name for person in people.everyone(db())},
        waiting=PROPOSAL in session,
    )


def _current(newest_first: list[Version]) -> Version | None:
    return next((version for version in newest_first if version.retired is None), None)


def _waiting() -> Proposal:
    kept = session.get(PROPOSAL)
    if kept is None:
        raise NotHers
    content = uploads.read(db(), _receipt())
    proposal = publishing.propose(kept["questionnaire"], kept["name"], content)
    if proposal.form is None:
        raise NotHers
    return proposal


def _trial() -> Trial:
    waiting = _waiting()
    name = str(QUESTIONNAIRES[waiting.questionnaire])
    return Trial(TRIAL, name, waiting.form, back=url_for("publishing.show"))


def _forget() -> None:
    session.pop(TRIAL, None)
    if PROPOSAL in session:
        uploads.discard(db(), [_receipt()])
        del session[PROPOSAL]


def _receipt() -> Receipt:
    kept = session[PROPOSAL]
    return Receipt(kept["name"], kept["id"], kept["key"])
