"""Trying a questionnaire out in the browser before it is published; no answer is kept for good."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from core.web.access import public
from core.web.csrf import begins_without_session
from core.web.journey import Journey, Outcome, Run
from core.web.locale import language, speak
from core.web.services import now
from xlsform import checking
from xlsform.findings import Finding
from xlsform.form import Form
from xlsform.slots import generic

pages = Blueprint("preview", __name__, url_prefix="/preview")

JOURNEY, LANGUAGE, RECORD = "preview", "preview_language", "preview_record"
SHOWN = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp"}
    | {"audio/mpeg", "audio/ogg", "audio/x-wav", "audio/mp4", "video/mp4", "video/webm"}
)
OUTSIDE = {"/": "intake.show", "/exit": "intake.leave"}  # where failure pages lead
_KEY = "zugang.preview"


@dataclass
class Desk:
    """The file that is tried out; it is read anew when it changed on the disk."""

    file: Path
    read_at: int = -1
    form: Form | None = None
    findings: tuple[Finding, ...] = ()

    def look(self) -> None:
        """Read the file again if somebody saved it meanwhile."""
        changed = self.file.stat().st_mtime_ns
        if changed != self.read_at:
            self.form, self.findings = checking.opened(self.file)
            self.read_at = changed


def init_app(app: Flask, file: Path) -> None:
    """Let an app show the questionnaire in `file`."""
    app.extensions[_KEY] = Desk(file)
    app.register_blueprint(pages)
    for path, endpoint in OUTSIDE.items():
        app.add_url_rule(path, endpoint, _lead)
    app.jinja_env.globals["media_url"] = _media_url


@pages.get("/")
@public
def show() -> str:
    """Show where the person trying stands, the record she would send, or what is wrong."""
    desk = _desk()
    _speak(desk)
    if desk.form is None:
        return render_template("preview/broken.html", **_told(desk))
    if RECORD in session:
        return render_template("preview/record.html", record=session[RECORD], **_told(desk))
    run = _run(desk.form)
    if run.at_check:
        return render_template("preview/check.html", sections=run.check(), **_told(desk))
    return render_template("preview/page.html", view=run.page(), **_told(desk))


@pages.post("/")
@public
@begins_without_session
def take() -> Response:
    """Take what was typed or pressed; keep nothing beyond this trial."""
    desk = _desk()
    kind, _, target = request.form.get("go", "").partition(":")
    if kind == "language":
        session[LANGUAGE] = target
    if kind == "again" or desk.form is None:
        session.pop(JOURNEY, None)
        session.pop(RECORD, None)
    elif RECORD not in session:
        _take(_run(desk.form))
    return redirect(url_for("preview.show"), 303)


@pages.get("/media/<name>")
@public
def media(name: str) -> Response:
    """Serve a file that lies beside the questionnaire, or in a folder `media` there."""
    folder = _desk().file.parent
    found = [file for file in (folder / name, folder / "media" / name) if file.is_file()]
    kind = mimetypes.guess_type(name)[0] or ""
    if not found or Path(name).name != name or kind not in SHOWN:
        abort(404)
    return current_app.response_class(found[0].read_bytes(), mimetype=kind)


@public
def _lead() -> Response:
    return redirect(url_for("preview.show"), 303)


def _desk() -> Desk:
    desk = cast("Desk", current_app.extensions[_KEY])
    desk.look()
    return desk


def _speak(desk: Desk) -> None:
    """Let the pages speak the language that the questionnaire is looked at in."""
    chosen = session.get(LANGUAGE, desk.form.default_language if desk.form else "")
    if chosen and chosen != language().tag:
        speak(chosen)


def _run(form: Form) -> Run:
    """Return the run of this browser; what a changed form no longer asks is forgotten."""
    kept = session.get(JOURNEY)
    journey = Journey.load(kept) if kept else Journey(0, "")
    known = form.questions.keys() | form.template.repeats.keys()
    journey.answers = {p: text for p, text in journey.answers.items() if generic(p) in known}
    chosen = session.get(LANGUAGE, form.default_language)
    return Run(journey, form, chosen, now(), seconds=0)  # nothing is stored, no file either


def _take(run: Run) -> None:
    if run.take(request.form, request.files) is Outcome.SUBMIT:
        session[RECORD] = run.filling.instance_xml()
    session[JOURNEY] = run.journey.dump()


def _told(desk: Desk) -> dict[str, object]:
    """Return what every page of the preview shows around the questionnaire."""
    form = desk.form
    return {
        "file": desk.file.name,
        "title": form.title if form else desk.file.name,
        "findings": desk.findings,
        "spoken": form.languages if form else (),
        "chosen": session.get(LANGUAGE, form.default_language if form else ""),
    }


def _media_url(name: str) -> str:
    return url_for("preview.media", name=name) if name else ""
