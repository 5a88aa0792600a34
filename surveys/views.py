"""The interviewer's desk: what she has begun, what is planned, to enter again, or sent."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import drafts, people, sampling, versions
from core.drafts import Draft
from core.pseudonyms import pseudonym
from core.sampling import BEGUN, CLIENT, DONE, MUNICIPALITY, PLANNED, REFUSED, Taken
from core.versions import Version
from core.web import answer_links
from core.web.access import requires, signed_in
from core.web.journey import Journey, form_of
from core.web.locale import language
from core.web.services import db, forget_changes, settings, today
from surveys import entering, interviews, second_entries
from surveys.interviews import OFFICE, Purpose

pages = Blueprint("surveys", __name__, url_prefix="/interviews")

REFUSALS = {
    "no_time": _l("Keine Zeit"),
    "no_wish": _l("Möchte nicht befragt werden"),
    "not_reached": _l("Nicht erreicht"),
    "language": _l("Die Sprache fehlt"),
    "other": _l("Anderer Grund"),
}
STATES = {
    PLANNED: _l("geplant"),
    BEGUN: _l("begonnen"),
    DONE: _l("befragt"),
    REFUSED: _l("keine Befragung"),
}


def late(_error: Taken) -> Response:
    """Say that somebody else is at it."""
    forget_changes()
    return make_response(render_template("surveys/taken.html"), 409)


pages.register_error_handler(Taken, late)


@pages.get("/")
@requires("entering")
def overview() -> str:
    """Show all that she can go on with or begin."""
    who, offered = signed_in(), interviews.running(db(), signed_in().person)
    begun = drafts.mine(db(), who)
    since = today() - timedelta(days=settings().correction_days - 1)
    sent = drafts.submitted(db(), who, since)
    again = second_entries.waiting(db(), who)
    everything = [*offered, *(v for _, v in begun), *(v for _, v in sent), *(v for _, v in again)]
    wave = sampling.newest_wave(db(), MUNICIPALITY)
    return render_template(
        "surveys/overview.html",
        versions=offered,
        titles={v.id: versions.form_of(db(), v.id, v.digest).title for v in everything},
        drafts=_labelled(begun),
        clients=sampling.due(db(), CLIENT),
        wave=wave,
        units=sampling.wave_of(db(), MUNICIPALITY, wave),
        offices=_offices(offered),
        again=again,
        sent=sent,
        corrigible=settings().correction_days,
        done=_just_done(),
        drawn=[draft.id for draft, _ in sent if second_entries.is_drawn(db(), draft.id)],
        names={person.id: person.name for person in people.everyone(db())},
        me=who.person.id,
        code=pseudonym,
        refusals=REFUSALS,
        states=STATES,
    )


@pages.post("/")
@requires("entering")
def begin() -> Response:
    """Open a new draft: of a questionnaire, of a planned interview, of one to enter again."""
    known: dict[str, str] = {}
    purpose = Purpose()
    if unit_id := request.form.get("unit"):
        unit = sampling.find(db(), unit_id)
        version = interviews.current(db(), signed_in(), unit.questionnaire)
        sampling.take(db(), signed_in(), unit)
        known, purpose = interviews.known(unit), Purpose(unit=unit.id)
    elif first_id := request.form.get("first"):
        version = second_entries.take(db(), signed_in(), first_id)
        purpose = Purpose(first=first_id)
    else:
        version = interviews.current(db(), signed_in(), request.form.get("questionnaire", ""))
    journey = Journey(version.id, version.digest)
    questions = form_of(journey).questions
    journey.answers = {path: text for path, text in known.items() if path in questions}
    content = entering.first(journey, purpose)
    draft = interviews.begin(db(), signed_in(), version, content, today())
    return redirect(url_for("interview.show", draft_id=draft.id), 303)


@pages.post("/planned/<uuid:unit_id>")
@requires("entering")
def settle(unit_id: object) -> Response:
    """Note that a planned interview was held in the field, or that there will be none."""
    unit = sampling.find(db(), str(unit_id))
    reason = request.form.get("reason", "")
    if request.form.get("go") == "done":
        sampling.done(db(), unit.id)
    elif reason in REFUSALS:
        sampling.refuse(db(), signed_in(), unit, reason)
    return redirect(url_for("surveys.overview"), 303)


@pages.post("/waves")
@requires("entering")
def next_wave() -> Response:
    """Plan the next round with all offices that the questionnaire knows; a second press is none."""
    who, wave = signed_in(), sampling.newest_wave(db(), MUNICIPALITY)
    if request.form.get("wave") == str(wave + 1):
        for office in _offices(interviews.running(db(), who.person)):
            sampling.plan(db(), who, MUNICIPALITY, office, wave + 1)
    return redirect(url_for("surveys.overview"), 303)


@pages.post("/links")
@requires("entering")
def link() -> str:
    """Show a link with which a client answers alone, nobody knows which one."""
    return answer_links.page(url_for("surveys.overview"))


def _labelled(begun: list[tuple[Draft, Version]]) -> list[tuple[Draft, Version, str]]:
    """Return drafts with the code of whom each is about, "" when it is nobody planned."""
    purposes = {draft.id: entering.purpose_of(draft) for draft, _ in begun}
    codes = sampling.codes(db(), (one.unit for one in purposes.values() if one.unit))
    again = {one.first: pseudonym(one.first) for one in purposes.values() if one.first}
    names = {
        number: codes.get(one.unit) or again.get(one.first, "") for number, one in purposes.items()
    }
    return [(draft, version, names[draft.id]) for draft, version in begun]


def _offices(offered: list[Version]) -> dict[str, str]:
    """Return the offices that may be asked, with their names."""
    for version in offered:
        if version.questionnaire == MUNICIPALITY:
            asked = versions.form_of(db(), version.id, version.digest).questions.get(OFFICE)
            options = asked.choices(None, language().tag) if asked is not None else []
            return {option.value: option.label for option in options}
    return {}


def _just_done() -> str:
    """Return the id of what she has sent a moment ago, to give her the receipt; "" for nothing."""
    return request.args.get("done", "", type=lambda text: str(UUID(text)))
