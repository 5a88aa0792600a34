"""The OpenRosa API for ODK Collect and other field clients: the forms, and what is filled in.

A device is let in by HTTP Basic, its token as the passphrase: never in an address, which proxies
write down. Digest is not spoken, for the server would have to keep what lets a device in.
"""

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import app_users, recordings, versions
from core.app_users import Carrier, NoAppUser
from core.recordings import NAME
from core.versions import Version
from core.web import errors
from core.web.access import public
from core.web.csrf import sent_by_a_device
from core.web.errors import forget_changes_safely, status_of
from core.web.posts import LARGEST_WITH_FILES, MULTIPART
from core.web.services import db, now
from surveys import arriving, interviews, openrosa
from surveys.arriving import NotOffered, Outcome, Sent, UnknownVersion
from xlsform.filling import InstanceError

pages = Blueprint("openrosa", __name__, url_prefix="/openrosa")

RECORD = "xml_submission_file"
XML = "text/xml; charset=utf-8"
REALM = 'Basic realm="zugang", charset="UTF-8"'
STATUS: dict[type[Exception], int] = {InstanceError: 400, NotOffered: 404, UnknownVersion: 404}


@pages.before_request
def _let_in() -> Response | None:
    shown = request.authorization
    token = (shown.password or "") if shown is not None and shown.type == "basic" else ""
    try:
        g.carrier = app_users.find(db(), token)
    except NoAppUser:
        refused = _told(_("Dieses Gerät ist nicht angemeldet."), 401)
        refused.headers["WWW-Authenticate"] = REALM
        return refused
    return None


@pages.after_request
def _speak_openrosa(response: Response) -> Response:
    response.headers["X-OpenRosa-Version"] = "1.0"
    response.headers["X-OpenRosa-Accept-Content-Length"] = str(LARGEST_WITH_FILES)
    return response


@pages.get("/formList")
@public
def form_list() -> Response:
    """List the forms that she may fill in, one of them with `?formID=`."""
    asked = request.args.get("formID")
    running = interviews.running(db(), _carrier().person)
    found = (version for version in running if asked in {None, version.questionnaire})
    return _xml(openrosa.form_list(map(_listed, found)))


@pages.get("/forms/<questionnaire>/<int:number>.xml")
@public
def form(questionnaire: str, number: int) -> Response:
    """Hand out a form as XForm."""
    return _xml(_document(_version(questionnaire, number)))


@pages.get("/forms/<questionnaire>/<int:number>/manifest")
@public
def manifest(questionnaire: str, number: int) -> Response:
    """List the recordings that a form comes with."""
    named = openrosa.media_names(_version(questionnaire, number).xform)
    names = [name for name in named if NAME.fullmatch(name)]
    return _xml(openrosa.manifest(_media(name) for name in names))


@pages.route("/submission", methods=["HEAD", "POST"])
@public
@sent_by_a_device
def submission() -> Response:
    """Take in a record with its files; before, a client asks how much may come at once."""
    if request.method == "HEAD":
        ready = Response(status=204)
        ready.headers["Location"] = url_for("openrosa.submission", _external=True)
        return ready
    if request.mimetype != MULTIPART or RECORD not in request.files:
        raise InstanceError("There is no record in it.")
    files = {name: one.stream.read() for name, one in request.files.items()}
    sent = Sent(files.pop(RECORD), files)
    outcome = arriving.take(db(), _carrier(), sent, now())
    if outcome is Outcome.CONFLICT:
        said = _("Unter dieser Nummer ist schon etwas anderes da. Beides ist aufgehoben.")
        return _told(said, 409)
    return _told(_("Die Befragung ist angekommen."), 201, nature="submit_success")


@pages.errorhandler(Exception)
def _refuse(error: Exception) -> BaseResponse:
    """Tell a client in its own terms what went wrong; nothing of it is stored."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), None)
    if status is None and status_of(error) >= 500:
        return errors.answer(error)
    forget_changes_safely()
    said = _("Das wurde nicht angenommen. %(why)s", why=_why(error))
    return _told(said, status or status_of(error))


def _why(error: Exception) -> str:
    if isinstance(error, UnknownVersion):
        return str(_("Diese Version des Fragebogens gibt es hier nicht."))
    if isinstance(error, (NotOffered, NotFound)):
        return str(_("Diesen Fragebogen gibt es hier nicht."))
    if isinstance(error, InstanceError):
        return str(error)
    return str(_("Das war nicht lesbar oder zu groß."))


def _carrier() -> Carrier:
    carrier: Carrier = g.carrier
    return carrier


def _version(questionnaire: str, number: int) -> Version:
    if questionnaire not in interviews.offered(_carrier().person):
        raise NotOffered
    version = versions.numbered(db(), questionnaire, number)
    if version is None:
        raise UnknownVersion
    return version


def _document(version: Version) -> bytes:
    return openrosa.document(version.xform, str(version.number))


def _listed(version: Version) -> openrosa.Listed:
    has_media = any(map(NAME.fullmatch, openrosa.media_names(version.xform)))
    return openrosa.Listed(
        form_id=version.questionnaire,
        name=versions.form_of(db(), version.id, version.digest).title,
        version=str(version.number),
        hash=openrosa.hash_of(_document(version)),
        address=_address("openrosa.form", version),
        manifest=_address("openrosa.manifest", version) if has_media else "",
    )


def _address(endpoint: str, version: Version) -> str:
    name, number = version.questionnaire, version.number
    return url_for(endpoint, questionnaire=name, number=number, _external=True)


def _media(name: str) -> openrosa.Media:
    content = recordings.content_of(db(), name)
    address = url_for("media.file", name=name, _external=True)
    return openrosa.Media(name, openrosa.hash_of(content), address)


def _told(message: str, status: int, nature: str = "") -> Response:
    return _xml(openrosa.response(message, nature), status)


def _xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status, content_type=XML)
