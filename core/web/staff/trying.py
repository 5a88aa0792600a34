"""Doors where something secret is typed: who guesses waits, and is told how long."""

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import throttle
from core.throttle import NETWORK, Gate, Tries
from core.web.services import services

_MINUTE = 60


def tries(gate: Gate, whose: str) -> Tries:
    """Return what counts the tries at a door: for `whose` it is, and of the visitor's network.

    The network is first, so that who must wait there cannot keep somebody else out. A proxy's
    word on the address is taken only where the settings say that there is one.
    """
    network = throttle.network_of(request.remote_addr or "")
    return Tries(services().database.relaxed, (NETWORK, network), (gate, whose))


def please_wait(seconds: int) -> str:
    """Return the sentence that says how long to wait."""
    if seconds <= 2 * _MINUTE:
        said = ngettext(
            "Das waren zu viele Versuche. Bitte warten Sie %(num)s Sekunde.",
            "Das waren zu viele Versuche. Bitte warten Sie %(num)s Sekunden.",
            seconds,
        )
    else:
        minutes = -(-seconds // _MINUTE)
        said = _("Das waren zu viele Versuche. Bitte warten Sie %(n)s Minuten.", n=minutes)
    return str(said)
