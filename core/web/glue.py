"""Everything that every page needs, put together once for an app."""

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from core import secret
from core.settings import Settings
from core.web import access, csrf, errors, floods, headers, locale, media, pages, posts, services
from core.web.sessions import SealedSessions
from core.web.staff import (
    account,
    audit,
    keys,
    people,
    recovering,
    second_step,
    sessions,
    signing_in,
)


def init_app(app: Flask, chosen: Settings) -> None:
    """Give an app sessions, the database, headers, errors, languages, guards and staff pages."""
    app.secret_key = secret.read_or_make(chosen.data)
    app.jinja_environment = pages.Templates
    app.config.update(
        MAX_CONTENT_LENGTH=posts.LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=posts.LARGEST_POST,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript"],
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # no page may be kept, so none is asked about
    )
    app.session_interface = SealedSessions(secure=chosen.behind_proxy)
    if chosen.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1)  # type: ignore[method-assign]
    services.init_app(app, chosen)  # first, so that its commit is the last thing before an answer
    Compress(app)
    for part in (headers, errors, locale, posts, csrf, access, second_step, pages, floods):
        part.init_app(app)
    for views in (
        signing_in,
        second_step,
        recovering,
        account,
        sessions,
        people,
        keys,
        audit,
        media,
    ):
        app.register_blueprint(views.pages)
