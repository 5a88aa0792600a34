"""The interviewer's page of devices: what has arrived from each, adding one, ending one."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, validators

from core import app_users
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.pictures import qr
from core.web.services import db, today
from surveys import arriving, collect

pages = Blueprint("devices", __name__, url_prefix="/interviews/devices")


class DeviceForm(StaffForm):
    """What she calls a new device."""

    name = StringField(validators=[validators.DataRequired(), validators.Length(max=60)])


@pages.get("")
@requires("entering")
def everything() -> str:
    """List her devices, and offer to add one."""
    return _list(DeviceForm())


@pages.post("")
@requires("entering")
def add() -> str:
    """Add a device; what lets it in is shown once."""
    form = DeviceForm()
    if not form.validate():
        return _list(form)
    token = app_users.add(db(), signed_in(), form.text("name"), today())
    server = url_for("openrosa.form_list", _external=True).removesuffix("/formList")
    code = qr(collect.settings(server, token, "zugang"))
    return render_template(
        "surveys/device_added.html",
        name=form.text("name"),
        code=code,
        server=server,
        user=collect.ANYBODY,
        token=token,
    )


@pages.post("/end")
@requires("entering")
def end() -> Response:
    """Let a device in no more."""
    app_users.end(db(), signed_in(), request.form.get("device", 0, type=int), today())
    return redirect(url_for("devices.everything"), 303)


def _list(form: DeviceForm) -> str:
    hers = app_users.of(db(), signed_in().person)
    counted = arriving.counted(db(), hers)
    return render_template("surveys/devices.html", form=form, devices=hers, counted=counted)
