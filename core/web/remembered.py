"""What is remembered of somebody's way through a questionnaire, in a session or in a draft."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as kept
from typing import Any

from core import versions
from core.uploads import Receipt
from core.web import instances
from core.web.services import db
from xlsform.form import Form


@dataclass
class Journey:
    """Where somebody stands: her answers, the page she is on, what was typed but not accepted."""

    version_id: int
    digest: str
    submission: str = kept(default_factory=lambda: str(uuid.uuid4()))
    answers: dict[str, str] = kept(default_factory=dict)
    typed: dict[str, dict[str, list[str]]] = kept(default_factory=dict)
    files: dict[str, Receipt] = kept(default_factory=dict)  # what opens them, by question
    refused: dict[str, str] = kept(default_factory=dict)  # what was wrong with a file, by question
    place: str = ""
    flagged: bool = False  # the mistakes of this page are shown
    checking: bool = False  # she came from the check page and goes back there
    seen: list[str] = kept(default_factory=list)
    removing: str = ""  # the instance of a repeat that she was asked about: really remove it?

    @property
    def seed(self) -> int:
        """What choices in random order depend on: the same for the whole journey."""
        return uuid.UUID(self.submission).int % 2**31

    def forget_instance(self, series: str, gone: int) -> None:
        """Drop what belongs to one instance of a repeat; what belongs to those behind moves up."""

        def moved(name: str) -> str:
            return instances.moved(name, series, gone)

        self.seen = [one for name in self.seen if (one := moved(name))]
        self.typed = {
            page: {moved(path): texts for path, texts in typed.items()}
            for name, typed in self.typed.items()
            if (page := moved(name))
        }
        self.refused = {one: why for path, why in self.refused.items() if (one := moved(path))}

    def dump(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return vars(self) | {"files": {path: vars(one) for path, one in self.files.items()}}

    def dump_bytes(self) -> bytes:
        """Return the journey as bytes to seal."""
        return json.dumps(self.dump(), ensure_ascii=False).encode()

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Journey":
        """Return the journey that `dump` gave, also one of an earlier or later release."""
        known = {field.name for field in fields(cls)}
        journey = cls(**{name: value for name, value in data.items() if name in known})
        files: Mapping[str, Any] = data.get("files", {})
        journey.files = {path: Receipt(**one) for path, one in files.items()}
        return journey

    @classmethod
    def load_bytes(cls, plain: bytes) -> "Journey":
        """Return the journey that `dump_bytes` gave."""
        return cls.load(json.loads(plain))


def form_of(journey: Journey) -> Form:
    """Return the form that a journey began with; the database is asked at most once for it."""
    form = versions.compiled(journey.digest)
    return form or versions.form_of(db(), journey.version_id, journey.digest)
