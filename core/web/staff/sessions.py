"""Her own sessions: where she is signed in, staying, and what she could not send in time."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import audit, presence
from core.web import unsent
from core.web.access import here, requires, rule_of, signed_in
from core.web.pages import PLACES
from core.web.services import db, now

pages = Blueprint("sessions", __name__, url_prefix="/staff")

OTHERS = "others"
_AREAS = {permission: label for permission, label, _ in PLACES}
_AREA = _l("Eingabe")


@pages.get("/sessions")
@requires("account")
def overview() -> str:
    """List where she is signed in."""
    at = here()
    rows = presence.of(db(), signed_in().person.id, now())
    return render_template("staff/sessions.html", rows=rows, this=at.id if at else b"")


@pages.post("/sessions")
@requires("account")
def end() -> Response:
    """End one of her sessions, or all but this one; it counts from the next request on."""
    person, at = signed_in().person, here()
    chosen = request.form.get("session", "")
    ended = chosen == OTHERS or presence.end(db(), person.id, _id(chosen))
    if chosen == OTHERS and at is not None:
        presence.end_all(db(), person.id, but=at.id)
    if ended:
        audit.note(db(), person.id, "ended", f"person:{person.id}")
    return redirect(url_for("sessions.overview"), 303)


@pages.post("/stay")
@requires("account")
def stay() -> str:
    """Say until when she stays signed in; that she asked has made it later."""
    return render_template("staff/stayed.html")


@pages.get("/unsent")
@requires("account")
def unsent_forms() -> str:
    """Offer to send what she could not send while she was signed out."""
    forms = [(_area(one), one) for one in unsent.waiting()]
    return render_template("staff/unsent.html", forms=forms)


@pages.post("/unsent")
@requires("account")
def drop_unsent() -> Response:
    """Forget one of these forms."""
    unsent.drop(request.form.get("path", ""))
    return redirect(url_for("staff.home"), 303)


def _area(form: unsent.Unsent) -> object:
    view = current_app.view_functions.get(form.view)
    return _AREAS.get(rule_of(view) or "", _AREA) if view else _AREA


def _id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
