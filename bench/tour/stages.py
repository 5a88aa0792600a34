"""In which service each walk of the tour takes place, and in which languages."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.camera import Camera, serving
from bench.tour import Tour
from bench.tour.desk import desk, entering, results
from bench.tour.interview import alone, devices, interrupted, interviews, sent
from bench.tour.office import coordinator, first_link, setting_up, signing_in
from bench.tour.partner import partner
from bench.tour.preview import preview, preview_broken, serve_preview
from bench.tour.referral import broken, closed, failures, flooded, referral, refusals
from bench.tour.words import open_words
from core.languages import LANGUAGES
from core.web.locale import STAFF_SPEAKS
from tests.support.service import Service

Walk = Callable[[Tour], None]
Companion = Callable[[Camera, str], Callable[[str], None]]
Plan = Mapping[Walk, Collection[str]]  # walk → the languages it is done in

EVERYBODY, STAFF = tuple(LANGUAGES), tuple(STAFF_SPEAKS)
ONCE = ("",)  # in the first language that is asked for
PROXY = (("ZUGANG_BEHIND_PROXY", "1"),)
NETWORK = (("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "http"))


@dataclass(frozen=True)
class Stage:
    """A service in some state, and the walks through it, one after the other."""

    name: str
    walks: Plan
    demo: bool = False
    prepare: Callable[[Service], None] | None = None
    settings: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


# A new page joins the walk that leads to it; a new walk joins a line here.
STAGES = (
    Stage(
        "open",
        {
            referral: EVERYBODY,
            refusals: EVERYBODY,
            failures: EVERYBODY,
            partner: EVERYBODY,
            interviews: EVERYBODY,
            alone: EVERYBODY,
            sent: STAFF,
            interrupted: STAFF,
            devices: STAFF,
            desk: STAFF,
            entering: STAFF,
            results: STAFF,
            open_words: STAFF,
            signing_in: STAFF,
            coordinator: STAFF,
        },
        demo=True,
    ),
    Stage(
        "new",
        {
            closed: EVERYBODY,
            first_link: STAFF,
            setting_up: ONCE,
            flooded: EVERYBODY,
            broken: EVERYBODY,
        },
        settings=PROXY,
        headers=NETWORK,
    ),
    Stage("preview", {preview: EVERYBODY, preview_broken: EVERYBODY}, prepare=serve_preview),
)


def travel(
    folder: Path,
    tags: Sequence[str],
    companion: Companion,
    stages: Sequence[Stage] = STAGES,
) -> None:
    """Go through every page in these languages; `companion(camera, tag)` looks at each."""
    for stage in stages:
        with serving(
            folder / stage.name,
            demo=stage.demo,
            javascript=True,
            prepare=stage.prepare,
            settings=dict(stage.settings),
        ) as camera:
            camera.headers = dict(stage.headers)
            tours = {tag: Tour(camera, tag, companion(camera, tag)) for tag in tags}
            for walk, tour in _steps(stage, tours):
                walk(tour)


def _steps(stage: Stage, tours: Mapping[str, Tour]) -> Iterator[tuple[Walk, Tour]]:
    for walk, tags in stage.walks.items():
        spoken = list(tours)[:1] if tags is ONCE else [tag for tag in tours if tag in tags]
        for tag in spoken:
            yield walk, tours[tag]
