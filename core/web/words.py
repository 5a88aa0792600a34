"""Words for codes that several pages show."""

from flask_babel import lazy_gettext as _l

ROLES = {
    "coordinator": _l("Koordinatorin"),
    "counsellor": _l("Beraterin"),
    "interviewer": _l("Interviewerin"),
    "evaluator": _l("Auswerterin"),
}
PARTS = {
    "both": _l("ganzer Kreis"),
    "north": _l("Norden"),
    "south": _l("Süden"),
}
WHERE = PARTS | {"county": _l("ohne Ortsangabe")}
QUESTIONNAIRES = {
    "client": _l("Befragung von Klientinnen"),
    "municipality": _l("Befragung der Kommunen"),
}
OPEN_WORDS = _l("Offene Worte")  # the counsellors' pages of what interviews say in free words
RELEASES = _l("Freigaben")  # a place of the coordinator, who has no pages that clients read
STATUS = {"new": _l("neu"), "opened": _l("geöffnet"), "closed": _l("abgeschlossen")}
KEYS = {
    "contact-north": (
        _l("Kontakt-Schlüssel Norden"),
        _l("Öffnet Namen, Telefonnummern und freie Texte der Nachrichten aus dem Norden."),
    ),
    "contact-south": (
        _l("Kontakt-Schlüssel Süden"),
        _l("Öffnet Namen, Telefonnummern und freie Texte der Nachrichten aus dem Süden."),
    ),
    "contact-county": (
        _l("Kontakt-Schlüssel ohne Ortsangabe"),
        _l("Öffnet dasselbe, wenn kein Ort genannt ist, und die freien Texte der Befragungen."),
    ),
    "answers": (
        _l("Antwort-Schlüssel"),
        _l("Öffnet die angekreuzten Antworten: ohne Namen, ohne freie Texte."),
    ),
    "drafts": (
        _l("Schlüssel für begonnene Befragungen"),
        _l("Rettet begonnene Befragungen, wenn jemand ihren Passwort-Satz vergisst."),
    ),
}
