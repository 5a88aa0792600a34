"""What a member of staff sent when her session was over: kept until she has signed in again.

It waits in the browser's sealed session, which her old cookie opens, and her alone: who else signs
in there begins with an empty one. Files are not kept, and nothing that opens anything.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Response, request, session

from core.web.posts import LARGEST_POST
from core.web.services import now
from core.web.sessions import STAFF_LIFETIME, UNSENT

_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
_SECRET = re.compile("passphrase|old|again|code|word|recover|answer")
_QUESTION = "q-"  # how the names of a questionnaire's fields begin, whatever it asks


@dataclass(frozen=True)
class Unsent:
    """One form as it was sent: to which address and view, when, which fields."""

    path: str
    view: str
    at: int
    fields: list[tuple[str, str]]
    had_files: bool


def keep() -> None:
    """Keep the form of this request, the oldest ones giving way when it gets too much."""
    fields = [pair for pair in request.form.items(multi=True) if may_be_kept(pair[0])]
    if not fields:
        return
    path = _path()
    entry = {
        "view": request.endpoint,
        "at": _now(),
        "fields": fields,
        "had_files": any(file.filename for file in request.files.values()),
    }
    kept = {at: one for at, one in _kept().items() if at != path} | {path: entry}
    while len(json.dumps(kept)) > LARGEST_POST and len(kept) > 1:
        del kept[next(iter(kept))]
    session[UNSENT] = kept


def waiting() -> list[Unsent]:
    """Return what waits to be sent, for whoever was here last."""
    oldest = _now() - STAFF_LIFETIME
    return [Unsent(path, **one) for path, one in _kept().items() if one["at"] > oldest]


def drop(path: str) -> None:
    """Forget what was to be sent to an address."""
    session[UNSENT] = {at: one for at, one in _kept().items() if at != path}


def arrived(response: Response) -> Response:
    """Forget what has now been sent."""
    if request.method == "POST" and response.status_code < 400 and _path() in _kept():
        drop(_path())
    return response


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = session.get(UNSENT, {})
    return kept


def _path() -> str:
    return request.full_path.removesuffix("?")


def _now() -> int:
    return int(now().timestamp())


def may_be_kept(name: str) -> bool:
    """Say whether what was typed in a field of this name opens nothing."""
    return name.startswith(_QUESTION) or not (name == _TOKEN or _SECRET.search(name))
