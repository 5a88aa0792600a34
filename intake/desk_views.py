"""The counsellors' desk: the inbox of their part of the county, one referral opened."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import records, retention
from core.web.access import requires, signed_in
from core.web.locale import language
from core.web.reading import sections_of
from core.web.services import db, now, settings, today
from intake import referrals
from intake.retention import deleted
from xlsform.fields.filetypes import media_type

pages = Blueprint("desk", __name__, url_prefix="/desk")


@pages.get("/")
@requires("referrals")
def inbox() -> str:
    """List the referrals she may open; nothing of their content is shown here."""
    return render_template("desk/inbox.html", responses=referrals.inbox(db(), signed_in()))


@pages.get("/<uuid:response_id>")
@requires("referrals")
def referral(response_id: object) -> str:
    """Show one referral, the safety notes first."""
    response, answers = referrals.open_for(db(), signed_in(), str(response_id))
    form = records.form_of(db(), response.version_id)
    first = {path: text for path, text in answers.items() if path in referrals.SAFETY}
    then = {path: text for path, text in answers.items() if path not in referrals.SAFETY}
    sections = [
        section
        for part in (first, then)
        for section in sections_of(form, part, language().tag, now())
    ]
    months = settings().keep_identity_months
    return render_template(
        "desk/referral.html",
        response=response,
        sections=sections,
        months=months,
        due=retention.due(response.closed, months) if response.closed else None,
        deleted=deleted(db(), response, settings().zone),
    )


@pages.post("/<uuid:response_id>/close")
@requires("referrals")
def close(response_id: object) -> Response:
    """Close a referral: the work on it is done."""
    referrals.close(db(), signed_in(), str(response_id), today())
    return redirect(url_for("desk.referral", response_id=response_id), 303)


@pages.post("/<uuid:response_id>/reopen")
@requires("referrals")
def reopen(response_id: object) -> Response:
    """Open a closed referral again."""
    referrals.reopen(db(), signed_in(), str(response_id))
    return redirect(url_for("desk.referral", response_id=response_id), 303)


@pages.get("/<uuid:response_id>/files/<name>")
@requires("referrals")
def file(response_id: object, name: str) -> Response:
    """Hand out a file of a referral, to be saved: a browser shows nothing of it by itself."""
    content = referrals.open_file(db(), signed_in(), str(response_id), name)
    response = Response(content, mimetype=media_type(name))
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
