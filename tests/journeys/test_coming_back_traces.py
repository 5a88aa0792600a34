"""A woman comes back with her number: neither her browser nor the service keeps it anywhere."""

import json
import sqlite3
from contextlib import closing

import pytest
from selenium.webdriver.common.by import By

from tests.journeys.conftest import DESK, Browse
from tests.journeys.test_leaving import CHAIN_END, SHORT, entries, ours, rows
from tests.journeys.walker import Walker
from tests.support.service import Service

SELM = {**SHORT, "municipality": "selm"}
REPLY = "مرحبا. نتصل بكِ غدا.\nMontag, 9 Uhr"
MORE = "شكرا. أنا الآن عند أختي"
SHOW = "Gelesen, Kontaktdaten zeigen"


def counsellor(service: Service, browse: Browse) -> Walker:
    """Return the browser of a counsellor of the north at her desk."""
    accounts = json.loads((service.data / "demo-accounts.json").read_text(encoding="utf-8"))
    [nora] = [one for one in accounts if one["name"].startswith("Nora")]
    return browse(service, "desk", size=DESK).sign_in(nora["name"], nora["passphrase"])


def code_on(page: Walker) -> str:
    return page.browser.find_element(By.CLASS_NAME, "code").text


def numbers_sent(service: Service) -> set[str]:
    with closing(sqlite3.connect(service.data / "zugang.sqlite3")) as database:
        return {number for (number,) in database.execute("SELECT response_id FROM return_code")}


@pytest.mark.parametrize("javascript", [False, True])
def test_coming_back__leaves_one_neutral_line_and_the_number_nowhere(
    open_service: Service, browse: Browse, *, javascript: bool
) -> None:
    known = numbers_sent(open_service)
    phone = browse(open_service, "first", javascript=javascript).open("/").press("language:ar")
    phone.press("begin").walk(SELM).press("submit")
    code = code_on(phone)
    assert (phone.language, code[:5]) == (("ar", "rtl"), "0199 ")
    phone.press("done")
    assert code not in phone.text
    phone.close()

    [number] = numbers_sent(open_service) - known
    desk = counsellor(open_service, browse).open(f"/desk/{number}").press(SHOW)
    desk.open(f"/desk/{number}/messages").answer("words", REPLY).press("send")
    assert "noch nicht gelesen" in desk.text

    phone = browse(open_service, "again", javascript=javascript).open("/").press("language:ar")
    before = entries(phone)
    phone.answer("number", code).press("return")
    reply = phone.browser.find_element(By.CLASS_NAME, "fixed")
    assert (reply.text, reply.value_of_css_property("direction")) == (REPLY, "rtl")
    phone.answer("words", MORE).press("write")
    assert [one.text for one in phone.browser.find_elements(By.CLASS_NAME, "fixed")][-1] == MORE
    desk.open(f"/desk/{number}/messages")
    assert MORE in desk.text
    assert "noch nicht gelesen" not in desk.text

    phone.press("withdraw").press("withdrawn")
    assert "حذف" in phone.browser.find_element(By.CLASS_NAME, "notice").text
    if javascript:
        assert entries(phone) == before
    phone.answer("number", code).press("return")
    assert phone.browser.find_elements(By.CLASS_NAME, "mistake")
    assert "Zurückgenommen" in desk.open(f"/desk/{number}/messages").heading
    leaves_one_line(phone, open_service, code)


def leaves_one_line(phone: Walker, service: Service, code: str) -> None:
    phone.close()
    history = phone.folder / "profile" / "Default" / "History"
    query = (
        "SELECT DISTINCT urls.url, title FROM urls JOIN visits ON visits.url = urls.id"
        f" WHERE visits.transition & {CHAIN_END}"
    )
    assert [url for url, _ in ours(rows(history, query), service)] == [f"{service.address}/"]
    traces = {code.encode(), code.replace(" ", "").encode(), code.replace(" ", "+").encode()}
    kept = (phone.folder / "profile" / "Default").rglob("*")
    found = [file.name for file in kept if file.is_file() and holds(file.read_bytes(), traces)]
    assert found == []
    assert not any(trace.decode() in service.log for trace in traces)


def holds(content: bytes, traces: set[bytes]) -> bool:
    return any(trace in content for trace in traces)
