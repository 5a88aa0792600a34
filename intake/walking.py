"""A referral under way in one browser, whoever writes it: the woman or somebody for her."""

from collections.abc import Iterator
from typing import Any

from flask import make_response, render_template, request, session
from werkzeug.wrappers import Response

from core.web.journey import Journey, Run
from core.web.services import db, settings, today
from intake import referrals

JOURNEY = "journey"


def begun() -> Iterator[Journey]:
    """Yield every referral that is under way in this browser."""
    return (Journey.load(session[name]) for name in list(session) if name.startswith(JOURNEY))


def send(run: Run) -> None:
    """Seal and store a referral that is filled in, with its files."""
    journey, parts = run.journey, settings().parts
    files = run.files.contents(run.filling)
    referrals.submit(
        db(), journey.submission, journey.version_id, run.filling, parts, today(), files
    )
    run.files.discard()


def step(run: Run, **notice: Any) -> str:
    """Return the page of the questionnaire where the referral stands, or the check page."""
    if run.at_check:
        return render_template("intake/check.html", sections=run.check(), **notice)
    return render_template("intake/page.html", view=run.page(), **notice)


def again(run: Run, **notice: Any) -> Response:
    """Return the page of a refused post again, with what was typed, saving nothing."""
    if "page" not in request.form:  # the check page: nothing is typed there
        return make_response(step(run, **notice), 400)
    view = run.page(request.form, request.files)
    return make_response(render_template("intake/page.html", view=view, **notice), 400)
