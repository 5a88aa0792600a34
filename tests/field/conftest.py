"""JavaRosa beside the clients of this folder, and the API over a real line."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.support.javarosa import javarosa

__all__ = ["javarosa", "server"]


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of the API, over a real line."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/openrosa"
    running.shutdown()
    thread.join()
    running.server_close()
