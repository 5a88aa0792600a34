"""Sessions: one row a browser, sealed under a key that only the browser's cookie holds.

The cookie is a random token. Its row is found by one value derived from the token and opened with
another, so a stolen database opens no session, and the cookie alone says nothing.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from core import audit, vault
from core.database import Base, Prepared
from core.presence import Presence
from core.web.services import note_for_good, services

LIFETIME = 60 * 60  # seconds without a change, then everything typed is gone
# A row that only says who of the staff was here, and what she could not send, holds no key (that
# is in core.presence) and nothing of a woman's: it waits for her to come back.
STAFF_LIFETIME = 12 * 60 * 60
STAFF, UNSENT = "staff", "unsent"
_WAITS = frozenset(
    {STAFF, UNSENT, "language", "csrf_token", "visits", "adding", "challenge", "shown"}
)
_TOKEN_BYTES = 32

table = Table(
    "web_session",
    Base.metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("expires", BigInteger, nullable=False, index=True),
    Column("box", LargeBinary, nullable=False),
)

_THIS = table.c.id == bindparam("key")
_FIND = Prepared(
    select(table.c.box, table.c.expires).where(_THIS, table.c.expires > bindparam("now"))
)
_ADD = Prepared(insert(table))
_CHANGE = Prepared(
    update(table).where(_THIS).values(expires=bindparam("expires"), box=bindparam("box"))
)
_DELETE = Prepared(delete(table).where(_THIS))
_PROLONG = Prepared(update(table).where(_THIS).values(expires=bindparam("expires")))
_LEAVE = Prepared(delete(Presence).where(Presence.id == bindparam("key")))
_SWEEP = Prepared(delete(table).where(table.c.expires <= bindparam("now")))


class SealedSession(SessionMixin):
    """What one browser has told us so far; the row is read on the first use only."""

    permanent = False

    def __init__(self, token: bytes | None) -> None:
        self.token = token
        self.modified = False
        self.stored = False
        self.over = False  # the browser's cookie belonged to a session that has ended
        self.until = 0  # seconds since 1970: when this ends if nothing is changed
        self._values: dict[str, Any] | None = None
        self._discarded: bytes | None = None

    @property
    def values_(self) -> dict[str, Any]:
        """The opened content."""
        if self._values is None:
            self._values = self._read()
        return self._values

    @property
    def exists(self) -> bool:
        """Say whether this browser came with a session that is still open."""
        return bool(self.values_)

    @property
    def id(self) -> bytes:
        """The id of its row, which opens nothing."""
        return _id(self._sure_token())

    def key(self, purpose: str) -> bytes:
        """Return a key of 32 bytes that nothing but the browser's cookie gives."""
        return vault.derive(self._sure_token(), purpose)

    @property
    def left(self) -> int:
        """How many seconds it lives on if nothing is changed."""
        return self.until - int(time.time())

    @property
    def _expires(self) -> int:
        is_staff = STAFF in self.values_ and self.values_.keys() <= _WAITS
        return int(time.time()) + (STAFF_LIFETIME if is_staff else LIFETIME)

    def __getitem__(self, name: str) -> Any:
        return self.values_[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.values_[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self.values_[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)

    def discard(self) -> None:
        """Forget everything; what is kept from now on has a fresh token.

        The row goes when the request ends: until then the request's own transaction may hold the
        only lock for writing.
        """
        self._discarded = self._discarded or self.token
        self._values, self.token, self.stored, self.modified = {}, None, False, True

    def prolong(self) -> None:
        """Let the row live as long as if it were changed now."""
        if self.stored:
            _PROLONG.run(_engine(), key=self.id, expires=self._expires)

    def save(self) -> bytes | None:
        """Write the row; return the token that opens it, None when nothing is left."""
        if self._discarded is not None:
            for statement in (_DELETE, _LEAVE):
                statement.run(_engine(), key=_id(self._discarded))
        if not self.values_:
            return None
        self.token = self._sure_token()
        plain = json.dumps(self.values_, separators=(",", ":"), ensure_ascii=False).encode()
        row = {
            "expires": self._expires,
            "box": vault.lock(_key(self.token), plain, "session"),
        }
        if self.stored:
            _CHANGE.run(_engine(), key=_id(self.token), **row)
        else:
            _ADD.run(_engine(), id=_id(self.token), **row)
        self.stored = True
        return self.token

    def _sure_token(self) -> bytes:
        if self._values is None:  # the token of a cookie counts only when its row is there
            self._values = self._read()
        self.token = self.token or secrets.token_bytes(_TOKEN_BYTES)
        return self.token

    def _read(self) -> dict[str, Any]:
        if self.token is None:
            return {}
        found = _FIND.run(_engine(), key=_id(self.token), now=int(time.time()))
        if not found:
            self.token, self.over = None, True
            return {}
        ((box, self.until),) = found
        self.stored = True
        try:
            plain = vault.unlock(_key(self.token), box, "session")
        except vault.Tampered:  # somebody changed the row: what it held is lost, begin anew
            _DELETE.run(_engine(), key=_id(self.token))
            self.token, self.stored = None, False
            note_for_good(audit.SERVICE, "refused", "session")
            return {}
        values: dict[str, Any] = json.loads(plain)
        return values


class SealedSessions(SessionInterface):
    """Flask's way to sessions, over sealed rows."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self.name = "__Host-session" if secure else "session"

    def open_session(self, app: Flask, request: Request) -> SealedSession:  # noqa: ARG002
        """Return the session of the request's cookie; a broken cookie is no cookie."""
        return SealedSession(_token(request.cookies.get(self.name, "")))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Write the session if it changed; the cookie is set only when it is new or over."""
        if not isinstance(session, SealedSession) or not session.modified:
            return
        known = session.stored
        if "failed" in g:  # the database may be what failed; the session stays as it was
            return
        try:
            token = session.save()
        except DBAPIError:
            if session:
                raise
            token = None  # nothing stops the way out: without its cookie the row opens to nobody
        if token is None:
            response.delete_cookie(self.name, secure=self.secure, httponly=True, samesite="Strict")
        elif not known:
            text = base64.urlsafe_b64encode(token).decode()
            response.set_cookie(
                self.name, text, secure=self.secure, httponly=True, samesite="Strict"
            )


def sweep(engine: Engine) -> None:
    """Delete every session that has run out."""
    _SWEEP.run(engine, now=int(time.time()))


def _engine() -> Engine:
    return services().database.relaxed


def _token(text: str) -> bytes | None:
    try:
        token = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        return None
    return token if len(token) == _TOKEN_BYTES else None


def _id(token: bytes) -> bytes:
    return vault.derive(token, "session id")


def _key(token: bytes) -> bytes:
    return vault.derive(token, "session key")
