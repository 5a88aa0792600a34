"""The coordinator's page of partners: who has an address of their own, a new one, ending one."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core.people import NotHers
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.services import db, today
from intake import partners
from intake.desk_forms import ACCESS

pages = Blueprint("partners", __name__, url_prefix="/staff/partners")

OFFICES = {way: words for way, words in ACCESS.items() if way not in {"web_form", "self"}}


class PartnerForm(StaffForm):
    """Who gets an address, and how women who come from there are counted."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=100)])
    way = SelectField(choices=[SelectChoice(*way) for way in OFFICES.items()])


@pages.get("")
@requires("people")
def everyone() -> str:
    """List the partners, and offer to make an address for one."""
    return _list(PartnerForm())


@pages.post("")
@requires("people")
def make() -> str:
    """Make an address for a partner; it is shown once."""
    form = PartnerForm()
    if not form.validate():
        return _list(form)
    token = partners.make(db(), signed_in(), form.text("name"), form.text("way"), today())
    link = url_for("partner.show", token=token, _external=True)
    return render_template("desk/partner_made.html", name=form.text("name"), link=link)


@pages.post("/end")
@requires("people")
def end() -> Response:
    """Close the address of a partner at once."""
    try:
        link_id = bytes.fromhex(request.form.get("partner", ""))
    except ValueError:
        raise NotHers from None
    partners.end(db(), signed_in(), link_id, today())
    return redirect(url_for("partners.everyone"), 303)


def _list(form: PartnerForm) -> str:
    return render_template(
        "desk/partners.html", form=form, partners=partners.everyone(db()), ways=ACCESS
    )
