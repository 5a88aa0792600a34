"""A bad line: it carries bytes both ways, and breaks when a dice says so."""

import random
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_PIECE = 400  # bytes carried at a time; a record is several pieces
_PATIENCE = 10  # seconds


class _Line(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, far_end: tuple[str, int], breaks: float, seed: int) -> None:
        self.far_end = far_end
        self.breaks = breaks  # how likely it is that it breaks with a piece
        self.dice = random.Random(seed)
        self.broken = 0
        super().__init__(("127.0.0.1", 0), _Call)

    def holds(self) -> bool:
        """Say whether the line carries one more piece."""
        holds = self.dice.random() >= self.breaks
        self.broken += not holds
        return holds


class _Call(socketserver.BaseRequestHandler):
    server: _Line

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(self.server.far_end) as far:
            back = threading.Thread(target=self._carry, args=(far, self.request), daemon=True)
            back.start()
            self._carry(self.request, far)
            back.join(_PATIENCE)

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while piece := here.recv(_PIECE):
                if not self.server.holds():
                    for end in (here, there):
                        end.shutdown(socket.SHUT_RDWR)
                    return
                there.sendall(piece)
            there.shutdown(socket.SHUT_WR)


@contextmanager
def bad_line(address: str, breaks: float, seed: int) -> Iterator[_Line]:
    """Carry calls to the service at `address` while the block runs."""
    parts = urlsplit(address)
    with _Line((str(parts.hostname), int(parts.port or 0)), breaks, seed) as line:
        thread = threading.Thread(target=line.serve_forever)
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()
