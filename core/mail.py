"""Sending an e-mail through the server that the settings name. Knows no database and no people."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

# One plain address: what else the standard allows, `email` reads as another one or fails on.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = rf"[A-Za-z0-9_+'&~-]+(?:\.[A-Za-z0-9_+'&~-]+)*@{_LABEL}(?:\.{_LABEL})+"
SECONDS = 20  # for every answer of the server
PLAIN, STARTTLS, TLS = "smtp", "smtp+starttls", "smtps"
_PORTS = {PLAIN: 25, STARTTLS: 587, TLS: 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# ValueError: a host or a password that smtplib cannot write in its letters
_FAILURES = (OSError, smtplib.SMTPException, ValueError)


class MailError(RuntimeError):
    """The server did not take a message; says what kind of failure it was and nothing else."""


@dataclass(frozen=True)
class Server:
    """A mail server, how to speak to it, and who we are there."""

    host: str
    port: int
    way: str
    user: str = ""
    password: str = field(default="", repr=False)


def server_of(url: str) -> Server:
    """Return the server of a URL such as `smtp+starttls://user:password@host:587`.

    Raises ValueError, also for a password that would cross a network in the clear.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError("no mail server")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == PLAIN and parts.hostname not in _LOOPBACK:
        raise ValueError("a password in the clear")
    port = parts.port or _PORTS[parts.scheme]
    return Server(parts.hostname, port, parts.scheme, user, password)


def send(server: Server, sender: str, to: str, subject: str, text: str) -> None:
    """Send a plain text; raise `MailError`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = formatdate()  # in UTC, as everybody's: it tells no place
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connected(server) as smtp:
            smtp.send_message(message)
    except _FAILURES as error:
        raise MailError(type(error).__name__) from None  # its text may quote an address


def try_out(server: Server) -> None:
    """Connect and sign in as for a message; raise `MailError`."""
    try:
        with _connected(server) as smtp:
            smtp.noop()
    except _FAILURES as error:
        raise MailError(type(error).__name__) from None


def _connected(server: Server) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.way == TLS:
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusted)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.way == STARTTLS:
            smtp.starttls(context=trusted)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp
