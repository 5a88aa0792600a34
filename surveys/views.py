"""The interviewer's pages: what she may enter, her drafts, one interview page by page."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import drafts, versions
from core.drafts import Draft
from core.web.access import requires, signed_in
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language, speak
from core.web.services import db, now, settings, today
from surveys import interviews

pages = Blueprint("surveys", __name__, url_prefix="/interviews")


@pages.get("/")
@requires("entering")
def overview() -> str:
    """List the questionnaires she may begin and the drafts she may go on with."""
    offered = interviews.running(db(), signed_in().person)
    titles = {v.id: versions.form_of(db(), v.id, v.digest).title for v in offered}
    rows = drafts.mine(db(), signed_in())
    titles |= {v.id: versions.form_of(db(), v.id, v.digest).title for _, v in rows}
    return render_template(
        "surveys/overview.html",
        versions=offered,
        titles=titles,
        drafts=rows,
        done=request.args.get("done") == "1",
    )


@pages.post("/")
@requires("entering")
def begin() -> Response:
    """Open a new draft of the chosen questionnaire."""
    version = interviews.current(db(), signed_in(), request.form.get("questionnaire", ""))
    first = Journey(version.id, version.digest).dump_bytes()
    draft = interviews.begin(db(), signed_in(), version, first, today())
    return redirect(url_for("surveys.show", draft_id=draft.id), 303)


@pages.get("/<uuid:draft_id>")
@requires("entering")
def show(draft_id: object) -> str:
    """Show the page where this interview stands."""
    _, run = _load(draft_id)
    title = run.form.title
    if run.at_check:
        return render_template("surveys/check.html", sections=run.check(), title=title)
    return render_template("surveys/page.html", view=run.page(), title=title)


@pages.post("/<uuid:draft_id>")
@requires("entering")
def take(draft_id: object) -> Response:
    """Keep what was entered; on the last step, submit."""
    draft, run = _load(draft_id)
    go = request.form.get("go", "")
    if go.startswith("language:"):
        speak(go.removeprefix("language:"))
    if run.take(request.form, request.files) is Outcome.SUBMIT:
        files = run.files.contents(run.filling)
        interviews.submit(db(), signed_in(), draft, run.filling, today(), files)
        run.files.discard()
        return redirect(url_for("surveys.overview", done=1), 303)
    drafts.save(db(), signed_in(), draft, run.journey.dump_bytes(), today())
    if go == "pause":
        return redirect(url_for("surveys.overview"), 303)
    return redirect(url_for("surveys.show", draft_id=draft.id), 303)


def _load(draft_id: object) -> tuple[Draft, Run]:
    draft = drafts.find(db(), signed_in(), str(draft_id))
    journey = Journey.load_bytes(drafts.read(signed_in(), draft))
    form = form_of(journey)
    name = signed_in().person.name
    seconds = drafts.files_seconds(settings())
    return draft, Run(journey, form, language().tag, now(), seconds, name)
