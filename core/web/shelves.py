"""Where a questionnaire under way is kept: in the browser's session, or as a draft of the staff."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from flask import session

from core import drafts
from core.drafts import files_seconds
from core.web.access import signed_in
from core.web.files import SITTING
from core.web.services import db, settings, today


class Shelf(Protocol):
    """Keeps one journey, as its `dump` gave it, with what else is to be remembered of it."""

    @property
    def seconds(self) -> int:
        """How long the files that belong to it live without a change."""

    def read(self) -> dict[str, Any] | None:
        """Return what is kept, None when nothing is."""

    def write(self, kept: Mapping[str, Any]) -> None:
        """Keep this from now on."""

    def drop(self) -> None:
        """Forget it."""


class InSession:
    """Kept under a name in the session of this browser, and gone with it."""

    seconds = SITTING

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self) -> dict[str, Any] | None:
        """Return what is kept, None when nothing is."""
        return session.get(self._name)

    def write(self, kept: Mapping[str, Any]) -> None:
        """Keep this from now on."""
        session[self._name] = dict(kept)

    def drop(self) -> None:
        """Forget it."""
        del session[self._name]


class InDraft:
    """Kept sealed to the key of whoever is signed in: it waits for her when her session ends.

    It is the one draft she has `about` a thing.
    """

    def __init__(self, about: str) -> None:
        self._about = about

    @property
    def seconds(self) -> int:
        """How long the files that belong to it live without a change."""
        return files_seconds(settings())

    def read(self) -> dict[str, Any] | None:
        """Return what is kept, None when nothing is; raise `Tampered`."""
        draft = drafts.of(db(), signed_in(), self._about)
        if draft is None:
            return None
        kept: dict[str, Any] = json.loads(drafts.read(signed_in(), draft))
        return kept

    def write(self, kept: Mapping[str, Any]) -> None:
        """Keep this from now on."""
        content = json.dumps(kept, ensure_ascii=False).encode()
        draft = drafts.of(db(), signed_in(), self._about)
        if draft is None:
            version = int(kept["version_id"])
            drafts.begin(db(), signed_in(), version, content, today(), self._about)
        else:
            drafts.save(db(), signed_in(), draft, content, today())

    def drop(self) -> None:
        """Forget it."""
        draft = drafts.of(db(), signed_in(), self._about)
        if draft is not None:
            db().delete(draft)
            db().flush()
