"""Sending e-mail through a real server."""

import re
import ssl
import subprocess
from pathlib import Path

import pytest

from core import mail
from core.mail import MailError, Server, server_of
from tests.support.postbox import postbox
from tests.support.service import free_port

FROM, TO = "zugang@example.org", "nora@example.org"


def test_server_of__reads_what_a_deployment_writes() -> None:
    assert server_of("smtp://localhost") == Server("localhost", 25, "smtp")
    assert server_of("smtps://mail.example.org") == Server("mail.example.org", 465, "smtps")
    found = server_of("smtp+starttls://me:a%40b@mail.example.org:2525")
    assert found == Server("mail.example.org", 2525, "smtp+starttls", "me", "a@b")
    assert "a@b" not in repr(found)


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "http://x", "smtp://", "smtp://me:pw@mail.example.org", "smtp://h:0x1/",
     "smtps://h/path", "smtps://h:99999"],
)  # fmt: skip
def test_server_of__refuses_what_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match=r"no mail server|in the clear|[Pp]ort"):
        server_of(url)


def test_send__arrives_as_it_was_written() -> None:
    with postbox() as box:
        mail.send(server_of(box.url), FROM, TO, "Neuigkeiten", "Etwas Neues für Sie.\n")
    [message] = box.messages
    assert (message["From"], message["To"], message["Subject"]) == (FROM, TO, "Neuigkeiten")
    assert box.to == [TO]
    assert message.get_payload(decode=True) == "Etwas Neues für Sie.\r\n".encode()
    assert "localhost" not in str(message["Message-ID"])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_send__signs_in_where_it_must() -> None:
    with postbox(login=("me", "secret")) as box:
        url = f"smtp://me:secret@127.0.0.1:{box.port}"
        mail.send(server_of(url), FROM, TO, "x", "y")
        mail.try_out(server_of(url))
        with pytest.raises(MailError):
            mail.try_out(server_of(url.replace("secret", "guess")))
        with pytest.raises(MailError):
            mail.send(server_of(box.url), FROM, TO, "x", "y")
    assert len(box.raw) == 1


def test_send__says_when_the_server_refuses_or_is_away_and_repeats_no_address() -> None:
    with postbox() as box:
        box.refuses = True
        with pytest.raises(MailError) as error:
            mail.send(server_of(box.url), FROM, TO, "x", "y")
    assert TO not in str(error.value)
    with pytest.raises(MailError, match="Refused"):
        mail.try_out(server_of(f"smtp://127.0.0.1:{free_port()}"))


def test_send__trusts_no_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with postbox(tls=context) as box:
        url = f"smtp+starttls://127.0.0.1:{box.port}"
        with pytest.raises(MailError, match="Cert"):
            mail.send(server_of(url), FROM, TO, "x", "y")
        assert box.raw == []


def test_send__does_not_go_on_in_the_clear_where_tls_is_asked_for() -> None:
    with postbox() as box:
        with pytest.raises(MailError, match="NotSupported"):
            mail.send(server_of(f"smtp+starttls://127.0.0.1:{box.port}"), FROM, TO, "x", "y")
        assert box.raw == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_send__says_so_when_a_setting_cannot_be_written_to_a_server() -> None:
    with postbox(login=("me", "secret")) as box:
        for url in ("smtp://mail..example.org", f"smtp://me:s%C3%A4cret@127.0.0.1:{box.port}"):
            with pytest.raises(MailError, match="Unicode"):
                mail.send(server_of(url), FROM, TO, "x", "y")
            with pytest.raises(MailError, match="Unicode"):
                mail.try_out(server_of(url))


@pytest.mark.parametrize(
    "address",
    ["a@b.de\r\nBcc: x@y.de", "a@b.de,c@d.de", "a b@c.de", "a@b", "<a@b.de>", "a@[b.de", "a(@b.de",
     "a@b].de", "a@b..de", "a@b.de.", ".a@b.de", "=?x?q?y?=@b.de", "ä@b.de", "a@b\x7f.de"],
)  # fmt: skip
def test_address__is_no_other_one_and_cannot_end_a_header(address: str) -> None:
    assert re.fullmatch(mail.ADDRESS, address) is None


@pytest.mark.parametrize(
    "address", ["nora.x+y@mail.example.org", "n_o-r'a@x1.de", "n@xn--mnchen-3ya.de"]
)
def test_send__writes_to_every_address_that_is_taken(address: str) -> None:
    assert re.fullmatch(mail.ADDRESS, address)
    with postbox() as box:
        mail.send(server_of(box.url), FROM, address, "x", "y")
    assert box.to == [address]
