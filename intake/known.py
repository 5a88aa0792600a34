"""What the documentation of a case can take over: from the referral, and from the entries."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from intake import referrals
from intake.entries import CONTACT, Written

ACCESS = "/data/start/access"
MUNICIPALITY = "/data/client/municipality"
CONTACTS, MEASURES = "/data/work/contacts", "/data/work/measures"
EMPHASIS = "/data/work/emphasis"
CLOSED = "/data/work/closed"


class Row(NamedTuple):
    """A question of the referral and one of the documentation that ask for the same.

    `same` are the codes that mean the same in both; `other` are those that go by another name.
    """

    asked: str
    documented: str
    same: str
    other: Mapping[str, str] = {}


# Left out is what only sounds alike: "3 children or more" is no number, the flat of a partner and
# a women's shelter are no housing of the documentation, "formerly" is no reason but a target group.
ROWS = (
    Row(
        "/data/person/age",
        "/data/client/age",
        "under_18 18_21 22_29 30_49 50_64 65_plus",
        {"refused": "no_answer"},
    ),
    Row("/data/person/children", "/data/client/children", "0 1 2"),
    Row(
        referrals.MUNICIPALITY,
        MUNICIPALITY,
        "bergkamen boenen froendenberg holzwickede kamen luenen schwerte selm unna werne "
        "elsewhere dont_know",
    ),
    Row(
        "/data/living/housing",
        "/data/start/housing",
        "own_flat with_others with_parents street placed clinic other dont_know",
    ),
    Row(
        "/data/reason/reasons",
        "/data/start/reason",
        "notice suit costs separation violence thrown_out widowed partner_care after_clinic "
        "tenancy overcrowded defects no_home other",
    ),
    Row(
        referrals.ACCESS,
        ACCESS,
        "web_form self housing_office jobcenter homeless_help other_service other",
    ),
)
_BANDS = {8: "8_plus", 4: "4_7", 1: "1_3"}  # from so many contacts on
_ORDER = ("", "1_3", "4_7", "8_plus")


def from_referral(answers: Mapping[str, str], access: str) -> dict[str, str]:
    """Return {path: text} of the documentation, as far as the referral says it.

    `access` is how she came, a code: what a counsellor says counts before the referral.
    """
    told = {**answers, referrals.ACCESS: access}
    taken = {row.documented: _taken(row, told.get(row.asked, "")) for row in ROWS}
    return {path: text for path, text in taken.items() if text}


def from_entries(written: Iterable[Written], said: Mapping[str, str]) -> dict[str, str]:
    """Return {path: text} of contacts and measures: at least what the entries say.

    What is `said` already stays where it says more: not every contact is entered.
    """
    contacts = [entry.said for entry in written if entry.kind == CONTACT]
    measures = [code for one in contacts for code in one.get("measures", ())]
    emphasis = dict.fromkeys([*said.get(EMPHASIS, "").split(), *measures])
    number = said.get(MEASURES, "")
    known = int(number) if number.isdecimal() else 0
    return {
        CONTACTS: _more(said.get(CONTACTS, ""), _band(len(contacts))),
        MEASURES: str(max(known, len(measures))) if measures else number,
        EMPHASIS: " ".join(emphasis),
    }


def _taken(row: Row, text: str) -> str:
    same = row.same.split()
    codes = (row.other.get(code, code if code in same else "") for code in text.split())
    return " ".join(code for code in codes if code)


def _band(contacts: int) -> str:
    return next((band for least, band in _BANDS.items() if contacts >= least), "")


def _more(said: str, counted: str) -> str:
    if not counted:
        return said
    return max(said, counted, key=lambda band: _ORDER.index(band) if band in _ORDER else 0)
