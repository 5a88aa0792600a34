"""A served instance as an app: what `Visitor` does in memory, it can do over the network too."""

from collections.abc import Iterable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client


class Remote:
    """The served instance as an app that `Visitor` can call; it keeps every header it sends."""

    def __init__(self, address: str) -> None:
        self.place = urlsplit(address).netloc
        self.headers: list[tuple[str, str]] = []

    def test_client(self) -> Client:
        return Client(self)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") and name != "HTTP_HOST"
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        connection = HTTPConnection(self.place, timeout=30)
        connection.request(environ["REQUEST_METHOD"], environ["PATH_INFO"] + query, body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.headers += response.getheaders()
        start_response(f"{response.status} {response.reason}", response.getheaders())
        return [content]

    def values(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header.lower() == name.lower()]
