"""The pages of a client who answers alone: one neutral address, safe like those of a referral."""

from typing import Any, cast

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import answer_links, keyring, versions
from core.answer_links import AnswerLink
from core.web.access import public
from core.web.csrf import Expired, Refused, begins_without_session, refusal
from core.web.errors import EXPIRED, REFUSED
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language, speak
from core.web.services import db, now, today
from core.web.sessions import SealedSession
from surveys import alone

pages = Blueprint("alone", __name__, url_prefix="/s")

JOURNEY, SENT = "journey alone", "sent alone"  # leaving discards the files of every "journey …"


@pages.get("/<token>")
@public
def show(token: str) -> str:
    """Show where she stands: the start, a page, the check page, that it has arrived."""
    if session.get(SENT) == token:
        return render_template("surveys/alone/received.html")
    link = answer_links.find(db(), token, today())
    return _step(_run()) if _has_begun(token) else _start(link)


@pages.post("/<token>")
@public
@begins_without_session
def take(token: str) -> Response:
    """Take what was typed or pressed, then lead back to the same address."""
    refused = refusal()
    if refused is not None:
        return _again(token, refused)
    go = request.form.get("go", "")
    if go.startswith("language:"):
        speak(go.removeprefix("language:"))
    if session.get(SENT) == token:
        if go == "done":
            cast("SealedSession", session).discard()
            return redirect(url_for("intake.show"), 303)
    elif _has_begun(token):
        _take_page(token)
    elif go == "begin":
        _begin(token)
    return redirect(url_for("alone.show", token=token), 303)


def _begin(token: str) -> None:
    link = answer_links.find(db(), token, today())
    if not keyring.established(db()):
        raise keyring.NoKeys
    version = versions.current(db(), link.questionnaire)
    journey = Journey(version.id, version.digest)
    questions = form_of(journey).questions
    journey.answers = {p: text for p, text in alone.known(db(), link).items() if p in questions}
    session["language"] = language().tag
    _keep(token, journey)


def _take_page(token: str) -> None:
    run = _run()
    if run.take(request.form, request.files) is not Outcome.SUBMIT:
        _keep(token, run.journey)
        return
    journey, files = run.journey, run.files.contents(run.filling)
    sent = alone.Answered(journey.submission, journey.version_id, run.filling, today(), files)
    alone.submit(db(), token, sent)
    run.files.discard()
    del session[JOURNEY]
    session[SENT] = token


def _keep(token: str, journey: Journey) -> None:
    session[JOURNEY] = journey.dump() | {"link": token}


def _has_begun(token: str) -> bool:
    return JOURNEY in session and session[JOURNEY]["link"] == token


def _run() -> Run:
    journey = Journey.load(session[JOURNEY])
    return Run(journey, form_of(journey), language().tag, now())


def _start(link: AnswerLink, **notice: Any) -> str:
    return render_template("surveys/alone/start.html", until=link.until, **notice)


def _step(run: Run, **notice: Any) -> str:
    if run.at_check:
        return render_template("surveys/alone/check.html", sections=run.check(), **notice)
    return render_template("intake/page.html", view=run.page(), **notice)


def _again(token: str, refused: Expired | Refused) -> Response:
    """Show the page of a refused post again, with what was typed, saving nothing."""
    title, text = EXPIRED if isinstance(refused, Expired) else REFUSED
    notice = {"notice_title": title, "notice": text}
    if not _has_begun(token):
        link = answer_links.known(db(), token, today())
        if link is None:
            raise refused
        return make_response(_start(link, **notice), 400)
    run = _run()
    if "page" not in request.form:  # the check page: nothing is typed there
        return make_response(_step(run, **notice), 400)
    view = run.page(request.form, request.files)
    return make_response(render_template("intake/page.html", view=view, **notice), 400)
