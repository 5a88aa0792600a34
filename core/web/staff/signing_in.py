"""Coming in and going: invitation, sign-in, sign-out, and the way to her work."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, validators

from core import audit, invitations, passphrases, people
from core.people import Person, SignedIn
from core.throttle import ACCOUNT
from core.web import unsent
from core.web.access import let_in, let_out, public, signed_in, someone_signed_in, was_signed_in
from core.web.forms import StaffForm, told
from core.web.locale import speak
from core.web.services import db, now, today
from core.web.staff import second_step
from core.web.staff.strength import NewPassphraseForm
from core.web.staff.trying import please_wait, tries

pages = Blueprint("staff", __name__, url_prefix="/staff")

TAKEN = _l("Diesen Namen gibt es schon. Bitte wählen Sie einen anderen.")

HOMES = {
    people.COORDINATOR: "people.everyone",
    people.COUNSELLOR: "desk.inbox",
    people.INTERVIEWER: "surveys.overview",
    people.EVALUATOR: "exports.overview",
}


class SignInForm(StaffForm):
    """Name and passphrase."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])
    passphrase = PasswordField(validators=[validators.InputRequired(), validators.Length(max=500)])


class AcceptForm(NewPassphraseForm):
    """Her name, and the passphrase typed twice."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])


@pages.get("/")
@public
def home() -> Response:
    """Lead to the page where her work is."""
    if not someone_signed_in():
        return redirect(url_for("staff.sign_in"), 303)
    if unsent.waiting():
        return redirect(url_for("sessions.unsent_forms"), 303)
    return redirect(url_for(HOMES[signed_in().person.role]), 303)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> str | Response:
    """Ask for name and passphrase."""
    session.setdefault("visits", 1)  # a form token needs a session
    form = SignInForm()
    if request.method == "POST" and form.validate():
        who = _tried(form)
        if who is not None:
            return second_step.come_in(who)
    return render_template(
        "staff/sign_in.html", form=form, ended=was_signed_in(), unsent=unsent.waiting()
    )


def _tried(form: SignInForm) -> SignedIn | None:
    door = tries(ACCOUNT, people.clean_name(form.text("name")))
    wait = door.count(now())  # before the derivation, which takes time that others could use
    if wait:
        told(form.passphrase, please_wait(wait))
        return None
    who = passphrases.sign_in(db(), form.text("name"), form.text("passphrase"))
    if who is None:
        _note_refusal(form.text("name"))
        told(form.passphrase, _("Name oder Passwort-Satz stimmen nicht."))
        return None
    door.forget(now())
    return who


def _note_refusal(name: str) -> None:
    person = people.named(db(), name)
    if person is not None:  # what else is typed as a name may be a passphrase
        audit.note(db(), person.id, "refused", "sign-in")


@pages.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session on this device."""
    let_out()
    return redirect(url_for("staff.sign_in"), 303)


@pages.post("/language")
@public
def choose_language() -> Response:
    """Change the language and go back to her page."""
    speak(request.form.get("language", ""))
    return redirect(url_for("staff.home"), 303)


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> str | Response:
    """Let an invited person choose her passphrase."""
    person = invitations.invited(db(), token, now())
    session.setdefault("visits", 1)
    form = AcceptForm(name=person.name)
    if request.method == "POST" and form.will_do(form.text("name")):
        if people.is_free(db(), form.text("name"), person):
            return _accept(token, person, form)
        told(form.name, TAKEN)
    return render_template("staff/accept.html", form=form, person=person)


def _accept(token: str, person: Person, form: AcceptForm) -> str | Response:
    code = invitations.accept(db(), token, form.text("name"), form.text("passphrase"), now())
    who = passphrases.sign_in(db(), person.name, form.text("passphrase"))
    if who is None:  # cannot be: the passphrase was set a moment ago
        raise invitations.InvitationGone
    let_in(who)
    if code is not None:
        return render_template(
            "staff/recovery.html", code=code, made=today(), again=False, onward="staff.home"
        )
    return redirect(url_for("staff.home"), 303)
