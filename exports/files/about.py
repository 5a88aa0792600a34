"""The README sheet of a workbook: what is out, and by which rules."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy.orm import Session

from core.people import SignedIn
from exports.formats.workbook import Value
from exports.release import releases
from exports.release.batches import RECORDS, WAVES
from exports.release.releases import Batch
from exports.release.standing import standing
from exports.speaking import Say


def lines(session: Session, who: SignedIn, words: int, _: Say) -> Iterator[tuple[Value, ...]]:
    """Yield the lines of the sheet, with `words` retold ones; raise `NotGranted` or `Tampered`."""
    yield "zugang", _("Anonymisierte Antworten")
    told = _("freigegeben %(released)s")
    for questionnaire in (*RECORDS, WAVES):
        yield questionnaire, told % {"released": releases.released(session, questionnaire)}
        for batch in releases.batches(session, questionnaire):
            yield None, _batch(session, who, batch, _)
    yield _("Offene Worte"), told % {"released": words}
    waiting = _(
        "Neue Antworten kommen heraus, sobald mindestens %(least)s warten. Von Frauen zählt, was "
        "am Monatsanfang da war."
    )
    yield _("Lieferung"), waiting % {"least": releases.BATCH}
    for rule in _rules(_):
        yield _("Regel"), rule


def _batch(session: Session, who: SignedIn, batch: Batch, _: Say) -> str:
    if batch.questionnaire == WAVES:
        opened = cast("Mapping[str, Any]", releases.content(who, batch))
        return _("Runde %(wave)s: abgeschlossen") % {"wave": opened["wave"]}
    one = standing(session, who, batch)
    told = _(
        "Lieferung %(batch)s: %(rows)s Zeilen in %(classes)s Klassen, k = %(k)s, kleinste Klasse "
        "%(smallest)s, zurückgezogene Klassen %(retired)s, wartend %(held_back)s, "
        "Informationsverlust %(loss)s, zurückgehaltene Spalten: %(withheld)s"
    )
    return told % {
        "batch": batch.id,
        "rows": len(one.rows),
        "classes": len(one.sizes),
        "k": one.content["k"],
        "smallest": min(one.sizes, default=0),
        "retired": one.retired,
        "held_back": one.content["held_back"],
        "loss": f"{one.content['loss']:.3f}",
        "withheld": ", ".join(one.content["withheld"]) or _("keine"),
    }


def _rules(_: Say) -> tuple[str, ...]:
    return (
        _("Was eine Person verraten könnte, kommt in jeder Kombination mindestens k-mal vor."),
        _("Diese Merkmale stehen als Bereich der Klasse, zu der eine Zeile gehört."),
        _("Kein sensibler Wert macht mehr als drei Viertel einer Klasse aus."),
        _("Jede Antwort kommt genau einmal heraus; veröffentlichte Zeilen ändern sich nie."),
        _("Nimmt eine Frau alles zurück, fällt die ganze Klasse weg, in der ihre Zeile stand."),
        _("Namen, Kontaktdaten und freie Texte verlassen den Dienst nicht."),
        _("Offene Worte sind umschrieben, von einer zweiten Person geprüft, zu keiner Zeile."),
        _("Offene Worte kommen erst heraus, wenn zu einer Frage mindestens fünf Befragte warten."),
        _("Kommunen: nur Summen über mindestens 5 Stellen, nie einzelne Befragungen."),
    )
