"""Recordings of questions: where a page finds them, and how a browser gets them."""

from flask import Blueprint, Response, abort, request

from core import recordings
from core.recordings import NAME, NoRecording
from core.web.access import here, public
from core.web.services import db
from core.web.showing import PageView

pages = Blueprint("media", __name__, url_prefix="/media")


@pages.get("/<name>")
@public
def file(name: str) -> Response:
    """Hand out a recording, or the stretch of it that a player asks for; no cache keeps it."""
    try:
        content = recordings.content_of(db(), name)
    except NoRecording:
        abort(404)
    response = Response(content, mimetype="audio/mpeg")
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


def media_url(name: str) -> str:
    """Return the address of a file that goes with a question, "" for none.

    Staff read for themselves: a player would be a stop for who goes on by keyboard.
    """
    return f"/media/{name}" if NAME.fullmatch(name) and here() is None else ""


def reader(view: PageView) -> str:
    """Return who reads a page aloud: "person", "computer" if it is one anywhere, or ""."""
    heard = [field.media.get("audio", "") for field in view.form.questions()]
    heard = [name for name in heard if media_url(name)]
    if not heard:
        return ""
    return "computer" if any(map(recordings.is_draft, heard)) else "person"
