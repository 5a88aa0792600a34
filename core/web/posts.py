"""How a posted form is read: broken letters stay visible, and a refused post is heard out."""

import io
from contextlib import suppress
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Flask, Request, Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

LARGEST_POST = 2**20  # bytes; the longest page of long answers is far below
LARGEST_WITH_FILES = 12 * 2**20
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_CHUNK, _CHUNKS = 64 * 1024, 2048  # 128 MB, a film from a phone; whoever sends more waits in vain


class PatientParser(FormDataParser):
    """Puts U+FFFD for bytes that are no UTF-8; Werkzeug keeps `%FF`, or drops the whole form.

    What is cut off or mangled among files is a BadRequest; Werkzeug takes it for an empty form.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Return (stream, form, files); raise BadRequest, or RequestEntityTooLarge."""
        if mimetype == URLENCODED:
            text = stream.read().decode(errors="replace")
            return stream, self.cls(parse_qsl(text, keep_blank_values=True)), self.cls()
        self.silent = False
        try:
            return super().parse(stream, mimetype, content_length, options)
        except ValueError:  # its words may quote what was sent
            raise BadRequest from None


class PatientRequest(Request):
    """A request that reads forms patiently, and files into memory: never a trace on the disk."""

    form_data_parser_class = PatientParser

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(environ, *args, **kwargs)
        if self.mimetype == MULTIPART:
            self.max_content_length = LARGEST_WITH_FILES

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return io.BytesIO()


def init_app(app: Flask) -> None:
    """Read every posted form patiently."""
    app.request_class = PatientRequest
    app.after_request(_hear_out)


def _hear_out(response: Response) -> Response:
    # A browser listens only once it has sent everything: before, it would see a cut line, no page.
    if request.method == "POST" and response.status_code >= 400:
        with suppress(OSError):  # she has gone away
            for _ in range(_CHUNKS):
                if not request.environ["wsgi.input"].read(_CHUNK):
                    break
    return response
