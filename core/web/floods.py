"""Slowing down floods of made-up messages, without standing in a woman's way.

Begun journeys are counted by network, under hashes whose key changes every day. Where a network
begins more than people do, or a field is filled in that nobody sees, a journey costs a ticket:
waiting, or a puzzle that a script solves meanwhile. Whoever pays is let in; nobody is kept out.
"""

import secrets
import time
from hashlib import sha256
from ipaddress import ip_address

from flask import Flask, current_app, request
from itsdangerous import BadSignature, TimestampSigner

from core import throttle
from core.throttle import Gate, Tries
from core.web.services import now, services

# The whole county counts 160 women a year; a shelter or a library shares one line, and so do the
# phones of many. After these, one every 15 minutes still needs no ticket.
JOURNEYS = Gate("journeys", free=30, shared=True)
WAIT = 20  # seconds without a script; an old phone solves the puzzle in less
VALID = 10 * 60  # seconds
BITS = 16  # 65,000 hashes on average
# Eleven pages, one of them with a number to write: nobody does a page in less than a second.
FEWEST = 10
UNSEEN, TICKET, PROOF = "subject", "ticket", "proof"


def init_app(app: Flask) -> None:
    """Tell the templates what a puzzle asks for."""
    app.jinja_env.globals.update(puzzle_bits=BITS, puzzle_wait=WAIT)


def asks_for_ticket() -> bool:
    """Count a journey that begins, and say whether it costs a ticket that was not paid."""
    network = _network()
    if not network:
        return False
    gate = Tries(services().database.relaxed, (JOURNEYS, network))
    costs = bool(request.form.get(UNSEEN)) or gate.count(now()) > 0
    return costs and not _is_paid()


def ticket() -> str:
    """Return the ticket that came with this post while it is good, else a new one."""
    given = request.form.get(TICKET, "")
    return _signer().sign(secrets.token_urlsafe(16)).decode() if _age(given) is None else given


def is_hasty(begun: float) -> bool:
    """Say whether a journey that began at `begun`, seconds since 1970, ends sooner than can be."""
    return bool(_network()) and time.time() - begun < FEWEST


def _network() -> str:
    """Return the visitor's network, "" for this machine: it floods nobody.

    Behind a proxy that the settings do not name, everybody seems to come from this machine.
    """
    address = request.remote_addr or ""
    found = throttle.network_of(address)
    return "" if found and ip_address(address).is_loopback else found


def _is_paid() -> bool:
    given = request.form.get(TICKET, "")
    age = _age(given)
    if age is None or not (age >= WAIT or _is_solved(given, request.form.get(PROOF, ""))):
        return False
    return throttle.is_first(services().database.relaxed, given, VALID, now())


def _is_solved(given: str, proof: str) -> bool:
    digest = sha256(f"{given}.{proof[:20]}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def _age(given: str) -> float | None:
    """Return the age of a good ticket in seconds, None for any other."""
    try:
        _, made = _signer().unsign(given, max_age=VALID, return_timestamp=True)
    except BadSignature:
        return None
    return time.time() - made.timestamp()


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="ticket")
