"""The counsellors' pages of open words: which texts wait, one to retell, one to check."""

from collections.abc import Callable
from secrets import choice
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core import audit
from core.people import NotHers
from core.web import errors
from core.web.access import requires, signed_in
from core.web.forms import StaffForm, told
from core.web.locale import language
from core.web.services import db
from core.web.words import QUESTIONNAIRES
from exports.release import free_texts, open_words, paraphrases
from exports.release.free_texts import Text
from exports.release.paraphrases import SENT_BACK, WRITTEN, Paraphrase, SamePerson, Words

pages = Blueprint("words", __name__, url_prefix="/desk/words")

LONGEST = 2_000  # characters
WRITE, CHECK, HERS, DONE = "write", "check", "hers", "done"
TOPICS = {
    "contact": _l("Kontakt und Erreichbarkeit"),
    "respect": _l("Respekt"),
    "language": _l("Sprache und Verstehen"),
    "waiting": _l("Warten und Zeit"),
    "housing": _l("Wohnung"),
    "money": _l("Geld"),
    "children": _l("Kinder"),
    "safety": _l("Sicherheit"),
    "offices": _l("Ämter und andere Stellen"),
    "other": _l("Etwas anderes"),
}


class WordsForm(StaffForm):
    """A paraphrase, or a word why it is sent back; `turn` is what she has read."""

    words = TextAreaField(validators=[validators.Length(max=LONGEST)])
    topics = SelectMultipleField(choices=[SelectChoice(*topic) for topic in TOPICS.items()])
    why = StringField(validators=[validators.Length(max=500)])
    turn = IntegerField(default=0, validators=[validators.NumberRange(0, 10_000)])


@pages.get("")
@requires("referrals")
def everything() -> str:
    """Show by question how many texts wait for words, how many for a second pair of eyes."""
    names, tag = free_texts.QUESTIONNAIRES, language().tag
    return render_template(
        "exports/open_words.html",
        names=QUESTIONNAIRES,
        labels={name: free_texts.labels(db(), name, tag) for name in names},
        found={name: paraphrases.standings(db(), signed_in(), name) for name in names},
        people=open_words.PEOPLE,
        one_of=choice,  # so that two who begin at the same time seldom meet
    )


@pages.get("/<uuid:text_id>")
@requires("referrals")
def show(text_id: object) -> str:
    """Show a text as it was said, to be retold or beside what was made of it."""
    text = free_texts.find(db(), signed_in(), str(text_id))
    row = paraphrases.of(db(), text)
    if _mode(row) == DONE:
        raise NotHers
    audit.note(db(), signed_in().person.id, "opened", f"response:{text.response.id}")
    said = paraphrases.opened(signed_in(), row) if row else Words("")
    form = WordsForm(None, words=said.words, topics=list(said.topics))
    return _page(text, row, form, _mode(row))


@pages.post("/<uuid:text_id>")
@requires("referrals")
def take(text_id: object) -> Response:
    """Keep a paraphrase, or what she decides on somebody else's."""
    text = free_texts.find(db(), signed_in(), str(text_id))
    form, go = WordsForm(), request.form.get("go", "")
    if go not in _DEEDS:
        return redirect(url_for("words.show", text_id=text.id), 303)
    if form.validate() and _is_filled(form, go) and _DEEDS[go](text, form):
        return redirect(url_for("words.everything"), 303)
    row = paraphrases.of(db(), text)
    mode = WRITE if go in (WRITE, "untellable") else _mode(row)
    page = _page(text, row, form, mode, is_late=not form.errors)
    return make_response(page, 200 if form.errors else 409)


@pages.errorhandler(SamePerson)
def refuse(_error: SamePerson) -> Response:
    """Let nobody decide on her own words; the pages offer it to nobody."""
    return errors.answer(Forbidden())


def _page(
    text: Text, row: Paraphrase | None, form: WordsForm, mode: str, *, is_late: bool = False
) -> str:
    said = paraphrases.opened(signed_in(), row) if row and mode != DONE else Words("")
    version_of = paraphrases.questionnaire_of(db(), text)
    return render_template(
        "exports/paraphrase.html",
        text=text,
        label=free_texts.labels(db(), version_of, language().tag)[text.question],
        said=said,
        turn=row.turn if row and mode != DONE else 0,
        form=form,
        mode=mode,
        is_late=is_late,
        topics=TOPICS,
        name=QUESTIONNAIRES[version_of],
    )


def _mode(row: Paraphrase | None) -> str:
    if row is None or row.status == SENT_BACK:
        return WRITE
    if row.status == WRITTEN:
        return HERS if row.writer_id == signed_in().person.id else CHECK
    return DONE


def _is_filled(form: WordsForm, go: str) -> bool:
    if go == WRITE and not form.text("words").strip():
        told(form.words, _("Bitte ausfüllen."))
    if go == WRITE and not form.topics.data:
        told(form.topics, _("Bitte wählen Sie mindestens ein Thema."))
    if go == "send-back" and not form.text("why").strip():
        told(form.why, _("Bitte ausfüllen."))
    return not form.errors


def _write(text: Text, form: WordsForm) -> bool:
    words = Words(form.text("words"), tuple(form.topics.data or ()))
    return paraphrases.write(db(), signed_in(), text, words, _turn(form))


def _untellable(text: Text, form: WordsForm) -> bool:
    return paraphrases.write(db(), signed_in(), text, Words(""), _turn(form))


def _approve(text: Text, form: WordsForm) -> bool:
    return paraphrases.approve(db(), signed_in(), text, _turn(form))


def _send_back(text: Text, form: WordsForm) -> bool:
    why = form.text("why").strip()
    return paraphrases.send_back(db(), signed_in(), text, _turn(form), why)


def _set_aside(text: Text, form: WordsForm) -> bool:
    return paraphrases.set_aside(db(), signed_in(), text, _turn(form))


def _turn(form: WordsForm) -> int:
    return form.turn.data or 0


_DEEDS: dict[str, Callable[[Text, Any], bool]] = {
    WRITE: _write,
    "untellable": _untellable,
    "approve": _approve,
    "send-back": _send_back,
    "set-aside": _set_aside,
}
