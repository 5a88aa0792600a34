"""The first page on a slow line: how many round trips pass until it can be read."""

import tempfile
from pathlib import Path

from bench.camera import Camera
from tests.support.service import Service

SHORT, LONG = 0.4, 1.4  # seconds of one round trip
LINE_2G = (0.8, 280_000 / 8)  # seconds of one round trip, bytes a second
UNLIMITED = -1.0
READABLE = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure(service: Service) -> tuple[float, float]:
    """Return (round trips, seconds on a 2G line) until the first page can be read.

    The round trips are the slope over two lines that differ in nothing else, so that what this
    machine takes to compute and to paint falls out.
    """
    with tempfile.TemporaryDirectory(prefix="zugang-line-") as folder:
        camera = Camera(service, Path(folder), javascript=True)
        try:
            short, long = (_readable_after(camera, one, UNLIMITED) for one in (SHORT, LONG))
            return (long - short) / (LONG - SHORT), _readable_after(camera, *LINE_2G)
        finally:
            camera.walker.close()


def _readable_after(camera: Camera, round_trip: float, bytes_a_second: float) -> float:
    camera.tell("Network.setCacheDisabled", cacheDisabled=True)
    camera.tell(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=1000 * round_trip,
        downloadThroughput=bytes_a_second,
        uploadThroughput=bytes_a_second,
    )
    walker = camera.walker.open("/")
    painted: float = walker.until(lambda: walker.browser.execute_script(READABLE))
    return painted / 1000
