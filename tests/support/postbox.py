"""A real mail server on this machine, which keeps what it is given."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.service import free_port


@dataclass
class Postbox:
    """What arrived: `raw` as bytes; while it `refuses`, nothing is taken.

    `meanwhile` is what happens while a message is taken.
    """

    port: int
    raw: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refuses: bool = False
    meanwhile: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        """The server as a setting."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[Message]:
        """What arrived, read."""
        return [message_from_bytes(one) for one in self.raw]

    async def handle_DATA(  # noqa: N802 - their name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a message."""
        if self.refuses:
            return "451 not now"
        self.meanwhile()
        self.raw.append(envelope.original_content or b"")
        self.to += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def postbox(
    tls: ssl.SSLContext | None = None, login: tuple[str, str] = ("", "")
) -> Iterator[Postbox]:
    """Run a mail server; with `tls` it offers STARTTLS, with `login` it asks who one is."""
    box = Postbox(free_port())

    def check(*given: Any) -> AuthResult:
        data, known = given[-1], tuple(one.encode() for one in login)
        right = isinstance(data, LoginPassword) and (data.login, data.password) == known
        return AuthResult(success=right)

    more: dict[str, Any] = {"tls_context": tls} if tls else {}
    if login[0]:
        more |= {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
