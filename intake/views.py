"""The women's journey under one neutral address, and the way out of it."""

from contextlib import suppress
from typing import Any, cast

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.wrappers import Response

from core import keyring, records, uploads
from core.web.access import public
from core.web.csrf import Expired, begins_without_session, refusal
from core.web.errors import EXPIRED, REFUSED
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language, speak
from core.web.services import db, now, services, settings, today
from core.web.sessions import SealedSession
from intake import referrals

pages = Blueprint("intake", __name__)

JOURNEY, RECEIVED = "journey", "received"


@pages.get("/")
@public
def show() -> str:
    """Show where this browser stands: start, a page, the check page or the confirmation."""
    if RECEIVED in session:
        return render_template("intake/received.html")
    if JOURNEY not in session:
        return _start()
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
    if JOURNEY in session:
        _take_page()
    elif go == "begin":
        _begin()
    return redirect(url_for("intake.show"), 303)


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
    if JOURNEY in session:
        files = Journey.load(session[JOURNEY]).files.values()
        # In a transaction of its own, so that it is over before the session's row is deleted.
        with services().database.transaction() as own:
            uploads.discard(own, files)


def _start(**notice: Any) -> str:
    return render_template("intake/start.html", open=keyring.established(db()), **notice)


def _begin() -> None:
    if not keyring.established(db()):
        raise keyring.NoKeys
    version = records.current(db(), referrals.QUESTIONNAIRE)
    session.pop(RECEIVED, None)
    session[JOURNEY] = Journey(version.id, version.digest).dump()
    session["language"] = language().tag


def _run() -> Run:
    journey = Journey.load(session[JOURNEY])
    form = form_of(journey)
    return Run(journey, form, language().tag, now())


def _take_page() -> None:
    run = _run()
    if run.take(request.form, request.files) is Outcome.SUBMIT:
        _submit(run)
        del session[JOURNEY]
        session[RECEIVED] = True
    else:
        session[JOURNEY] = run.journey.dump()


def _submit(run: Run) -> None:
    journey, parts = run.journey, settings().parts
    files = run.files.contents(run.filling)
    referrals.submit(
        db(), journey.submission, journey.version_id, run.filling, parts, today(), files
    )
    run.files.discard()


def _step(run: Run, **notice: Any) -> str:
    if run.at_check:
        return render_template("intake/check.html", sections=run.check(), **notice)
    return render_template("intake/page.html", view=run.page(), **notice)


def _again() -> Response:
    """Show the page of a refused post again, with what was typed, saving nothing."""
    title, text = EXPIRED if isinstance(refusal(), Expired) else REFUSED
    notice = {"notice_title": title, "notice": text}
    if JOURNEY not in session:
        return make_response(_start(**notice), 400)
    run = _run()
    if "page" not in request.form:  # the check page: nothing is typed there
        return make_response(_step(run, **notice), 400)
    view = run.page(request.form, request.files)
    return make_response(render_template("intake/page.html", view=view, **notice), 400)
