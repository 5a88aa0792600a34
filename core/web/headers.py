"""What every response carries."""

from flask import Flask, Response, g

from core.web.services import services_of

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
DEVICE = "camera=(), display-capture=(), microphone=(), payment=(), usb=()"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": f"{DEVICE}, geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
# A page may run a script of ours, which may ask us; one that asks for a place may ask the device.
SCRIPTED = {"Content-Security-Policy": f"{POLICY}; connect-src 'self'; script-src 'self'"}
# A preview stands in a frame on a page of ours; nothing else does, and nobody else frames anything.
FRAMED = ("frame-ancestors 'none'", "frame-ancestors 'self'")
FRAMING = "frame-src 'self'"
LOCATING = {"Permissions-Policy": f"{DEVICE}, geolocation=(self)"}


def init_app(app: Flask) -> None:
    """Add the headers to every response; HSTS only where TLS is spoken."""
    behind_proxy = services_of(app).settings.behind_proxy

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.extend(
            HEADERS
            | (SCRIPTED if g.get("scripted") else {})
            | (LOCATING if g.get("locating") else {})
        )
        if g.get("framed"):
            policy = response.headers["Content-Security-Policy"].replace(*FRAMED)
            response.headers["Content-Security-Policy"] = policy
        if g.get("framing"):
            response.headers["Content-Security-Policy"] += f"; {FRAMING}"
        if behind_proxy:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
