"""One interview that is being entered: the draft, the way through it, what it is for.

`turn` counts what was saved. A page carries the turn it shows, so it is noticed when the same
interview has gone on elsewhere meanwhile: in another window, on another device.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from core import drafts
from core.drafts import Draft
from core.vault import Tampered
from core.web.access import signed_in
from core.web.journey import CHECK, Journey, Run, form_of
from core.web.locale import language
from core.web.reading import Row, Section, answered, fill
from core.web.services import db, now, settings, today
from surveys.interviews import Done, Purpose

TURN, PURPOSE, HISTORY = "turn", "purpose", "history"


class Entry:
    """A draft of hers, opened; `history` are the corrections of what she has sent."""

    def __init__(self, draft: Draft) -> None:
        """Open a draft; raise `Tampered`."""
        self.draft = draft
        self._kept: dict[str, Any] = json.loads(drafts.read(signed_in(), draft))
        self.turn: int = self._kept.get(TURN, 0)
        self.purpose = Purpose(**self._kept.get(PURPOSE, {}))
        self.history: list[dict[str, Any]] = self._kept.get(HISTORY, [])
        self.run = _run(self._kept)

    @property
    def is_over(self) -> bool:
        """Say whether it was sent and is not being corrected."""
        return self.draft.submitted is not None and not self.purpose.reason

    def keep(self) -> None:
        """Save how far it has come."""
        self.turn += 1
        drafts.save(db(), signed_in(), self.draft, self._content(), today())

    def correct(self, reason: str) -> None:
        """Begin to correct what she has sent."""
        before = dict(self.run.journey.answers)
        self.purpose = Purpose(reason=reason, before=before)
        self.run.journey.place, self.run.journey.checking = CHECK, True
        self.keep()

    def stop_correcting(self) -> None:
        """Leave what she has sent as it is after all."""
        self.run.journey.answers = dict(self.purpose.before)
        self.run.journey.typed = {}
        self.purpose = Purpose()
        self.keep()

    def done(self) -> Done:
        """Return what was entered, with the copy that she keeps for corrections."""
        purpose, filling, chosen = self.purpose, self.run.filling, settings()
        if purpose.reason:
            self.history.append({"day": today().isoformat(), "reason": purpose.reason})
            self.history[-1]["rows"] = self._corrected_rows()
        self.purpose = Purpose()
        copy = self._content() if chosen.correction_days else None
        files = self.run.files.contents(filling)
        return Done(filling, purpose, today(), copy, chosen.second_entry_percent, files)

    def is_overtaken(self) -> bool:
        """Say whether a post comes from a page that is no longer true, and would change things."""
        if request.form.get(TURN) == str(self.turn):
            return False
        if request.form.get("go") == "submit":
            return True  # whoever sends an interview has seen all of it
        return self._trial().journey.answers != self.run.journey.answers

    def differences(self) -> list[tuple[Row, Row]]:
        """Return what the page of a post says, and what is stored instead."""
        name = request.form.get("page")
        page = next((page for page in self.run.path if page.name == name), None)
        if page is None:
            return []
        tag = language().tag
        mine = answered(page, self._trial().filling, tag)
        return _unlike(mine, answered(page, self.run.filling, tag))

    def sections(self) -> tuple[Section, ...]:
        """Return all that it says."""
        return self.run.check()

    def _corrected_rows(self) -> list[tuple[str, str, str]]:
        form, tag = self.run.form, language().tag
        before = fill(form, self.purpose.before, tag, now())
        rows = []
        for page in self.run.filling.every_page():
            was, is_ = answered(page, before, tag), answered(page, self.run.filling, tag)
            rows += [(old.question, old.answer, new.answer) for old, new in _unlike(was, is_)]
        return rows

    def _content(self) -> bytes:
        return dump(self.run.journey, self.purpose, self.turn, self.history)

    def _trial(self) -> Run:
        """Return where the post would lead, without what it holds in files: nothing is touched."""
        run = _run({**self._kept, "files": {}})
        run.take(request.form)
        return run


def purpose_of(draft: Draft) -> Purpose:
    """Return what a draft of hers is for; nothing where it does not open: she hears of it there."""
    try:
        kept = json.loads(drafts.read(signed_in(), draft))
    except Tampered:
        return Purpose()
    return Purpose(**kept.get(PURPOSE, {}))


def first(journey: Journey, purpose: Purpose) -> bytes:
    """Return what a new draft says."""
    return dump(journey, purpose, 0, [])


def dump(journey: Journey, purpose: Purpose, turn: int, history: list[dict[str, Any]]) -> bytes:
    """Return a journey with all that is kept beside it, as bytes to seal."""
    kept = journey.dump() | {PURPOSE: vars(purpose), TURN: turn, HISTORY: history}
    return json.dumps(kept, ensure_ascii=False).encode()


def _unlike(ones: Any, others: Any) -> list[tuple[Row, Row]]:
    """Return the questions with different answers, a blank where one of both has none."""
    one = {row.question: row for row in ones}
    other = {row.question: row for row in others}
    pairs = [
        (one.get(asked, Row(asked, "")), other.get(asked, Row(asked, "")))
        for asked in dict.fromkeys([*one, *other])
    ]
    return [(mine, theirs) for mine, theirs in pairs if mine.answer != theirs.answer]


def _run(kept: Mapping[str, Any]) -> Run:
    journey = Journey.load(kept)
    seconds = drafts.files_seconds(settings())
    name = signed_in().person.name
    return Run(journey, form_of(journey), language().tag, now(), seconds, name)
