"""A browser that photographs pages, in any size, colours and language."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.journeys.walker import Walker
from tests.support import chromium
from tests.support.service import Service

PHONE, DESK = (390, 844), (1280, 900)


class Camera:
    """A browser whose size, colours and language change at will."""

    def __init__(self, service: Service, folder: Path, *, javascript: bool = False) -> None:
        browser = chromium.launch(folder, size=None, javascript=javascript)
        self.walker = Walker(browser, service.address, folder)
        self.service = service
        self.headers: dict[str, str] = {}  # of every request, beside the language
        self.tell("Network.enable")
        self.tell("Emulation.setScrollbarsHidden", hidden=True)

    def tell(self, command: str, **parameters: Any) -> Any:
        """Give the browser a command of the DevTools protocol."""
        return self.walker.browser.execute_cdp_cmd(command, parameters)

    def speak(self, tag: str) -> "Camera":
        """Ask for pages in this language, as somebody who was never here."""
        self.tell("Network.clearBrowserCookies")
        headers = {"Accept-Language": tag} | self.headers
        self.tell("Network.setExtraHTTPHeaders", headers=headers)
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
def serving(
    folder: Path,
    *,
    demo: bool = True,
    javascript: bool = False,
    prepare: Callable[[Service], None] | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Camera]:
    """Serve a temporary instance, `prepare`d before it starts, and give it a camera."""
    folder.mkdir(exist_ok=True)
    service = Service(folder / "data", settings=settings)
    if demo:
        service.command("demo")
    if prepare:
        prepare(service)
    service.start()
    camera = Camera(service, folder, javascript=javascript)
    try:
        yield camera
    finally:
        camera.walker.close()
        service.stop()
