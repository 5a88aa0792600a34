"""The women's journey under one neutral address, and the way out of it."""

from contextlib import suppress
from typing import Any, cast

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from core import keyring, uploads, versions
from core.web import floods
from core.web.access import public
from core.web.csrf import begins_without_session, refusal
from core.web.journey import Journey, Outcome, Run
from core.web.locale import language, speak
from core.web.services import db, now, services, settings
from core.web.sessions import SealedSession
from intake import referrals, return_codes, returning, walking
from intake.conversations import Gone
from intake.walking import JOURNEY

pages = Blueprint("intake", __name__)

RECEIVED = "received"
CODE = "code"
BEGUN, HASTY = "begun", "hasty"  # when she began; that she was asked to press once more

QUICK = _l("Das ging sehr schnell. Bitte prüfen Sie Ihre Antworten und senden Sie sie noch einmal.")


@pages.get("/")
@public
def show() -> str:
    """Show where this browser stands: start, a page, the check page or the confirmation."""
    if returning.BACK in session:
        return _returned()
    if RECEIVED in session:
        return render_template("intake/received.html", number=walking.number())
    if returning.NOTE in session:
        return _start(**returning.gone())
    if JOURNEY not in session:
        return _start(**walking.over(), **returning.mistake())
    return _step(_run())


@pages.post("/")
@public
@begins_without_session
def take() -> Response:
    """Take what was typed or pressed, then lead back to the same address."""
    if refusal() is not None:
        return _again()
    go = request.form.get("go", "")
    if go.startswith("language:"):
        speak(go.removeprefix("language:"))
    shown = _take(go)
    return shown or redirect(url_for("intake.show"), 303)


def _take(go: str) -> Response | None:
    """Do what was pressed; return a page where that is not one to lead back to."""
    if returning.BACK in session:
        returning.take()
    elif JOURNEY in session:
        _take_page()
    elif go == "return":
        returning.enter()
    elif go == "done":
        walking.end()
    elif go == "begin":
        if floods.asks_for_ticket():
            return _wait()
        _begin()
    return None


@pages.get("/exit")
@public
def leave() -> Response:
    """Delete what is not sent, tell the browser to forget, and lead to a neutral site."""
    with suppress(DBAPIError, PoolTimeout):  # nothing stops the way out; the files run out
        _discard_files()
    cast("SealedSession", session).discard()
    response = redirect(settings().exit_url, 302)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _discard_files() -> None:
    files = [file for journey in walking.begun() for file in journey.files.values()]
    if files:
        # In a transaction of its own, so that it is over before the session's row is deleted.
        with services().database.transaction() as own:
            uploads.discard(own, files)


def _start(ticket: str = "", **notice: Any) -> str:
    return render_template(
        "intake/start.html", open=keyring.established(db()), ticket=ticket, **notice
    )


def _wait() -> Response:
    return make_response(_start(**walking.waiting()), 429)


def _begin() -> None:
    if not keyring.established(db()):
        raise keyring.NoKeys
    version = versions.current(db(), referrals.QUESTIONNAIRE)
    for name in (RECEIVED, HASTY, walking.NUMBER, returning.NOTE):
        session.pop(name, None)
    session[JOURNEY] = Journey(version.id, version.digest).dump()
    session["language"] = language().tag
    session[CODE] = return_codes.new()  # now, so that a second press sends the same
    session[BEGUN] = int(now().timestamp())


def _run() -> Run:
    return walking.run_of(Journey.load(session[JOURNEY]))


def _take_page() -> None:
    run = _run()
    submits = run.take(request.form, request.files) is Outcome.SUBMIT
    if submits and HASTY not in session and floods.is_hasty(session.get(BEGUN, 0)):
        session[HASTY] = True  # asked once; whoever presses again is heard
        session[JOURNEY] = run.journey.dump()
    elif submits:
        code = session.pop(CODE, "") or return_codes.new()
        walking.send(run, code)
        del session[JOURNEY]
        session[RECEIVED] = True
        walking.keep_number(code)
    else:
        session[JOURNEY] = run.journey.dump()


def _step(run: Run, **notice: Any) -> str:
    if run.at_check and HASTY in session and not notice:
        notice = {"notice_title": _("Bitte noch einmal senden"), "notice": QUICK}
    return walking.step(run, **notice)


def _returned() -> str:
    try:
        return returning.show()
    except Gone:
        return _start(**returning.gone())


def _again() -> Response:
    """Show the page of a refused post again, with what was typed, saving nothing."""
    if returning.BACK in session:
        return returning.again()
    if JOURNEY not in session:
        return make_response(_start(**walking.refused()), 400)
    return walking.again(_run(), **walking.refused())
