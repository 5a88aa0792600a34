"""A field device that speaks OpenRosa as ODK Collect does, to an app or over a line."""

from base64 import b64encode
from collections.abc import Mapping

from flask import Flask
from lxml import etree
from werkzeug.test import TestResponse

from core import app_users
from core.people import SignedIn
from tests.support.house import NOW, House

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
BOUNDARY = b"a-line-that-no-record-has"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
RESPONSE = "{http://openrosa.org/http/response}"


def token_for(house: House, who: SignedIn, name: str = "Tablet") -> str:
    """Return the token of a new device of somebody's."""
    with house.database.transaction() as session:
        return app_users.add(session, who, name, NOW.date())


def headers_of(token: str) -> dict[str, str]:
    """Return what Collect sends along with every request."""
    basic = b64encode(f"zugang:{token}".encode()).decode()
    return {
        "X-OpenRosa-Version": "1.0",
        "User-Agent": "org.odk.collect.android/v2026.1.0 Dalvik/2.1.0",
        "Date": "Mon, 23 Nov 2026 12:00:00 GMT",
        "Authorization": f"Basic {basic}",
    }


def multipart(parts: Mapping[str, bytes]) -> bytes:
    """Return files by name as the body of one post."""
    lines = []
    for name, content in parts.items():
        says = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
        lines += [b"--" + BOUNDARY, says.encode(), b"", content]
    return b"\r\n".join([*lines, b"--" + BOUNDARY + b"--", b""])


class Device:
    """One device and what it was answered last."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client()
        self.headers = headers_of(token)
        self.response: TestResponse | None = None

    def get(self, path: str) -> etree._Element:
        """Get a document as XML."""
        self.response = self.client.get(path, headers=self.headers)
        return etree.fromstring(self.response.data)

    def forms(self) -> dict[str, dict[str, str]]:
        """Return what the list of forms says of each, by its formID."""
        listed = self.get("/openrosa/formList").findall(f"{LIST}xform")
        rows = [{one.tag.removeprefix(LIST): one.text or "" for one in row} for row in listed]
        return {row["formID"]: row for row in rows}

    def download(self, form_id: str) -> bytes:
        """Return a form as it is handed out."""
        answer = self.client.get(self.forms()[form_id]["downloadUrl"], headers=self.headers)
        return answer.data

    def send(self, record: bytes | str, files: Mapping[str, bytes] | None = None) -> int:
        """Send a record with files; return the status."""
        content = record.encode() if isinstance(record, str) else record
        self.response = self.client.post(
            "/openrosa/submission",
            data=multipart({"xml_submission_file": content, **(files or {})}),
            content_type=MULTIPART,
            headers=self.headers,
        )
        return self.response.status_code

    @property
    def told(self) -> str:
        """What the user of the device reads after sending."""
        assert self.response is not None
        return etree.fromstring(self.response.data).findtext(f"{RESPONSE}message") or ""


def record(answers: str, number: int = 1, form: str = "client", version: str = "1") -> str:
    """Return a record of a form as Collect writes it, with these answers as XML."""
    instance_id = f"uuid:00000000-0000-4000-8000-{number:012d}"
    return (
        f'<?xml version="1.0" ?><data xmlns:jr="http://openrosa.org/javarosa" '
        f'xmlns:orx="http://openrosa.org/xforms" id="{form}" version="{version}">{answers}'
        f"<orx:meta><orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>"
    )
