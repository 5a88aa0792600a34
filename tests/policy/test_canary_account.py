"""Passphrases, secrets and codes that staff type or are shown are in no byte the service keeps."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import psycopg
import pyotp
import pytest
from flask import Flask

from tests.policy.canary import encoded, found
from tests.support.postgres import Cluster
from tests.support.remote import Remote
from tests.support.service import Service
from tests.support.visitor import Visitor

Serve = Callable[..., Service]
FIRST, EASY, SECOND = "kanarie amsel birke 11", "kanariekanarie", "kanarie drossel eiche 22"


def typed_and_shown(service: Service, remote: Remote) -> set[str]:
    """Set up the service and an app, change the passphrase, lose the app; return the secrets."""
    visitor = Visitor(cast("Flask", remote))
    visitor.get(service.printed(r"one-time link\): \S+(/staff/\S+)"))
    visitor.press("Stärke prüfen", name="Karin", passphrase=EASY, again=EASY)
    visitor.press("Speichern und anmelden", name="Karin", passphrase=EASY, again=EASY)
    visitor.press("Speichern und anmelden", name="Karin", passphrase=FIRST, again=FIRST)
    words = [word.text_content() for word in visitor.page.xpath("//ol[@class='words']/li")]
    secrets = {FIRST, EASY, SECOND, " ".join(words)}
    secret = str(visitor.get("/staff/account/app").page.findtext(".//code"))
    code = pyotp.TOTP(secret.replace(" ", "")).now()
    visitor.press("Einrichten", code=code)
    codes = [str(one.text) for one in visitor.page.findall(".//code")]
    visitor.get("/staff/account/passphrase")
    visitor.press("Ändern", old=FIRST, passphrase=SECOND, again=SECOND)
    visitor.press("Abmelden").press("Anmelden", name="Karin", passphrase=SECOND)
    visitor.press("Weiter", code=f"{secret} {FIRST}")
    visitor.press("Weiter", code=codes[0])
    assert visitor.heading == "Ihr Konto"
    assert all(len(one) > 9 for one in secrets)
    return secrets | {secret, secret.replace(" ", "")} | {*codes}


def database_files(url: str, request: pytest.FixtureRequest) -> list[Path]:
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return [*file.parent.glob(f"{file.name}*")]
    cluster: Cluster = request.getfixturevalue("postgres")
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(
        host=str(cluster.folder), user="zugang", dbname=name, autocommit=True
    ) as connection:
        connection.execute("CHECKPOINT")
    return [cluster.folder]


def test_canary__no_secret_of_the_account_is_kept(
    serve: Serve, database_url: str, request: pytest.FixtureRequest
) -> None:
    service = serve(database_url, ZUGANG_SECOND_FACTOR="required")
    remote = Remote(service.address)
    secrets = typed_and_shown(service, remote)
    traces = {
        form
        for text in secrets
        for plain in {text, text.replace("-", ""), text.lower()}
        for form in encoded(plain.encode())
    }
    folders = (service.data, service.log_file, *database_files(database_url, request))
    assert found(traces, *folders) == []
    service.stop()
    assert found(traces, *folders) == []
    assert found({b"Karin"}, *folders)  # stored on purpose: it seeks
    headers = "\n".join(f"{name}: {value}" for name, value in remote.headers)
    assert [text for text in secrets if text in headers] == []
