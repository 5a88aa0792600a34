"""The page of a partner: an office fills in the same questions for a woman, with her consent."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response

from core import keyring
from core.people import NotHers
from core.web import floods
from core.web.access import public
from core.web.csrf import begins_without_session, refusal
from core.web.locale import language, speak
from core.web.services import db
from intake import partners, walking
from intake.partners import PartnerLink
from intake.walking import Walk

pages = Blueprint("partner", __name__, url_prefix="/p")

RECEIVED = "received for her"


@pages.get("/<token>")
@public
def show(token: str) -> str:
    """Show where this browser stands: start, a page, the check page or the confirmation."""
    link = _link(token)
    walk = _walk(link)
    if walk.has_begun:
        return walking.step(walk.run())
    if session.get(RECEIVED) == link.id.hex():
        return render_template("intake/partner/received.html")
    return _start(link, **walking.over())


@pages.post("/<token>")
@public
@begins_without_session
def take(token: str) -> Response:
    """Take what was typed or pressed, then lead back to the same address."""
    link = _link(token)
    walk, go = _walk(link), request.form.get("go", "")
    if refusal() is not None:
        return _again(link, walk)
    if go.startswith("language:"):
        speak(go.removeprefix("language:"))
    if walk.has_begun:
        if walk.take():
            session[RECEIVED] = link.id.hex()
    elif go == "begin":
        if floods.asks_for_ticket():
            return make_response(_start(link, **walking.waiting()), 429)
        _begin(link, walk)
    return redirect(request.path, 303)


def _link(token: str) -> PartnerLink:
    try:
        return partners.find(db(), token)
    except partners.Ended:
        abort(410)
    except NotHers as nobody:
        raise refusal() or nobody from None


def _walk(link: PartnerLink) -> Walk:
    return Walk(walking.in_session(link.id.hex()))


def _begin(link: PartnerLink, walk: Walk) -> None:
    if not keyring.established(db()):
        raise keyring.NoKeys
    session.pop(RECEIVED, None)
    session["language"] = language().tag
    walk.begin(link.way, link.name)


def _start(link: PartnerLink, ticket: str = "", **notice: Any) -> str:
    return render_template(
        "intake/partner/start.html",
        name=link.name,
        open=keyring.established(db()),
        ticket=ticket,
        **notice,
    )


def _again(link: PartnerLink, walk: Walk) -> Response:
    if not walk.has_begun:
        return make_response(_start(link, **walking.refused()), 400)
    return walking.again(walk.run(), **walking.refused())
