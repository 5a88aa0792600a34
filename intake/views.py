"""The women's journey under one neutral address, and the way out of it."""

from typing import Any, cast

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import keyring, records
from core.web.access import public
from core.web.csrf import Expired, begins_without_session, refusal
from core.web.errors import EXPIRED, REFUSED
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language, speak
from core.web.services import db, now, settings, today
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
    cast("SealedSession", session).discard()
    response = redirect(settings().exit_url, 302)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


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
    if run.take(request.form) is Outcome.SUBMIT:
        journey = run.journey
        referrals.submit(
            db(), journey.submission, journey.version_id, run.filling, settings().parts, today()
        )
        del session[JOURNEY]
        session[RECEIVED] = True
    else:
        session[JOURNEY] = run.journey.dump()


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
    view = run.page(posted=request.form)
    return make_response(render_template("intake/page.html", view=view, **notice), 400)
