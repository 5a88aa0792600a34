"""What fields say when an answer cannot be read: the engine knows the kinds, the words are here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

FIELD_MESSAGES: Mapping[str, Any] = MappingProxyType(
    {
        "required": _l("Bitte beantworten Sie diese Frage."),
        "constraint": _l("Diese Antwort passt hier nicht. Bitte prüfen Sie sie."),
        "integer": _l("Bitte schreiben Sie eine ganze Zahl, zum Beispiel 2."),
        "decimal": _l("Bitte schreiben Sie eine Zahl, zum Beispiel 12,5."),
        "date": _l("Bitte schreiben Sie ein Datum, zum Beispiel 24.12.2026."),
        "month": _l("Bitte schreiben Sie Monat und Jahr, zum Beispiel 12/2026."),
        "year": _l("Bitte schreiben Sie ein Jahr mit 4 Ziffern, zum Beispiel 2026."),
        "time": _l("Bitte schreiben Sie eine Uhrzeit, zum Beispiel 14:30."),
        "dateTime": _l(
            "Bitte schreiben Sie ein Datum und eine Uhrzeit, zum Beispiel 24.12.2026 und 14:30."
        ),
        "range": _l("Bitte schreiben Sie eine Zahl von %(low)s bis %(high)s."),
        "step": _l(
            "Bitte schreiben Sie eine Zahl von %(low)s bis %(high)s. "
            "Die Zahlen gehen in Schritten von %(step)s."
        ),
        "geopoint": _l(
            "Bitte schreiben Sie Breite und Länge des Ortes, zum Beispiel 51.535, 7.689."
        ),
        "geoline": _l(
            "In Zeile %(line)s steht kein Ort. "
            "Bitte schreiben Sie dort Breite und Länge, zum Beispiel 51.535, 7.689."
        ),
        "geotrace": _l("Bitte schreiben Sie mindestens 2 Orte, jeden in eine Zeile."),
        "geoshape": _l("Bitte schreiben Sie mindestens 3 Orte, jeden in eine Zeile."),
        "ambiguous": _l("Bitte schreiben Sie die Zahl ohne Tausenderpunkt, zum Beispiel 1200."),
        "type": _l("Diese Antwort passt hier nicht. Bitte prüfen Sie sie."),
        "option": _l("Diese Antwort steht nicht zur Auswahl. Bitte wählen Sie noch einmal."),
        "listed": _l(
            "„%(typed)s“ steht nicht auf der Liste. Bitte wählen Sie etwas von der Liste."
        ),
        "rank": _l("Einige Antworten haben noch keine Nummer. Bitte geben Sie jeder eine."),
        "rank_twice": _l(
            "„%(first)s“ und „%(second)s“ haben beide die Nummer %(number)s. "
            "Bitte geben Sie jede Nummer nur einmal."
        ),
        "file_type": _l("Diese Art von Datei geht hier nicht. Bitte wählen Sie eine andere."),
        "file_size": _l(
            "Diese Datei ist zu groß. Bitte wählen Sie eine mit höchstens %(most)s MB."
        ),
        "file_empty": _l("Diese Datei ist leer. Bitte wählen Sie eine andere."),
        "file_again": _l("Bitte wählen Sie diese Datei noch einmal."),
        "file_gone": _l("Diese Datei ist nicht mehr da. Bitte wählen Sie sie noch einmal."),
        "length": _l("Dieser Text ist zu lang. Bitte schreiben Sie höchstens 10.000 Zeichen."),
        "unreadable": _l("Einige Zeichen waren nicht lesbar. Bitte prüfen Sie den Text."),
    }
)
