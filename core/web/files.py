"""The files of a journey: taken from a post, kept while an answer names them, handed over once."""

from collections.abc import Iterator

from werkzeug.datastructures import FileStorage, MultiDict

from core import records, uploads
from core.uploads import Receipt
from core.web import instances
from core.web.remembered import Journey
from core.web.services import db
from core.web.sessions import LIFETIME
from xlsform.fields import PageForm
from xlsform.fields.uploads import UploadField
from xlsform.filling import Filling

Posted = MultiDict[str, FileStorage]
NONE: Posted = MultiDict()
# A minute more than the session, whose clock starts a little later.
SITTING = LIFETIME + 60


class Files:
    """What a journey holds in files; the database is asked only where there are some."""

    def __init__(self, journey: Journey, seconds: int) -> None:
        """Keep files for so many seconds after the last change; with 0, nothing but names."""
        self._journey = journey
        self._seconds = seconds

    def take(self, form: PageForm) -> None:
        """Keep the files that were accepted with a page, note why others were refused."""
        for field in form.questions():
            if isinstance(field, UploadField):
                self._take(field)

    def _take(self, field: UploadField) -> None:
        path = field.question.path
        self._journey.refused.pop(path, None)
        if field.problem:
            self._journey.refused[path] = field.problem
        elif field.upload is not None:
            self._discard([path])
            if self._seconds:
                content = field.upload.stream.read()
                self._held[path] = uploads.keep(db(), field.data, content, self._seconds)

    def settle(self) -> None:
        """Delete the files that no answer names any more, let the others live on."""
        answers = self._journey.answers
        self._discard([p for p, one in self._held.items() if answers.get(p) != one.name])
        if self._held:
            uploads.extend(db(), self._held.values(), self._seconds)

    def forget_instance(self, series: str, gone: int) -> None:
        """Delete the files of one instance of a repeat; those of the instances behind move up."""
        moves = {path: instances.moved(path, series, gone) for path in self._held}
        self._discard([path for path, place in moves.items() if not place])
        self._journey.files = {moves[path]: one for path, one in self._held.items()}

    def lost(self) -> list[str]:
        """Return the questions whose files have run out; none when all was sent already."""
        if not self._held:
            return []
        missing = uploads.missing(db(), self._held.values())
        # In this order: what sends them deletes them in the same moment.
        if not missing or records.is_stored(db(), self._journey.submission):
            return []
        return [path for path, one in self._held.items() if one in missing]

    def contents(self, filling: Filling) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of what is asked for now, one at a time; raise `Gone`."""
        for path, receipt in self._held.items():
            if filling.is_relevant(path):
                yield receipt.name, uploads.read(db(), receipt)

    def discard(self) -> None:
        """Delete all of them."""
        self._discard(list(self._held))

    def _discard(self, paths: list[str]) -> None:
        gone: list[Receipt] = [self._held.pop(path) for path in paths if path in self._held]
        if gone:
            uploads.discard(db(), gone)

    @property
    def _held(self) -> dict[str, Receipt]:
        return self._journey.files
