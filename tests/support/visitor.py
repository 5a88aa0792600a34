"""A browser without a screen: follows redirects, fills forms by their labels, presses buttons."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart


class Visitor:
    """One browser with its own cookies; it holds every page it sees to the rules of all pages."""

    def __init__(self, app: Flask, language: str = "de") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}
        self.response: TestResponse
        self.page: Any = None

    def get(self, path: str) -> "Visitor":
        """Open an address and follow where it leads."""
        self._seen(self.client.get(path, headers=self.headers))
        return self

    def post(self, path: str, data: Any = None, **more: Any) -> "Visitor":
        """Send something no form of ours would send."""
        self._seen(self.client.post(path, data=data, headers=self.headers, **more))
        return self

    def press(self, value: str, **answers: str | FileStorage | Iterable[str]) -> "Visitor":
        """Fill the form that has a button with this value (or text) and press it.

        `answers` are by the last part of the field's name: `phone="0176 1"`.
        """
        button = self.button(value)
        form = next(button.iterancestors("form"))
        values = ((name, text) for name, text in form.form_values() if text is not None)
        data: MultiDict[str, Any] = MultiDict(values)
        for name, given in answers.items():
            field = self.field(name, form)
            one = isinstance(given, (str, FileStorage))
            data.setlist(field, [given] if one else list(given))
        if button.get("name"):
            data.setlist(button.get("name"), [button.get("value") or ""])
        path, kind = form.get("action") or self.path, form.get("enctype")
        if kind:
            stream, _, boundary = stream_encode_multipart(data, use_tempfile=False)
            return self.post(path, stream.read(), content_type=f"{kind}; boundary={boundary}")
        return self.post(path, data)

    def button(self, value: str) -> Any:
        """Return the first button with this value or text."""
        for button in self.page.iter("button"):
            if value in (button.get("value"), button.text_content().strip()):
                return button
        raise LookupError(f"no button {value!r} on {self.path}")

    def field(self, name: str, form: Any = None) -> str:
        """Return the whole name of a field."""
        names = {
            field.get("name")
            for field in (self.page if form is None else form).iter("input", "textarea", "select")
            if field.get("name")
        }
        found = [one for one in names if one == name or one.rpartition("-")[2] == name]
        if not found:
            raise LookupError(f"no field {name!r} among {sorted(names)}")
        return str(found[0])

    @property
    def path(self) -> str:
        """Where the browser is."""
        return str(self.response.request.path)

    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.text_content().split())

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return "".join(str(one.text_content()) for one in self.page.findall(".//h1")[:1]).strip()

    @property
    def mistakes(self) -> list[str]:
        """The mistakes that the page shows beside its fields."""
        return [str(one.text_content()) for one in self.page.find_class("mistake")]

    def _seen(self, response: TestResponse) -> None:
        while response.status_code in {301, 302, 303} and response.location.startswith("/"):
            response = self.client.get(response.location, headers=self.headers)
        self.response = response
        if response.mimetype == "text/html" and response.data:
            self.page = html.fromstring(response.get_data(as_text=True))
            for box in self.page.iter("textarea"):  # browsers drop the first line break
                box.text = (box.text or "").removeprefix("\n")
            self._check()

    def _check(self) -> None:
        """Hold what every page promises."""
        assert self.page.findtext(".//title"), "a page without a title"
        assert self.page.get("lang"), "a page without a language"
        assert self.page.get("dir") in {"ltr", "rtl"}
        assert self.response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in self.response.headers["Content-Security-Policy"]
        assert not self.page.xpath("//@style")
        self._check_scripts()
        for form in self.page.iter("form"):
            assert (form.get("action") or "/").startswith("/")
            if (form.get("method") or "").lower() == "post":
                assert form.xpath(".//input[@name='csrf_token']"), "a form without a token"
        self._check_labels()

    def _check_scripts(self) -> None:
        scripts = self.page.findall(".//script")
        assert [one.text for one in scripts if one.text] == [], "a script inside the page"
        assert all(one.get("src").startswith("/") for one in scripts), "somebody else's script"
        allowed = "script-src 'self'" in self.response.headers["Content-Security-Policy"]
        assert allowed == bool(scripts), "scripts are allowed where, and only where, there is one"

    def _check_labels(self) -> None:
        ids = [one.get("id") for one in self.page.xpath("//*[@id]")]
        assert len(ids) == len(set(ids)), "an id that is there twice"
        for field in self.page.xpath("//input[not(@type='hidden')] | //textarea | //select"):
            labelled = any(True for _ in field.iterancestors("label"))
            assert labelled or self.page.xpath(f"//label[@for='{field.get('id')}']")
