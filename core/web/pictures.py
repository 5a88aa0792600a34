"""Pictures that pages draw."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """Return a QR code as inline SVG."""
    drawn = segno.make(text, micro=False)
    return Markup(  # noqa: S704 - segno draws it, of squares alone
        drawn.svg_inline(scale=5, border=3, light="#fff", svgclass="qr", lineclass=None)
    )
