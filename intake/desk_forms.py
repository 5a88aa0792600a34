"""What a counsellor writes about a case, and the words for what can be chosen there."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core.web.forms import StaffForm
from intake import entries, urgency

Words = Mapping[str, Any]

URGENCY: Words = {
    urgency.DANGER: _l("Jetzt nicht sicher"),
    urgency.VIOLENCE: _l("Gewalt"),
    urgency.STREET: _l("Heute Nacht kein Schlafplatz"),
    urgency.EVICTION: _l("Muss in 14 Tagen ausziehen"),
    urgency.SOON: _l("Braucht in 7 Tagen Hilfe"),
    urgency.PREGNANT: _l("Schwanger"),
    urgency.CHILDREN: _l("Kinder"),
}
KINDS: Words = {
    entries.CONTACT: _l("Kontakt"),
    entries.ATTEMPT: _l("Versuch, sie zu erreichen"),
    entries.NOTE: _l("Notiz"),
    entries.STEP: _l("Nächster Schritt"),
    entries.ACCESS: _l("Weg in die Beratung"),
    entries.DONE: _l("Schritt erledigt"),
    entries.DOCUMENTED: _l("Dokumentation gespeichert"),
}
WAYS: Words = {
    "phone": _l("Anruf"),
    "sms": _l("SMS"),
    "messenger": _l("Messenger"),
    "email": _l("E-Mail"),
    "person": _l("Über eine andere Person"),
    "meeting": _l("Treffen an einem Ort"),
    "letter": _l("Brief"),
}
OUTCOMES: Words = {
    "reached": _l("Erreicht"),
    "not_reached": _l("Nicht erreicht"),
    "word_left": _l("Nachricht hinterlassen"),
    "someone_else": _l("Jemand anderes war da"),
    "wrong": _l("Die Angaben stimmen nicht mehr"),
}
FORMS: Words = {
    "visit": _l("Besuch bei ihr"),
    "office": _l("Gespräch in der Beratungsstelle"),
    "company": _l("Begleitung zu einem Termin"),
    "phone": _l("Telefongespräch"),
    "written": _l("Schriftlich"),
    "third": _l("Gespräch mit Dritten"),
}
MEASURES: Words = {
    "jobcenter": _l("Anbindung an das Jobcenter"),
    "municipality": _l("Anbindung an Stellen der Kommune"),
    "services": _l("Anbindung an Fachstellen"),
    "landlord": _l("Klärung mit Vermietern"),
    "arrears": _l("Mietschulden und Anträge"),
    "search": _l("Wohnungssuche"),
    "protection": _l("Schutz vor Gewalt"),
    "health": _l("Gesundheit und Pflege"),
    "company": _l("Begleitung zu Terminen"),
    "other": _l("Sonstiges"),
}
ACCESS: Words = {
    "web_form": _l("Eigene Meldung über das Formular im Internet"),
    "self": _l("Eigene Meldung auf anderem Weg"),
    "housing_office": _l("Wohnungsamt oder andere Stelle der Kommune"),
    "jobcenter": _l("Jobcenter"),
    "homeless_help": _l("Wohnungslosenhilfe"),
    "other_service": _l("Andere Fachstelle"),
    "other": _l("Sonstiges"),
}
SHOW: Words = {
    "open": _l("Alle offenen"),
    "mine": _l("Nur meine offenen"),
    "free": _l("Offene, die niemand übernommen hat"),
    "closed": _l("Abgeschlossene"),
}


def _choices(words: Words) -> list[SelectChoice]:
    return [SelectChoice(*one) for one in words.items()]


_REQUIRED = validators.DataRequired()
_LINE, _TEXT = validators.Length(max=200), validators.Length(max=5000)


class AttemptForm(StaffForm):
    """How she was tried to be reached, and what came of it."""

    way = SelectField(choices=_choices(WAYS))
    outcome = SelectField(choices=_choices(OUTCOMES), default="not_reached")
    note = TextAreaField(validators=[_TEXT])


class ContactForm(StaffForm):
    """A contact and what was done in it."""

    form = SelectField(choices=_choices(FORMS))
    minutes = IntegerField(
        validators=[validators.InputRequired(), validators.NumberRange(min=1, max=1440)]
    )
    who = StringField(validators=[_LINE])
    measures = SelectMultipleField(choices=_choices(MEASURES))
    note = TextAreaField(validators=[_TEXT])


class NoteForm(StaffForm):
    """A note."""

    note = TextAreaField(validators=[_REQUIRED, _TEXT])


class StepForm(StaffForm):
    """What is to be done next, and on which day."""

    day = DateField(validators=[_REQUIRED])
    note = StringField(validators=[_REQUIRED, _LINE])


class AccessForm(StaffForm):
    """How she came to the service."""

    access = SelectField(choices=_choices(ACCESS))


class DoneForm(StaffForm):
    """The step that is done."""

    step = StringField(validators=[_REQUIRED, validators.Length(max=36)])


class SearchForm(StaffForm):
    """Which referrals the inbox shows."""

    words = StringField(validators=[_LINE])
    show = SelectField(choices=_choices(SHOW), default="open")
    page = IntegerField(default=1, validators=[validators.Optional()])


BY_KIND: Mapping[str, type[StaffForm]] = {
    entries.ATTEMPT: AttemptForm,
    entries.CONTACT: ContactForm,
    entries.NOTE: NoteForm,
    entries.STEP: StepForm,
    entries.ACCESS: AccessForm,
    entries.DONE: DoneForm,
}


def empty_forms(access: str) -> dict[str, StaffForm]:
    """Return a form for every kind of entry, with nothing typed yet but how she came."""
    return {kind: form(None, prefix=f"{kind}-", access=access) for kind, form in BY_KIND.items()}


def said(form: StaffForm) -> dict[str, Any]:
    """Return what was typed, ready to be sealed: days as text, nothing that is empty."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in form.data.items()
        if value
    }
