"""`make screenshots`: the pictures of the README. With `--all FOLDER`: every page, to look at.

Every page is photographed whole, in every language, light and dark, on a phone and on a desk.
"""

import argparse
import base64
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.languages import LANGUAGES
from tests.journeys.walker import Answers, Walker
from tests.support import chromium
from tests.support.service import Service

PHONE, DESK = (390, 844), (1280, 900)
SIZES = {"phone": PHONE, "desk": DESK}
SCHEMES = ("light", "dark")
PASSPHRASE = "birke garten hafen segel wolke"
ANSWERS: Answers = {
    "safe_now": "no",
    "housing": "with_partner",
    "reasons": ("notice", "violence"),
    "court_letter": "yes",
    "deadline_date": "24.12.2026",
    "municipality": "luenen",
    "age": "22_29",
    "children": "1",
    "name": "Mina",
    "phone": "0176 04069012",
    "messenger": "Signal, 0176 04069012",
    "email": "mina@example.org",
    "other_person": "meine Schwester Ana, 0176 04069013",
    "meeting_place": "Dienstag um 10 Uhr in der Bücherei",
    "address": "Bücherei, Markt 1, Lünen",
    "safety_note": "nicht am Mittwoch anrufen",
    "words": "Ich kann heute noch hier schlafen, aber morgen nicht mehr.",
    "consent_help": "yes",
}
WAYS = ("phone", "sms", "messenger", "email", "person", "meeting", "letter")


class Camera:
    """A browser whose size, colours and language change at will."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.walker = Walker(chromium.launch(folder, size=None), service.address, folder)
        self.service = service
        self.tell("Network.enable")
        self.tell("Emulation.setScrollbarsHidden", hidden=True)

    def tell(self, command: str, **parameters: Any) -> Any:
        """Give the browser a command of the DevTools protocol."""
        return self.walker.browser.execute_cdp_cmd(command, parameters)

    def speak(self, tag: str) -> "Camera":
        """Ask for pages in this language, as somebody who was never here."""
        self.tell("Network.clearBrowserCookies")
        self.tell("Network.setExtraHTTPHeaders", headers={"Accept-Language": tag})
        return self

    def look(self, size: tuple[int, int], scheme: str = "light", scale: float = 1) -> "Camera":
        """See the page in this size, in these colours."""
        width, height = size
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        scheme_wish = {"name": "prefers-color-scheme", "value": scheme}
        self.tell("Emulation.setEmulatedMedia", features=[scheme_wish])
        return self

    def shoot(self, file: Path) -> Path:
        """Write what the window shows as PNG; return the file."""
        self.walker.browser.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
        picture = self.tell("Page.captureScreenshot")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(picture["data"]))
        return file

    def shoot_whole(self, file: Path, size: tuple[int, int], scheme: str) -> Path:
        """Write the page down to its end as PNG; return the file."""
        width, height = size
        self.look(size, scheme)
        end = self.walker.browser.execute_script("return document.documentElement.scrollHeight")
        return self.look((width, max(height, int(end))), scheme).shoot(file)

    def sign_in(self, name: str) -> Walker:
        """Come in as somebody of the demo staff; her page is open then."""
        accounts = json.loads((self.service.data / "demo-accounts.json").read_text())
        passphrase = next(one["passphrase"] for one in accounts if one["name"] == name)
        walker = self.walker.open("/staff/sign-in")
        walker.answer("name", name).answer("passphrase", passphrase).press_go()
        return walker


@contextmanager
def serving(folder: Path, *, demo: bool = True) -> Iterator[Camera]:
    """Serve a temporary instance and give it a camera."""
    folder.mkdir(exist_ok=True)
    service = Service(folder / "data")
    if demo:
        service.command("demo")
    service.start()
    camera = Camera(service, folder)
    try:
        yield camera
    finally:
        camera.walker.close()
        service.stop()


# -- the README ----------------------------------------------------------------------------------


def for_readme(camera: Camera, docs: Path, folder: Path) -> None:
    """Write the two pictures: what a woman sees on her phone, and what an evaluator sees."""
    start, question = folder / "start.png", folder / "question.png"
    camera.speak("de").look(PHONE, scale=1.5).walker.open("/")
    camera.shoot(start)
    camera.speak("ar").walker.open("/").press("begin").press("next").answer(
        "housing", "with_others"
    )
    camera.shoot(question)
    side_by_side(camera, (start, question), docs / "phone.png")
    camera.speak("de").look((1000, 640), scale=1.5)
    evaluator = camera.sign_in("Eva Demo")
    evaluator.download("Arbeitsmappe herunterladen")
    evaluator.open("/results/")
    camera.shoot(docs / "evaluation.png")


def side_by_side(camera: Camera, pictures: Sequence[Path], file: Path) -> None:
    """Write one picture of several phones beside each other."""
    images = "".join(f'<img src="{picture.name}">' for picture in pictures)
    style = "body{margin:0;padding:20px;background:#d5dae2;display:flex;gap:20px}img{width:390px}"
    board = pictures[0].with_name("board.html")
    board.write_text(f"<!doctype html><style>{style}</style>{images}", encoding="utf-8")
    width, height = PHONE
    camera.look((len(pictures) * (width + 20) + 20, height + 40), scale=1.5)
    camera.walker.open(board.as_uri())
    camera.shoot(file)


# -- every page ----------------------------------------------------------------------------------


class Album:
    """Where the pictures of all pages go: FOLDER/language/number-page-size-scheme.png."""

    def __init__(self, camera: Camera, folder: Path, first: int = 1) -> None:
        self.camera = camera
        self.folder = folder
        self.number = first

    def add(self, name: str) -> None:
        """Photograph the page in every size and colour."""
        for size, pixels in SIZES.items():
            for scheme in SCHEMES:
                file = self.folder / f"{self.number:02}-{name}-{size}-{scheme}.png"
                self.camera.shoot_whole(file, pixels, scheme)
        self.camera.look(PHONE)
        self.number += 1


def referral(album: Album) -> None:
    """Photograph a woman's whole way, mistakes included."""
    walker = album.camera.walker.open("/")
    album.add("start")
    walker.press("begin")
    while not walker.buttons("submit"):
        name = walker.page_name
        walker.answer_what_is_asked(ANSWERS)
        album.add(name)
        if walker.fields("contact_way"):
            walker.press("next")
            album.add(f"{name}-mistake")
            walker.answer("contact_way", WAYS)
        if walker.fields("phone"):
            walker.answer("phone", "12").answer("email", "mina").press("next")
            album.add(f"{name}-mistake")
            walker.answer_what_is_asked(ANSWERS)
        walker.press("next")
    album.add("check")
    walker.press("submit")
    album.add("received")


def failures(album: Album) -> None:
    """Photograph what is shown when something fails."""
    walker = album.camera.walker.open("/nowhere")
    album.add("not-found")
    walker.open("/staff/invitation/used")
    album.add("link-gone")


def staff(album: Album) -> None:
    """Photograph the pages of everybody on the staff."""
    camera, walker = album.camera, album.camera.walker
    walker.open("/staff/sign-in").press_go()
    album.add("sign-in-mistake")
    invited = coordinator(album)
    camera.tell("Network.clearBrowserCookies")
    walker.open(invited).answer("passphrase", "kurz").press_go()
    album.add("accept-mistake")
    camera.sign_in("Nora Demo")
    album.add("inbox")
    walker.open(str(walker.browser.find_element("css selector", "td a").get_attribute("href")))
    album.add("referral")
    walker.open("/results/")
    album.add("forbidden")
    camera.sign_in("Ines Demo")
    album.add("interviews")
    interview(album)
    camera.sign_in("Eva Demo")
    album.add("evaluation")


def coordinator(album: Album) -> str:
    """Photograph the coordinator's pages; return the link of her invitation."""
    walker = album.camera.sign_in("Karin Demo")
    album.add("people")
    walker.answer("name", f"Nina {album.folder.name}").press_go()
    album.add("invited")
    return walker.browser.find_element("css selector", ".recovery code").text


def interview(album: Album) -> None:
    """Photograph an interview with a municipality, as far as a mistake goes."""
    walker = album.camera.walker.press("municipality")
    walker.answer("wave", "viele").press("next")
    album.add("interview-mistake")
    walker.answer("wave", "2").answer("office", "luenen").press("next")
    album.add("interview")
    while not walker.buttons("submit"):
        walker.press("next")
    album.add("interview-check")
    walker.press("submit")
    album.add("interviews-done")


def setting_up(album: Album) -> None:
    """Photograph the very first minutes of a service."""
    walker = album.camera.walker.open("/")
    album.add("start-closed")
    walker.open(album.camera.service.printed(r"one-time link\): (\S+)"))
    album.add("set-up")
    walker.answer("name", "Karin").answer("passphrase", PASSPHRASE).answer("again", PASSPHRASE)
    walker.press_go()
    album.add("recovery-key")


def everything(folder: Path, temporary: Path) -> None:
    """Photograph every page in every language."""
    walks: tuple[Callable[[Album], None], ...] = (referral, failures, staff)
    with serving(temporary / "demo") as camera:
        for tag in LANGUAGES:
            album = Album(camera, folder / tag)
            for walk in walks:
                camera.speak(tag)
                walk(album)
    for tag in LANGUAGES:
        with serving(temporary / f"new-{tag}", demo=False) as camera:
            setting_up(Album(camera.speak(tag), folder / tag, first=80))


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots", description=__doc__)
    parser.add_argument("docs", type=Path, nargs="?", help="where the README's pictures go")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every page")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zugang-pictures-") as name:
        temporary = Path(name)
        if chosen.docs:
            with serving(temporary / "readme") as camera:
                for_readme(camera, chosen.docs, temporary)
        if chosen.all:
            everything(chosen.all, temporary)


if __name__ == "__main__":
    main()
