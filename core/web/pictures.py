"""Pictures that pages draw."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """Return a QR code as inline SVG, as large as the page lets it be."""
    drawn = segno.make(text, micro=False)
    return Markup(  # noqa: S704 - segno draws it, of squares alone
        drawn.svg_inline(border=3, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    )
