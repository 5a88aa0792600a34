"""Every error is mapped here, once, to a status and a page with the emergency numbers."""

import logging
import traceback

from flask import Flask, g, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from core import audit
from core.answer_links import NoLink
from core.drafts import Overtaken
from core.invitations import InvitationGone
from core.keyring import NoKeys, NotGranted
from core.people import NotHers
from core.staffing import LastCoordinator
from core.uploads import Gone
from core.vault import Tampered
from core.versions import NoQuestionnaire
from core.web import csrf
from core.web.posts import LARGEST_WITH_FILES, MULTIPART
from core.web.services import forget_changes, note_for_good

log = logging.getLogger("zugang")

_NOT_SENT = _l("Es wurde nichts gesendet.")
_AWAY = _l(
    "Dieser Dienst kann gerade nichts annehmen. "
    "Bitte rufen Sie an oder versuchen Sie es später noch einmal."
)

STATUS: dict[type[Exception], int] = {
    DBAPIError: 503,
    Gone: 503,
    PoolTimeout: 503,
    NoKeys: 503,
    NoQuestionnaire: 503,
    NotGranted: 403,
    LastCoordinator: 403,
    NotHers: 404,
    InvitationGone: 410,
    Tampered: 409,
    NoLink: 410,
    Overtaken: 409,
}

PAGES = {
    400: (
        _l("Das hat nicht geklappt"),
        _l(
            "Die Eingabe war nicht lesbar. Bitte gehen Sie zurück und versuchen Sie es noch einmal."
        ),
    ),
    403: (_l("Kein Zugriff"), _l("Für diese Seite haben Sie keine Berechtigung.")),
    404: (_l("Seite nicht gefunden"), _l("Diese Seite gibt es nicht.")),
    405: (_l("Das hat nicht geklappt"), _l("Diese Seite kann so nicht aufgerufen werden.")),
    409: (
        _l("Ein Eintrag lässt sich nicht öffnen"),
        _l(
            "Er wurde verändert oder gehört nicht hierher. "
            "Darum wird nichts davon gezeigt oder herausgegeben. "
            "Bitte sagen Sie der Koordinatorin Bescheid: "
            "Im Protokoll steht, welcher Eintrag es ist."
        ),
    ),
    410: (
        _l("Dieser Link gilt nicht mehr"),
        _l("Er wurde schon benutzt oder ist abgelaufen. Bitte lassen Sie sich einen neuen geben."),
    ),
    413: (
        _l("Der Text ist zu lang"),
        _l(
            "Bitte gehen Sie zurück und schreiben Sie etwas weniger. "
            "Ihre früheren Antworten sind noch da."
        ),
    ),
    415: (
        _l("Das hat nicht geklappt"),
        _l("Diese Art von Eingabe nehmen wir nicht an. Bitte benutzen Sie das Formular."),
    ),
    500: (_l("Hier ist etwas schiefgegangen"), _AWAY),
    503: (_l("Gerade nicht erreichbar"), _AWAY),
}
TOO_LARGE = (
    _l("Das ist zu viel auf einmal"),
    _l(
        "Bitte gehen Sie zurück und wählen Sie kleinere Dateien, zusammen höchstens %(most)s MB. "
        "Ihre früheren Antworten sind noch da.",
        most=LARGEST_WITH_FILES // 2**20,
    ),
)
EXPIRED = (
    _l("Ihre Zeit ist abgelaufen"),
    _l(
        "Zu Ihrer Sicherheit haben wir alles gelöscht, was noch nicht gesendet war. "
        "Bitte fangen Sie noch einmal an."
    ),
)
REFUSED = (
    _l("Bitte noch einmal senden"),
    _l(
        "Die Seite war nicht mehr aktuell. "
        "Bitte prüfen Sie Ihre Antworten und senden Sie sie noch einmal."
    ),
)


def init_app(app: Flask) -> None:
    """Answer every error with a page, never with a stack trace."""
    app.register_error_handler(Exception, answer)
    # Flask would log the message, and a message can hold what somebody wrote; `answer` logs.
    app.log_exception = _say_nothing  # type: ignore[method-assign]


def answer(error: Exception) -> Response:
    """Return the page for an error; what this request changed is rolled back."""
    if isinstance(error, HTTPException) and error.response is not None:
        return make_response(error.response)  # a redirect of routing
    late = isinstance(error, InternalServerError) and error.original_exception is not None
    error = _cause(error)
    status = status_of(error)
    if late or status >= 500:
        g.failed = True
        _log(error)
    forget_changes_safely()
    if isinstance(error, Tampered):
        _note_refusal(error)
    title, text = _texts(error, status)
    # What fails after the view may fail after the commit: then we cannot say.
    not_sent = _NOT_SENT if request.method == "POST" and not late else ""
    page = render_template("error.html", title=title, text=text, not_sent=not_sent)
    return make_response(page, status)


def status_of(error: Exception) -> int:
    """Return the HTTP status that stands for an error."""
    if isinstance(error, HTTPException):
        return error.code or 500
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)


def _cause(error: Exception) -> Exception:
    # What is raised after the view, such as while committing, comes wrapped by Flask.
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    return cause if isinstance(cause, Exception) else error


def forget_changes_safely() -> None:
    """Roll back, even when the database is what failed."""
    try:
        forget_changes()
    except DBAPIError:
        g.pop("db", None)


def _note_refusal(error: Tampered) -> None:
    try:
        person_id = g.signed_in.person.id if "signed_in" in g else audit.SERVICE
        note_for_good(person_id, "refused", error.thing)
    except DBAPIError as failure:
        _log(failure)


def _texts(error: Exception, status: int) -> tuple[object, object]:
    if isinstance(error, Tampered) and "signed_in" not in g:
        return PAGES[500]  # a woman knows no coordinator: she may call
    if isinstance(error, csrf.Expired):
        return EXPIRED
    if isinstance(error, (csrf.Refused, Overtaken)):
        return REFUSED
    if status == 413 and request.mimetype == MULTIPART:
        return TOO_LARGE
    return PAGES.get(status, PAGES[500 if status >= 500 else 400])


def _say_nothing(exc_info: object) -> None:
    """Take the place of Flask's own line in the log."""


def _log(error: Exception) -> None:
    # Messages of exceptions can hold what somebody wrote: the log gets the kind and the places.
    places = "".join(
        f"\n  {frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    log.error("%s%s", type(error).__name__, places)
