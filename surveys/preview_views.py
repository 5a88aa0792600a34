"""Trying a questionnaire out in the browser before it is published; no answer is kept for good."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, abort, current_app, redirect, url_for
from werkzeug.wrappers import Response

from core.web.access import public
from core.web.csrf import begins_without_session
from surveys.trying import Trial
from xlsform import checking
from xlsform.findings import Finding
from xlsform.form import Form

pages = Blueprint("preview", __name__, url_prefix="/preview")

SHOWN = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp"}
    | {"audio/mpeg", "audio/ogg", "audio/x-wav", "audio/mp4", "video/mp4", "video/webm"}
)
OUTSIDE = {"/": "intake.show", "/exit": "intake.leave"}  # where failure pages lead
_KEY = "zugang.preview"


@dataclass
class Desk:
    """The file that is tried out; it is read anew when it changed on the disk."""

    file: Path
    read_at: int = -1
    form: Form | None = None
    findings: tuple[Finding, ...] = ()

    def look(self) -> None:
        """Read the file again if somebody saved it meanwhile."""
        changed = self.file.stat().st_mtime_ns
        if changed != self.read_at:
            self.form, self.findings = checking.opened(self.file)
            self.read_at = changed


def init_app(app: Flask, file: Path) -> None:
    """Let an app show the questionnaire in `file`."""
    app.extensions[_KEY] = Desk(file)
    app.register_blueprint(pages)
    for path, endpoint in OUTSIDE.items():
        app.add_url_rule(path, endpoint, _lead)
    app.jinja_env.globals["media_url"] = _media_url


@pages.get("/")
@public
def show() -> str:
    """Show where the person trying stands, the record she would send, or what is wrong."""
    return _trial().show()


@pages.post("/")
@public
@begins_without_session
def take() -> Response:
    """Take what was typed or pressed; keep nothing beyond this trial."""
    _trial().take()
    return redirect(url_for("preview.show"), 303)


@pages.get("/media/<name>")
@public
def media(name: str) -> Response:
    """Serve a file that lies beside the questionnaire, or in a folder `media` there."""
    folder = _desk().file.parent
    found = [file for file in (folder / name, folder / "media" / name) if file.is_file()]
    kind = mimetypes.guess_type(name)[0] or ""
    if not found or Path(name).name != name or kind not in SHOWN:
        abort(404)
    return current_app.response_class(found[0].read_bytes(), mimetype=kind)


@public
def _lead() -> Response:
    return redirect(url_for("preview.show"), 303)


def _desk() -> Desk:
    desk = cast("Desk", current_app.extensions[_KEY])
    desk.look()
    return desk


def _trial() -> Trial:
    desk = _desk()
    return Trial("preview", desk.file.name, desk.form, desk.findings)


def _media_url(name: str) -> str:
    return url_for("preview.media", name=name) if name else ""
