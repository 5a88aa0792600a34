"""The coordinator's page of staff: who is there, inviting somebody."""

from flask import Blueprint, render_template, url_for
from wtforms import SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core import invitations, people
from core.people import COORDINATOR, COUNSELLOR
from core.web.access import requires, signed_in
from core.web.forms import StaffForm, told
from core.web.services import db, now
from core.web.staff.signing_in import TAKEN
from core.web.words import PARTS, ROLES

pages = Blueprint("people", __name__, url_prefix="/staff/people")

INVITED = tuple(role for role in ROLES if role != COORDINATOR)


class InviteForm(StaffForm):
    """Whom to invite, and as what."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])
    role = SelectField(choices=[SelectChoice(role, ROLES[role]) for role in INVITED])
    part = SelectField(choices=[SelectChoice(*part) for part in PARTS.items()])


@pages.get("")
@requires("people")
def everyone() -> str:
    """List the staff, and offer to invite somebody."""
    return _people(InviteForm())


@pages.post("")
@requires("people")
def invite() -> str:
    """Invite a person; her one-time link is shown once."""
    form = InviteForm()
    if not form.validate():
        return _people(form)
    if not people.is_free(db(), form.text("name")):
        told(form.name, TAKEN)
        return _people(form)
    part = form.part.data if form.role.data == COUNSELLOR else ""
    token = invitations.invite(db(), signed_in(), form.text("name"), form.role.data, part, now())
    link = url_for("staff.accept", token=token, _external=True)
    return render_template("staff/invited.html", link=link, name=form.text("name"))


def _people(form: InviteForm) -> str:
    return render_template("staff/people.html", form=form, people=people.everyone(db()))
