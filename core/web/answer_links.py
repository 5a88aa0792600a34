"""The page that shows a link for answering alone, once: to hand over, or to open by camera."""

from flask import render_template, url_for

from core import answer_links
from core.sampling import CLIENT, SampleUnit
from core.web.access import signed_in
from core.web.pictures import qr
from core.web.services import db, today


def page(back: str, unit: SampleUnit | None = None) -> str:
    """Make a new link, at most for a planned interview; return the page that shows it."""
    token = answer_links.add(db(), signed_in(), CLIENT, today(), unit)
    address = url_for("alone.show", token=token, _external=True)
    until = answer_links.last_day(today())
    return render_template(
        "staff/answer_link.html", address=address, picture=qr(address), until=until, back=back
    )
