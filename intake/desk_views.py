"""The counsellors' desk: the inbox of their part of the county, one referral opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import audit, notices, people, records, retention, versions
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.web import errors
from core.web.access import requires, signed_in
from core.web.forms import told
from core.web.locale import language
from core.web.reading import Section, sections_of
from core.web.services import db, now, settings, today
from intake import cases, conversations, handing, overview, referrals, withdrawing
from intake.conversations import Said
from intake.desk_forms import ACCESS, URGENCY, SearchForm
from intake.overview import Line
from intake.referrals import CONTACT, PHONE, SAFETY
from intake.retention import deleted
from intake.urgency import ORDER, SOON
from xlsform.fields.filetypes import media_type

pages = Blueprint("desk", __name__, url_prefix="/desk")

ROWS = 50  # a page of the inbox
_SHOWN = "shown"  # in her session: of which referrals she has seen the contact data


@dataclass(frozen=True)
class Opened:
    """A referral as a counsellor reads it; `call` says whether she may be called."""

    response: records.Response
    safety: list[Section]
    phone: list[Section]
    contact: list[Section]
    more: list[Section]
    call: bool
    is_shown: bool
    answers: Mapping[str, str] = field(repr=False)
    said: list[Said] = field(default_factory=list, repr=False)

    @property
    def unread(self) -> int:
        """How many messages of hers nobody has read."""
        return sum(one.by is None and one.seen is None for one in self.said)


@pages.get("/")
@requires("referrals")
def inbox() -> str:
    """List what is open in her part of the county, the most urgent first."""
    return _inbox(SearchForm(None))


@pages.post("/")
@requires("referrals")
def search() -> str:
    """List what she looks for; her words are in no address."""
    form = SearchForm()
    return _inbox(form if form.validate() else SearchForm(None))


@pages.get("/<uuid:response_id>")
@requires("referrals")
def referral(response_id: object) -> str:
    """Show one referral, the safety notes first."""
    return _referral(opened(str(response_id)))


@pages.post("/<uuid:response_id>/shown")
@requires("referrals")
def show(response_id: object) -> Response:
    """Show how to reach her, now that the safety note was read; for this visit, and noted."""
    response = referrals.find(db(), signed_in(), str(response_id))
    audit.note(db(), signed_in().person.id, "shown", f"response:{response.id}")
    mark = _mark(response.id, conversations.read(db(), signed_in(), response.id))
    session[_SHOWN] = sorted({*session.get(_SHOWN, []), mark})
    return _back(response.id)


@pages.post("/<uuid:response_id>/case")
@requires("referrals")
def take_up(response_id: object) -> Response:
    """Take up a referral: it becomes a case."""
    case = cases.take_up(db(), signed_in(), str(response_id), today())
    return redirect(url_for("cases.show", case_id=case.id), 303)


@pages.post("/<uuid:response_id>/merge")
@requires("referrals")
def merge(response_id: object) -> str | Response:
    """Add a referral to the case with the code that she typed."""
    number = referrals.find(db(), signed_in(), str(response_id)).id
    form = SearchForm()
    case_id = cases.by_pseudonym(db(), signed_in(), form.text("words"))
    if case_id is None:
        told(form.words, _("Einen Fall mit diesem Code gibt es in Ihrem Bereich nicht."))
        return _referral(opened(number), form)
    handing.merge(db(), signed_in(), number, case_id)
    return redirect(url_for("cases.show", case_id=case_id), 303)


@pages.get("/<uuid:response_id>/files/<name>")
@requires("referrals")
def file(response_id: object, name: str) -> Response:
    """Hand out a file of a referral, to be saved: a browser shows nothing of it by itself."""
    content = referrals.open_file(db(), signed_in(), str(response_id), name)
    response = Response(content, mimetype=media_type(name))
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@pages.errorhandler(NotHers)
def gone(error: NotHers) -> Response:
    """Say of what a woman took back that she did so; answer all else as everywhere.

    All pages of the desk that show a case or a referral answer so.
    """
    answer = errors.answer(error)
    named = request.view_args or {}
    number = str(named.get("case_id") or named.get("response_id") or "")
    if not number or not withdrawing.is_told(db(), signed_in(), number):
        return answer
    return make_response(render_template("desk/taken_back.html", code=pseudonym(number)), 410)


def opened(response_id: str) -> Opened:
    """Return a referral opened; how to reach her only once the safety note was read."""
    response, answers = referrals.open_for(db(), signed_in(), response_id)
    said = conversations.read(db(), signed_in(), response.id)
    answers = conversations.reached(answers, said)
    form = versions.form_of(db(), response.version_id)

    def part(*paths: str) -> list[Section]:
        some = {path: text for path, text in answers.items() if path in paths}
        return list(sections_of(form, some, language().tag, now()))

    is_shown = _mark(response.id, said) in session.get(_SHOWN, [])
    return Opened(
        response,
        safety=part(*SAFETY),
        phone=part(PHONE) if is_shown else [],
        contact=part(*CONTACT - {PHONE}) if is_shown else [],
        more=part(*answers.keys() - SAFETY - CONTACT),
        call=referrals.may_be_called(answers),
        is_shown=is_shown or not CONTACT & answers.keys(),
        answers=answers,
        said=said,
    )


def _mark(response_id: str, said: Iterable[Said]) -> str:
    """Return what stands for having read how to reach her; a change of hers is to be read anew."""
    changes = [one.id for one in said if one.is_contact]
    return f"{response_id} {changes[-1]}" if changes else response_id


def _referral(found: Opened, form: SearchForm | None = None) -> str:
    response = found.response
    months = settings().keep_identity_months
    return render_template(
        "desk/referral.html",
        response=response,
        opened=found,
        form=form or SearchForm(None),
        code=pseudonym(response.id),
        access=ACCESS.get(found.answers.get(referrals.ACCESS, "")),
        partner=found.answers.get(referrals.PARTNER, ""),
        case_id=cases.case_of(db(), response.id),
        due=retention.due(response.closed, months) if response.closed else None,
        deleted=deleted(db(), response, settings().zone),
    )


def _back(response_id: str) -> Response:
    case_id = cases.case_of(db(), response_id)
    if case_id is not None:
        return redirect(url_for("cases.show", case_id=case_id), 303)
    return redirect(url_for("desk.referral", response_id=response_id), 303)


def _inbox(form: SearchForm) -> str:
    notices.looked(db(), signed_in().person.id, now())
    lines, steps = overview.read(db(), signed_in())
    day = today()
    places = _places()
    show, me = form.text("show"), signed_in().person.id
    shown = [line for line in lines if _is_shown(line, show, me)]
    if words := form.text("words").casefold().split():
        shown = [line for line in shown if _says(line, words, places)]
    found = sorted(
        shown, key=lambda line: (_rank(line, day), not line.unread, line.received, line.id)
    )
    last = max(1, -(-len(found) // ROWS))
    page = min(max(form.page.data or 1, 1), last)
    return render_template(
        "desk/inbox.html",
        form=form,
        lines=found[(page - 1) * ROWS : page * ROWS],
        found=len(found),
        page=page,
        last=last,
        day=day,
        steps=[step for step in steps if step.day <= day],
        withdrawn=withdrawing.lately(db(), signed_in()),
        code=pseudonym,
        places=places,
        urgencies=URGENCY,
        ways={way: words for way, words in ACCESS.items() if way != "web_form"},
        names={person.id: person.name for person in people.everyone(db())},
    )


def _is_shown(line: Line, show: str, me: int) -> bool:
    if show == "closed" or line.is_closed:
        return show == "closed" and line.is_closed
    holder = {"mine": me, "free": None}
    return show not in holder or line.holder_id == holder[show]


def _says(line: Line, words: Iterable[str], places: Mapping[str, str]) -> bool:
    place = places.get(line.municipality, "").casefold()
    text = f"{line.words} {place} {pseudonym(line.case_id or line.id).casefold()}"
    return all(word in text for word in words)


def _rank(line: Line, day: date) -> int:
    ranks = [ORDER.index(code) for code in line.urgency(day)]
    if line.unread:  # what she has just written may be urgent
        ranks.append(ORDER.index(SOON))
    return min(ranks, default=len(ORDER))


def _places() -> dict[str, str]:
    version = versions.current(db(), referrals.QUESTIONNAIRE)
    asked = versions.form_of(db(), version.id).questions.get(referrals.MUNICIPALITY)
    if asked is None:
        return {}
    return {choice.value: choice.label for choice in asked.choices(None, language().tag)}
