"""A woman's messages at the counsellors' desk, and the replies to her, in her language."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField, validators

from core import people
from core.languages import Language
from core.people import NotHers
from core.pseudonyms import pseudonym
from core.web.access import requires, signed_in
from core.web.forms import StaffForm, told
from core.web.locale import said_in
from core.web.services import db, now, today
from intake import conversations, desk_views, referrals, return_codes, text_blocks
from intake.conversations import drafted
from intake.desk_views import Opened
from intake.text_blocks import BLOCKS

pages = Blueprint("conversation", __name__, url_prefix="/desk/<uuid:response_id>/messages")
pages.register_error_handler(NotHers, desk_views.gone)

LONGEST = 10_000  # characters


class ReplyForm(StaffForm):
    """A reply, and the text block that is to be put into it."""

    words = TextAreaField(validators=[validators.Length(max=LONGEST)])
    block = StringField()
    draft = StringField(default=lambda: str(uuid.uuid4()))  # a second press sends the same one


@pages.get("")
@requires("referrals")
def show(response_id: object) -> str:
    """Show what she and the counsellors wrote; the safety note comes first."""
    return _page(desk_views.opened(str(response_id)), ReplyForm(None))


@pages.post("")
@requires("referrals")
def reply(response_id: object) -> str | Response:
    """Send a reply, or put a text block into it."""
    number = referrals.find(db(), signed_in(), str(response_id)).id
    form, inserts = ReplyForm(), request.form.get("go") == "insert"
    if not inserts and _can_go(form):
        draft, words = drafted(form.text("draft")), form.text("words").strip()
        conversations.reply(db(), signed_in(), number, draft, words, now())
        return redirect(url_for("conversation.show", response_id=number), 303)
    opened = desk_views.opened(number)
    if inserts:
        form.words.data = _with_block(form, _language(opened))
    return _page(opened, form)


def _can_go(form: ReplyForm) -> bool:
    if form.text("words").strip():
        return bool(form.validate())
    told(form.words, _("Bitte ausfüllen."))
    return False


def _with_block(form: ReplyForm, language: Language) -> str:
    block = said_in(language, BLOCKS.get(form.text("block"), ""))
    return "\n".join(filter(None, (form.text("words").rstrip(), block)))


def _page(opened: Opened, form: ReplyForm) -> str:
    number = opened.response.id
    if opened.is_shown:
        conversations.mark_seen(db(), number, today())
    return render_template(
        "desk/messages.html",
        opened=opened,
        response=opened.response,
        code=pseudonym(number),
        form=form,
        blocks=BLOCKS,
        hers=_language(opened),
        answerable=return_codes.code_of(db(), number) is not None,
        names={person.id: person.name for person in people.everyone(db())},
    )


def _language(opened: Opened) -> Language:
    return text_blocks.spoken_by(opened.answers.get(referrals.LANGUAGE, ""))
