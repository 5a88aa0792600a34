"""A counsellor writes a referral for a woman who phoned or came, with the same questions."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.journey import Run
from core.web.services import db
from core.web.shelves import InDraft
from intake import referrals, walking
from intake.desk_forms import ACCESS
from intake.walking import Walk

pages = Blueprint("entering", __name__, url_prefix="/desk/new")

WALK = Walk(InDraft("referral"), numbered=True)  # a phone call is not to be lost
WAYS = {way: words for way, words in ACCESS.items() if way != "web_form"}
_SHOWN = {"title": _l("Nachricht für eine Frau schreiben")}


class BeginForm(StaffForm):
    """How she came to us."""

    access = SelectField(choices=[SelectChoice(*way) for way in WAYS.items()], default="self")


@pages.get("")
@requires("referrals")
def show() -> str:
    """Show the start, or where the referral stands that is under way."""
    if not WALK.has_begun:
        return _start(BeginForm(None))
    run = WALK.run()
    if run.at_check:
        return render_template("desk/run_check.html", sections=run.check(), **_SHOWN)
    return render_template("desk/run_page.html", view=run.page(), **_SHOWN)


@pages.post("")
@requires("referrals")
def take() -> str | Response:
    """Begin, take what was entered, or throw it away; on the last step, send it."""
    if not WALK.has_begun:
        form = BeginForm()
        if not form.validate():
            return _start(form)
        WALK.begin(form.text("access"))
    elif request.form.get("go") == "discard":
        WALK.forget()
    else:
        WALK.take(_note)
        if request.form.get("go") == "pause":
            return redirect(url_for("desk.inbox"), 303)
    return redirect(url_for("entering.show"), 303)


def _start(form: BeginForm) -> str:
    number = walking.number()
    session.pop(walking.NUMBER, None)  # it would let her own session end sooner
    return render_template("desk/entering.html", form=form, number=number)


def _note(run: Run) -> None:
    referrals.note_author(db(), signed_in(), run.journey.submission)
