"""The evaluators' files: asking for one, seeing how far it is, fetching it while it is kept."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Redirect

from core.uploads import Gone
from core.web.access import requires, signed_in
from core.web.services import db, services, settings, today
from exports.files import making
from exports.files.making import CHANGED, GATE, OTHER, RULES
from exports.files.progress import CHECKING, PACKING, READING, RELEASING, WRITING
from exports.pages.report_views import XLSX
from exports.release import orders
from exports.release.orders import FILES, WAITING, WORKBOOK, Order, Wanted
from exports.speaking import LANGUAGES

pages = Blueprint("files", __name__, url_prefix="/results/files")

MIMETYPES = {"xlsx": XLSX, "zip": "application/zip"}
PAUSE_SECONDS = 2  # until the page looks again
STEPS = {
    WAITING: _l("Die Arbeit beginnt gleich."),
    RELEASING: _l("Neue Antworten werden geprüft und freigegeben."),
    READING: _l("Freigegebene Zeilen werden gelesen."),
    WRITING: _l("Die Arbeitsmappe wird geschrieben."),
    CHECKING: _l("Die Arbeitsmappe wird Zelle für Zelle geprüft."),
    PACKING: _l("Die Dateien für SPSS und CSV werden geschrieben."),
}
PROBLEMS = {
    CHANGED: _l(
        "Etwas Gespeichertes wurde verändert oder gehört nicht dorthin. Die Koordination sieht im "
        "Protokoll, was es ist."
    ),
    GATE: _l(
        "In der Datei stand etwas, das nicht hinaus darf. Bitte sagen Sie der Koordination "
        "Bescheid."
    ),
    RULES: _l(
        "Nicht alle neuen Antworten sind in der Datei, denn eine Einteilung passt nicht zu ihnen. "
        "Unter „Was würde jetzt freigegeben?“ steht mehr dazu."
    ),
    OTHER: _l("Es ging etwas schief. Bitte versuchen Sie es noch einmal."),
}


@dataclass(frozen=True)
class Way:
    """How far an order is, in words and numbers."""

    step: str
    number: int
    of: int
    done: int
    total: int

    @property
    def told(self) -> str:
        """How many of how many, as the language of the page writes it."""
        done, total = format_decimal(self.done), format_decimal(self.total)
        return str(_("%(done)s von %(total)s", done=done, total=total))


@pages.post("/")
@requires("results")
def ask() -> Redirect:
    """Begin a file, unless one of hers is being made already."""
    order = orders.under_way(db(), signed_in().person) or _begun(_wanted())
    return redirect(url_for("files.show", order_id=order.id, coming="1"), 303)


@pages.get("/<int:order_id>")
@requires("results")
def show(order_id: int) -> Response:
    """Show how far a file is; while it is under way, the page looks again by itself."""
    order = orders.of(db(), signed_in().person, order_id)
    page = render_template(
        "exports/file.html",
        order=order,
        way=_way(order),
        problem=PROBLEMS.get(order.problem, PROBLEMS[OTHER]),
        size=format_decimal(max(order.size / 1_000_000, 0.1), "#,##0.0"),
        pause=PAUSE_SECONDS,
    )
    response = Response(page)
    if order.is_under_way:
        response.headers["Refresh"] = str(PAUSE_SECONDS)
    elif order.is_there and request.args.get("coming"):
        # She waited for it on this page: it comes without another press.
        response.headers["Refresh"] = f"0; url={url_for('files.fetch', order_id=order_id)}"
    return response


@pages.get("/<int:order_id>/content")
@requires("results")
def fetch(order_id: int) -> Response:
    """Hand out a file."""
    order = orders.of(db(), signed_in().person, order_id)
    pieces = orders.fetch(db(), signed_in(), order)
    disposition = {"Content-Disposition": f'attachment; filename="{order.name}"'}
    return Response(pieces, mimetype=MIMETYPES[orders.ENDINGS[order.what]], headers=disposition)


@pages.errorhandler(Gone)
def gone(_error: Gone) -> tuple[str, int]:
    """Say that the day of a file is over."""
    return render_template("exports/file_gone.html"), 410


def _wanted() -> Wanted:
    asked = request.form
    spoken = asked.get("language", "")
    return Wanted(
        FILES if asked.get("format") == "zip" else WORKBOOK,
        spoken if spoken in LANGUAGES else LANGUAGES[0],
        asked.get("cells") != "codes",
    )


def _begun(wanted: Wanted) -> Order:
    with services().database.transaction() as own:  # the process must find it at once
        order = orders.place(own, signed_in().person, wanted)
    making.start(making.task_of(order, signed_in(), settings(), today()))
    return order


def _way(order: Order) -> Way:
    steps = [RELEASING, READING, WRITING, CHECKING, *([PACKING] if order.what == FILES else [])]
    number = steps.index(order.step) + 1 if order.step in steps else 0
    return Way(str(STEPS.get(order.step, "")), number, len(steps), order.done, order.total)
