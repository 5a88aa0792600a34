"""A referral under way in one browser, whoever writes it: the woman or somebody for her."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, cast

from flask import current_app, make_response, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import keyring, notices, people, versions
from core.web import floods
from core.web.csrf import Expired, refusal
from core.web.errors import EXPIRED, REFUSED
from core.web.files import SITTING
from core.web.journey import Journey, Outcome, Run, form_of
from core.web.locale import language, wished
from core.web.services import db, now, settings, today
from core.web.sessions import SealedSession
from core.web.shelves import InSession, Shelf
from intake import referrals, return_codes

JOURNEY, NUMBER = "journey", "number"
TO_NOTE_IT = 5 * 60  # seconds in which a number can be looked at again
FLOOD = _l(
    "Gerade kommen sehr viele Nachrichten. Bitte warten Sie 20 Sekunden. "
    "Dann drücken Sie noch einmal auf „Anfangen“."
)

NOBODY = _l(
    "Für Ihren Ort ist im Moment keine Beraterin da. "
    "Sie können trotzdem schreiben, aber wir lesen Ihre Nachricht erst später."
)


class Walk:
    """A referral that somebody else writes for a woman, kept on a shelf of its own.

    A counsellor is given the number to pass on, for she may read what it opens. A partner is not:
    what the woman and her counsellors write to each other is not the office's.
    """

    def __init__(self, shelf: Shelf, *, numbered: bool = False) -> None:
        self._shelf = shelf
        self._is_numbered = numbered

    @property
    def has_begun(self) -> bool:
        """Say whether there is something to go on with."""
        return self._shelf.read() is not None

    def begin(self, access: str, partner: str = "") -> None:
        """Begin anew, for a woman who comes to us by `access`, from this partner."""
        version = versions.current(db(), referrals.QUESTIONNAIRE)
        run = run_of(Journey(version.id, version.digest))
        referrals.write_for_her(run.filling, access, partner)
        run.journey.answers = run.filling.answers
        # the number now: a second press sends the same
        self._keep(run, return_codes.new() if self._is_numbered else "")

    def run(self) -> Run:
        """Return the run of what was begun."""
        return self._run(self._shelf.read() or {})

    def take(self, also: Callable[[Run], None] = lambda _: None) -> bool:
        """Take what was posted; on the last step send it, do what is `also` to do, and say so."""
        kept = self._shelf.read() or {}
        run, code = self._run(kept), kept.get(NUMBER, "")
        if run.take(request.form, request.files) is not Outcome.SUBMIT:
            self._keep(run, code)
            return False
        send(run, code)
        also(run)
        self._shelf.drop()
        if code:
            keep_number(code)
        return True

    def forget(self) -> None:
        """Delete what was begun."""
        self.run().files.discard()
        self._shelf.drop()

    def _run(self, kept: Mapping[str, Any]) -> Run:
        return run_of(Journey.load(kept), seconds=self._shelf.seconds)

    def _keep(self, run: Run, code: str) -> None:
        self._shelf.write(run.journey.dump() | {NUMBER: code})


def in_session(name: str) -> InSession:
    """Return the shelf of a referral in this browser's session."""
    return InSession(f"{JOURNEY} {name}")


def begun() -> Iterator[Journey]:
    """Yield every referral that is under way in this browser."""
    return (Journey.load(session[name]) for name in list(session) if name.startswith(JOURNEY))


def run_of(journey: Journey, only: Collection[str] = (), seconds: int = SITTING) -> Run:
    """Return the run of a referral, or of some pages of it, in the language of this page."""
    return Run(journey, form_of(journey), language().tag, now(), seconds, only=only)


def keep_number(code: str) -> None:
    """Remember the number of what was just sent until it has been shown."""
    session[NUMBER] = {"code": code, "since": 0}


def number() -> str:
    """Return the number of what was just sent, grouped: "" when the time is over to note it.

    A page that got lost on the way can be asked for again within it.
    """
    kept, at = session.get(NUMBER), int(now().timestamp())
    if kept is None:
        return ""
    if not kept["since"]:
        session[NUMBER] = kept = kept | {"since": at}
    if at - kept["since"] > TO_NOTE_IT:
        del session[NUMBER]
        return ""
    return return_codes.grouped(kept["code"])


def send(run: Run, code: str) -> None:
    """Seal and store a referral that is filled in, with its files; `code` opens it to her again."""
    journey, parts = run.journey, settings().parts
    key = key_of(code) if code else None  # takes a while: before the database is asked for anything
    files = run.files.contents(run.filling)
    referrals.submit(
        db(), journey.submission, journey.version_id, run.filling, parts, today(), files
    )
    notices.tell(db(), referrals.part_of(parts, run.filling.answers), now())
    if key is not None:
        return_codes.keep(db(), journey.submission, key, today())
    run.files.discard()


def key_of(code: str) -> return_codes.Key:
    """Return what the number of a woman gives in this service."""
    return return_codes.key_of(code, cast("bytes", current_app.secret_key))


def step(run: Run, **notice: Any) -> str:
    """Return the page of the questionnaire where the referral stands, or the check page."""
    notice = notice or _nobody_there(run)
    if run.at_check:
        return render_template("intake/check.html", sections=run.check(), **notice)
    return render_template("intake/page.html", view=run.page(), **notice)


def _nobody_there(run: Run) -> dict[str, Any]:
    """Return what to say to a woman from a part of the county that has no counsellor now."""
    unread = people.unread_parts(people.everyone(db()))
    answers = run.filling.answers
    part = referrals.part_of(settings().parts, answers)
    is_hers = referrals.MUNICIPALITY in answers and part in unread
    if not is_hers and len(unread) < len(keyring.PARTS):
        return {}
    return {"call": True} | _notice(_("Bitte rufen Sie an"), NOBODY)


def again(run: Run, **notice: Any) -> Response:
    """Return the page of a refused post again, with what was typed, saving nothing."""
    if "page" not in request.form:  # the check page: nothing is typed there
        return make_response(step(run, **notice), 400)
    view = run.page(request.form, request.files)
    return make_response(render_template("intake/page.html", view=view, **notice), 400)


def end() -> None:
    """Forget everything of this browser but the language that somebody chose."""
    spoken = language()
    cast("SealedSession", session).discard()
    if spoken is not wished():
        session["language"] = spoken.tag


def over() -> dict[str, Any]:
    """Return what to say to a browser whose time is over: once, then its cookie is gone."""
    sealed = cast("SealedSession", session)
    if sealed or not sealed.over:
        return {}
    sealed.discard()
    return _notice(*EXPIRED)


def refused() -> dict[str, Any]:
    """Return what to say when a post was not accepted."""
    return _notice(*(EXPIRED if isinstance(refusal(), Expired) else REFUSED))


def waiting() -> dict[str, Any]:
    """Return what to say, and the ticket to give, while very many messages come."""
    return {"ticket": floods.ticket()} | _notice(_("Bitte warten Sie kurz"), FLOOD)


def _notice(title: object, text: object) -> dict[str, Any]:
    return {"notice_title": title, "notice": text}
