"""The pages of the ledger: what is out, what came out lately, and what would go out next."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import format_percent
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField

from core import periods, versions
from core.web.access import requires, signed_in
from core.web.forms import StaffForm, told
from core.web.locale import language
from core.web.services import db, settings, today
from core.web.words import QUESTIONNAIRES
from exports.anonymise.leaves import TaxonomyError
from exports.pages.declaring_views import said
from exports.pages.report_views import words
from exports.release import (
    declaring,
    ledger,
    open_words,
    outgoing,
    planning,
    releases,
    verifying,
)
from exports.release.batches import rules_of
from exports.release.ledger import Since
from exports.release.planning import Planned

pages = Blueprint("ledger", __name__, url_prefix="/results/ledger")


class LettingOutForm(StaffForm):
    """That she is sure."""

    sure = BooleanField()


@pages.get("")
@requires("results")
def show() -> str:
    """Show everything that is out, and what is new since a day or since her last file."""
    return _ledger()


@pages.post("/verify")
@requires("results")
def verify() -> str:
    """Work out every promise again, and say what was found."""
    return _ledger(faults=list(verifying.verify(db(), signed_in())))


@pages.get("/plan")
@requires("plans")
def plan() -> str:
    """Show what would go out now."""
    return _plan(LettingOutForm(), _plans())


@pages.post("/plan")
@requires("results")
def let_out() -> str | Response:
    """Let out what is ready."""
    form = LettingOutForm()
    if not form.sure.data:
        told(form.sure, _("Bitte kreuzen Sie an, dass es jetzt hinaus soll."))
        return _plan(form, _plans())
    outgoing.publish(db(), signed_in(), today(), rules_of(settings()))
    return redirect(url_for("ledger.show"), 303)


def _ledger(faults: list[str] | None = None) -> str:
    chosen = request.args.get("since", type=date.fromisoformat)
    since = Since(chosen) if chosen else ledger.last_file(db(), signed_in(), settings().zone)
    return render_template(
        "exports/ledger.html",
        ledger=ledger.read(db(), signed_in(), language().tag, since),
        since=since,
        chosen=chosen,
        today=today(),
        faults=faults,
        names=QUESTIONNAIRES,
        words=words,
        percent=_percent,
    )


def _plans() -> list[Planned]:
    return planning.plans(db(), signed_in(), today(), rules_of(settings()))


def _plan(form: LettingOutForm, plans: list[Planned]) -> str:
    made_with = {batch.version_id for one in plans for batch in one.batches}
    waiting = open_words.waiting(db())
    return render_template(
        "exports/ledger_plan.html",
        form=form,
        plans=plans,
        titles={one.questionnaire: _title(one.questionnaire) for one in plans},
        asked={number: ledger.labels(db(), number, language().tag) for number in made_with},
        half=_half,
        misfits={
            one.questionnaire: _misfit(one.questionnaire, one.misfit) for one in plans if one.misfit
        },
        waiting=waiting,
        people=open_words.PEOPLE,
        least=releases.BATCH,
        is_ready=bool(waiting) or any(one.is_ready for one in plans),
        decides=signed_in().person.may(planning.EXACT),
        publishes=signed_in().person.may("results"),
        percent=_percent,
    )


def _misfit(questionnaire: str, error: TaxonomyError) -> tuple[str, str]:
    """Return the question whose taxonomy does not fit as it is asked, and why it does not."""
    column = declaring.find(db(), questionnaire, error.question)
    return column.label if column else error.question, said(error, column)


def _half(written: str) -> str:
    return words(periods.read(written)) if written else ""


def _title(questionnaire: str) -> str:
    version = versions.all_of(db(), questionnaire)[0]
    return versions.form_of(db(), version.id, version.digest).title


def _percent(share: float) -> str:
    return str(format_percent(share, "0 %"))
