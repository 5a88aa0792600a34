"""A partner's page in a browser: made by the coordinator, one neutral line, nothing that tells."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import DESK, Browse, Site
from tests.journeys.test_leaving import CHAIN_END, EXIT, SHORT, entries, ours, rows
from tests.support.service import Service

START = "Sie schreiben für eine Frau"


def address_made(service: Service, browse: Browse) -> str:
    """Return the path of an address that the coordinator made."""
    accounts = json.loads((service.data / "demo-accounts.json").read_text(encoding="utf-8"))
    [karin] = [one for one in accounts if one["name"].startswith("Karin")]
    desk = browse(service, "desk", size=DESK).sign_in(karin["name"], karin["passphrase"])
    desk.open("/staff/partners").answer("name", "Jobcenter").press("Adresse machen")
    return urlsplit(desk.browser.find_element("tag name", "code").text).path


@pytest.mark.parametrize("javascript", [False, True])
def test_partner__leaves_one_neutral_line_and_tells_the_neutral_site_nothing(
    open_service: Service, neutral_site: Site, browse: Browse, *, javascript: bool
) -> None:
    path = address_made(open_service, browse)
    office = browse(open_service, "office", javascript=javascript).open(path)
    assert (office.heading, office.first_stop()) == (START, EXIT)
    before = entries(office)
    office.press("begin").walk(SHORT).press("submit")
    assert office.heading == "Die Nachricht ist angekommen"
    if javascript:
        assert entries(office) == before
    neutral_site.visits.clear()
    office.press("begin").follow(EXIT)
    assert [visit["Referer"] for visit in neutral_site.visits] == [None]
    office.open(path)
    assert office.heading == START
    assert office.browser.get_cookies() == []
    office.close()
    assert titles_of(office.folder, open_service) == {(open_service.address + path, "Kontakt")}
    assert path.rpartition("/")[2] not in open_service.log


def titles_of(folder: Path, service: Service) -> set[tuple[object, ...]]:
    shown = rows(
        folder / "profile" / "Default" / "History",
        "SELECT DISTINCT urls.url, title FROM urls JOIN visits ON visits.url = urls.id"
        f" WHERE visits.transition & {CHAIN_END}",
    )
    return set(ours(shown, service))
