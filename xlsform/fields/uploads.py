"""Questions that are answered with a file: a picture, a recording, a film, a document."""

import secrets
from typing import Any

from xlsform.answers import AnswerError, legible
from xlsform.fields.base import QuestionField
from xlsform.fields.filetypes import HEAD, FileType, fits, recognise

MOST_BYTES = 10 * 2**20
_MEGABYTE = 2**20
REMOVE = "remove"  # what the tick sends; no file is named so, they all have an ending


class UploadField(QuestionField):
    """A file; the answer is its name, which is ours and says only what kind of file it is.

    `upload` is what was sent now, its stream at the beginning, None for nothing new. `most` is how
    many bytes a file may have; a base form changes it through `Meta.most_bytes`.
    """

    tag = "upload"

    upload: Any = None
    remove = REMOVE

    @property
    def megabytes(self) -> int:
        """How many megabytes a file may have."""
        return self.most // _MEGABYTE

    @property
    def most(self) -> int:
        """How many bytes a file may have."""
        return int(getattr(self.meta, "most_bytes", MOST_BYTES))

    @property
    def accept(self) -> str:
        """What the browser should offer: what the author wrote, else all files of the kind."""
        wish = self.question.parameters.get("accept", "")
        return wish or ("" if self.question.type == "file" else f"{self.question.type}/*")

    @property
    def capture(self) -> str:
        """Which camera a phone should open at once, "" to let people choose."""
        if "new-front" in self.question.appearance:
            return "user"
        return "environment" if "new" in self.question.appearance else ""

    def taken(self, valuelist: list[Any]) -> list[Any]:
        """Return what was sent: files have a name and a stream, the tick is text."""
        return valuelist

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take a new file, or the kept one away; raise AnswerError for a file that cannot be taken.

        The kept file stays when the new one is refused, or when none was chosen.
        """
        texts = [legible(value) for value in valuelist if isinstance(value, str)]
        files = [value for value in valuelist if getattr(value, "filename", "")]
        if files:
            self.data = self._named(files[0])
            self.upload = files[0]
        elif REMOVE in texts:
            self.data = ""
        self.typed = self.data or ""

    def _named(self, file: Any) -> str:
        """Return a name for a file; raise AnswerError when it is empty, too large or a stranger."""
        stream = file.stream
        size = stream.seek(0, 2)
        stream.seek(0)
        if not size:
            raise AnswerError("file_empty")
        if size > self.most:
            raise AnswerError("file_size", most=str(self.megabytes))
        found, claimed = recognise(stream.read(HEAD)), str(file.filename)
        stream.seek(0)
        return f"{self.question.type}-{secrets.token_hex(6)}.{self._ending(found, claimed)}"

    def _ending(self, found: FileType | None, claimed: str) -> str:
        if found is not None:
            ending = found.ending(claimed)
            accept = self.question.parameters.get("accept", "")
            if fits(found, ending, self.question.type, accept):
                return ending
        raise AnswerError("file_type")
