"""The evaluators' page: what came in, what is out, and the workbook."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from core import audit, languages, versions
from core.web.access import requires, signed_in
from core.web.services import db, settings, today
from exports import assembly, batches, outgoing, releases, waves
from exports.assembly import Wish
from exports.speaking import LANGUAGES

pages = Blueprint("exports", __name__, url_prefix="/results")

ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/")
@requires("results")
def overview() -> str:
    """Show per questionnaire how much came in and how much is out."""
    rows = []
    for name in (*batches.RECORDS, batches.WAVES):
        version = versions.all_of(db(), name)[0]
        title = versions.form_of(db(), version.id, version.digest).title
        rows.append((title, releases.count(db(), name)))
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
        spoken=[languages.LANGUAGES[tag] for tag in LANGUAGES],
    )


@pages.post("/wave")
@requires("results")
def close_wave() -> Redirect:
    """Close a wave of interviews with the municipalities: from now on it may be summed up."""
    batches.close_wave(db(), signed_in(), request.form.get("wave", ""), today())
    return redirect(url_for("exports.overview"), 303)


@pages.post("/workbook")
@requires("results")
def workbook() -> Response:
    """Release what is ready, and hand out everything released: the workbook, or all in a zip."""
    outgoing.publish(db(), signed_in(), today(), batches.rules_of(settings()))
    asked = request.form
    spoken = asked.get("language", "")
    wish = Wish(spoken if spoken in LANGUAGES else LANGUAGES[0], asked.get("cells") != "codes")
    whole = asked.get("format") == "zip"
    file = (assembly.files if whole else assembly.workbook)(db(), signed_in(), wish)
    audit.note(db(), signed_in().person.id, "exported", "files" if whole else "workbook")
    ending = "zip" if whole else "xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="zugang.{ending}"'}
    return Response(file, mimetype=ZIP if whole else XLSX, headers=disposition)
