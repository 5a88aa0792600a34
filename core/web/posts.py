"""How a posted form is read: broken letters stay visible, and a refused post is heard out."""

from contextlib import suppress
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Flask, Request, Response, request
from werkzeug.formparser import FormDataParser

_URLENCODED = "application/x-www-form-urlencoded"
_CHUNK, _CHUNKS = 64 * 1024, 512  # 32 MB; whoever sends more is no reader of ours


class PatientParser(FormDataParser):
    """Puts U+FFFD for bytes that are no UTF-8; Werkzeug keeps `%FF`, or drops the whole form."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Return (stream, form, files)."""
        if mimetype != _URLENCODED:
            return super().parse(stream, mimetype, content_length, options)
        text = stream.read().decode(errors="replace")
        return stream, self.cls(parse_qsl(text, keep_blank_values=True)), self.cls()


class PatientRequest(Request):
    """A request that reads forms patiently."""

    form_data_parser_class = PatientParser


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
