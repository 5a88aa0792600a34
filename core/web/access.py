"""Who may call a view: every one of them says `@public` or `@requires(permission)`."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask import (
    Flask,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from core import audit, keyring, people, presence
from core.people import SignedIn
from core.presence import Here
from core.web import devices, unsent
from core.web.services import db, now, services
from core.web.sessions import STAFF, UNSENT, SealedSession

P = ParamSpec("P")
R = TypeVar("R")
_RULE = "access_rule"
_KEY = "presence key"
PUBLIC = ""
_SECRETIVE = frozenset({"account"})  # what is typed there opens something


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody call this view."""
    setattr(view, _RULE, PUBLIC)
    return view


def requires(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only signed-in staff with `permission` call this view."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, _RULE, permission)
        return view

    return mark


def rule_of(view: Callable[..., Any]) -> str | None:
    """Return the permission a view asks for, `PUBLIC`, or None when it says nothing."""
    return cast("str | None", getattr(view, _RULE, None))


def init_app(app: Flask) -> None:
    """Check every request; a view without a rule answers nobody."""
    app.before_request(_guard)


def signed_in() -> SignedIn:
    """Return who is at the keyboard, with her keys; 403 when nobody is."""
    if "signed_in" not in g:
        at = here()
        if at is None:
            abort(403)
        late = keyring.collect_late  # many pages open nothing
        g.signed_in = people.reopen(db(), at.person, at.private, late)
    return cast("SignedIn", g.signed_in)


def here() -> Here | None:
    """Return the staff session at this keyboard, None when there is none or it is over."""
    if "here" not in g:
        known = STAFF in session
        g.here = presence.find(db(), _sealed().id, _sealed().key(_KEY), now()) if known else None
    return cast("Here | None", g.here)


def someone_signed_in() -> bool:
    """Say whether staff is at the keyboard."""
    return here() is not None


def was_signed_in() -> bool:
    """Say whether somebody was at this keyboard whose session ended without her doing."""
    return here() is None and STAFF in session and not session[STAFF].get("left")


def let_in(who: SignedIn) -> None:
    """Begin a staff session; what the browser had before is discarded."""
    begin_anew(who.person.id)
    who.person.seen = now().date()
    session[STAFF] = {"person": who.person.id, "left": False}
    device = devices.named(request.user_agent.string)
    presence.begin(db(), _sealed().id, _sealed().key(_KEY), who, device, now())
    audit.note(db(), who.person.id, "signed-in", f"person:{who.person.id}")


def let_out() -> None:
    """End the staff session of this browser."""
    person = session.get(STAFF, {"person": None})["person"]
    begin_anew(person)
    if person is not None:
        session[STAFF] = {"person": person, "left": True}


def begin_anew(person_id: int | None = None) -> None:
    """Discard what the browser had before, and with it her session.

    Her language stays. If `person_id` was the last one here, so does what she could not send, and
    the forms that she still has open elsewhere stay good; nobody else ever gets at them.
    """
    names = {"language"}
    if person_id is not None and session.get(STAFF, {"person": None})["person"] == person_id:
        names |= {"csrf_token", STAFF, UNSENT}
    kept = {name: session[name] for name in names if name in session}
    _sealed().discard()
    session.update(kept)
    for name in ("here", "signed_in"):
        g.pop(name, None)


def _guard() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # 404 and 405 are answered by routing
    rule = rule_of(view)
    if rule == PUBLIC:
        return None
    if rule is None:
        abort(500)
    at = here()
    if at is None:
        return _lead_to_sign_in(rule)
    g.here = presence.see(services().database.relaxed, at, now())
    if g.here is not at:
        _sealed().prolong()
    if not signed_in().person.may(rule):
        abort(403)
    if UNSENT in session:
        after_this_request(unsent.arrived)
    return None


def _lead_to_sign_in(rule: str) -> Response:
    if STAFF in session:
        presence.end(db(), session[STAFF]["person"], _sealed().id)  # its key goes, if it was idle
        if request.method == "POST" and rule not in _SECRETIVE:
            unsent.keep()
    return redirect(url_for("staff.sign_in"), 303)


def _sealed() -> SealedSession:
    return cast("SealedSession", session)
