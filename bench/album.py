"""Walks along every page, a picture of each: whole, light and dark, on a phone and on a desk."""

from pathlib import Path

from bench.camera import DESK, PHONE, Camera
from tests.journeys.walker import Answers

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
# What only has to be opened: (name of the picture, address), by the coordinator.
COORDINATOR = (
    ("people", "/staff/people"),
    ("person", "/staff/people/2"),
    ("person-link", "/staff/people/2/link"),
    ("person-task", "/staff/people/2/task"),
    ("person-leave", "/staff/people/2/leave"),
    ("keys", "/staff/keys"),
    ("keys-recovery", "/staff/keys/recovery"),
    ("audit", "/staff/audit"),
    ("account", "/staff/account"),
    ("account-passphrase", "/staff/account/passphrase"),
    ("account-app", "/staff/account/app"),
    ("account-passkey", "/staff/account/passkey"),
    ("account-codes", "/staff/account/codes"),
    ("sessions", "/staff/sessions"),
    ("unsent", "/staff/unsent"),
)
WAYS = ("phone", "sms", "messenger", "email", "person", "meeting", "letter")


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
    walker.open("/staff/recovery")
    album.add("recovery")
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
    for name, path in COORDINATOR:
        walker.open(path)
        album.add(name)
    walker.open("/staff/people").answer("name", f"Nina {album.folder.name}").press_go()
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
