"""Asking a client for her opinion: that she agrees, a link to answer alone, what she let us see."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import records, sampling, versions
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.sampling import CLIENT
from core.web import answer_links
from core.web.access import requires, signed_in
from core.web.locale import language
from core.web.reading import Section, sections_of
from core.web.services import db, now
from intake import cases, desk_views
from intake.cases import Case

pages = Blueprint("asking", __name__, url_prefix="/desk/cases/<uuid:case_id>/opinion")
pages.register_error_handler(NotHers, desk_views.gone)

CASE = "/data/case_code"  # what her answers say when they may be tied to her case


@pages.get("")
@requires("referrals")
def show(case_id: object) -> str:
    """Show what she answered alone, where she let us know that it is hers."""
    case = cases.find(db(), signed_in(), str(case_id))
    code = pseudonym(case.id)
    return render_template("desk/opinion.html", case=case, code=code, answered=_answered(code))


@pages.post("")
@requires("referrals")
def decide(case_id: object) -> Response | str:
    """Note that she agrees to be interviewed or not after all, or give her a link."""
    case = cases.find(db(), signed_in(), str(case_id))
    go, code = request.form.get("go"), pseudonym(case.id)
    back = url_for("cases.show", case_id=case.id)
    if go == "agree":
        sampling.plan(db(), signed_in(), CLIENT, code)
    elif go == "cancel":
        sampling.cancel(db(), CLIENT, code)
    elif go == "link":
        return answer_links.page(back, _planned(case))
    else:
        abort(400)
    return redirect(back, 303)


def _planned(case: Case) -> sampling.SampleUnit:
    return sampling.of_code(db(), CLIENT, pseudonym(case.id))


def _answered(code: str) -> list[list[Section]]:
    """Return the answers that carry this code, opened; whoever opens them is in the audit."""
    found = []
    for response in records.responses(db(), CLIENT):
        identity = records.open_identity(db(), response, signed_in().keys)
        if identity.get(CASE) == code:
            answers = records.open_answers(db(), response, signed_in().keys)
            form = versions.form_of(db(), response.version_id)
            said = {**identity, **answers}
            found.append(list(sections_of(form, said, language().tag, now())))
    return found
