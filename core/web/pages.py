"""What every template may use: words for codes, days, who is signed in, the stylesheet."""

from collections.abc import MutableMapping
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, url_for
from flask.templating import Environment
from flask_babel import format_date, format_datetime, format_time
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined
from wtforms import Field

from core.web import media
from core.web.access import here, public
from core.web.services import now, services_of, settings
from core.web.words import OPEN_WORDS, RELEASES, ROLES, STATUS, WHERE

PLACES = (
    ("people", _l("Mitarbeitende"), "people.everyone"),
    ("releases", RELEASES, "releases.overview"),
    ("audit", _l("Protokoll"), "audit.lines"),
    ("referrals", _l("Eingang"), "desk.inbox"),
    ("referrals", OPEN_WORDS, "words.everything"),
    ("entering", _l("Befragungen"), "surveys.overview"),
    ("results", _l("Auswertung"), "exports.overview"),
    ("account", _l("Schlüssel"), "keys.overview"),
)


class Templates(Environment):
    """Flask's, with all that a template may name in one plain mapping.

    Jinja chains them, and every import of a macro then compares the chains name by name.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names of one template."""
        return {**self.globals, **(d or {})}


def init_app(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        roles=ROLES,
        parts=WHERE,
        states=STATUS,
        described=described,
        media_url=media.media_url,
        reader=media.reader,
        phone=services_of(app).settings.phone,
        style_url=_serve(app, "/style.css", "zugang.css", "text/css"),
        locating=locating,
        location_url=_serve(app, "/location.js", "location.js", "text/javascript"),
        scripted=scripted,
        leaving_url=_serve(app, "/leaving.js", "leaving.js", "text/javascript"),
        entering_url=_serve(app, "/entering.js", "entering.js", "text/javascript"),
        puzzle_url=_serve(app, "/puzzle.js", "puzzle.js", "text/javascript"),
        staying_url=_serve(app, "/staying.js", "staying.js", "text/javascript"),
        passkey_url=_serve(app, "/passkey.js", "passkey.js", "text/javascript"),
    )
    app.jinja_env.filters.update(day=_day, clock=clock, moment=_moment)
    app.context_processor(lambda: {"who": _who()})


def _serve(app: Flask, path: str, name: str, mimetype: str) -> str:
    """Serve a file of ours; its address changes with its content, so browsers may keep it."""
    content = (Path(__file__).parent / "static" / name).read_bytes()

    @public
    def send() -> Response:
        response = Response(content, mimetype=mimetype)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule(path, endpoint=name, view_func=send)
    return f"{path}?v={blake2b(content, digest_size=6).hexdigest()}"


def locating() -> str:
    """Let this page run our script and ask the device where it is; return nothing to show."""
    g.locating = g.scripted = True
    return ""


def scripted() -> str:
    """Let this page run our script; return nothing to show."""
    g.scripted = True
    return ""


def described(field: Field, hint: str) -> dict[str, Any]:
    """Return the attributes that tie a field to its hint and its mistake."""
    ids = [f"{field.id}-hint"] if hint else []
    if not field.errors:
        return {"aria-describedby": " ".join(ids)} if ids else {}
    return {"aria-describedby": " ".join([*ids, f"{field.id}-mistake"]), "aria-invalid": "true"}


def _who() -> dict[str, Any] | None:
    at = None if "failed" in g else here()
    if at is None:
        return None
    places = [(label, url_for(view)) for right, label, view in PLACES if at.person.may(right)]
    left = at.until - int(now().timestamp())
    return {
        "name": at.person.name,
        "places": places,
        "until": at.until,
        "left": left,
        "is_last": at.is_last,
    }


def _day(value: date) -> str:
    return str(format_date(value, "medium"))


def clock(seconds: int) -> str:
    """Return the time of a moment, given in seconds since 1970."""
    return str(format_time(_local(seconds), "short", rebase=False))


def _moment(seconds: int) -> str:
    """Return day and time of a moment, given in seconds since 1970."""
    return str(format_datetime(_local(seconds), "short", rebase=False))


def _local(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, settings().zone)
