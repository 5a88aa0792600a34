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
        "ambiguous": _l("Bitte schreiben Sie die Zahl ohne Tausenderpunkt, zum Beispiel 1200."),
        "type": _l("Diese Antwort passt hier nicht. Bitte prüfen Sie sie."),
        "option": _l("Diese Antwort steht nicht zur Auswahl. Bitte wählen Sie noch einmal."),
        "length": _l("Dieser Text ist zu lang. Bitte schreiben Sie höchstens 10.000 Zeichen."),
        "unreadable": _l("Einige Zeichen waren nicht lesbar. Bitte prüfen Sie den Text."),
    }
)
