"""Reading aloud: a browser plays what the computer voice read, with an element of its own."""

import urllib.request
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.journeys.conftest import Browse, serving
from tests.support.service import Service

BYTES_A_SECOND = 24_000 / 8


def test_question__is_read_aloud_in_her_language(tmp_path: Path, browse: Browse) -> None:
    with serving(Service(tmp_path / "aloud")) as running:
        said = running.service.command("recordings", "draft", "de")
        assert "drafts are new" in said
        woman = browse(running.service, "woman")
        woman.open("/")
        woman.press("Anfangen")
        assert "Es liest eine Computerstimme." in woman.text
        players = woman.browser.find_elements(By.CSS_SELECTOR, "audio[controls]")
        assert len(players) > 1
        player = players[0]
        assert player.size["width"] > 200
        run = woman.browser.execute_script
        fetched = "return performance.getEntriesByType('resource').map(one => one.name)"
        assert not any("/media/" in name for name in run(fetched))  # nothing before she presses
        run("arguments[0].preload = 'auto'; arguments[0].load()", player)
        wait = WebDriverWait(woman.browser, 20)
        wait.until(lambda _: run("return arguments[0].readyState > 0", player))
        seconds = run("return arguments[0].duration", player)
        with urllib.request.urlopen(str(player.get_attribute("src"))) as sound:
            size = len(sound.read())
        assert size / BYTES_A_SECOND - 1 < seconds < size / BYTES_A_SECOND + 1
        assert seconds > 3
