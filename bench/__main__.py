"""`make bench`: speed and weight beside the bare floor, measured side by side in one run."""

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bench import (
    desk,
    engine,
    entering,
    export,
    field,
    grouping,
    keys,
    load,
    making,
    processes,
    slow_line,
    walks,
    weight,
)
from tests.support.service import Service

ROUNDS = 3
CLIENTS = 8
HEAVIEST = 14_000  # bytes
MOST_TRIPS = 2  # after the connection
FIRST_PAGE, FIRST_PAGE_SHARE = 1000, 0.15
JOURNEYS = 40
PAGES = 200
SLOWEST_DESK = 50  # ms in the app
EXPORT_SHARE = 0.70
FLOOR = (sys.executable, "-m", "bench.floor")


def address_of(service: Service) -> tuple[str, int]:
    """Return (host, port) of a running service."""
    parts = urlsplit(service.address)
    return str(parts.hostname), int(parts.port or 0)


def measure(service: Service, walk: Callable[[str], load.Client]) -> load.Measured:
    """Return what the clients got done while they did nothing but `walk`."""
    address = address_of(service)
    host = "{}:{}".format(*address)
    return load.drive(address, lambda: walk(host), clients=CLIENTS)


def line(
    name: str,
    ours: str,
    floor: str = "",
    ratio: str = "",
    met: bool | None = None,  # noqa: FBT001
) -> None:
    """Print one row of the table."""
    verdict = {None: "", True: "target met", False: "TARGET MISSED"}[met]
    print(f"{name:<34}{ours:>14}{floor:>14}{ratio:>9}  {verdict}", flush=True)


def speeds(zugang: Service, hello: Service) -> None:
    """Print requests and journeys a second."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(measure(hello, walks.first_page).requests_per_second)
        ours.append(measure(zugang, walks.first_page).requests_per_second)
    page, bare = statistics.median(ours), statistics.median(floor)
    met = page >= FIRST_PAGE or page >= FIRST_PAGE_SHARE * bare
    line("first page, requests/s", f"{page:,.0f}", f"{bare:,.0f}", f"{page / bare:.0%}", met)
    journeys(zugang, bare)


def journeys(zugang: Service, bare: float) -> None:
    """Print whole journeys a second, and what one costs."""
    spent = processes.processor_seconds(zugang.pid)
    runs = [measure(zugang, walks.journey) for _ in range(ROUNDS)]
    spent = processes.processor_seconds(zugang.pid) - spent
    walked = sorted(runs, key=lambda run: run.done_per_second)[ROUNDS // 2]
    done, requests = walked.done_per_second, walked.requests_per_second
    line("whole journeys/s", f"{done:.1f}", "", "", done >= JOURNEYS)
    line("  requests in a journey", f"{requests / done:.0f}")
    line("  requests/s", f"{requests:,.0f}", f"{bare:,.0f}", f"{requests / bare:.0%}")
    line("  wait, median / 99 %, ms", f"{walked.wait(0.5):.0f} / {walked.wait(0.99):.0f}")
    whole = sum(run.done + run.done / run.seconds * load.WARM_UP for run in runs)
    line("  processor time of one, ms", f"{1000 * spent / whole:.0f}")
    line("  memory of all processes, MB", f"{processes.memory_megabytes(zugang.pid):.0f}")


def light(zugang: Service) -> None:
    """Print what the first page weighs, and how long a slow line takes to bring it."""
    weights = weight.first_load(address_of(zugang))
    total = sum(weights.values())
    line("first load, bytes (gzip)", f"{total:,}", "", "", total <= HEAVIEST)
    for path, size in weights.items():
        line(f"  {path}", f"{size:,}")
    trips, seconds = slow_line.measure(zugang)
    line("round trips until it is readable", f"{trips:.1f}", "", "", round(trips) <= MOST_TRIPS)
    line("  seconds on a 2G line", f"{seconds:.1f}")


def interviews() -> None:
    """Print what is taken in from devices and from interviewers."""
    taken, rows = field.taken_in_per_second()
    line("interviews from devices/s", f"{taken:,.0f}", f"{rows:,.0f}", f"{taken / rows:.0%}")
    saved, turned = entering.pages_per_second()
    line("interview pages saved/s", f"{saved:,.0f}", "", "", saved >= PAGES)
    line("  saved, and the next one shown/s", f"{turned:,.0f}")


def main() -> None:
    """Measure everything; end with an error if the service failed a single request."""
    with tempfile.TemporaryDirectory(prefix="zugang-bench-") as folder:
        zugang = Service(Path(folder, "data"))
        hello = Service(Path(folder, "hello"), program=FLOOR)
        zugang.command("demo")
        print(f"2 workers, {CLIENTS} clients, median of {ROUNDS} rounds taken in turn\n")
        print(f"{'':<34}{'zugang':>14}{'bare floor':>14}{'share':>9}")
        try:
            zugang.start()
            hello.start()
            speeds(zugang, hello)
            light(zugang)
        except (load.LoadError, OSError) as error:
            sys.exit(f"bench failed: {error}\n{zugang.log}")
        finally:
            zugang.stop()
            hello.stop()
    ours, bare = export.rows_per_second()
    met = ours >= EXPORT_SHARE * bare
    line("export, rows/s of 40 cells", f"{ours:,.0f}", f"{bare:,.0f}", f"{ours / bare:.0%}", met)
    interviews()
    with tempfile.TemporaryDirectory(prefix="zugang-bench-") as folder:
        first, inbox, search = desk.measure(Path(folder))
    line("inbox of 1,000, ms", f"{inbox:.0f}", "", "", inbox <= SLOWEST_DESK)
    line("  search over all of it, ms", f"{search:.0f}", "", "", search <= SLOWEST_DESK)
    line("  the first look, ms", f"{first:.0f}")
    for row in (*keys.rows(), *engine.rows(), *grouping.rows()):
        line(*row)
    with tempfile.TemporaryDirectory(prefix="zugang-bench-") as folder:
        for row in making.rows(Path(folder)):
            line(*row)


if __name__ == "__main__":
    main()
