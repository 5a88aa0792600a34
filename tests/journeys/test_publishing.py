"""An evaluator changes a questionnaire in Excel: a mistake first, then tried out and published."""

from pathlib import Path

from openpyxl import load_workbook
from selenium.webdriver.common.by import By

from tests.journeys.conftest import DESK, Browse, Demo
from tests.journeys.walker import Walker

PAGE = "/results/questionnaires"
TURKISH, ASKED = "label::Türkçe (tr)", "Danışman bana saygılı davrandı, değil mi?"


def test_questionnaire__is_changed_in_excel_without_anybodys_help(
    demo: Demo, browse: Browse, tmp_path: Path
) -> None:
    eva = browse(demo.service, "evaluation", size=DESK)
    eva.sign_in("Eva Demo", demo.passphrases["Eva Demo"]).open(PAGE)
    book = eva.download_at("a[href$='/client/1.xlsx']")
    broken = changed(book, tmp_path / "kaputt.xlsx", "relevant", "${nobody} = 'yes'")
    assert "kann so nicht veröffentlicht werden" in upload(eva, broken).text
    (told,) = [text for text in lines(eva) if "nobody" in text]
    assert "Blatt survey" in told
    assert "Zeile" in told
    assert "relevant" in told

    mended = changed(book, tmp_path / "gut.xlsx", TURKISH, ASKED)
    assert "kann veröffentlicht werden" in upload(eva, mended).text
    assert ASKED in eva.text
    proposal = eva.browser.current_url
    eva.follow("Ausprobieren").press("language:tr").press("next")
    assert eva.language == ("tr", "ltr")
    assert ASKED in eva.text
    eva.open(proposal).follow("Wie auf einem Telefon")
    frame = eva.browser.find_element(By.TAG_NAME, "iframe")
    eva.browser.switch_to.frame(frame)
    assert ASKED in eva.text
    eva.browser.switch_to.default_content()
    eva.open(proposal).press("publish")
    assert "Version 2" in eva.text

    ines = browse(demo.service, "desk", size=DESK)
    ines.sign_in("Ines Demo", demo.passphrases["Ines Demo"]).press("client")
    assert ASKED in ines.press("language:tr").press("next").text
    look_at(browse(demo.service, "coordination", size=DESK), demo.passphrases["Karin Demo"])
    assert "wartet auf die Freigabe" not in eva.open(PAGE).text


def look_at(karin: Walker, passphrase: str) -> None:
    """See what the new version changes, and let its answers into tables."""
    karin.sign_in("Karin Demo", passphrase).open("/releases/")
    assert ASKED in karin.follow("Befragung von Klientinnen, Version 2").text
    assert "auf Sie warten" not in karin.press("Fragebogen freigeben").text


def changed(book: Path, target: Path, column: str, text: str) -> Path:
    """Change a cell of the question about respect, as in Excel."""
    found = load_workbook(book)
    sheet = found["survey"]
    headers = [cell.value for cell in sheet[1]]
    at = headers.index("name")
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[at].value == "respect"]
    row[headers.index(column)].value = text
    found.save(target)
    return target


def upload(eva: Walker, file: Path) -> Walker:
    eva.open(PAGE).fields("workbook")[0].send_keys(str(file))
    return eva.press("Hochladen und prüfen")


def lines(eva: Walker) -> list[str]:
    return [line.text for line in eva.browser.find_elements(By.CSS_SELECTOR, "main li")]
