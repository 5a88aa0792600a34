"""A picture of a letter: chosen on a phone without scripts, saved by the counsellor."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from sqlalchemy import select

from core import audit, versions
from core.records import Response
from tests.journeys.conftest import DESK, Browse, Demo, serving
from tests.journeys.walker import Walker
from tests.support.files import FORM, HAS, JPEG, LOOK, PAPERS
from tests.support.house import settings_for
from tests.support.service import Service
from tests.xlsform.builders import workbook_from
from xlsform.source import convert


@pytest.fixture
def taking_files(tmp_path: Path) -> Iterator[Demo]:
    """A service whose referral asks for files."""
    with serving(Service(tmp_path / "demo")) as running:
        chosen = settings_for(running.service.data)
        with closing(audit.connect(chosen)) as database, database.transaction() as session:
            versions.publish(session, "referral", convert(workbook_from(FORM)).xml)
        yield running


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    found = tmp_path / "Kündigung vom Vermieter.jpg"
    found.write_bytes(JPEG + b"zaunkoenig" * 100_000)
    return found


def test_file__goes_from_her_phone_to_the_counsellor(
    taking_files: Demo, browse: Browse, letter: Path
) -> None:
    phone = browse(taking_files.service, "phone").open("/").press("begin").press("next")
    assert phone.heading == PAPERS
    phone.fields("photo")[0].send_keys(str(letter))
    phone.answer("age", "viele").press("next")
    assert HAS in phone.text  # a slip elsewhere costs her no file
    assert letter.stem not in phone.browser.page_source
    phone.answer("age", "40").press("next")
    assert phone.heading == LOOK
    phone.walk({}).press("submit")
    assert phone.heading == "Ihre Nachricht ist angekommen"

    desk = browse(taking_files.service, "desk", size=DESK)
    desk.sign_in("Nora Demo", taking_files.passphrases["Nora Demo"])
    desk.open(f"/desk/{newest(taking_files)}")
    saved = save(desk)
    assert saved.read_bytes() == letter.read_bytes()
    assert saved.name.startswith("image-")


def newest(demo: Demo) -> str:
    """Return the number of the referral that came in last: urgent ones are listed first."""
    chosen = settings_for(demo.service.data)
    with closing(audit.connect(chosen)) as database, database.transaction() as session:
        last = select(Response.id).order_by(Response.received.desc()).limit(1)
        return str(session.scalars(last).one())


def save(desk: Walker) -> Path:
    desk.click(desk.browser.find_element(By.CSS_SELECTOR, "dd a"))
    whole = (desk.folder / "downloads").glob
    return desk.until(lambda: next(whole("*.jpg"), None))
