"""The first page on an old phone: light, and whole without anybody else."""

from urllib.parse import urlsplit

from bench.weight import first_load
from core.languages import LANGUAGES
from tests.support.service import Service

HEAVIEST = 14_000  # bytes over the wire: what ten packets carry before the first answer back


def test_first_page__is_light_with_everything_it_needs(open_service: Service) -> None:
    parts = urlsplit(open_service.address)
    address = (str(parts.hostname), int(parts.port or 0))
    loads = {tag: first_load(address, tag) for tag in LANGUAGES}
    assert all(set(load) == {"/", "/style.css", "/leaving.js"} for load in loads.values())
    weights = {tag: sum(load.values()) for tag, load in loads.items()}
    assert max(weights.values()) <= HEAVIEST, weights
    assert len(set(weights.values())) > len(weights) / 2  # they were not all sent in one language
