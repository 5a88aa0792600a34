"""The floor: a bare Flask hello on the very server that `zugang serve` uses."""

import os

from flask import Flask

from core import settings
from core.web import serving


def make_hello() -> Flask:
    """Return the smallest Flask app there is."""
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "<!doctype html><title>hello</title><p>hello"

    return app


if __name__ == "__main__":
    serving.Service(make_hello, settings.read(os.environ)).run()
