"""On an old phone: the first page is light and whole without anybody else, so is the journey."""

from urllib.parse import urlsplit

from bench.weight import first_load, journey_load
from core.languages import LANGUAGES
from tests.support.service import Service

MOST = 60_000  # bytes of the whole journey of ten pages, and what is around them
HEAVIEST = 14_000  # bytes over the wire: what ten packets carry before the first answer back


def test_first_page__is_light_with_everything_it_needs(open_service: Service) -> None:
    parts = urlsplit(open_service.address)
    address = (str(parts.hostname), int(parts.port or 0))
    loads = {tag: first_load(address, tag) for tag in LANGUAGES}
    assert all(set(load) == {"/", "/style.css", "/leaving.js"} for load in loads.values())
    weights = {tag: sum(load.values()) for tag, load in loads.items()}
    assert max(weights.values()) <= HEAVIEST, weights
    assert len(set(weights.values())) > len(weights) / 2  # they were not all sent in one language


def test_journey__is_light_in_every_language(open_service: Service) -> None:
    parts = urlsplit(open_service.address)
    address = (str(parts.hostname), int(parts.port or 0))
    loads = {tag: journey_load(address, tag) for tag in LANGUAGES}
    assert min(pages for pages, _ in loads.values()) > 10
    assert max(weight for _, weight in loads.values()) <= MOST, loads
