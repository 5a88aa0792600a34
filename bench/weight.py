"""The weight of the first page and of the whole journey: every byte that comes over the wire."""

import re
from urllib.parse import urljoin, urlsplit

from bench import load, walks

_NEEDED = re.compile(
    r"<(?:link|script|img|iframe|source|audio|video)\b[^>]*?\b(?:href|src)=\"([^\"]+)\""
)
_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")


def first_load(address: tuple[str, int], language: str = "de") -> dict[str, int]:
    """Return {path: bytes of head and body} of the first page and all it needs, compressed.

    Raises load.LoadError when the page needs something from another host.
    """
    host = "{}:{}".format(*address)
    base = f"http://{host}"
    weights: dict[str, int] = {}
    waiting = [base + "/"]
    while waiting:
        url = waiting.pop()
        path = urlsplit(url).path
        if path in weights:
            continue
        if not url.startswith(base + "/"):
            raise load.LoadError(f"the first page needs {url}")
        reply = load.fetch(address, walks.first_page(host, url.removeprefix(base), language))
        weights[path] = reply.size
        text = reply.body.decode(errors="replace")
        found = _NEEDED.findall(text) + _IN_STYLE.findall(text)
        waiting += [urljoin(url, one) for one in found if not one.startswith(("data:", "#"))]
    return weights


def journey_load(address: tuple[str, int], language: str = "de") -> tuple[int, int]:
    """Return (pages, bytes) of the whole journey with all it needs; what may be kept comes once."""
    host = "{}:{}".format(*address)
    found = list(load.replies(address, walks.journey(host, language)))
    kept = {path: size for path, size in first_load(address, language).items() if path != "/"}
    pages = sum(reply.status == 200 for reply in found)
    return pages, sum(reply.size for reply in found) + sum(kept.values())
