"""A load generator that costs little: raw sockets kept alive, one loop over all clients.

A client is a generator: it yields the bytes of a request and is sent the `Reply`. When it ends, it
counts as done and a new one takes its place.
"""

import re
import selectors
import socket
import time
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

Client = Generator[bytes, "Reply", None]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_GZIP = re.compile(rb"\r\ncontent-encoding: *gzip", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_GZIP_WINDOW = 31
WARM_UP = 1.0  # seconds that do not count
_PATIENCE = 20  # seconds until a silent server counts as failed


class LoadError(Exception):
    """The service did not answer as it should: the measurement counts for nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it came over the wire."""

    head: bytes
    payload: bytes

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    @property
    def size(self) -> int:
        return len(self.head) + len(self.payload)

    @property
    def cookies(self) -> dict[bytes, bytes]:
        return {match[1]: match[2] for match in _COOKIE.finditer(self.head)}

    @property
    def body(self) -> bytes:
        payload = _joined(self.payload) if _CHUNKED.search(self.head) else self.payload
        return zlib.decompress(payload, _GZIP_WINDOW) if _GZIP.search(self.head) else payload


@dataclass
class Measured:
    """What a run counted after its warm-up."""

    seconds: float
    done: int = 0
    requests: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def done_per_second(self) -> float:
        return self.done / self.seconds

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds

    def wait(self, share: float) -> float:
        """Return the milliseconds within which `share` of the requests were answered."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Line:
    """One client on one connection."""

    def __init__(self, address: tuple[str, int], make_client: Callable[[], Client]) -> None:
        self.address = address
        self.make_client = make_client
        self.socket = socket.create_connection(address, timeout=_PATIENCE)
        self.received = bytearray()
        self.client = make_client()
        self.asked = 0.0
        self._ask(next(self.client))

    def _ask(self, request: bytes) -> None:
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> Reply | None:
        """Take what arrived; return the reply once it is whole."""
        arrived = self.socket.recv(262144)
        if not arrived:
            raise LoadError("the service hung up in the middle of an answer")
        self.received += arrived
        return self._whole()

    def _whole(self) -> Reply | None:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[: end + 4])
        length = _LENGTH.search(head)
        if length:
            complete = len(self.received) >= end + 4 + int(length[1])
        else:
            complete = self.received.endswith(b"\r\n0\r\n\r\n") or not _CHUNKED.search(head)
        return Reply(head, bytes(self.received[end + 4 :])) if complete else None

    def onward(self, reply: Reply) -> bool:
        """Give the client its reply and send what it asks next; say whether one is done."""
        succeeded(reply)
        self.received.clear()
        if _CLOSE.search(reply.head):
            self.socket.close()
            self.socket = socket.create_connection(self.address, timeout=_PATIENCE)
        done = False
        try:
            request = self.client.send(reply)
        except StopIteration:
            done = True
            self.client = self.make_client()
            request = next(self.client)
        self._ask(request)
        return done


def drive(
    address: tuple[str, int],
    make_client: Callable[[], Client],
    *,
    clients: int = 8,
    warm_up: float = WARM_UP,
    seconds: float = 4.0,
) -> Measured:
    """Return what `clients` clients got done in `seconds`; raise LoadError for a failed answer."""
    measured = Measured(seconds)
    begin = time.perf_counter() + warm_up
    end = begin + seconds
    with selectors.DefaultSelector() as selector:
        for line in [Line(address, make_client) for _ in range(clients)]:
            selector.register(line.socket, selectors.EVENT_READ, line)
        while (now := time.perf_counter()) < end:
            _turn(selector, measured, counting=now >= begin)
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return measured


def _turn(selector: selectors.BaseSelector, measured: Measured, *, counting: bool) -> None:
    ready = selector.select(_PATIENCE)
    if not ready:
        raise LoadError("the service fell silent")
    for key, _ in ready:
        line: Line = key.data
        reply = line.read()
        if reply is None:
            continue
        if counting:
            measured.requests += 1
            measured.waits.append(time.perf_counter() - line.asked)
        before = line.socket
        measured.done += line.onward(reply) and counting
        if line.socket is not before:
            selector.unregister(before)
            selector.register(line.socket, selectors.EVENT_READ, line)


def fetch(address: tuple[str, int], client: Client) -> Reply:
    """Return the reply to the first request of `client`; raise LoadError for a failed answer."""
    line = Line(address, lambda: client)
    try:
        while (reply := line.read()) is None:
            pass
    finally:
        line.socket.close()
    return succeeded(reply)


def replies(address: tuple[str, int], client: Client) -> Iterator[Reply]:
    """Yield each reply that `client` gets, in turn; raise LoadError for a failed one."""
    request: bytes | None = next(client)
    while request is not None:
        reply = fetch(address, _only(request))
        yield reply
        try:
            request = client.send(reply)
        except StopIteration:
            request = None


def _only(request: bytes) -> Client:
    yield request


def succeeded(reply: Reply) -> Reply:
    """Return `reply`; raise LoadError unless it is what was asked for or leads there."""
    if not 200 <= reply.status < 400:
        raise LoadError(f"{reply.status}: {reply.body[:200]!r}")
    return reply


def _joined(chunked: bytes) -> bytes:
    parts = []
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size, 16)
        parts.append(rest[:length])
        chunked = rest[length + 2 :] if length else b""
    return b"".join(parts)
