"""Her own account: the passphrase, second factors, spare codes."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField, validators

from core import factors, passkeys, passphrases
from core.mail import ADDRESS
from core.notices import NOTIFIED
from core.people import SignedIn
from core.throttle import ACCOUNT
from core.web.access import let_in, requires, signed_in
from core.web.forms import StaffForm, told
from core.web.pictures import qr
from core.web.services import db, now, settings, today
from core.web.staff.second_step import (
    challenge,
    challenged,
    is_last,
    lacks_one,
    passkeys_work,
    site,
)
from core.web.staff.strength import NewPassphraseForm
from core.web.staff.trying import please_wait, tries

pages = Blueprint("account", __name__, url_prefix="/staff/account")

_ADDING = "adding"  # the secret of an app, until its first code was right


def _passphrase() -> PasswordField:
    return PasswordField(validators=[validators.InputRequired(), validators.Length(max=500)])


class ChangeForm(NewPassphraseForm):
    """The passphrase she has, and the new one typed twice."""

    old = _passphrase()


class NoticeForm(StaffForm):
    """Where notices go, "" for nowhere."""

    mail = StringField(
        filters=[lambda typed: (typed or "").strip()],
        validators=[
            validators.Optional(),
            validators.Length(max=200),
            validators.Regexp(rf"{ADDRESS}\Z", message=_l("Bitte prüfen Sie die E-Mail-Adresse.")),
        ],
    )


class ConfirmForm(StaffForm):
    """Her passphrase, so that nobody at a desk she left takes her second factor away."""

    passphrase = _passphrase()

    def right(self) -> bool:
        """Say whether it is hers."""
        return self.validate() and _is_hers(self.passphrase)


class AppForm(StaffForm):
    """What she calls the app, and the first code it shows."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])
    code = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])


class PasskeyForm(StaffForm):
    """What she calls the passkey, and what the device says of it."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])
    answer = HiddenField(validators=[validators.Length(max=20_000)])


@pages.get("")
@requires("account")
def show() -> str:
    """Show who she is here, what she signs in with, and where notices go."""
    return _account(NoticeForm(None, mail=signed_in().person.mail))


@pages.post("")
@requires("account")
def notify() -> str | Response:
    """Send notices to another address from now on, or to none."""
    form, person = NoticeForm(), signed_in().person
    if not form.validate():
        return _account(form)
    person.mail = form.text("mail")
    return redirect(url_for("account.show"), 303)


def _account(form: NoticeForm) -> str:
    person = signed_in().person
    return render_template(
        "staff/account.html",
        person=person,
        form=form if person.role in NOTIFIED else None,
        mailing=settings().smtp is not None,
        factors=factors.of(db(), person),
        codes=factors.codes_left(db(), person),
        missing=lacks_one(person),
        required=settings().second_factor_required,
        passkeys_work=passkeys_work(),
    )


@pages.route("/passphrase", methods=["GET", "POST"])
@requires("account")
def change() -> str | Response:
    """Give her another passphrase; all her other sessions end."""
    who, form = signed_in(), ChangeForm()
    if request.method == "POST" and form.will_do(who.person.name) and _is_hers(form.old):
        passphrases.change(db(), who, form.text("passphrase"))
        let_in(who)
        return render_template("staff/changed.html")
    return render_template("staff/passphrase.html", form=form)


@pages.route("/app", methods=["GET", "POST"])
@requires("account")
def add_app() -> str | Response:
    """Add an app that shows one-time passwords."""
    who, form = signed_in(), AppForm(name=_("Mein Telefon"))
    secret = session.setdefault(_ADDING, factors.new_secret())
    if request.method == "POST" and form.validate():
        added = factors.add_totp(db(), who, form.text("name"), secret, form.text("code"), now())
        if added is not None:
            del session[_ADDING]
            return _added(who)
        told(form.code, _("Diese Zahl stimmt nicht. Bitte nehmen Sie die, die gerade da steht."))
    address = factors.address(secret, who.person)
    return render_template("staff/app.html", form=form, secret=_in_groups(secret), qr=qr(address))


@pages.route("/passkey", methods=["GET", "POST"])
@requires("account")
def add_passkey() -> str | Response:
    """Add a passkey; the browser's script talks to the device."""
    who, form = signed_in(), PasskeyForm(name=_("Mein Gerät"))
    if request.method == "POST" and form.validate():
        added = passkeys.add(
            db(), who, site(), challenged(), form.text("answer"), form.text("name"), today()
        )
        if added is not None:
            return _added(who)
        told(form.name, _("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."))
    options = challenge(passkeys.ask_to_add(db(), who, site()))
    return render_template("staff/passkey.html", form=form, options=options)


@pages.route("/factors/<int:factor_id>/remove", methods=["GET", "POST"])
@requires("account")
def remove(factor_id: int) -> str | Response:
    """Take a second factor away once she has typed her passphrase."""
    who, form = signed_in(), ConfirmForm()
    factor = factors.hers(db(), who.person, factor_id)
    kept = settings().second_factor_required and is_last(factor, who.person)
    if request.method == "POST" and not kept and form.right():
        factors.remove(db(), who, factor)
        return redirect(url_for("account.show"), 303)
    return render_template("staff/remove.html", form=form, factor=factor, kept=kept)


@pages.route("/codes", methods=["GET", "POST"])
@requires("account")
def renew_codes() -> str:
    """Make new spare codes once she has typed her passphrase; they are shown once."""
    form = ConfirmForm()
    if request.method == "POST" and form.right():
        return _codes(signed_in())
    return render_template("staff/renew_codes.html", form=form)


def _added(who: SignedIn) -> str | Response:
    if factors.codes_left(db(), who.person):
        return redirect(url_for("account.show"), 303)
    return _codes(who)


def _codes(who: SignedIn) -> str:
    return render_template("staff/codes.html", codes=factors.new_codes(db(), who, today()))


def _is_hers(field: PasswordField) -> bool:
    person = signed_in().person
    door = tries(ACCOUNT, person.name)
    wait = door.count(now())
    if wait:
        told(field, please_wait(wait))
        return False
    if not passphrases.is_hers(person, field.data or ""):
        told(field, _("Das ist nicht Ihr Passwort-Satz."))
        return False
    door.forget(now())
    return True


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
