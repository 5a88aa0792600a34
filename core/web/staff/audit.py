"""The coordinator's page of the audit: who did what when, and whether somebody changed it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs lag

from core import audit, chain, trail
from core.audit import Entry
from core.chain import Finding
from core.trail import Search
from core.web.access import requires, signed_in
from core.web.forms import StaffForm
from core.web.services import db, settings

pages = Blueprint("audit", __name__, url_prefix="/staff/audit")

LINES = 50  # a page
DEEDS = {
    "signed-in": _l("angemeldet"),
    "invited": _l("eingeladen"),
    "accepted": _l("Einladung angenommen"),
    "renewed": _l("neu eingeladen"),
    "opened": _l("geöffnet"),
    "changed": _l("geändert"),
    "submitted": _l("abgeschickt"),
    "imported": _l("eingelesen"),
    "listed": _l("in die Übersicht aufgenommen"),
    "taken": _l("übernommen"),
    "given-back": _l("zurückgegeben"),
    "handed-over": _l("übergeben"),
    "replied": _l("beantwortet"),
    "withdrawn": _l("von ihr zurückgenommen"),
    "merged": _l("zusammengeführt"),
    "noted": _l("eingetragen"),
    "shown": _l("Kontaktdaten gezeigt"),
    "approved": _l("geprüft"),
    "sent-back": _l("zur Überarbeitung gegeben"),
    "set-aside": _l("beiseitegelegt"),
    "closed": _l("abgeschlossen"),
    "reopened": _l("wieder geöffnet"),
    "published": _l("veröffentlicht"),
    "released": _l("freigegeben"),
    "exported": _l("heruntergeladen"),
    "granted": _l("Schlüssel gegeben"),
    "revoked": _l("Zugang entzogen"),
    "rotated": _l("Schlüssel gewechselt"),
    "resealed": _l("neu versiegelt"),
    "recovered": _l("wiederhergestellt"),
    "deleted": _l("gelöscht"),
    "refused": _l("abgewiesen"),
    "ended": _l("Sitzung beendet"),
}
THINGS = {
    "audit": _l("Protokoll"),
    "backup": _l("Sicherung"),
    "batch": _l("Lieferung"),
    "case": _l("Fall"),
    "device": _l("Gerät"),
    "draft": _l("Entwurf"),
    "entries": _l("Einträge"),
    "batchs": _l("Lieferungen"),
    "corrections": _l("Korrekturen"),
    "drafts": _l("Entwürfe"),
    "factors": _l("zweiter Faktor"),
    "file": _l("Datei"),
    "files": _l("alle Dateien"),
    "grant": _l("Schlüsselpaar"),
    "identity": _l("Kontaktteil"),
    "key": _l("Schlüsselpaar"),
    "link": _l("Link zum selbst Ausfüllen"),
    "paraphrase": _l("Nacherzählung"),
    "paraphrases": _l("Nacherzählungen"),
    "paraphrase-batch": _l("Lieferung offener Worte"),
    "paraphrase_batch": _l("Lieferung offener Worte"),
    "paraphrase_batchs": _l("Lieferungen offener Worte"),
    "partner": _l("Partner-Adresse"),
    "passphrase": _l("Passwort-Satz"),
    "period": _l("Zeitraum"),
    "period_releases": _l("Freigaben"),
    "period-release": _l("Freigabe"),
    "recovery": _l("Notschlüssel"),
    "report": _l("Bericht"),
    "response": _l("Eintrag"),
    "responses": _l("Einträge"),
    "sample-unit": _l("geplante Befragung"),
    "sample_units": _l("geplante Befragungen"),
    "second-entry": _l("zweite Eingabe"),
    "session": _l("Sitzung"),
    "sign-in": _l("Anmeldung"),
    "taxonomy": _l("Einteilung"),
    "upload": _l("Datei"),
    "version": _l("Fragebogen"),
    "workbook": _l("Arbeitsmappe"),
}

ONE = {
    chain.CHANGED: _l("Zeile %(first)s wurde verändert oder dazwischengeschoben."),
    chain.MISSING: _l("Zeile %(first)s fehlt."),
    chain.ADDED: _l("Zeile %(first)s wurde angehängt."),
    chain.END: _l("Das Ende der Kette nach Zeile %(first)s wurde verändert."),
}
SEVERAL = {
    chain.CHANGED: _l(
        "Die Zeilen %(first)s bis %(last)s wurden verändert oder dazwischengeschoben."
    ),
    chain.MISSING: _l("Die Zeilen %(first)s bis %(last)s fehlen."),
    chain.ADDED: _l("Die Zeilen %(first)s bis %(last)s wurden angehängt."),
}


def _of_our_time(_form: StaffForm, field: DateField) -> None:
    if field.data is not None and not 2000 <= field.data.year < 2200:
        raise validators.ValidationError(_("Bitte wählen Sie einen Tag aus unserer Zeit."))


class SearchForm(StaffForm):
    """Which lines to show."""

    person = SelectField(validators=[validators.Optional()])
    deed = SelectField(
        choices=[SelectChoice("", _l("alles")), *(SelectChoice(*deed) for deed in DEEDS.items())],
        validators=[validators.Optional()],
    )
    since = DateField(validators=[validators.Optional(), _of_our_time])
    until = DateField(validators=[validators.Optional(), _of_our_time])
    thing = StringField(validators=[validators.Length(max=100)])

    def search(self) -> Search:
        """Return what was asked for; a field that makes no sense does not count."""
        self.validate()
        given: dict[str, Any] = {
            field.name: field.data for field in self if field.data and not field.errors
        }
        person = given.pop("person", None)
        given["thing"] = given.get("thing", "").replace("\0", "").strip()
        return Search(settings().zone, None if person is None else int(person), **given)


@dataclass(frozen=True)
class Row:
    """A line in words."""

    number: int | None
    at: str
    who: str
    deed: str
    thing: str


@pages.get("")
@requires("audit")
def lines() -> str:
    """Show the newest lines, or those that were searched for."""
    return _page(_form(request.args))


@pages.post("/check")
@requires("audit")
def check() -> str:
    """Go through the whole chain and say what was found."""
    findings = [said(one) for one in audit.verify(db())]
    return _page(_form(MultiDict()), findings=findings)


@pages.post("/table")
@requires("audit")
def table() -> Response:
    """Hand out the lines that were searched for."""
    content = trail.table(db(), signed_in().person.id, _form(request.form).search())
    disposition = {"Content-Disposition": 'attachment; filename="zugang.csv"'}
    return Response(content, mimetype="text/csv", headers=disposition)


def _form(asked: MultiDict[str, str]) -> SearchForm:
    form = SearchForm(asked)
    known = trail.names(db())
    form.person.choices = [
        SelectChoice("", _("alle")),
        SelectChoice(str(audit.SERVICE), _("der Dienst selbst")),
        *(SelectChoice(str(number), name) for number, name in known.items() if name),
    ]
    return form


def _page(form: SearchForm, findings: list[str] | None = None) -> str:
    search = form.search()
    found = trail.count(db(), search)
    last = max(1, -(-found // LINES))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    entries = trail.find(db(), search, (page - 1) * LINES, LINES)
    known = {audit.SERVICE: _("der Dienst selbst"), **trail.names(db())}
    asked = {field.name: request.args[field.name] for field in form if field.name in request.args}
    return render_template(
        "staff/audit.html",
        form=form,
        rows=[_row(entry, known) for entry in entries],
        found=found,
        page=page,
        last=last,
        asked=asked,
        address=f"{url_for('audit.lines')}?{urlencode({**asked, 'page': ''})}",
        end=audit.end(db()),
        findings=findings,
    )


def _row(entry: Entry, known: dict[int, str]) -> Row:
    return Row(
        entry.id if entry.id > 0 else None,
        _time(trail.local(entry, settings().zone)),
        _name(entry.person_id, known),
        str(DEEDS.get(entry.deed, entry.deed)),
        _thing(entry.thing, known),
    )


def _thing(thing: str, known: dict[int, str]) -> str:
    parts, words = thing.split(":"), []
    while parts:
        part = parts.pop(0)
        if part == "person" and parts and parts[0].isdecimal():
            words.append(_name(int(parts.pop(0)), known))
        else:
            words.append(str(THINGS.get(part, part)))
    return " ".join(words)


def _name(person_id: int, known: dict[int, str]) -> str:
    return known.get(person_id) or _("Nr. %(number)s", number=person_id)


def _time(moment: datetime) -> str:
    return str(format_datetime(moment, "dd.MM.yyyy HH:mm", rebase=False))


def said(finding: Finding) -> str:
    """Return a finding in words."""
    words = ONE if finding.first == finding.last else SEVERAL
    return str(words[finding.kind]) % {"first": finding.first, "last": finding.last}
