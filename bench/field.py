"""Interviews from devices: how many the service takes in, each durable before it is answered."""

import sqlite3
import time
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bench import load
from core import people
from tests.support.device import MULTIPART, headers_of, multipart, record, token_for
from tests.support.house import build, join, settings_for
from tests.support.service import Service

CLIENTS = 8
SECONDS = 3
ANSWERS = (
    "<contact><reachable>4</reachable><respect>4</respect></contact>"
    "<housing><housing_now>own_flat</housing_now></housing><person><age>30_49</age></person>"
    f"<more><good>{'Sie hat mir zugehört. ' * 20}</good></more>"
)


def taken_in_per_second() -> tuple[float, float]:
    """Return (interviews a second that 8 devices get stored, durable rows a second of SQLite)."""
    with TemporaryDirectory(prefix="zugang-bench-") as name:
        folder = Path(name)
        house = build(settings_for(folder / "data"))
        token = token_for(house, join(house, "Ines", people.INTERVIEWER))
        service = Service(house.settings.data)
        service.start()
        try:
            parts = urlsplit(service.address)
            address = str(parts.hostname), int(parts.port or 0)
            measured = load.drive(address, lambda: _send(parts.netloc, token), clients=CLIENTS)
        finally:
            service.stop()
            house.database.close()
        return measured.done_per_second, _rows_per_second(folder / "bare.sqlite")


def _send(host: str, token: str) -> load.Client:
    body = multipart({"xml_submission_file": _record().encode()})
    said = headers_of(token) | {
        "Host": host,
        "Content-Type": MULTIPART,
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    reply = yield f"POST /openrosa/submission HTTP/1.1\r\n{head}\r\n".encode() + body
    if reply.status != 201:
        raise load.LoadError(f"an interview was answered with {reply.status} instead of 201")


def _record() -> str:
    return record(ANSWERS).replace("00000000-0000-4000-8000-000000000001", str(uuid.uuid4()))


def _rows_per_second(file: Path) -> float:
    bare = sqlite3.connect(file, isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE response (id TEXT PRIMARY KEY, content BLOB)")
    content, stored = _record().encode(), 0
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        bare.execute("INSERT INTO response VALUES (?, ?)", (str(uuid.uuid4()), content))
        stored += 1
    bare.close()
    return stored / SECONDS
