"""The tools of the tests work: PostgreSQL answers, both browsers render, no script runs."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from sqlalchemy import create_engine, text

from tests.support.firefox import Firefox
from tests.support.judge import k_anonymity
from tests.support.postgres import Cluster

FORM = """<!doctype html><meta name=viewport content="width=device-width"><title>form</title>
<form action=sent.html><input name=word><button name=go value=next>Go</button></form>
<script>document.title = 'scripted'</script>"""
SENT = "<!doctype html><title>sent</title><h1>Received</h1>"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is theirs
        pass


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "form.html").write_text(FORM)
    (folder / "sent.html").write_text(SENT)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *rest: Quiet(*rest, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_database__both_kinds_answer(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE word (it TEXT)"))
        connection.execute(text("INSERT INTO word VALUES ('مرحبا')"))
        assert connection.scalar(text("SELECT it FROM word")) == "مرحبا"
    engine.dispose()


def test_postgres__every_test_gets_an_empty_database(postgres: Cluster) -> None:
    for _ in range(2):
        url = postgres.create()
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE only_here (it TEXT)"))
        engine.dispose()
        postgres.drop(url)


def test_phone__renders_and_sends_a_form_without_running_scripts(phone: Chrome, pages: str) -> None:
    phone.get(f"{pages}/form.html")
    assert phone.title == "form"
    assert phone.execute_script("return innerWidth") == 390
    phone.find_element(By.NAME, "word").send_keys("سلام")
    phone.find_element(By.NAME, "go").click()
    # The click returns before the next page is there.
    WebDriverWait(phone, 30).until(lambda _: phone.title == "sent")
    assert phone.find_element(By.TAG_NAME, "h1").text == "Received"


def test_firefox__renders_and_sends_a_form_without_running_scripts(
    firefox: Firefox, pages: str
) -> None:
    firefox.open(f"{pages}/form.html")
    assert firefox.read("document.title") == "form"
    assert firefox.read("innerWidth") == 390
    firefox.write("[name=word]", "salam")
    firefox.press_and_wait("[name=go]")
    assert firefox.address.endswith("sent.html?word=salam&go=next")
    assert firefox.read("document.querySelector('h1').textContent") == "Received"


def test_judge__counts_a_missing_value_as_a_value() -> None:
    same = [{"age": "20-29", "part": "north"}] * 5
    assert k_anonymity(same, ["age", "part"]) == 5
    assert k_anonymity([*same, {"age": None, "part": "north"}], ["age", "part"]) == 1
