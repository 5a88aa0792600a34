"""Nobody can sign in any more: whoever has the printed recovery key becomes coordinator."""

from flask import Blueprint, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import TextAreaField, validators

from core import passphrases, recovery, staffing, throttle
from core.invitations import InvitationGone
from core.people import NameTaken
from core.recovery import NotARecoveryKey, UnknownWord, WrongLength
from core.staffing import DeadRecoveryKey
from core.throttle import Gate
from core.web.access import let_in, public
from core.web.forms import told
from core.web.services import db, now, today
from core.web.staff.signing_in import TAKEN, AcceptForm
from core.web.staff.trying import please_wait, tries

pages = Blueprint("recovery", __name__, url_prefix="/staff/recovery")

# A key of 128 bits is not guessed: this keeps the door quiet. It is a door for each network, so
# that nobody can keep the one with the paper outside.
DOOR = Gate("recovery", free=10)


class RecoverForm(AcceptForm):
    """The words on the paper, and who comes in with them."""

    words = TextAreaField(validators=[validators.DataRequired(), validators.Length(max=1000)])


@pages.route("", methods=["GET", "POST"])
@public
def begin() -> str | Response:
    """Ask for the words; with the right ones, show those that follow them."""
    session.setdefault("visits", 1)  # a form token needs a session
    form = RecoverForm()
    if request.method == "POST" and form.will_do(form.text("name")):
        code = _recovered(form)
        if code is not None:
            return _let_in(form, code)
    return render_template("staff/recover.html", form=form, count=recovery.WORDS)


def _recovered(form: RecoverForm) -> str | None:
    door = tries(DOOR, throttle.network_of(request.remote_addr or ""))
    wait = door.count(now())
    if wait:
        told(form.words, please_wait(wait))
        return None
    try:
        return staffing.recover(
            db(), form.text("words"), form.text("name"), form.text("passphrase"), now()
        )
    except NotARecoveryKey as error:
        told(form.words, _mistake(error))
    except NameTaken:
        told(form.name, TAKEN)
    return None


def _let_in(form: RecoverForm, code: str) -> str:
    who = passphrases.sign_in(db(), form.text("name"), form.text("passphrase"))
    if who is None:  # cannot be: the passphrase was set a moment ago
        raise InvitationGone
    let_in(who)
    return render_template(
        "staff/recovery.html", code=code, made=today(), again=True, onward="keys.overview"
    )


def _mistake(error: NotARecoveryKey) -> str:
    if isinstance(error, UnknownWord):
        return str(_("Das %(n)s. Wort kenne ich nicht. Bitte prüfen Sie es.", n=error.position))
    if isinstance(error, WrongLength):
        return str(
            _(
                "Ein Notschlüssel hat %(right)s Wörter, hier sind es %(n)s.",
                right=recovery.WORDS,
                n=error.count,
            )
        )
    if isinstance(error, DeadRecoveryKey):
        return str(_("Dieser Notschlüssel gilt hier nicht. Vielleicht gibt es einen neueren."))
    return str(
        _(
            "Ein Wort ist falsch oder steht an der falschen Stelle. "
            "Bitte vergleichen Sie alle mit dem Blatt."
        )
    )
