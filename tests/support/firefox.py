"""Debian's Firefox, driven by WebDriver BiDi.

Debian has no geckodriver, but Firefox itself speaks BiDi on a web socket, and that is all we need.
"""

import base64
import json
import re
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import websocket

from tests.support.tools import clean_environment, need

# As wide as a phone, and as high as the longest page: while a page scrolls to a field that was
# just typed into, the pointer misses now and then.
PHONE = (390, 6000)
SECONDS = 30
FLAGS = ("--headless", "--no-remote", "--remote-debugging-port=0")
PREFERENCES = {
    "intl.accept_languages": "de",
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "",
}


class Firefox:
    """A running browser with one page; elements are found by CSS, clicked and typed into.

    It runs no scripts unless asked otherwise.
    """

    def __init__(
        self, folder: Path, *, size: tuple[int, int] = PHONE, javascript: bool = False
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        chosen = PREFERENCES | {"javascript.enabled": javascript}
        lines = [f"user_pref({json.dumps(n)}, {json.dumps(v)});" for n, v in chosen.items()]
        (folder / "user.js").write_text("\n".join(lines))
        self._log_file = folder / "log"
        with self._log_file.open("wb") as log:
            program = need("firefox-esr", "firefox-esr")
            self._process = subprocess.Popen(
                [str(program), *FLAGS, "--profile", str(folder)],
                env=clean_environment(HOME=str(folder)),
                stdout=log,
                stderr=log,
            )
        self._number = 0
        self._socket = websocket.create_connection(
            f"{self._listening()}/session", suppress_origin=True, timeout=SECONDS
        )
        self._send("session.new", capabilities={})
        self._page = self._send("browsingContext.getTree")["contexts"][0]["context"]
        width, height = size
        self._here("browsingContext.setViewport", viewport={"width": width, "height": height})

    def _listening(self) -> str:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            match = re.search(r"WebDriver BiDi listening on (ws://\S+)", self._log_file.read_text())
            if match:
                return match[1]
            time.sleep(0.05)
        self._process.kill()
        self._process.wait()
        raise RuntimeError(f"Firefox did not start:\n{self._log_file.read_text()}")

    def _send(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        request = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(request))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") != self._number:
                continue  # an event that nobody asked for
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
            return answer["result"]

    def _here(self, method: str, **parameters: Any) -> Any:
        return self._send(method, context=self._page, **parameters)

    def open(self, address: str) -> None:
        """Go to `address` and wait until it is loaded."""
        self._here("browsingContext.navigate", url=address, wait="complete")

    @property
    def address(self) -> str:
        """The address of the page shown."""
        return str(self._send("browsingContext.getTree")["contexts"][0]["url"])

    def read(self, expression: str) -> Any:
        """Return what `expression` is in the page: looking does not need the page's own scripts."""
        answer = self._send(
            "script.evaluate",
            expression=expression,
            target={"context": self._page},
            awaitPromise=False,
        )
        return answer["result"].get("value")

    def find(self, css: str) -> list[dict[str, Any]]:
        """Return the elements that match `css`, in document order."""
        found = self._here("browsingContext.locateNodes", locator={"type": "css", "value": css})
        return [dict(node) for node in found["nodes"]]

    def click(self, css: str) -> None:
        """Press the first element that matches `css`."""
        element = {"type": "element", "element": {"sharedId": self.find(css)[0]["sharedId"]}}
        press = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": element},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._here(
            "input.performActions", actions=[{"type": "pointer", "id": "m", "actions": press}]
        )

    def press_and_wait(self, css: str) -> None:
        """Press what leads to another page and wait until that page is loaded."""
        self.read("document.documentElement.setAttribute('data-pressed', '')")
        self.click(css)
        # Between two pages there may be an empty one for a moment.
        arrived = (
            "location.href !== 'about:blank' && document.readyState === 'complete'"
            " && !document.querySelector('[data-pressed]')"
        )
        self.until(arrived, f"{css} led nowhere")

    def until(self, expression: str, complaint: str) -> None:
        """Wait until `expression` is true in the page."""
        deadline = time.monotonic() + SECONDS
        while not self.read(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(complaint)
            time.sleep(0.02)

    def write(self, css: str, text: str) -> None:
        """Type `text` into the first element that matches `css`."""
        self.click(css)
        self.keys(*text)
        # The page takes keys in its own time, and scrolls to the field when it does.
        typed = f"document.querySelector({json.dumps(css)}).value.endsWith({json.dumps(text)})"
        self.until(typed, f"{css} did not take {text!r}")

    def keys(self, *values: str) -> None:
        """Press and let go one key after the other."""
        keys = [{"type": kind, "value": key} for key in values for kind in ("keyDown", "keyUp")]
        self._here("input.performActions", actions=[{"type": "key", "id": "k", "actions": keys}])

    def screenshot(self) -> bytes:
        """Return what the window shows, as PNG."""
        return base64.b64decode(self._here("browsingContext.captureScreenshot")["data"])

    def quit(self) -> None:
        """Close the browser and wait for its end."""
        try:
            self._send("browser.close")
        finally:
            self._socket.close()
            try:
                self._process.wait(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.quit()
