"""`python -m bench.axe`: axe-core and our own measure on every page, language, colour and size.

Prints what is wrong, page by page, and ends with 1 if anything is. Languages may be named.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.camera import Camera
from bench.tour.stages import travel
from core.languages import LANGUAGES
from tests.support import axe, measure

NARROW, DESK = (320, 640), (1280, 900)
LOW = (320, 256)  # what is left of 1280 × 1024 at 400 %
VIEWS = tuple((size, scheme) for size in (NARROW, DESK) for scheme in ("light", "dark"))
View = tuple[tuple[int, int], str]


class Inspector:
    """Looks for barriers on page after page; `found` are (page, barrier), once each."""

    def __init__(self, choose: Callable[[str, int], Iterable[View]] | None = None) -> None:
        self.choose = choose or (lambda _tag, _number: VIEWS)
        self.found: list[tuple[str, str]] = []
        self.seen: Counter[str] = Counter()  # page → how often it was looked at
        self.addresses: set[str] = set()

    def companion(self, camera: Camera, tag: str) -> Callable[[str], None]:
        """Return what looks at one page after the other in this language."""

        def look(name: str) -> None:
            views = tuple(self.choose(tag, self.seen.total()))
            self.seen[name] += 1
            self.addresses.add(camera.walker.browser.current_url)
            for size, scheme in views:
                camera.look(size, scheme)
                page = f"{tag} {name} {size[0]}px {scheme}"
                self.found += [(page, one) for one in barriers(camera)]
            camera.look(LOW)
            low = measure.unusable(camera.walker.browser)
            self.found += [(f"{tag} {name} at 400 %", one) for one in low]
            camera.look(NARROW)

        return look


def barriers(camera: Camera) -> list[str]:
    """Return what is wrong with the page as it is shown now."""
    browser = camera.walker.browser
    browser.execute_script("scrollTo(0, 0)")  # nothing lies under the bar of the way out then
    return axe.violations(browser) + measure.sticking_out(browser)


def main() -> None:
    """Go through everything and print what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.axe", description=__doc__)
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="tags; all without")
    tags = parser.parse_args().languages or list(LANGUAGES)
    inspector = Inspector()
    with tempfile.TemporaryDirectory(prefix="zugang-axe-") as name:
        travel(Path(name), tags, inspector.companion)
    for page, barrier in inspector.found:
        print(f"{page}: {barrier}")
    print(
        f"{len(inspector.found)} violations of WCAG 2.2 A/AA: {len(inspector.seen)} pages, "
        f"{inspector.seen.total()} with their languages, each in {len(VIEWS)} views"
    )
    sys.exit(bool(inspector.found))


if __name__ == "__main__":
    main()
