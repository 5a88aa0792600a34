"""A tour through every page there is: what happens at each of them is up to who goes along."""

import json
from collections.abc import Callable
from contextlib import closing
from typing import Any

from bench.camera import Camera
from core import database, settings
from tests.journeys.walker import Walker
from tests.support.clock import let_pass_in

PASSPHRASE = "birke garten hafen segel wolke"
PASSED = "const then = Date.now; Date.now = () => then() + 1000 * arguments[0]"
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"  # then our scripts look at once
# As a damaged page would send it: some fields otherwise than they were, and past our scripts.
SEND = """
const [fields, about] = arguments;
const form = document.querySelector("main form");
for (const [name, value] of Object.entries(fields)) {
  const known = form.querySelector(`[name="${name}"]:not(button), [name$="-${name}"]`);
  const field = known || form.appendChild(Object.assign(document.createElement("input"), {name}));
  field.value = value;
}
Object.assign(form, about);
HTMLFormElement.prototype.submit.call(form);
"""


class Tour:
    """One walk through pages in one language; `look(name)` is done at every page."""

    def __init__(self, camera: Camera, tag: str, look: Callable[[str], None]) -> None:
        self.camera = camera
        self.tag = tag
        self.stop = look

    @property
    def walker(self) -> Walker:
        """Who walks."""
        return self.camera.walker

    def as_stranger(self, path: str = "/") -> Walker:
        """Open a page in the language of this tour, as somebody who was never here."""
        return self.camera.speak(self.tag).walker.open(path)

    def send(self, fields: dict[str, str], **about: str) -> Walker:
        """Send the page's form with some fields, or attributes of the form, otherwise."""
        return self.walker.run(SEND, fields, about)

    def read(self, css: str) -> str:
        """Return the text of the first such element."""
        return self.walker.browser.find_element("css selector", css).text

    def href(self, css: str) -> str:
        """Return where the first such link leads."""
        return str(self.walker.browser.find_element("css selector", css).get_attribute("href"))

    def let_pass(self, minutes: int, *, seen: bool = True) -> None:
        """Let time pass on the server; where it is `seen`, on the page that is open too."""
        chosen = settings.read(self.camera.service.environment)
        with closing(database.connect(chosen.database_url)) as opened:
            let_pass_in(opened, 60 * minutes)
        if seen:
            self.walker.browser.execute_script(PASSED, 60 * minutes)
            self.walker.browser.execute_script(LOOK)

    def change(self, statement: str) -> None:
        """Damage the database of this service."""
        chosen = settings.read(self.camera.service.environment)
        with (
            closing(database.connect(chosen.database_url)) as opened,
            opened.durable.begin() as now,
        ):
            now.exec_driver_sql(statement)

    def passphrase_of(self, name: str) -> str:
        """Return the passphrase of somebody of the demo staff."""
        accounts: list[dict[str, Any]] = json.loads(
            (self.camera.service.data / "demo-accounts.json").read_text(encoding="utf-8")
        )
        return next(str(one["passphrase"]) for one in accounts if one["name"] == name)
