"""Who may call a view: every one of them says `@public` or `@requires(permission)`."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from core import people
from core.people import Person, SignedIn
from core.web.services import db
from core.web.sessions import SealedSession

P = ParamSpec("P")
R = TypeVar("R")
_RULE = "access_rule"
_STAFF = "staff"
PUBLIC = ""


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
        staff = session.get(_STAFF)
        person = db().get(Person, staff["person"]) if staff else None
        if staff is None or person is None:
            abort(403)
        g.signed_in = people.reopen(db(), person, bytes.fromhex(staff["private"]))
    return cast("SignedIn", g.signed_in)


def someone_signed_in() -> bool:
    """Say whether staff is at the keyboard."""
    return _STAFF in session


def let_in(who: SignedIn) -> None:
    """Begin a staff session; what the browser had before is discarded."""
    sealed = cast("SealedSession", session)
    language = sealed.get("language")
    sealed.discard()
    sealed[_STAFF] = {"person": who.person.id, "private": who.pair.private.hex()}
    if language:
        sealed["language"] = language


def _guard() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # 404 and 405 are answered by routing
    rule = rule_of(view)
    if rule == PUBLIC:
        return None
    if rule is None:
        abort(500)
    if not someone_signed_in():
        return redirect(url_for("staff.sign_in"), 303)
    if not signed_in().person.may(rule):
        abort(403)
    return None
