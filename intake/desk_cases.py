"""A case at the counsellors' desk: what was done, what is next, who holds it, handing it over."""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import keyring, people, retention, sampling
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.services import db, now, settings, today
from intake import cases, desk_documenting_views, desk_views, entries, handing
from intake.desk_forms import (
    ACCESS,
    BY_KIND,
    FORMS,
    KINDS,
    MEASURES,
    OUTCOMES,
    WAYS,
    empty_forms,
    said,
)
from intake.entries import DONE, STEP

pages = Blueprint("cases", __name__, url_prefix="/desk/cases")
pages.register_error_handler(NotHers, desk_views.gone)


@pages.get("/<uuid:case_id>")
@requires("referrals")
def show(case_id: object) -> str:
    """Show a case, how to reach her safely first."""
    return _case(str(case_id), {})


@pages.post("/<uuid:case_id>/entries")
@requires("referrals")
def write(case_id: object) -> str | Response:
    """Add an entry."""
    cases.find(db(), signed_in(), str(case_id))
    kind = request.form.get("kind", "")
    if kind not in BY_KIND:
        abort(400)
    form = BY_KIND[kind](prefix=f"{kind}-")
    if not form.validate():
        return _case(str(case_id), {kind: form})
    entries.write(db(), signed_in(), str(case_id), kind, said(form), today())
    return _again(case_id)


@pages.post("/<uuid:case_id>/take")
@requires("referrals")
def take(case_id: object) -> Response:
    """Hold a case from now on."""
    cases.take(db(), signed_in(), str(case_id))
    return _again(case_id)


@pages.post("/<uuid:case_id>/give-back")
@requires("referrals")
def give_back(case_id: object) -> Response:
    """Leave a case to whoever takes it next."""
    cases.give_back(db(), signed_in(), str(case_id))
    return _again(case_id)


@pages.post("/<uuid:case_id>/hand-over")
@requires("referrals")
def hand_over(case_id: object) -> Response:
    """Hand a case over to another part of the county."""
    cases.find(db(), signed_in(), str(case_id))
    part = request.form.get("part", "")
    if part not in keyring.PARTS:
        abort(400)
    handing.hand_over(db(), signed_in(), str(case_id), part, now())
    return redirect(url_for("desk.inbox"), 303)


@pages.post("/<uuid:case_id>/close")
@requires("referrals")
def close(case_id: object) -> Response:
    """Close a case: the work on it is done; what came of it is asked next."""
    cases.close(db(), signed_in(), str(case_id), today())
    case = cases.find(db(), signed_in(), str(case_id))
    desk_documenting_views.begin_at_closing(case)
    return redirect(url_for("documenting.show", case_id=case_id), 303)


@pages.post("/<uuid:case_id>/reopen")
@requires("referrals")
def reopen(case_id: object) -> Response:
    """Open a closed case again."""
    cases.reopen(db(), signed_in(), str(case_id))
    return _again(case_id)


def _again(case_id: object) -> Response:
    return redirect(url_for("cases.show", case_id=case_id), 303)


def _case(case_id: str, typed: dict[str, StaffForm]) -> str:
    case = cases.find(db(), signed_in(), case_id)
    written = entries.read(db(), signed_in(), case)
    done = {entry.said["step"] for entry in written if entry.kind == DONE}
    steps = [entry for entry in written if entry.kind == STEP and entry.id not in done]
    opened = [desk_views.opened(one.id) for one in cases.responses_of(db(), case)]
    access = entries.access_of(written, opened[0].answers if opened else {})
    months = settings().keep_identity_months
    return render_template(
        "desk/case.html",
        case=case,
        code=pseudonym,
        referrals=opened,
        written=written,
        days={one.id: date.fromisoformat(one.said["day"]) for one in written if one.kind == STEP},
        steps=sorted(steps, key=lambda step: str(step.said["day"])),
        access=ACCESS.get(access),
        asked=sampling.state(db(), sampling.CLIENT, pseudonym(case.id)),
        documented=desk_documenting_views.state_of(case),
        forms=empty_forms(access) | typed,
        typed=typed,
        others=[part for part in keyring.PARTS if part != case.part],
        names={person.id: person.name for person in people.everyone(db())},
        me=signed_in().person.id,
        months=months,
        due=retention.due(case.closed, months) if case.closed else None,
        kinds=KINDS,
        words={
            "way": WAYS,
            "outcome": OUTCOMES,
            "form": FORMS,
            "access": ACCESS,
            "measures": MEASURES,
        },
    )
