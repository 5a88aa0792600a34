"""How urgent a referral is, from what she answered: codes, the most urgent one first."""

from collections.abc import Mapping
from datetime import date, timedelta

DANGER, VIOLENCE, STREET, EVICTION, SOON, PREGNANT, CHILDREN = (
    "danger",
    "violence",
    "street",
    "eviction",
    "soon",
    "pregnant",
    "children",
)
ORDER = (DANGER, VIOLENCE, STREET, EVICTION, SOON, PREGNANT, CHILDREN)
LEFT = timedelta(days=14)  # to leave a home: what comes sooner is urgent

ANSWERS = {
    "safe_now": "/data/safety/safe_now",
    "housing": "/data/living/housing",
    "tonight": "/data/living/tonight",
    "reasons": "/data/reason/reasons",
    "urgency": "/data/deadline/urgency",
    "deadline": "/data/deadline/deadline_date",
    "pregnant": "/data/person/pregnant",
    "children": "/data/person/children",
}


def needed(answers: Mapping[str, str]) -> dict[str, str]:
    """Return of all answers those that say how urgent it is, by short names."""
    return {name: answers[path] for name, path in ANSWERS.items() if answers.get(path)}


def urgency(said: Mapping[str, str], day: date) -> tuple[str, ...]:
    """Return the codes that hold on a day, of what `needed` returned."""
    hold = {
        DANGER: said.get("safe_now") == "no",
        VIOLENCE: "violence" in said.get("reasons", "").split(),
        STREET: said.get("housing") == "street" or said.get("tonight") == "no",
        EVICTION: _ends(said) <= day + LEFT,
        SOON: said.get("urgency") in {"today", "week"},
        PREGNANT: said.get("pregnant") == "yes",
        CHILDREN: said.get("children") in {"1", "2", "3plus"},
    }
    return tuple(code for code in ORDER if hold[code])


def _ends(said: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(said.get("deadline", ""))
    except ValueError:
        return date.max
