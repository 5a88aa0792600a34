"""The woman who comes back with her number, at the address where she wrote: what she sees and does.

Her session remembers which referral she opened and the pair that her number gave, nothing else.
"""

import base64
import uuid
from typing import Any

from flask import make_response, render_template, request, session
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import throttle, versions
from core.throttle import Gate, Tries
from core.vault import Pair, public_of
from core.web.journey import Journey, Outcome, Run
from core.web.locale import language
from core.web.messages import FIELD_MESSAGES
from core.web.pages import clock
from core.web.services import db, now, services, today
from intake import conversations, referrals, return_codes, walking, withdrawing
from intake.conversations import Gone, Written, drafted
from intake.walking import JOURNEY

BACK, SENT, ASKED, WORDS, NOTE = "back", "sent", "asked", "words", "note"
MISTAKE = "mistake"  # said on the page that follows: browsers keep a post that is shown a page for
CONTACT = f"{JOURNEY} contact"
LONGEST = 10_000  # characters of a message
# Phones of many people share a line, and a number is long enough to be typed wrong.
CODES = Gate("return code", free=20, shared=True)
MESSAGES = Gate("message", free=20)  # of one woman, at a time

WRONG = _l("Diese Nummer stimmt nicht. Bitte prüfen Sie jede Ziffer.")
TOO_OFT = _l("Das waren zu viele Versuche. Bitte versuchen Sie es nach %(time)s Uhr noch einmal.")
EMPTY = _l("Bitte schreiben Sie erst etwas.")
GONE = _l("Alles ist gelöscht")
WHAT_STAYS = _l(
    "Wir haben alles gelöscht, was Sie uns geschrieben haben. "
    "Was schon ohne Ihren Namen ausgewertet ist, bleibt. Darin kann Sie niemand erkennen."
)
MESSAGE_SENT = _l("Ihre Nachricht ist gesendet.")
CONTACT_SENT = _l("Ihre neuen Kontaktdaten sind gesendet.")


def enter() -> None:
    """Open her messages with the number that was typed, or say on the next page what is wrong."""
    mistake = _enter()
    if mistake:
        session[MISTAKE] = mistake


def mistake() -> dict[str, str]:
    """Return what is wrong with what was just sent, for the page that follows; only once."""
    return {MISTAKE: session.pop(MISTAKE)} if MISTAKE in session else {}


def _enter() -> str:
    code = return_codes.typed(request.form.get("number", ""))
    if not code:
        return str(WRONG)
    network = throttle.network_of(request.remote_addr or "")
    tries = Tries(services().database.relaxed, (CODES, network))
    wait = tries.count(now())
    if wait:
        return _until(wait)
    key = walking.key_of(code)
    response_id = return_codes.response_of(db(), key)
    if response_id is None:
        return str(WRONG)
    tries.forget(now())
    spoken = language().tag
    session[BACK] = {
        "response": response_id,
        "private": base64.b64encode(key.pair.private).decode(),
    }
    session["language"] = spoken
    return ""


def show(**notice: Any) -> str:
    """Show her messages, the pages that ask how to reach her, or the last question."""
    if ASKED in session:
        return render_template("intake/withdraw.html", **notice)
    if CONTACT in session:
        return walking.step(_contact(), returning=True, **notice)
    said = conversations.read_by_her(db(), _response_id(), _pair(), today())
    draft, typed = str(uuid.uuid4()), session.get(WORDS, "")
    known = {"said": said, "sent": _sent(), "draft": draft, "typed": typed} | mistake()
    return render_template("intake/messages.html", **(known | notice))


def take() -> None:
    """Do what she pressed."""
    _keep_words()
    try:
        _take(request.form.get("go", ""))
    except Gone:
        _drop()  # her messages are shown next, and are found to be gone


def _take(go: str) -> None:
    if go == "leave":
        walking.end()
    elif go == "withdraw":
        session[ASKED] = True
    elif go == "keep":
        _drop()
    elif go == "withdrawn" and ASKED in session:
        _withdraw()
    elif go == "write":
        _write(request.form.get("words", "").strip())
    elif go == "contact":
        _begin_contact()
    elif CONTACT in session:
        _take_contact()


def again() -> Response:
    """Show the page of a refused post again, with what was typed, saving nothing."""
    if CONTACT in session and "page" in request.form:
        return walking.again(_contact(), returning=True, **walking.refused())
    page = show(typed=request.form.get("words", ""), **walking.refused())
    return make_response(page, 400)


def gone() -> dict[str, Any]:
    """Forget who came back, and return what to say, once: there is nothing here any more."""
    walking.end()
    return {"notice_title": GONE, "notice": WHAT_STAYS}


def _keep_words() -> None:
    if "words" in request.form:  # whatever she pressed: what she typed is not lost
        session[WORDS] = request.form["words"]


def _withdraw() -> None:
    withdrawing.withdraw(db(), _response_id(), now())
    walking.end()
    session[NOTE] = True


def _write(words: str) -> None:
    mistake = EMPTY if not words else FIELD_MESSAGES["length"] if len(words) > LONGEST else ""
    mistake = mistake or _wait()
    if mistake:
        session[MISTAKE] = str(mistake)
        return
    _add(Written(words), drafted(request.form.get("draft", "")), "message")
    session.pop(WORDS, None)


def _add(written: Written, number: str, what: str) -> None:
    conversations.add(db(), _response_id(), _pair(), number, written, now())
    session[SENT] = what


def _wait() -> str:
    wait = Tries(services().database.relaxed, (MESSAGES, _response_id())).count(now())
    return _until(wait) if wait else ""


def _until(seconds: int) -> str:
    return str(TOO_OFT) % {"time": clock(int(now().timestamp()) + seconds + 59)}


def _begin_contact() -> None:
    version = versions.current(db(), referrals.QUESTIONNAIRE)
    session[CONTACT] = Journey(version.id, version.digest).dump()


def _take_contact() -> None:
    run = _contact()
    if run.take(request.form, request.files) is Outcome.SUBMIT:
        answers = {
            path: text
            for path, text in run.filling.answers.items()
            if path.startswith(tuple(f"{page}/" for page in referrals.REACHING))
            and run.filling.is_relevant(path)
        }
        _add(Written(answers=answers), run.journey.submission, "contact")
        del session[CONTACT]
    else:
        session[CONTACT] = run.journey.dump()


def _contact() -> Run:
    return walking.run_of(Journey.load(session[CONTACT]), only=referrals.REACHING)


def _sent() -> str:
    """Return what to say of what was just sent, once."""
    what = session.get(SENT)
    if what is None:
        return ""
    del session[SENT]
    return str(CONTACT_SENT if what == "contact" else MESSAGE_SENT)


def _drop() -> None:
    """Leave the pages that ask how to reach her, or whether to take everything back."""
    for name in (ASKED, CONTACT):
        session.pop(name, None)


def _response_id() -> str:
    return str(session[BACK]["response"])


def _pair() -> Pair:
    private = base64.b64decode(session[BACK]["private"])
    return Pair(public_of(private), private)
