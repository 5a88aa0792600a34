"""Keys: who holds which, new ones, sealing anew, another printed recovery key."""

import time

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from core import granting, keyring, resealing, rotation
from core.resealing import Run
from core.web.access import requires, signed_in
from core.web.services import db, today
from core.web.words import KEYS

pages = Blueprint("keys", __name__, url_prefix="/staff/keys")

SECONDS = 3  # of work in a request; then she sees how far it came
_ROWS = 50  # a commit


@pages.get("")
@requires("account")
def overview() -> str:
    """Show who holds which key since when and from whom."""
    return _overview(Run())


@pages.post("/rotate")
@requires("keys")
def rotate() -> Response:
    """Make new keys for everything."""
    rotation.rotate(db(), signed_in().person.id, keyring.PURPOSES, today())
    return redirect(url_for("keys.overview"), 303)


@pages.post("/reseal")
@requires("keys")
def reseal() -> str:
    """Seal anew for a few seconds, then show what is left."""
    who, run, until = signed_in(), Run(), time.monotonic() + SECONDS
    while resealing.batch(db(), who.keys, who.person.id, run, _ROWS):
        db().commit()  # each batch by itself: who is cut off loses none
        if time.monotonic() > until:
            break
    return _overview(run)


@pages.get("/recovery")
@requires("keys")
def ask_recovery() -> str:
    """Say what another recovery key means."""
    return render_template("staff/reprint.html")


@pages.post("/recovery")
@requires("keys")
def print_recovery() -> str:
    """Show another recovery key, once; the one before is dead."""
    who, day = signed_in(), today()
    code = rotation.reprint(db(), who.keys, who.person.id, day)
    return render_template(
        "staff/recovery.html", code=code, made=day, again=True, onward="keys.overview"
    )


def _overview(run: Run) -> str:
    return render_template(
        "staff/keys.html",
        keys=KEYS,
        holdings=granting.holdings(db()),
        uses=granting.uses_of_paper(db()),
        waiting=resealing.waiting(db(), signed_in().keys),
        run=run,
        may_change=signed_in().person.may("keys"),
    )
