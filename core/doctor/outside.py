"""The service as it looks from outside, through its proxy."""

import http.client
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from core.doctor.findings import ERROR, OK, Finding

_FORGED = "forged.invalid"
_SECONDS = 10
_WANTED = {
    "Strict-Transport-Security": "max-age=",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_COOKIE = ("__Host-session=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/")


def look(url: str) -> Iterator[Finding]:
    """Yield how the first page, the sign-in page and a forged request are answered."""
    if not url.startswith("https://"):
        yield Finding(ERROR, "outside", "The address must begin with https://.")
    try:
        yield _headers(_answer(url, "/"))
        yield _cookie(_answer(url, "/staff/sign-in"))
        yield _forwarded(url)
    except (OSError, http.client.HTTPException) as error:
        yield Finding(ERROR, "outside", f"{url} does not answer ({type(error).__name__}).")


def _headers(answer: http.client.HTTPResponse) -> Finding:
    wrong = [name for name, value in _WANTED.items() if value not in answer.headers.get(name, "")]
    if answer.status != 200:
        return Finding(ERROR, "outside", f"The first page answers {answer.status}.")
    if wrong:
        mend = "Let the proxy pass them, and set ZUGANG_BEHIND_PROXY=1."
        return Finding(ERROR, "outside", f"{', '.join(wrong)} are missing. {mend}")
    return Finding(OK, "outside", "The first page answers, with every header.")


def _cookie(answer: http.client.HTTPResponse) -> Finding:
    cookie = answer.headers.get("Set-Cookie", "")
    if all(part in cookie for part in _COOKIE):
        return Finding(OK, "cookie", "It stays with this host, TLS and the browser.")
    text = "The proxy must leave it as it is, and ZUGANG_BEHIND_PROXY be 1."
    return Finding(ERROR, "cookie", f"It is not __Host-, Secure, HttpOnly and Strict. {text}")


def _forwarded(url: str) -> Finding:
    # An address without its last slash is corrected by a redirect that names the host.
    headers = {"X-Forwarded-Host": _FORGED, "X-Forwarded-Proto": "http"}
    target = _answer(url, "/interviews", headers).headers.get("Location", "")
    if _FORGED in target or (url.startswith("https:") and target.startswith("http:")):
        text = "The proxy passes X-Forwarded-* of strangers on: let it set them itself."
        return Finding(ERROR, "proxy", text)
    return Finding(OK, "proxy", "X-Forwarded-* of strangers is not believed.")


def _answer(
    url: str, path: str, headers: Mapping[str, str] | None = None
) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_SECONDS)
    connection.request("GET", path, headers=dict(headers or {}))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer
