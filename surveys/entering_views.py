"""The pages of one interview: page by page, each saved before the next is shown; then the copy."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import drafts
from core.drafts import Overtaken
from core.pseudonyms import pseudonym
from core.web.access import requires, signed_in
from core.web.journey import Outcome
from core.web.locale import speak
from core.web.services import db, forget_changes, settings
from surveys import interviews, second_entries
from surveys.entering import Entry

pages = Blueprint("interview", __name__, url_prefix="/interviews")

REASONS = {
    "mistyped": _l("Vertippt"),
    "misheard": _l("Falsch verstanden"),
    "wish": _l("Die befragte Person möchte es anders"),
    "added": _l("Etwas kommt dazu"),
    "other": _l("Anderer Grund"),
}


@pages.get("/<uuid:draft_id>")
@requires("entering")
def show(draft_id: object) -> str:
    """Show the page where this interview stands, or what was sent."""
    entry = Entry(drafts.find(db(), signed_in(), str(draft_id)))
    return _sent_page(entry) if entry.is_over else _page(entry)


@pages.post("/<uuid:draft_id>")
@requires("entering")
def take(draft_id: object) -> Response:
    """Keep what was entered, unless the interview has gone on elsewhere; at the end, submit."""
    go = request.form.get("go", "")
    once = go == "submit" or go in BESIDES  # what two windows must not do at the same moment
    entry = Entry(drafts.find(db(), signed_in(), str(draft_id), to_change=once))
    if entry.is_over or go in BESIDES:
        return BESIDES.get(go, _look)(entry)
    if entry.is_overtaken():
        return _overtaken(entry)
    return _take(entry, go)


def _take(entry: Entry, go: str) -> Response:
    if go.startswith("language:"):
        speak(go.removeprefix("language:"))
    if entry.run.take(request.form, request.files) is Outcome.SUBMIT:
        return _submit(entry)
    entry.keep()
    if go == "keep":  # a script saves meanwhile: the page it stands on gets the new turn
        return make_response(_page(entry))
    return _desk() if go == "pause" else _look(entry)


def _submit(entry: Entry) -> Response:
    was_sent = entry.draft.submitted is not None
    interviews.submit(db(), signed_in(), entry.draft, entry.done())
    entry.run.files.discard()
    return _look(entry) if was_sent else _desk(done=entry.draft.id)


# -- what else can be done with it ------------------------------------------------------------


def _look(entry: Entry) -> Response:
    return redirect(url_for("interview.show", draft_id=entry.draft.id), 303)


def _desk(done: str | None = None) -> Response:
    return redirect(url_for("surveys.overview", done=done), 303)


def _correct(entry: Entry) -> Response:
    """Begin to correct what was sent, when it is said why."""
    if entry.is_over and request.form.get("reason") in REASONS:
        entry.correct(request.form["reason"])
    return _look(entry)


def _discard(entry: Entry) -> Response:
    """Delete what was begun; of what was sent, only the correction that was begun."""
    if entry.draft.submitted is None:
        entry.run.files.discard()
        interviews.discard(db(), signed_in(), entry.draft, entry.purpose)
        return _desk()
    if not entry.is_over:
        entry.stop_correcting()
    return _look(entry)


def _spare(entry: Entry) -> Response:
    """Let nobody enter it again: there is no paper to enter it from."""
    second_entries.spare(db(), signed_in(), entry.draft.id)
    return _look(entry)


BESIDES: Mapping[str, Callable[[Entry], Response]] = MappingProxyType(
    {"correct": _correct, "discard": _discard, "spare": _spare}
)


# -- showing ------------------------------------------------------------------------------------


@pages.errorhandler(Overtaken)
def overtaken(_error: Overtaken) -> Response:
    """Show the page of a post again that came at the same moment as another one."""
    forget_changes()
    number = str((request.view_args or {})["draft_id"])
    return _overtaken(Entry(drafts.find(db(), signed_in(), number)))


def _overtaken(entry: Entry) -> Response:
    """Show what was just typed, unsaved, beside what is stored: whoever sends it again means it."""
    differences = entry.differences()
    page = _page(entry, posted="page" in request.form, overtaken=True, differences=differences)
    return make_response(page, 409)


def _page(entry: Entry, *, posted: bool = False, **shown: object) -> str:
    run = entry.run
    shown = {"overtaken": False, "differences": (), "turn": entry.turn} | shown
    shown["title"] = f"{run.form.title} {pseudonym(entry.draft.id)}"
    shown["correcting"] = entry.draft.submitted is not None
    if run.at_check and not posted:
        return render_template("surveys/check.html", sections=run.check(), **shown)
    view = run.page(request.form, request.files) if posted else run.page()
    return render_template("surveys/page.html", view=view, **shown)


def _sent_page(entry: Entry) -> str:
    draft = entry.draft
    sent = draft.submitted or draft.changed
    return render_template(
        "surveys/sent.html",
        title=entry.run.form.title,
        code=pseudonym(draft.id),
        draft=draft,
        until=sent + timedelta(days=settings().correction_days - 1),
        sections=entry.sections(),
        history=[one | {"day": date.fromisoformat(one["day"])} for one in entry.history],
        reasons=REASONS,
        drawn=second_entries.is_drawn(db(), draft.id),
    )
