"""The main job end to end: from a woman's phone, in Arabic, to the evaluator's workbook."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from sqlalchemy import update

from core import audit, settings
from core.records import Response
from intake.cases import Case
from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.walker import Answers, Walker
from tests.journeys.words import said_in
from tests.support.judge import k_anonymity

Rows = Sequence[tuple[Any, ...]]
Sheets = Mapping[str, Rows]

HER_NAME = "سميرة"
HER_WORDS = "زوجي يقرأ رسائلي"
REFERRAL: Answers = {
    "safe_now": "no",
    "filled_by": "self",
    "housing": "with_partner",
    "reasons": ("violence", "separation"),
    "urgency": "today",
    "municipality": "luenen",
    "age": "22_29",
    "children": "1",
    "preferred_language": "ar",
    "contact_way": ("sms",),
    "name": HER_NAME,
    "phone": "٠١٧٦ ٠٤٠٦٩٠١٢",
    "may_call": "no",
    "leave_word": "no",
    "words": HER_WORDS,
    "consent_help": "yes",
    "consent_evaluation": "yes",
}
CLIENT: Answers = {
    "way_found": "web",
    "reachable": "4",
    "overall": "3",
    "housing_before": "with_partner",
    "housing_now": "shelter",
    "age": "22_29",
    "children": "1",
    "municipality": "luenen",
    "good": "Frau Kanarienvogel war da",
}
MUNICIPALITY: Answers = {
    "wave": "2",
    "office": "luenen",
    "frequency": "often",
    "reachable": "1",
    "gaps_seen": ("hidden",),
    "keep": "no",
    "improve": "Der Kanarienvogel singt",
}
arabic = partial(said_in, "ar")
WRITTEN = (HER_NAME, HER_WORDS, "0176", "٠١٧٦", "Kanarienvogel")


def test_journey__from_her_phone_to_an_anonymised_workbook(demo: Demo, browse: Browse) -> None:
    she_refers_herself(browse(demo.service, "phone"))
    desk = browse(demo.service, "desk", size=DESK)
    she_is_taken_up(desk.sign_in("Nora Demo", demo.passphrases["Nora Demo"]))
    desk.press("Abmelden")
    interviews_are_entered(desk.sign_in("Ines Demo", demo.passphrases["Ines Demo"]))
    desk.press("Abmelden").sign_in("Eva Demo", demo.passphrases["Eva Demo"])
    assert desk.row("Kontakt") == ["≈ 40", "0", "≈ 40"]  # she does not count this month
    a_month_passes(demo)
    sheets = the_workbook_is_downloaded(desk.open("/results/"))
    no_class_is_smaller_than_five(sheets)
    no_single_interview_with_a_municipality_shows(sheets)
    nothing_written_shows(sheets)


def she_refers_herself(phone: Walker) -> None:
    phone.open("/").press("العربية")
    assert phone.language == ("ar", "rtl")
    phone.press("begin").walk(REFERRAL)
    assert phone.answer_to(arabic("Wie viele Kinder leben bei Ihnen?")) == arabic("1 Kind")
    phone.press("page:/data/person").answer("children", "2").press("next")
    assert phone.answer_to(arabic("Wie viele Kinder leben bei Ihnen?")) == arabic("2 Kinder")
    assert HER_WORDS in phone.text
    phone.press("submit")
    assert phone.heading == arabic("Ihre Nachricht ist angekommen")
    assert phone.language == ("ar", "rtl")
    assert strangers_asked(phone) == []


def she_is_taken_up(desk: Walker) -> None:
    desk.open("/desk/").answer("words", HER_NAME).press_go()
    desk.open(str(desk.browser.find_element(By.CSS_SELECTOR, "a.code").get_attribute("href")))
    desk.press("Gelesen, Kontaktdaten zeigen").press("Übernehmen")
    assert desk.heading.startswith("Fall ")


def a_month_passes(demo: Demo) -> None:
    """Move what came in this month to the end of the last one."""
    chosen = settings.read(demo.service.environment)
    last = datetime.now(chosen.zone).date().replace(day=1) - timedelta(days=1)
    with closing(audit.connect(chosen)) as stored, stored.transaction() as session:
        session.execute(update(Case).where(Case.opened > last).values(opened=last))
        came = update(Response).where(Response.received > last)
        session.execute(came.values(received=last))


def interviews_are_entered(desk: Walker) -> None:
    desk.press("client").walk(CLIENT).press("Absenden")
    assert "Gespeichert und versiegelt" in desk.text
    desk.press("municipality").answer("wave", "2").press("pause")
    desk.follow("Befragung der Kommunen, begonnen am").walk(MUNICIPALITY).press("Absenden")
    assert "Angefangen" not in desk.text


def the_workbook_is_downloaded(desk: Walker) -> Sheets:
    assert desk.heading == "Auswertung"
    assert desk.row("Kontakt") == ["≈ 45", "0", "≈ 45"]
    assert desk.row("Befragung der Kommunen") == ["≈ 10", "10", "≈ 0"]
    assert "Runde 2: 1 Stelle hat geantwortet." in desk.text
    assert not desk.buttons("Runde 2 abschließen")
    sheets = sheets_of(desk.download("Arbeitsmappe herunterladen"))
    assert desk.open("/results/").row("Kontakt")[1] == str(len(sheets["referral v1"]) - 1)
    return sheets


def strangers_asked(walker: Walker) -> list[str]:
    """Return every address a browser asked for that is not the service's own."""
    asked = [url for url in walker.requested() if not url.startswith(("data:", "chrome:"))]
    assert len(asked) > 20
    return [url for url in asked if not url.startswith(f"{walker.address}/")]


def no_class_is_smaller_than_five(sheets: Sheets) -> None:
    released = {title: rows for title, rows in sheets.items() if " v" in title}
    assert {title.split()[0] for title in released} == {"referral", "case", "client"}
    codebook = records(sheets["codebook"])
    for title, rows in released.items():
        described = [row for row in codebook if row["questionnaire version"] == title]
        quasi = [row["name"] for row in described if row["role"] == "quasi"]
        assert len(quasi) >= 3
        assert len(rows) > 30
        assert k_anonymity(records(rows), quasi) >= 5, title


def no_single_interview_with_a_municipality_shows(sheets: Sheets) -> None:
    rows = records(sheets["municipalities"])
    assert {row["wave"] for row in rows} == {"1"}
    heard = [row["municipalities"] for row in rows if row["municipalities"] is not None]
    assert heard
    assert all(isinstance(number, int) and number >= 5 for number in heard)


def nothing_written_shows(sheets: Sheets) -> None:
    cells = {str(cell) for rows in sheets.values() for row in rows for cell in row}
    assert not [word for word in WRITTEN if any(word in cell for cell in cells)]


def sheets_of(file: Path) -> Sheets:
    """Return {title: rows of cells} of a workbook."""
    book = load_workbook(file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def records(rows: Rows) -> list[dict[str, Any]]:
    """Return the rows below the header as {header: cell}."""
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
