"""The first page on an old phone: light, and whole without anybody else."""

from urllib.parse import urlsplit

from bench.weight import first_load
from tests.support.service import Service

HEAVIEST = 14_000  # bytes over the wire: what ten packets carry before the first answer back


def test_first_page__is_light_with_everything_it_needs(open_service: Service) -> None:
    parts = urlsplit(open_service.address)
    weights = first_load((str(parts.hostname), int(parts.port or 0)))
    assert set(weights) == {"/", "/style.css"}
    assert sum(weights.values()) <= HEAVIEST
