"""Every POST proves that it comes from a page of ours.

With a session, Flask-WTF's token bound to it. Without one – the first page sets no cookie before
it is needed – a signed, short-lived token that is bound to nothing: all it can do is begin anew.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from wtforms import ValidationError

from core.web.posts import MULTIPART, URLENCODED
from core.web.sessions import SealedSession

P = ParamSpec("P")
R = TypeVar("R")
FIELD = "csrf_token"
FORM_TYPES = {URLENCODED, MULTIPART}
OPENROSA = "X-OpenRosa-Version"
_OPEN, _DEVICE = "begins_without_session", "sent_by_a_device"
_DAY = 24 * 60 * 60


class Expired(BadRequest):
    """The session of this form is over."""


class Refused(BadRequest):
    """The form does not carry the token of its session."""


def begins_without_session(view: Callable[P, R]) -> Callable[P, R]:
    """Let a POST without a session reach this view when it carries a signed token.

    Such a view also answers for itself when a token is not accepted (`refusal()`), so that what
    was typed can be shown again instead of being lost.
    """
    setattr(view, _OPEN, True)
    return view


def sent_by_a_device(view: Callable[P, R]) -> Callable[P, R]:
    """Let a POST reach this view that names its version of OpenRosa.

    No page of another site can make a browser do that, even where the browser knows a passphrase.
    """
    setattr(view, _DEVICE, True)
    return view


def refusal() -> Expired | Refused | None:
    """Return why the token of this POST was not accepted, None when it was."""
    return cast("Expired | Refused | None", g.get("refusal"))


def init_app(app: Flask) -> None:
    """Guard every POST, and give templates `form_token()`."""
    app.before_request(_guard)
    app.jinja_env.globals["form_token"] = token


def token() -> str:
    """Return the token for a form on this page."""
    if cast("SealedSession", session).exists:
        return cast("str", generate_csrf())
    return _signer().sign(b"begin").decode()


def _guard() -> None:
    if request.method != "POST" or request.endpoint is None:
        return  # 404 and 405 are answered by routing
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, _DEVICE, False):
        if OPENROSA not in request.headers:
            raise Refused
        return
    if request.mimetype not in FORM_TYPES:
        raise UnsupportedMediaType
    answers_itself = getattr(view, _OPEN, False)
    error = _why_refused(begin=answers_itself)
    if error is not None and not answers_itself:
        raise error
    g.refusal = error


def _why_refused(*, begin: bool) -> Expired | Refused | None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return Refused()
    given = request.form.get(FIELD, "")
    try:
        if cast("SealedSession", session).exists:
            validate_csrf(given)
        elif begin:
            _signer().unsign(given, max_age=_DAY)
        else:
            return Expired()
    except ValidationError:
        return Refused()
    except BadSignature:
        return Expired()
    return None


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="begin")
