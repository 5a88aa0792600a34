"""The second step of signing in, and who must have a second factor.

Between the steps the browser's sealed session says whose passphrase was right. That opens no page,
and is over after ten minutes: her private half lies in a row that is swept then, locked under a key
that only this session has.
"""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, validators

from core import audit, factors, passkeys, people, uploads
from core.factors import CODE, Factor
from core.passkeys import Site
from core.people import Person, SignedIn
from core.throttle import SECOND_STEP
from core.uploads import Gone, Receipt
from core.web import access
from core.web.access import let_in, public, signed_in, someone_signed_in
from core.web.forms import StaffForm, told
from core.web.services import db, now, settings
from core.web.staff.trying import please_wait, tries

pages = Blueprint("second_step", __name__, url_prefix="/staff/second-step")

SECONDS = 10 * 60
_DOOR, _CHALLENGE = "door", "challenge"


class SecondStepForm(StaffForm):
    """A code of hers, or what her passkey says."""

    code = StringField(validators=[validators.Length(max=100)])
    answer = HiddenField(validators=[validators.Length(max=20_000)])


def init_app(app: Flask) -> None:
    """Lead who needs a second factor to where she sets one up, before anything else."""
    app.before_request(_guard)
    app.jinja_env.globals["reminded"] = reminded


def come_in(who: SignedIn) -> Response:
    """Let in whose passphrase was right, or ask for the second step first."""
    if not factors.of(db(), who.person):
        let_in(who)
        return redirect(url_for("staff.home"), 303)
    access.begin_anew(who.person.id)
    kept = uploads.keep(db(), _DOOR, who.pair.private, SECONDS)
    session[_DOOR] = {"person": who.person.id, "id": kept.id, "key": kept.key}
    return redirect(url_for("second_step.ask"), 303)


def lacks_one(person: Person) -> bool:
    """Say whether she opens contacts and has no second factor yet."""
    return factors.needed(person) and not factors.of(db(), person)


def reminded() -> bool:
    """Say whether this page reminds her of the second factor that she lacks."""
    return request.blueprint != "account" and someone_signed_in() and lacks_one(signed_in().person)


def is_last(factor: Factor, person: Person) -> bool:
    """Say whether she opens contacts and has no other second factor."""
    return factors.needed(person) and factors.of(db(), person) == [factor]


def site() -> Site:
    """Return where the browser believes to be."""
    origin = request.host_url.rstrip("/")
    return Site(urlsplit(origin).hostname or "", origin)


def passkeys_work() -> bool:
    """Say whether browsers use passkeys here: behind TLS or on localhost, under a name."""
    host = site().host
    is_number = ":" in host or host.rpartition(".")[2].isdigit()
    return host == "localhost" or (request.is_secure and not is_number)


def challenge(question: passkeys.Question) -> str:
    """Remember what a device is asked, and return the question for the page."""
    session[_CHALLENGE] = question.challenge.hex()
    return question.options


def challenged() -> bytes:
    """Return what a device was asked last; each question is answered once."""
    return bytes.fromhex(session.pop(_CHALLENGE, ""))


@pages.route("", methods=["GET", "POST"])
@public
def ask() -> str | Response:
    """Ask whose passphrase was right for the second step."""
    who = _at_the_door()
    if who is None:
        return redirect(url_for("staff.sign_in"), 303)
    form = SecondStepForm()
    if request.method == "POST" and form.validate():
        taken = _tried(who, form)
        if taken is not None:
            uploads.discard(db(), [_kept()])
            let_in(who)
            return redirect(url_for("account.show" if taken == CODE else "staff.home"), 303)
    question = passkeys.ask(db(), who, site())
    return render_template(
        "staff/second_step.html",
        form=form,
        app=bool(factors.of(db(), who.person, factors.TOTP)),
        options=challenge(question) if question else "",
    )


def _tried(who: SignedIn, form: SecondStepForm) -> str | None:
    door = tries(SECOND_STEP, str(who.person.id))
    wait = door.count(now())
    if wait:
        told(form.code, please_wait(wait))
        return None
    taken = _take(who, form)
    if taken is None:
        audit.note(db(), who.person.id, "refused", f"person:{who.person.id}:factors")
        told(form.code, _("Das stimmt nicht oder wurde schon benutzt. Bitte noch einmal."))
    else:
        db().commit()  # used up, whatever follows; and the door's own writing waits for nobody
        door.forget(now())
    return taken


def _take(who: SignedIn, form: SecondStepForm) -> str | None:
    answer, asked = form.text("answer"), challenged()
    if answer:
        right = passkeys.take(db(), who, site(), asked, answer)
        return factors.PASSKEY if right else None
    return factors.take(db(), who, form.text("code"), now())


def _at_the_door() -> SignedIn | None:
    door = session.get(_DOOR)
    person = db().get(Person, door["person"]) if door else None
    if door is None or person is None or person.left is not None:
        return None
    try:
        private = uploads.read(db(), _kept())
    except Gone:
        return None
    return people.reopen(db(), person, private)


def _kept() -> Receipt:
    return Receipt(_DOOR, session[_DOOR]["id"], session[_DOOR]["key"])


def _guard() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    rule = access.rule_of(view) if view else None
    if not rule or rule == "account" or not someone_signed_in():
        return None
    if settings().second_factor_required and lacks_one(signed_in().person):
        return redirect(url_for("account.show"), 303)
    return None
