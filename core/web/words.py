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
STATUS = {"new": _l("neu"), "opened": _l("geöffnet")}
