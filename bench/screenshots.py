"""`make screenshots`: the pictures of the README. With `--all FOLDER`: every page, to look at.

Every page is photographed whole, in every language, light and dark, on a phone and on a desk.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.camera import DESK, PHONE, Camera, serving
from bench.tour.stages import travel
from core.languages import LANGUAGES

NARROW = (320, 640)
SIZES = {"narrow": NARROW, "desk": DESK}
SCHEMES = ("light", "dark")


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


class Album:
    """Where the pictures of all pages go: FOLDER/language/number-page-size-scheme.png."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers: Counter[str] = Counter()

    def companion(self, camera: Camera, tag: str) -> Callable[[str], None]:
        """Return what photographs one page after the other in this language."""

        def add(name: str) -> None:
            self.numbers[tag] += 1
            for size, pixels in SIZES.items():
                for scheme in SCHEMES:
                    file = f"{self.numbers[tag]:03}-{name}-{size}-{scheme}.png"
                    camera.shoot_whole(self.folder / tag / file, pixels, scheme)
            camera.look(PHONE)

        return add


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.screenshots", description=__doc__)
    parser.add_argument("docs", type=Path, nargs="?", help="where the README's pictures go")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every page")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES), metavar="TAG")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zugang-pictures-") as name:
        temporary = Path(name)
        if chosen.docs:
            with serving(temporary / "readme") as camera:
                for_readme(camera, chosen.docs, temporary)
        if chosen.all:
            travel(temporary, chosen.languages, Album(chosen.all).companion)


if __name__ == "__main__":
    main()
