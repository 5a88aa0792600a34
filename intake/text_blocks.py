"""Sentences that counsellors send often, in every language that women read."""

from collections.abc import Mapping
from types import MappingProxyType

from core.languages import GERMAN, LANGUAGES, Language


def _l(text: str) -> str:
    """Mark a text for the catalogues: which language it is said in depends on the woman."""
    return text


BLOCKS: Mapping[str, str] = MappingProxyType(
    {
        "read": _l("Danke für Ihre Nachricht. Wir haben sie gelesen."),
        "call": _l("Wir rufen Sie an. Am: … Um: …"),
        "when": _l("Wann und wie können wir Sie sicher erreichen?"),
        "ring": _l("Bitte rufen Sie uns an. Unsere Nummer: …"),
        "meet": _l("Wir möchten Sie treffen. Wo: … Wann: … Passt Ihnen das?"),
        "interpreter": _l("Eine Dolmetscherin ist dabei."),
        "bring": _l("Bitte bringen Sie Briefe vom Vermieter, vom Gericht und vom Jobcenter mit."),
        "danger": _l("Sind Sie in Gefahr? Rufen Sie die Polizei: 110. Hilfetelefon: 116 016."),
    }
)
_TAGS = {"de_simple": "de-simple", "sr": "sr-Latn"}


def spoken_by(code: str) -> Language:
    """Return the language that an answer to "Which language do you like best?" stands for.

    German where it is none that this service writes.
    """
    return LANGUAGES.get(_TAGS.get(code, code), GERMAN)
