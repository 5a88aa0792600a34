"""The evaluators' page: what came in, what is out, and the files of it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import languages, versions
from core.web.access import requires, signed_in
from core.web.services import db, settings, today
from exports.release import batches, orders, releases
from exports.speaking import LANGUAGES
from exports.tables import waves

pages = Blueprint("exports", __name__, url_prefix="/results")


@pages.get("/")
@requires("results")
def overview() -> str:
    """Show per questionnaire how much came in and how much is out."""
    rows = []
    for name in (*batches.RECORDS, batches.WAVES):
        version = versions.all_of(db(), name)[0]
        title = versions.form_of(db(), version.id, version.digest).title
        rows.append((title, releases.count(db(), name, today())))
    heard = {
        wave: len(batches.offices(interviews))
        for wave, interviews in batches.open_waves(db(), signed_in()).items()
    }
    return render_template(
        "exports/overview.html",
        rows=rows,
        waves=heard,
        enough=waves.MUNICIPALITIES,
        k=settings().k,
        batch=releases.BATCH,
        files=orders.latest(db(), signed_in().person),
        spoken=[languages.LANGUAGES[tag] for tag in LANGUAGES],
    )


@pages.post("/wave")
@requires("results")
def close_wave() -> Redirect:
    """Close a wave of interviews with the municipalities: from now on it may be summed up."""
    batches.close_wave(db(), signed_in(), request.form.get("wave", ""), today())
    return redirect(url_for("exports.overview"), 303)
