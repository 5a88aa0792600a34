"""What only the real server can show."""

import gc
import http.client
from collections.abc import Callable

from flask import Flask

from core.web import serving
from tests.support.house import House
from tests.support.service import Service

WORD = b"zaunkoenig"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}


def post(service: Service, body: bytes) -> tuple[int, str]:
    host = service.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("POST", "/", body, HEADERS)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


def test_serve__ten_megabytes_get_a_page_and_not_a_cut_line(
    serve: Callable[..., Service],
) -> None:
    service = serve(ZUGANG_WORKERS="1")
    for _ in range(3):
        status, page = post(service, b"words=" + WORD * 1_000_000)
        assert status == 413
        assert "tel:116016" in page
        assert 'lang="en"' in page
    status, page = post(service, b"words=" + WORD)
    assert status == 400
    assert "tel:110" in page
    assert WORD.decode() not in service.log
    assert "Traceback" not in service.log
    assert service.stop() == 0


def test_load__what_lives_as_long_as_the_process_is_not_collected_again(
    house: House, app: Flask
) -> None:
    service = serving.Service(lambda: app, house.settings)
    try:
        assert service.load() is app
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
