"""The coordinator's pages of exact tables: what went out, and letting a period out for good."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField, validators

from core import approving, people, periods
from core.people import Person
from core.periods import Period, PeriodError
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.locale import language
from core.web.services import db, forget_changes, settings, today
from core.web.words import QUESTIONNAIRES
from exports.pages.report_views import PeriodForm, number, tables, words
from exports.release import period_releases, reporting
from exports.release.period_releases import PeriodRelease

pages = Blueprint("releases", __name__, url_prefix="/releases")


class ReleaseForm(StaffForm):
    """Why exact tables go out."""

    reason = TextAreaField(validators=[validators.DataRequired(), validators.Length(max=1000)])


@dataclass(frozen=True)
class Released:
    """A line of the ledger, opened."""

    period: str
    day: date
    who: str
    reason: str


@pages.get("/")
@requires("releases")
def overview() -> str:
    """Show which periods went out, and offer the others."""
    return _overview()


@pages.get("/preview")
@requires("releases")
def preview() -> str:
    """Show the exact tables of a period as they would go out."""
    written = request.args.get("period", "")
    return _preview(_free(written), ReleaseForm()) if written else _overview()


@pages.post("/preview")
@requires("releases")
def release() -> str | Response:
    """Let the exact tables of a period out, once and for all."""
    form, period = ReleaseForm(), _free(request.form.get("period", ""))
    if not form.validate():
        return _preview(period, form)
    reporting.release(db(), signed_in(), period, form.text("reason"), settings(), today())
    return redirect(url_for("releases.overview"), 303)


@pages.errorhandler(PeriodError)
def refuse(_error: PeriodError) -> tuple[str, int]:
    """Say which periods can go out, instead of the one that was asked for."""
    forget_changes()
    return _overview(refused=True, reason=request.form.get("reason", "")), 400


def _free(written: str) -> Period:
    """Return a period that may go out; raise PeriodError."""
    period = periods.read(written)
    periods.check(period, settings().programme, today())
    period_releases.refuse_overlap(db(), period)
    return period


def _overview(*, refused: bool = False, reason: str = "") -> str:
    possible = reporting.releasable(db(), settings(), today())
    return render_template(
        "exports/period_releases.html",
        form=PeriodForm().offer(possible),
        possible=possible,
        released=[_opened(entry) for entry in period_releases.every(db())],
        waiting=approving.waiting(db()),
        names=QUESTIONNAIRES,
        staff={person.id: person.name for person in people.everyone(db())},
        refused=refused,
        reason=reason.strip(),
    )


def _preview(period: Period, form: ReleaseForm) -> str:
    found = reporting.preview(db(), signed_in(), period, settings(), language().tag)
    shown = tables(found.figures, {})
    return render_template(
        "exports/release_preview.html",
        form=form,
        period=period,
        words=words(period),
        tables=shown,
        small=sum(table.small for _figure, some in shown for table in some),
        number=number,
        left_out=found.left_out,
        without=found.without,
        alike=found.alike,
    )


def _opened(entry: PeriodRelease) -> Released:
    person = db().get_one(Person, entry.person_id)
    reason = str(period_releases.opened(signed_in(), entry)["reason"])
    return Released(words(entry.of), entry.released, person.name, reason)
