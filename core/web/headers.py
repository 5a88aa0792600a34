"""What every response carries."""

from flask import Flask, Response, g

from core.web.services import services_of

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
# A page that asks for a place may run the one script there is, and ask the device.
LOCATING = {
    "Content-Security-Policy": f"{POLICY}; script-src 'self'",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}


def init_app(app: Flask) -> None:
    """Add the headers to every response; HSTS only where TLS is spoken."""
    behind_proxy = services_of(app).settings.behind_proxy

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.extend(HEADERS | LOCATING if g.get("locating") else HEADERS)
        if behind_proxy:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
